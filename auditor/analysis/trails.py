"""What stays of an exploration that is let go: the shortest runs to everything that it showed, packed.

Of the situations of a group few stand on such runs. Where they are asked for, they are made again as they were.
"""

from __future__ import annotations

import pickle  # nosec B403 # of what this process has written itself, in its own memory
import zlib
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.explore import Context, Reach, Reached
from auditor.analysis.explored import Inside, Runs, Whole
from auditor.analysis.moves import Key, Passed
from auditor.analysis.numbering import CORES
from auditor.analysis.passages import Passages
from auditor.analysis.situations import Situations
from auditor.analysis.state import Env, Note, State

_QUICK = 1
_Over = tuple[tuple[Key[int], str], ...]
_Seen = tuple[Key[int], Key[int] | None, str, _Over | None, tuple[int, Key[int]] | None]
_Inside = tuple[
    int, int, int, int, list[_Seen], list[tuple[Note, int, Key[int]]], list[tuple[int, Key[int], int, str]]
]  # fmt: skip


class _Trail(Struct, frozen=True):
    """Contexts by number, with the situations on shortest runs, and what is passed over on the way to them; roots: of

    each entry; cores, values: see Numbering.
    """

    contexts: list[_Inside]
    roots: dict[int, int]
    cores: dict[int, State]
    values: dict[int, Env]


class Trails:
    """What stays of the exploration of entries in one behaviour. ways: these entries, in the order of exploring."""

    def __init__(
        self, reached: Mapping[int, Reach[int, Note]], situations: Situations, visits: int, widened: frozenset[str]
    ) -> None:  # fmt: skip
        """reached: by entry; visits, widened: see Exploring."""
        self.ways, self.visits, self.widened = tuple(reached), visits, widened
        self._packed = zlib.compress(pickle.dumps(_trail(reached, situations), 5), _QUICK)

    def laid(self, passages: Passages) -> Laid:
        """The runs, to be looked at. passages: of the exploration."""
        return Laid(pickle.loads(zlib.decompress(self._packed)), passages)  # nosec B301 # see above


class Laid:
    """Runs as they were explored; takes the place of `Situations` for them."""

    def __init__(self, trail: _Trail, passages: Passages) -> None:
        self._passages = passages
        self._cores, self._values = trail.cores, trail.values
        self._over: dict[tuple[Key[int], int], _Over] = {}
        contexts = {
            number: Context[int, Note](point, state, frame, number)
            for number, point, state, frame, *_ in trail.contexts
        }
        for number, _, _, _, seen, notes, leads in trail.contexts:
            context = contexts[number]
            for key, before, why, over, through in seen:
                passed = Passed(over[0][0], len(over)) if over is not None else None
                if over is not None:
                    self._over[over[0][0], key[0]] = over
                by = (contexts[through[0]], through[1]) if through is not None else None
                context.seen[key] = Reached(0, before, why, passed, by)
            context.notes.update((note, (distance, key)) for note, distance, key in notes)
            context.leads.update((to, (contexts[to], key, local, why)) for to, key, local, why in leads)
        self._roots = {way: contexts[root] for way, root in trail.roots.items()}

    def runs(self, way: int, lane: int, whole: Whole | None) -> Runs:
        """What an entry shows in a lane. whole: see Runs."""
        return Runs(Reach(self._roots[way]), self, lane, whole)

    @property
    def passages(self) -> Passages:
        """What was passed over."""
        return self._passages

    def core(self, number: int) -> State:
        """The state of a number, but for the values of variables."""
        return self._cores[number & CORES]

    def state(self, number: int) -> State:
        """The state of a number."""
        core = self._cores[number & CORES]
        return core if number <= CORES else replace(core, env=self._values[number & ~CORES])

    def between(self, passed: Passed[int], target: int) -> Sequence[tuple[Key[int], str]]:
        """What was passed over on the way to a point, by the shortest way; each with why the next is entered."""
        return self._over[passed.first, target]


class _Marks:
    """The situations on shortest runs to observations, and the leads on them, by number of their context."""

    def __init__(self, reached: Mapping[int, Reach[int, Note]]) -> None:
        self.contexts: dict[int, Inside] = {}
        self.keys: dict[int, dict[Key[int], None]] = {}
        self.leads: dict[int, set[int]] = {}
        self._todo: list[tuple[Inside, Key[int]]] = []
        for reach in reached.values():
            self._enter(reach.root)
            for context in reach.contexts:
                if context.notes:
                    self._lead(reach, context)
        while self._todo:
            self._follow(*self._todo.pop())

    def _enter(self, context: Inside) -> None:
        if context.number not in self.contexts:
            self.contexts[context.number] = context
            self.keys[context.number], self.leads[context.number] = {}, set()
            for _, key in context.notes.values():
                self._want(context, key)

    def _lead(self, reach: Reach[int, Note], context: Inside) -> None:
        """The way from the root into a context."""
        self._enter(context)
        while (before := reach.before(context)) is not None:
            outer, key, _ = before
            self._want(outer, key)
            self.leads[outer.number].add(context.number)
            context = outer

    def _want(self, context: Inside, key: Key[int]) -> None:
        self._enter(context)
        if key not in self.keys[context.number]:
            self.keys[context.number][key] = None
            self._todo.append((context, key))

    def _follow(self, context: Inside, key: Key[int]) -> None:
        reached = context.seen[key]
        if reached.before is not None:
            self._want(context, reached.before)
        if reached.through is not None:
            callee, exit_key = reached.through
            self._want(callee, exit_key)
            self.leads[context.number].add(callee.number)


def _trail(reached: Mapping[int, Reach[int, Note]], situations: Situations) -> _Trail:
    marks, numbers = _Marks(reached), set[int]()
    contexts = [_inside(context, marks, situations, numbers) for context in marks.contexts.values()]
    numbering = situations.numbering
    return _Trail(
        contexts,
        {way: reach.root.number for way, reach in reached.items()},
        {number & CORES: numbering.cores[number & CORES] for number in numbers},
        {number & ~CORES: numbering.env(number) for number in numbers if number > CORES},
    )


def _inside(context: Inside, marks: _Marks, situations: Situations, numbers: set[int]) -> _Inside:
    """numbers: of the states that occur."""
    seen: list[_Seen] = []
    numbers.add(context.state)
    for key in marks.keys[context.number]:
        it, over = context.seen[key], None
        numbers.add(key[1])
        if it.passed is not None:
            over = tuple(situations.between(it.passed, key[0]))
            numbers.update([situation[1] for situation, _ in over])
        through = (it.through[0].number, it.through[1]) if it.through is not None else None
        seen.append((key, it.before, it.why, over, through))
    notes = [(note, distance, key) for note, (distance, key) in context.notes.items()]
    on_runs = marks.leads[context.number]
    leads = [(to, key, local, why) for to, (_, key, local, why) in context.leads.items() if to in on_runs]
    return context.number, context.point, context.state, context.frame, seen, notes, leads
