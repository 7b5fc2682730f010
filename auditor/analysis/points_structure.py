"""Consent points by structure alone: a question of unknown words of which one answer goes on to enable recording.

Low confidence, never enough for *proved* (semantics, section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint, PlaceKey, PointKind
from auditor.analysis.placing import Placing
from auditor.analysis.points_declared import kind_of
from auditor.analysis.points_input import NO_ANSWER
from auditor.analysis.points_menu import choice_term, repeats
from auditor.analysis.points_outcomes import with_action_outcomes, with_input_outcomes, with_menu_outcomes
from auditor.analysis.points_scene import FlowScene
from auditor.analysis.points_values import values_of
from auditor.analysis.points_walk import Known, TooMuch, Walk, packed
from auditor.analysis.values import SOMETHING, Values, meet
from auditor.graph.points import Point
from auditor.graph.program import Program
from auditor.model.confidence import Confidence
from auditor.model.operations import CallBot, CollectInput, EnableRecording, GetParticipantData, Lookup

_POSITIVE = frozenset({"success", "found", "matchExact", "matchMultiple", "partiallyFound"})


class _Answer(Struct, frozen=True):
    """An answer and where it leads. term: as in the policy file, None for any other answer than the named ones."""

    term: str | None
    starts: tuple[tuple[int, Known], ...]


def structural_points(
    program: Program, candidates: Iterable[PlaceKey], known: Sequence[ConsentPoint] = ()
) -> tuple[ConsentPoint, ...]:
    """The candidates of which one answer goes on to enable recording while another does not.

    known: points found otherwise; what lies behind another question is that question's doing.
    """
    search = _Search(program, {point.place for point in known})
    wanted = [place for place in candidates if search.can_enable(place.flow)]
    first = {place for place in wanted if search.point(place, frozenset()) is not None}
    found = (search.point(place, frozenset(first - {place})) for place in wanted if place in first)
    return tuple(point for point in found if point is not None)


class _Search:
    def __init__(self, program: Program, known: set[PlaceKey]) -> None:
        self.program = program
        self._placing = Placing(program)
        self._known = self._ids(known)
        self._scenes: dict[int, FlowScene] = {}
        self._enabling: dict[int, bool] = {}

    def can_enable(self, flow: int) -> bool:
        """Whether a flow holds the action at all."""
        found = self._enabling.get(flow)
        if found is None:
            found = self._enabling[flow] = bool(self._scene(flow).acting(EnableRecording))
        return found

    def point(self, place: PlaceKey, others: frozenset[PlaceKey]) -> ConsentPoint | None:
        """The candidate as a point, if its structure makes it one. others: questions at which the walk ends."""
        here = self.program.points[self._placing.at(place)[0]]
        stops = self._known | self._ids(others) | self._ids({place})
        walk = Walk(self.program, place.flow, self._scene(place.flow).comparisons.variables, stops)
        for answers in _alternatives(self._scene(place.flow), here, self.program):
            try:
                reached = [(answer, walk.enables(answer.starts)) for answer in answers]
            except TooMuch:
                continue
            found = _classified(place, here, reached, self._scene(place.flow))
            if found is not None:
                return found
        return None

    def _scene(self, flow: int) -> FlowScene:
        found = self._scenes.get(flow)
        if found is None:
            found = self._scenes[flow] = FlowScene(flow, self.program.codes[flow])
        return found

    def _ids(self, places: Iterable[PlaceKey]) -> frozenset[int]:
        return frozenset(point for place in places for point in self._placing.at(place))


def _alternatives(flow: FlowScene, point: Point, program: Program) -> Iterator[list[_Answer]]:
    """Ways to tell the answers of a question apart: by choice, by intent, by the value of each variable it fills."""
    if point.menu is not None:
        code = program.code_of(point)
        yield [
            _Answer(choice_term(point.menu, choice), ((code.choices[point.menu.id, choice.id], ()),))
            for choice in point.menu.choices
            if not repeats(choice)
        ]
        return
    assert point.site is not None
    match point.site.action.operation:
        case CollectInput(variable=str() as variable):
            yield _by_value(flow, point, variable, "")
        case CallBot(intent=intent, bindings=bindings):
            intents = [o for o in point.outs if o.key not in NO_ANSWER]
            yield [_Answer(o.key, ((o.target, ()),)) for o in intents]
            if intent is not None and not intents:
                yield _by_value(flow, point, intent, "")
            for binding in bindings:
                yield _by_value(flow, point, binding.variable, f"{binding.variable}=")
        case Lookup(bindings=bindings):
            for binding in bindings:
                yield _by_value(flow, point, binding.variable, f"{binding.variable}=")
        case GetParticipantData(attributes=attributes):
            for _, variable in attributes:
                yield _by_value(flow, point, variable, f"{variable}=")


def _by_value(flow: FlowScene, point: Point, variable: str, prefix: str) -> list[_Answer]:
    """One answer for each value that the variable is compared with, and one for all others."""
    assert point.site is not None
    texts, operation = flow.comparisons.of(variable), point.site.action.operation
    outs = [o.target for o in point.outs if o.key in _POSITIVE or (o.key not in NO_ANSWER and o.key != "notFound")]
    starts = outs or [point.next]
    values = {text: values_of(flow, variable, [text]) for text in texts}
    other = meet(SOMETHING, Values(frozenset(a for v in values.values() for a in v.atoms), negated=True))
    if isinstance(operation, CollectInput) and operation.max_digits == 1:
        other = meet(values_of(flow, variable, "0123456789*#"), other)
    if flow.types.get(variable.casefold()) in ("boolean", "bln"):
        other = meet(SOMETHING, values_of(flow, variable, ["false"] if "true" in values else ["true"]))

    def answer(term: str | None, value: Values) -> _Answer:
        known = packed({variable.casefold(): value})
        return _Answer(term, tuple((start, known) for start in starts))

    return [*(answer(prefix + text, value) for text, value in values.items()), answer(None, other)] if values else []


def _classified(
    place: PlaceKey, point: Point, reached: Sequence[tuple[_Answer, Point | None]], flow: FlowScene
) -> ConsentPoint | None:
    """Granting: the answers that go on to enable; if any other answer does so too, refusing: those that do not."""
    yes = [answer.term for answer, enable in reached if enable is not None]
    no = [answer.term for answer, enable in reached if enable is None]
    if not yes or not no:
        return None
    enable = next(enable for _, enable in reached if enable is not None)
    assert enable.site is not None
    target = f'"{enable.site.action.name}"'
    named = [t for t in (yes if None not in yes else no) if t is not None]
    goes = f"goes on to {target}" if None not in yes else f"does not go on to {target}"
    does = "other answers do not" if None not in yes else "other answers do"
    reason = f"by structure alone: {' or '.join(named)} {goes}, {does}"
    kind, name = _kind_and_name(point)
    found = ConsentPoint(
        place,
        kind,
        name,
        Confidence.LOW,
        tuple(named) if None not in yes else None,
        tuple(named) if None in yes else None,
        "",
        reason,
    )
    return _with_outcomes(found, point, flow)


def _kind_and_name(point: Point) -> tuple[PointKind, str]:
    if point.menu is not None:
        return PointKind.MENU, point.menu.name
    assert point.site is not None
    kind = kind_of(point.site.action.operation)
    assert kind is not None
    return kind, point.site.action.name


def _with_outcomes(found: ConsentPoint, point: Point, flow: FlowScene) -> ConsentPoint:
    terms = found.granting if found.granting is not None else found.refusing or ()
    why = dict.fromkeys(terms, found.reason)
    if point.menu is not None:
        return with_menu_outcomes(found, point.menu, flow.flow, why)
    assert point.site is not None
    if found.kind is PointKind.COLLECT_INPUT:
        return with_input_outcomes(found, why)
    return with_action_outcomes(found, point.site.action, why)
