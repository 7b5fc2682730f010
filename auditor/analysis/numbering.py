"""States by number, each as its core (all but the values of variables) and its values, both by number too.

Comparing and hashing numbers costs a fraction of what states cost, and most steps touch one half only.
"""

from __future__ import annotations

from auditor.analysis.environment import Environment
from auditor.analysis.state import Env, State

MANY_STATES = 256
"""A point reached with more different environments than this forgets the values."""


class Numbering:
    """Numbers of states.

    core, env: the halves of each state, by its number; cores, envs: what the numbers of the halves stand for.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.core: list[int] = []
        self.env: list[int] = []
        self.cores: list[State] = []
        self.envs: list[Env] = []
        self._of_core: dict[State, int] = {}
        self._of_env: dict[Env, int] = {}
        self._of_state: dict[tuple[int, int], int] = {}
        self._states: dict[int, State] = {}
        self._trimmed: dict[tuple[int, int], int] = {}
        self._seen: dict[int, set[int]] = {}
        self.number_env(())

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

    def trimmed(self, env: int, point: int) -> int:
        """The number of what is read of these values at or behind a point; nothing where there are too many."""
        key = (env, point)
        found = self._trimmed.get(key)
        if found is None:
            found = self._trimmed[key] = self._counted(
                self.number_env(self._environment.trimmed(self.envs[env], point)), point
            )
        return found

    def _counted(self, env: int, point: int) -> int:
        seen = self._seen.setdefault(point, set())
        if env not in seen:
            if len(seen) >= MANY_STATES:
                self._environment.widened.add(
                    "too many combinations of values at one point; they count as anything there"
                )
                return 0
            seen.add(env)
        return env

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
