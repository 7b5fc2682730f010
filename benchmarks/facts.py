"""The same question for other tools: which enables and hand-overs can be reached without consent?

A graph of program points with the effect of each edge, callers not told apart and values not tracked, so that any
tool for graphs or rules can answer. Made for the organisations that `benchmarks.organisation` writes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

from auditor.analysis.consent import Answer, ConsentPoint, PointKind
from auditor.analysis.entries import routes
from auditor.analysis.facts import Facts, Inputs, choice_answer
from auditor.audit import find_questions
from auditor.graph.points import Point
from auditor.graph.points import PointKind as Kind
from auditor.graph.program import Program
from auditor.graph.references import flow_targets
from auditor.loading.load import load
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.flows import FlowType
from auditor.model.operations import (
    CallModule,
    CallTask,
    Disconnect,
    EnableRecording,
    EndTask,
    Jump,
    Menus,
    Operation,
    TransferQueue,
)
from auditor.model.policy import Policy

NOTHING, GRANTED, REFUSED, UNANSWERED, ENABLED = range(5)
"""Effects of edges."""

STATES = 8
"""States of a call: consent (unasked, unanswered, refused, granted) times two, plus one when enabled."""

_CONSENT = {GRANTED: 3, REFUSED: 2, UNANSWERED: 1}
_ANSWERS = {Answer.GRANTED: GRANTED, Answer.REFUSED: REFUSED, Answer.UNANSWERED: UNANSWERED}
Edge = tuple[int, int, int]
"""From, to, effect."""


def after(effect: int, state: int) -> int:
    """The state after an edge."""
    if effect == ENABLED:
        return state | 1
    if effect == NOTHING or (effect == UNANSWERED and state >= 2):
        return state
    return _CONSENT[effect] * 2 | state & 1


BAD = [(enables, state) for enables in (0, 1) for state in range(6) if bool(state & 1) is not bool(enables)]
"""Wrong: to enable, or to hand a recorded call over (0), when nobody agreed."""

TRANSITIONS = [(effect, state, after(effect, state)) for effect in range(5) for state in range(STATES)]


class Exporter:
    """Edges of a program. Nodes behind its points: what a task or module returns to, whoever called it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        questions = find_questions(program, Policy(), read_vocabulary())
        self.consent = Facts(program, Inputs(questions.points, questions.announcements, values=False)).points
        self.returns: dict[tuple[int, str], int] = {}

    def starts(self) -> list[int]:
        """The first points of all call routes."""
        codes = self.program.codes
        flows = {slot.flow for way in routes(self.program) for slot in way.slots if slot.flow is not None}
        return sorted(start for flow in flows if (start := codes[flow].start) is not None)

    def checked(self) -> list[tuple[int, bool]]:
        """Points whose states are asked for, and whether they enable recording."""
        found = []
        for point in self.program.points.values():
            operation = self._operation(point)
            if isinstance(operation, EnableRecording | TransferQueue):
                found.append((point.id, isinstance(operation, EnableRecording)))
        return found

    def edges(self) -> Iterator[Edge]:
        """Every edge."""
        for point in self.program.points.values():
            yield from self._of(point)
        for (flow, container), node in tuple(self.returns.items()):
            code = self.program.codes[flow]
            if code.flow.type is FlowType.COMMON_MODULE and code.flow.start == container:
                yield node, self._return(flow, ""), NOTHING

    def _of(self, point: Point) -> Iterator[Edge]:
        match point.kind:
            case Kind.MENU:
                yield from self._menu(point)
            case Kind.TASK_END if point.restarts:
                yield point.id, point.next, NOTHING
            case Kind.TASK_END:
                yield point.id, self._return(point.flow, point.container), NOTHING
            case Kind.FIRST_ROUND:
                yield from ((point.id, out.target, NOTHING) for out in point.outs)
            case Kind.ROUND:
                yield point.id, point.next, NOTHING
                yield from ((point.id, out.target, NOTHING) for out in point.outs)
            case _:
                yield from self._action(point)

    def _menu(self, point: Point) -> Iterator[Edge]:
        menu, consent = point.menu, self.consent.get(point.id)
        choices = self.program.codes[point.flow].choices
        if menu is None:
            return
        for choice in menu.choices:
            answer = choice_answer(consent, menu, choice.id) if consent is not None else None
            yield point.id, choices[menu.id, choice.id], _ANSWERS[answer] if answer is not None else NOTHING
        if menu.default is not None:
            yield point.id, choices[menu.id, menu.default], UNANSWERED if consent is not None else NOTHING

    def _action(self, point: Point) -> Iterator[Edge]:
        operation, code = self._operation(point), self.program.codes[point.flow]
        consent = self.consent.get(point.id)
        if consent is not None:
            yield from _answers(point, consent)
            return
        match operation:
            case Disconnect():
                return
            case EndTask():
                yield point.id, self._return(point.flow, point.container), NOTHING
                return
            case Jump(container=None, menu=Menus.REPEAT):
                yield point.id, code.starts[point.container], NOTHING
                return
            case Jump(container=str() as container):
                yield point.id, code.starts[container], NOTHING
                return
            case CallTask(container=str() as container):
                yield from self._called(point, code.starts[container], self._return(point.flow, container))
                return
            case CallModule():
                for flow in flow_targets(self.program, operation, point.flow):
                    yield from self._called(point, self.program.codes[flow].start, self._return(flow, ""))
                return
        for flow in flow_targets(self.program, operation, point.flow) if operation is not None else ():
            if (start := self.program.codes[flow].start) is not None:
                yield point.id, start, NOTHING
        effect = ENABLED if isinstance(operation, EnableRecording) else NOTHING
        for target in {out.target for out in point.outs} or {point.next}:
            yield point.id, target, effect

    def _called(self, point: Point, start: int | None, back: int) -> Iterator[Edge]:
        if start is not None:
            yield point.id, start, NOTHING
        for target in {out.target for out in point.outs} or {point.next}:
            yield back, target, NOTHING

    def _return(self, flow: int, container: str) -> int:
        return self.returns.setdefault((flow, container), self.program.end + len(self.returns))

    def _operation(self, point: Point) -> Operation | None:
        return point.site.action.operation if point.site is not None else None


def _answers(point: Point, consent: ConsentPoint) -> Iterator[Edge]:
    """The ways out of a question in an action: what is stored may be a yes, a no, or nothing."""
    if consent.kind is PointKind.COLLECT_INPUT:
        for out in point.outs:
            effects = (GRANTED, REFUSED) if out.key == "success" else (UNANSWERED,)
            yield from ((point.id, out.target, effect) for effect in effects)
    else:
        yield from ((point.id, point.next, effect) for effect in (GRANTED, REFUSED, UNANSWERED))


def export(folder: Path, target: Path) -> None:
    """Writes edges, starts and checked points of an organisation as arrays of integers."""
    exporter = Exporter(Program(load([folder])))
    edges = list(exporter.edges())
    # The other tools know numbers of 32 bits at most.
    small = {node: number for number, node in enumerate((*exporter.program.points, *exporter.returns.values()))}
    parts = {
        "edges": [number for one, other, effect in edges for number in (small[one], small[other], effect)],
        "starts": [small[start] for start in exporter.starts()],
        "checked": [number for id, enables in exporter.checked() for number in (small[id], int(enables))],
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, numbers in parts.items():
        with (target / name).open("wb") as stream:
            array("q", numbers).tofile(stream)


def read(folder: Path, name: str) -> list[int]:
    """One of the arrays."""
    found = array("q")
    found.frombytes((folder / name).read_bytes())
    return found.tolist()
