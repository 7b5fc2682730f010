"""Which actions are consent points, and which answers grant (semantics, section 5).

The policy file comes first, then words and names; what has no known words is a candidate for structure, in
`points_structure`. Each kind of point has a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint, Declaration, PlaceKey
from auditor.analysis.points_bot import bot_point
from auditor.analysis.points_declared import declared_points
from auditor.analysis.points_input import ask_point, input_point
from auditor.analysis.points_menu import menu_place, menu_point
from auditor.analysis.points_scene import FlowScene, Recognised, Scene
from auditor.analysis.points_settings import Guards
from auditor.analysis.points_stored import stored_point
from auditor.model.flows import VOICE_TYPES, Menu
from auditor.model.operations import AskBot, Audio, CallBot, CollectInput, GetParticipantData, Lookup, Play
from auditor.model.sites import ActionSite


class PointsFound(Struct, frozen=True):
    """The points in the order of flows and actions. candidates: questions whose words are not known.

    mistakes: declarations of the policy file that mean nothing, in words.
    """

    points: tuple[ConsentPoint, ...]
    candidates: tuple[PlaceKey, ...]
    mistakes: tuple[str, ...]


def consent_points(scene: Scene, declarations: Sequence[Declaration]) -> PointsFound:
    """Every consent point that the policy file declares, or that words and names tell."""
    declared = declared_points(scene, declarations)
    scene.declared = frozenset(point.place for point in declared.points)
    found: dict[PlaceKey, Recognised] = {point.place: point for point in declared.points}
    voice = [flow for flow in scene.flows if flow.flow.type in VOICE_TYPES]
    for flow in voice:
        for place, recognised in _questions(scene, flow):
            found.setdefault(place, recognised)
    guards = Guards(scene, [place for place, each in found.items() if isinstance(each, ConsentPoint)])
    for flow in voice:
        for site in flow.acting(Lookup, GetParticipantData):
            operation, place = site.action.operation, flow.place(site)
            if isinstance(operation, Lookup | GetParticipantData) and place not in found:
                found[place] = stored_point(scene, flow, site, operation, guards)
    ordered = sorted(found, key=lambda place: (place.flow, -1 if place.number is None else place.number))
    return PointsFound(
        tuple(each for place in ordered if isinstance(each := found[place], ConsentPoint)),
        tuple(place for place in ordered if isinstance(found[place], PlaceKey)),
        declared.mistakes,
    )


def _questions(scene: Scene, flow: FlowScene) -> Iterator[tuple[PlaceKey, Recognised]]:
    for menu in flow.menus:
        yield menu_place(flow, menu), menu_point(scene, flow, menu)
    for site in flow.acting(CollectInput, AskBot, CallBot):
        match site.action.operation:
            case CollectInput() as operation:
                yield flow.place(site), input_point(scene, flow, site, operation)
            case AskBot() as operation:
                yield flow.place(site), ask_point(scene, flow, site, operation)
            case CallBot() as operation:
                yield flow.place(site), bot_point(scene, flow, site, operation)


def announcements(scene: Scene) -> frozenset[PlaceKey]:
    """Where words are heard that announce recording or ask about it: actions, menus, greetings of flows."""
    return frozenset(
        flow.place(at) if isinstance(at, ActionSite) else PlaceKey(flow.index, "" if at is None else at.id, None)
        for flow in scene.flows
        if flow.flow.type in VOICE_TYPES
        for at, audio in _heard(flow)
        if audio and scene.read(scene.words(audio, flow.flow)).announcement
    )


def _heard(flow: FlowScene) -> Iterator[tuple[ActionSite | Menu | None, Audio]]:
    """What is heard at actions, menus, and (None) where the flow begins."""
    yield None, flow.flow.greeting
    for menu in flow.menus:
        yield menu, menu.audio
    for site in flow.acting(Play, CollectInput, AskBot, CallBot):
        operation = site.action.operation
        if isinstance(operation, Play | CollectInput | AskBot | CallBot):
            yield site, operation.audio
