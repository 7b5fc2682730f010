"""States as numbers: below the number of the core (all but the values of variables), above a field for each variable.

What a step looks at, changes or lets go of are masks, so most moves are a few operations on numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from auditor.analysis.environment import Environment
from auditor.analysis.state import Env, State
from auditor.analysis.values import Values

MANY_STATES = 256
"""A point reached with more different environments than this forgets the values."""
_CORE_BITS = 32
CORES = (1 << _CORE_BITS) - 1
"""The bits of a state that number its core; the others are its values."""
_FIELD = 16
_MOST_VALUES = (1 << _FIELD) - 1


class Numbering:
    """Numbers of states. cores: what the lower bits of a state stand for."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.cores: list[State] = []
        self._of_core: dict[State, int] = {}
        self._shifts: dict[str, int] = {}
        self._of_value: dict[tuple[str, Values], int] = {}
        self._values: dict[str, list[Values]] = {}
        self._spelled: dict[int, Env] = {0: ()}
        self._live: dict[int, int] = {}
        self._masks: dict[frozenset[str], int] = {}
        self._seen: dict[int, set[int]] = {}
        self.shared = self.mask(environment.shared)

    def number(self, state: State) -> int:
        """The number of a state."""
        env = state.env
        core = state.core
        found = self._of_core.get(core)
        if found is None:
            found = self._of_core[core] = len(self.cores)
            self.cores.append(core)
        return found | self.values(env) if env else found

    def values(self, env: Env) -> int:
        """The fields of what variables hold; 0 where no value is known."""
        fields = 0
        for pair in env:
            field = self._of_value.get(pair)
            fields |= self._new_value(*pair) if field is None else field
        return fields

    def _new_value(self, key: str, value: Values) -> int:
        known = self._values.setdefault(key, [])
        if len(known) == _MOST_VALUES:
            self._environment.widened.add(f"{key} takes many values; it counts as anything")
            return 0
        known.append(value)
        field = self._of_value[key, value] = len(known) << self._shift(key)
        return field

    def _shift(self, key: str) -> int:
        found = self._shifts.get(key)
        if found is None:
            found = self._shifts[key] = _CORE_BITS + _FIELD * len(self._shifts)
        return found

    def mask(self, keys: Iterable[str]) -> int:
        """The fields of variables."""
        found = 0
        for key in sorted(keys):
            found |= _MOST_VALUES << self._shift(key)
        return found

    def trimmed(self, state: int, point: int) -> int:
        """The state with what is read of its values at or behind a point; with none where there are too many."""
        if state <= CORES:
            return state
        live = self._live.get(point)
        if live is None:
            live = self._live[point] = self._mask_of(self._environment.live(point)) | CORES
        state &= live
        if state <= CORES:
            return state
        seen = self._seen.get(point)
        if seen is None:
            seen = self._seen[point] = set()
        if state >> _CORE_BITS in seen or self._counted(state, seen):
            return state
        return state & CORES

    def _mask_of(self, keys: frozenset[str]) -> int:
        found = self._masks.get(keys)
        if found is None:
            found = self._masks[keys] = self.mask(keys)
        return found

    def _counted(self, state: int, seen: set[int]) -> bool:
        """Whether one more environment is kept apart at a point. seen: those that are."""
        if len(seen) >= MANY_STATES:
            self._environment.widened.add("too many combinations of values at one point; they count as anything there")
            return False
        seen.add(state >> _CORE_BITS)
        return True

    def env(self, state: int) -> Env:
        """What variables hold in a state."""
        env = state & ~CORES
        found = self._spelled.get(env)
        if found is None:
            pairs = []
            for key, shift in self._shifts.items():
                value = env >> shift & _MOST_VALUES
                if value:
                    pairs.append((key, self._values[key][value - 1]))
            found = self._spelled[env] = tuple(sorted(pairs))
        return found

    def state(self, number: int) -> State:
        """The state of a number."""
        core = self.cores[number & CORES]
        return core if number <= CORES else replace(core, env=self.env(number))
