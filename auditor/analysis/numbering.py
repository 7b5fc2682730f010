"""States by number, each as its core (all but the values of variables) and its values, both by number too.

Comparing and hashing numbers costs a fraction of what states cost, and most steps touch one half only.
"""

from __future__ import annotations

from auditor.analysis.state import Env, State


class Numbering:
    """Numbers of states. core, env: the halves of each, by number of state; cores,

    envs: what these numbers stand for.
    """

    def __init__(self) -> None:
        self.core: list[int] = []
        self.env: list[int] = []
        self.cores: list[State] = []
        self.envs: list[Env] = []
        self._of_core: dict[State, int] = {}
        self._of_env: dict[Env, int] = {}
        self._of_state: dict[tuple[int, int], int] = {}
        self._states: dict[int, State] = {}
        self.number_env(())

    def __len__(self) -> int:
        return len(self.core)

    def number(self, state: State) -> int:
        """The number of a state."""
        core = state._replace(env=()) if state.env else state
        found = self._of_core.get(core)
        if found is None:
            found = self._of_core[core] = len(self.cores)
            self.cores.append(core)
        return self.together(found, self.number_env(state.env))

    def number_env(self, env: Env) -> int:
        """The number of what variables hold; 0 where no value is known."""
        found = self._of_env.get(env)
        if found is None:
            found = self._of_env[env] = len(self.envs)
            self.envs.append(env)
        return found

    def together(self, core: int, env: int) -> int:
        """The number of the state with these halves."""
        key = (core, env)
        found = self._of_state.get(key)
        if found is None:
            found = self._of_state[key] = len(self.core)
            self.core.append(core)
            self.env.append(env)
        return found

    def state(self, number: int) -> State:
        """The state of a number."""
        env = self.env[number]
        core = self.cores[self.core[number]]
        if not env:
            return core
        found = self._states.get(number)
        if found is None:
            found = self._states[number] = core._replace(env=self.envs[env])
        return found
