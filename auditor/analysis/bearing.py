"""Which variables have a bearing on what is observed, so that only these are followed while calls are explored.

A slice: a condition has a bearing where its branches first come to different places at which something happens. Its
variables are followed then, with all that flows into them, and what writes these is a place of its own. What is left
out cannot change which places a call comes to, in which order and with which answer. Runs that are shown are looked
up with all variables (see `realizing`), so that they do not contradict themselves in what is left out either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain

from msgspec import Struct, field

from auditor.analysis.endings import HEADS, dead_ends
from auditor.analysis.facts import Facts, strings_in
from auditor.analysis.idle import FLUSHES, Idle, flushes
from auditor.analysis.quiet import Body, Quiet, bound
from auditor.analysis.regions import Ways, between
from auditor.analysis.tracking import SHARED, Name, may_fail
from auditor.analysis.uses import ANY_ATTRIBUTE, Uses, uses_of
from auditor.graph.points import Point
from auditor.graph.references import reached
from auditor.model.expression_tools import template_in, variables_in
from auditor.model.expressions import Expr
from auditor.model.operations import (
    Assign,
    CallBot,
    CallModule,
    CallTask,
    Decide,
    Dynamic,
    Jump,
    Loop,
    Operation,
    Pass,
    Play,
    SetParticipantData,
    Switch,
    TransferQueue,
)

_END = -1 << 40
"""Stands for all places at which a call ends."""


class _Flow(Struct):
    """A flow as it is sliced. ways, marks: of idle points; tests, written, hanging: what they test and write, and what

    must be set; calls: see Body; bearing: what has a bearing in any case.
    """

    ways: dict[int, tuple[int, ...]] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)
    tests: dict[int, frozenset[Name]] = field(default_factory=dict)
    written: dict[int, frozenset[Name]] = field(default_factory=dict)
    hanging: dict[int, frozenset[Name]] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)
    bearing: set[Name] = field(default_factory=set)


class Bearing:
    """names: variables that have a bearing; rejoining: points that test variables without deciding anything."""

    def __init__(self, facts: Facts, idle: Idle) -> None:
        """idle: of a machine that follows no variable."""
        self._facts, self._tracking, self._idle = facts, facts.tracking, idle
        self._spellings = _spellings(facts)
        self._heard = _hearing(facts)
        self._flows = [self._read(index) for index in range(len(facts.program.codes))]
        self._apart: list[Set[int]] = [set[int]() for _ in self._flows]
        self._callers = _turned(_calls(facts))
        self.names = self._closed()
        self.rejoining = frozenset(p for flow in range(len(self._flows)) for p in self.rejoining_in(flow))

    def rejoining_in(self, flow: int) -> Iterable[int]:
        """Those of a flow; none of participant data."""
        return self._flows[flow].tests.keys() - self._apart[flow] if flow >= 0 else ()

    def _read(self, index: int) -> _Flow:
        found = _Flow()
        flushing, templates = index in self._heard, bool(self._facts.program.codes[index].flow.templates)
        for point in self._facts.program.codes[index].points:
            ways, uses = self._idle.ways(point), self._facts.uses(point)
            tests = _names(index, uses.tests)
            hanging = frozenset([_name(index, key) for key in self._idle.hanging.get(point.id, ())])
            if not ways and (start := self._idle.call(point)) is not None:
                found.calls[point.id] = start
                found.written[point.id] = frozenset([(index, key) for key in bound(point)])
            if not ways or not all(map(self._tracking.stays_set, hanging)) or (tests and self._hangs_on_case(uses)):
                found.bearing |= tests
                found.bearing.update(self._used(point, uses))
                continue
            found.ways[point.id] = tuple([way.target for way in ways])
            if flushing and flushes(point):
                found.marks[point.id] = FLUSHES
            if tests:
                found.tests[point.id] = tests
            if hanging:
                found.hanging[point.id] = hanging
            if uses.writes:
                found.written[point.id] = written = frozenset([_name(index, key) for key in uses.writes])
                if templates and point.site is not None and any(map(template_in, held_by(point.site.action.operation))):
                    found.bearing |= written  # a template that nothing has filled in is told wherever it is tested
        code = self._facts.program.codes[index]
        dead, heads = dead_ends(code, found.ways), {p.id for p in code.points if p.kind in HEADS}
        for each, targets in found.ways.items():
            if each in found.tests or each in heads:
                found.ways[each] = tuple([_END if target in dead else target for target in targets])
            elif living := tuple([target for target in targets if target not in dead]):
                found.ways[each] = living
        return found

    def _used(self, point: Point, uses: Uses) -> Iterator[Name]:
        """What decides whether something that is no idle point can be computed, or what it does."""
        yield from _names(point.flow, [e for e in uses.assigned or uses.computed if may_fail(e)])
        match point.site.action.operation if point.site is not None else None:
            case TransferQueue(queue=Dynamic(expression=expression)):
                yield from _names(point.flow, (expression,))
        if point.id in self._facts.points:
            yield from (_name(point.flow, key) for key in uses.reads | uses.writes)

    def _hangs_on_case(self, uses: Uses) -> bool:
        """Whether a condition compares with a text that is spelled otherwise elsewhere: see `lettering`."""
        texts = chain.from_iterable(strings_in(e) for e in uses.tests)
        return any(len(self._spellings.get(text.casefold(), ())) > 1 for text in texts)

    def _closed(self) -> frozenset[Name]:
        names = self._tracking.closure(self._tracking.decided.union(*(flow.bearing for flow in self._flows)))
        todo: Set[int] = set(range(len(self._flows)))
        bodies: dict[int, Body] = {}
        quiet = Quiet(self._facts.program, bodies.__getitem__, _labels)
        while todo:
            bodies.update((index, self._body(names, index)) for index in todo)
            quiet.forget(todo)
            wanted = set[Name]().union(*(self._slice(index, bodies[index], quiet) for index in sorted(todo)))
            grown = self._tracking.closure(names | wanted)
            todo = self._touching(grown - names)
            names = grown
        return self._tracking.names & names

    def _body(self, names: Set[Name], index: int) -> Body:
        """A flow as it is passed over when these variables are followed."""
        flow = self._flows[index]
        computed = (SHARED, ANY_ATTRIBUTE)
        places = {p for p, wanted in flow.hanging.items() if not wanted.isdisjoint(names)}
        places.update(p for p, written in flow.written.items() if not written.isdisjoint(names))
        if any(name[0] == SHARED for name in names):
            places.update(p for p, written in flow.written.items() if computed in written)
        ways = {point: targets for point, targets in flow.ways.items() if point not in places}
        return Body(ways, flow.marks, {point: start for point, start in flow.calls.items() if point not in places})

    def _slice(self, index: int, body: Body, quiet: Quiet) -> set[Name]:
        """The variables that decide something in a flow."""
        flow, back = self._flows[index], quiet.through(index)
        ways = {**body.ways, **{point: (each.target,) for point, each in back.items()}}
        left_out = between(ways, {**body.marks, **{point: each.marks for point, each in back.items()}})
        self._apart[index] = {point for point in flow.tests if point not in left_out}
        return {name for point in self._apart[index] for name in flow.tests[point]}

    def _touching(self, names: Set[Name]) -> Set[int]:
        """The flows in which one of these is written by an idle point, or must be set at one."""
        if any(name[0] == SHARED for name in names):
            names = names | {(SHARED, ANY_ATTRIBUTE)}
        found = {
            index
            for index, flow in enumerate(self._flows)
            if any(not touched.isdisjoint(names) for touched in chain(flow.written.values(), flow.hanging.values()))
        }
        return reached(found, self._callers) if found else found


def _labels(ways: Ways, marks: Mapping[int, int], lengths: Mapping[int, int]) -> dict[int, tuple[int, int, int]]:
    return {point: (*label, 0) for point, label in between(ways, marks).items()}


def _name(flow: int, key: str) -> Name:
    return (SHARED if key.startswith("pd:") else flow, key)


def _names(flow: int, expressions: Iterable[Expr]) -> frozenset[Name]:
    return frozenset([(flow, key) for e in expressions for key in variables_in(e)])


def _spellings(facts: Facts) -> dict[str, set[str]]:
    """The texts that variables may hold or are compared with, by their casefolded form."""
    texts = set[str]()
    for code in facts.program.codes:
        texts.update(*(strings_in(v.initial) for v in code.flow.declared if v.initial is not None))
        for site in code.sites:
            operation = site.action.operation
            if type(operation) in _HOLDING:
                texts.update(*map(strings_in, held_by(operation)))
            if isinstance(operation, CallBot):
                texts.update(out.key for out in site.action.outputs)
    for point in facts.points.values():
        texts.update(t.rpartition("=")[2].strip() for t in (*(point.granting or ()), *(point.refusing or ())))
    found: dict[str, set[str]] = {}
    for text in texts:
        found.setdefault(text.casefold(), set()).add(text)
    return found


_HOLDING = frozenset({Assign, SetParticipantData, CallTask, CallModule, CallBot, Jump, Decide, Switch, Loop})


def held_by(operation: Operation) -> Iterable[Expr]:
    """What an action stores, gives to what it calls, or compares with."""
    match operation:
        case Assign(assignments=pairs) | SetParticipantData(attributes=pairs):
            return [value for _, value in pairs]
        case CallTask(inputs=inputs) | CallModule(inputs=inputs) | CallBot(inputs=inputs) | Jump(inputs=inputs):
            return [argument.value for argument in inputs]
        case _:
            return uses_of(operation).tests


def _hearing(facts: Facts) -> Set[int]:
    """The flows in which an announcement may wait to be heard: those that have one, what calls them, and all that

    these call. Questions are heard at once.
    """
    calls = _calls(facts)
    waiting = {facts.program.points[p].flow for p in facts.announcing if _queues(facts.program.points[p])}
    found = reached(waiting | facts.greetings, _turned(calls))
    return reached(found, calls)


def _calls(facts: Facts) -> dict[int, set[int]]:
    """Flows, and those that they call."""
    found: dict[int, set[int]] = {}
    for point, _ in facts.program.acting(CallModule, CallBot):
        called = facts.callee(point)
        if called is not None:
            found.setdefault(point.flow, set()).add(called)
    return found


def _queues(point: Point) -> bool:
    return point.site is not None and isinstance(point.site.action.operation, Play | Pass)


def _turned(calls: Mapping[int, Set[int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for caller, called in calls.items():
        for each in called:
            found.setdefault(each, set()).add(caller)
    return found
