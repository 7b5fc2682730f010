"""Consent points that the policy file declares: found by name or id, and mistakes told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint, Declaration, PlaceKey, PointKind
from auditor.analysis.points_menu import declared_menu, menu_place
from auditor.analysis.points_outcomes import terms_of, with_action_outcomes, with_input_outcomes
from auditor.analysis.points_question import by_words
from auditor.analysis.points_scene import FlowScene, Scene
from auditor.model.confidence import Confidence
from auditor.model.flows import Menu
from auditor.model.operations import AskBot, CallBot, CollectInput, GetParticipantData, Lookup, Operation
from auditor.model.sites import ActionSite

_DECLARED = "declared in the policy file"


class Declared(Struct, frozen=True):
    """What the declarations give."""

    points: tuple[ConsentPoint, ...]
    mistakes: tuple[str, ...]


class _Target(Struct, frozen=True):
    """An action or a menu that a declaration may mean."""

    flow: FlowScene
    thing: ActionSite | Menu

    @property
    def place(self) -> PlaceKey:
        if isinstance(self.thing, Menu):
            return menu_place(self.flow, self.thing)
        return self.flow.place(self.thing)

    @property
    def name(self) -> str:
        return self.thing.name if isinstance(self.thing, Menu) else self.thing.action.name

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called: name, id, tracking id."""
        if isinstance(self.thing, Menu):
            return tuple(n for n in (self.thing.name, self.thing.id) if n)
        action = self.thing.action
        return tuple(n for n in (action.name, action.id, action.tracking_id) if n)

    @property
    def kind(self) -> PointKind | None:
        return PointKind.MENU if isinstance(self.thing, Menu) else kind_of(self.thing.action.operation)


def kind_of(operation: Operation) -> PointKind | None:
    """The kind of point that an action can be."""
    match operation:
        case CollectInput():
            return PointKind.COLLECT_INPUT
        case AskBot():
            return PointKind.ASK
        case CallBot():
            return PointKind.BOT
        case Lookup() | GetParticipantData():
            return PointKind.STORED
        case _:
            return None


def declared_points(scene: Scene, declarations: Sequence[Declaration]) -> Declared:
    """The declared points, and what is wrong with declarations that are none."""
    points: dict[PlaceKey, ConsentPoint] = {}
    mistakes = []
    for declaration in declarations:
        found = _find(scene, declaration)
        if isinstance(found, str):
            mistakes.append(f"{_head(declaration)}: {found}")
            continue
        if found.place in points:
            mistakes.append(f"{_head(declaration)}: this action is declared twice")
            continue
        point = _point(scene, found, declaration)
        points[found.place] = point
        mistakes.extend(_wrong_terms(found, declaration, point))
    return Declared(tuple(points.values()), tuple(mistakes))


def _head(declaration: Declaration) -> str:
    return f'[[consent_point]] flow = "{declaration.flow}", action = "{declaration.action}"'


def _find(scene: Scene, declaration: Declaration) -> _Target | str:
    flows = _called(declaration.flow, scene)
    if not flows:
        names = [f.flow.name for f in scene.flows]
        return f"there is no such flow{_near(declaration.flow, names)}"
    targets = [t for flow in flows for t in _targets(flow)]
    for exact in (True, False):
        named = [t for t in targets if _is_called(t, declaration.action, exact)]
        able = [t for t in named if t.kind is not None]
        if len(able) == 1:
            return able[0]
        if able:
            ids = ", ".join(sorted({t.names[-1] for t in able}))
            return f"{len(able)} actions have this name; give the tracking id or id ({ids})"
        if named:
            return "this action cannot be a consent point: it is no menu, input, bot call or lookup"
    return f"there is no such action{_near(declaration.action, [t.name for t in targets if t.kind is not None])}"


def _called(name: str, scene: Scene) -> list[FlowScene]:
    """Flows by id, else by exact name, else by name without regard to case."""
    wanted = name.casefold()
    for found in (
        [f for f in scene.flows if (f.flow.id or "").casefold() == wanted],
        [f for f in scene.flows if f.flow.name == name],
        [f for f in scene.flows if f.flow.name.casefold() == wanted],
    ):
        if found:
            return found
    return []


def _targets(flow: FlowScene) -> Iterator[_Target]:
    yield from (_Target(flow, menu) for menu in flow.menus)
    yield from (_Target(flow, site) for site in flow.sites)


def _is_called(target: _Target, name: str, exact: bool) -> bool:
    return name in target.names if exact else name.casefold() in {n.casefold() for n in target.names}


def _near(word: str, known: Sequence[str]) -> str:
    by_fold = {each.casefold(): each for each in known}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f' (did you mean "{by_fold[near[0]]}"?)' if near else ""


def _point(scene: Scene, target: _Target, declaration: Declaration) -> ConsentPoint:
    flow, thing, kind = target.flow, target.thing, target.kind
    assert kind is not None
    point = ConsentPoint(
        target.place, kind, target.name, Confidence.HIGH, declaration.granting, declaration.refusing, "", _DECLARED
    )
    if isinstance(thing, Menu):
        return declared_menu(scene, flow, thing, point)
    why = dict.fromkeys(terms_of(point), _DECLARED)
    operation = thing.action.operation
    if isinstance(operation, CollectInput | AskBot | CallBot):
        words = scene.queued(flow, thing).then(scene.words(operation.audio, flow.flow))
        point = replace(point, question=words.shown())
        if isinstance(operation, CollectInput):
            keys = by_words(scene.read(words))
            ignored = tuple(k for k in keys.ignored if k not in why and k not in keys.reasons)
            return with_input_outcomes(replace(point, ignored=ignored), why)
    return with_action_outcomes(point, thing.action, why)


def _wrong_terms(target: _Target, declaration: Declaration, point: ConsentPoint) -> Iterator[str]:
    """Terms that no answer has: they would quietly mean nothing."""
    known = _answers(target)
    if not known:
        return
    folded = {each.casefold() for each in known}
    for term in terms_of(point):
        if "=" not in term and term.casefold() not in folded:
            yield f'{_head(declaration)}: there is no answer "{term}"; there are {", ".join(known)}'


def _answers(target: _Target) -> list[str]:
    if isinstance(target.thing, Menu):
        return [n for c in target.thing.choices for n in (c.digit, c.name, c.id) if n]
    if target.kind in (PointKind.STORED, PointKind.ASK):
        return [o.key for o in target.thing.action.outputs]
    return []
