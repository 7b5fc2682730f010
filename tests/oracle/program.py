"""The organisation as the interpreter walks it: spots (positions before an action or menu) linked by what follows.

Numbering is that of the model (outer actions first), computed here again on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint, PlaceKey
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Action, Choice, Container, ContainerKind, Flow, FlowType, Menu, Task
from auditor.model.operations import (
    Audio,
    CallModule,
    CallTask,
    EnableRecording,
    GetParticipantData,
    Loop,
    Reference,
    Spoken,
    Target,
)
from auditor.model.organisation import Organisation
from auditor.model.routing import ObjectRef


class Spot(Struct, eq=False):
    """A position. action: what runs there (None at a menu or at the end of a container).

    next: what follows when the action falls through; outs: first spot of each output; exit: where the innermost
    loop goes on after it; first: a loop before its first round, which its count makes certain; menu: the menu in
    which a choice's action was chosen.
    """

    flow: int
    container: Container
    action: Action | None = None
    number: int | None = None
    ordinal: int = 0
    next: Spot | None = None
    outs: dict[str, Spot] = field(default_factory=dict)
    head: Spot | None = None
    exit: Spot | None = None
    menu: Spot | None = None
    offers: list[tuple[Choice, Spot, bool]] = field(default_factory=list)
    default: Spot | None = None
    point: int | None = None
    first: bool = False

    @property
    def is_menu(self) -> bool:
        """Whether the spot is the menu itself."""
        return self.action is None and isinstance(self.container, Menu)

    @property
    def is_end(self) -> bool:
        """Whether the spot is the end of a task."""
        return self.action is None and isinstance(self.container, Task)

    def __repr__(self) -> str:
        name = self.action.name if self.action else ("menu" if self.is_menu else "end")
        return f"<{self.container.name}/{name}>"


class Program(Struct, eq=False):
    """All flows of an organisation, with the consent points in their places."""

    organisation: Organisation
    points: tuple[ConsentPoint, ...]
    starts: list[Spot | None]
    containers: dict[tuple[int, str], Spot]
    actions: list[Spot]
    read: frozenset[str]
    attributes: frozenset[str]
    texts: tuple[str, ...]
    answers: tuple[str, ...]

    def flow_of(self, target: Target | ObjectRef, types: frozenset[FlowType] | None = None) -> int | None:
        """Index of the flow that is meant, None when it is not in the export."""
        if not isinstance(target, Reference | ObjectRef):
            return None
        for index, flow in enumerate(self.organisation.flows):
            if types is not None and flow.type not in types:
                continue
            if (target.id is not None and target.id == flow.id) or (target.id is None and target.name == flow.name):
                return index
        return None


def compile_program(organisation: Organisation, points: tuple[ConsentPoint, ...]) -> Program:
    """Lays out every flow of the organisation."""
    places = {p.place: i for i, p in enumerate(points)}
    containers: dict[tuple[int, str], Spot] = {}
    actions: list[Spot] = []
    starts: list[Spot | None] = []
    for index, flow in enumerate(organisation.flows):
        _Layout(index, places, containers, actions).flow(flow)
        starts.append(containers.get((index, flow.start)) if flow.start is not None else None)
    read, attributes, texts = _uses(organisation, points)
    answers = _answers(texts)
    return Program(organisation, points, starts, containers, actions, read, attributes, texts, answers)


class _Layout:
    """Lays out one flow."""

    def __init__(
        self,
        index: int,
        places: dict[PlaceKey, int],
        containers: dict[tuple[int, str], Spot],
        actions: list[Spot],
    ) -> None:
        self.index = index
        self.places = places
        self.containers = containers
        self.actions = actions
        self.number = 0
        self.container: Container | None = None
        self.names: Counter[str] = Counter()

    def flow(self, flow: Flow) -> None:
        menus: list[Spot] = []
        for container in flow.containers:
            self.container, self.names = container, Counter()
            if isinstance(container, Menu):
                spot = self._menu(container)
                menus.append(spot)
            else:
                end = Spot(self.index, container)
                spot = self._block(container.block, end, None, None)
            self.containers[self.index, container.id] = spot
        self._offer_globals(menus)

    def _spot(self, action: Action) -> Spot:
        assert self.container is not None
        return Spot(self.index, self.container, action)

    def _count(self, spot: Spot) -> None:
        assert spot.action is not None
        spot.number, spot.ordinal = self.number, self.names[spot.action.name]
        self.names[spot.action.name] += 1
        self.number += 1
        spot.point = self.places.get(PlaceKey(self.index, spot.container.id, spot.number))
        self.actions.append(spot)

    def _block(self, block: tuple[Action, ...], after: Spot, head: Spot | None, exit: Spot | None) -> Spot:
        spots = [self._spot(a) for a in block]
        for spot, following in zip(spots, [*spots[1:], after], strict=False):
            spot.next, spot.head, spot.exit = following, head, exit
        for spot, following in zip(spots, [*spots[1:], after], strict=False):
            self._count(spot)
            assert spot.action is not None
            loop = isinstance(spot.action.operation, Loop)
            for output in spot.action.outputs:
                if output.disabled:
                    continue
                if loop and output.key == "loop":
                    head = self._again(spot)
                    head.outs[output.key] = spot.outs[output.key] = self._block(output.block, head, head, following)
                else:
                    spot.outs[output.key] = self._block(output.block, following, head, exit)
        return spots[0] if spots else after

    def _again(self, spot: Spot) -> Spot:
        """The loop as it stands before each further round; a loop with a known count has a first round."""
        assert spot.action is not None and isinstance(spot.action.operation, Loop)
        count = spot.action.operation.count
        spot.first = isinstance(count, Literal) and isinstance(count.value, int) and count.value > 0
        return replace(spot, first=False, outs={})

    def _menu(self, menu: Menu) -> Spot:
        spot = Spot(self.index, menu)
        spot.point = self.places.get(PlaceKey(self.index, menu.id, None))
        for choice in menu.choices:
            chosen = self._spot(choice.action)
            chosen.menu = spot
            self._count(chosen)
            if choice.digit is not None or choice.speech:
                spot.offers.append((choice, chosen, False))
            if choice.id == menu.default:
                spot.default = chosen
        return spot

    def _offer_globals(self, menus: list[Spot]) -> None:
        own = {id(m): list(m.offers) for m in menus}
        for menu in menus:
            taken = {c.digit for c, _, _ in own[id(menu)] if c.digit is not None}
            for home in menus:
                for choice, chosen, _ in own[id(home)] if home is not menu else ():
                    by_digit = choice.global_dtmf and choice.digit is not None and choice.digit not in taken
                    if by_digit or (choice.global_speech and choice.speech):
                        here = Spot(self.index, home.container, choice.action, chosen.number, chosen.ordinal)
                        here.menu = menu
                        menu.offers.append((choice, here, True))


def _objects(thing: object) -> Iterator[object]:
    """Every object inside a part of the model."""
    stack = [thing]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(item)
        elif isinstance(item, Struct):
            yield item
            names = _FIELDS.get(type(item))
            if names is None:
                names = _FIELDS[type(item)] = tuple(name for name in item.__struct_fields__ if name != "location")
            stack.extend(getattr(item, n) for n in names)


_FIELDS: dict[type, tuple[str, ...]] = {}


def _uses(
    organisation: Organisation, points: tuple[ConsentPoint, ...]
) -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Variables that are read somewhere, participant data that are read somewhere, texts that are compared."""
    read: set[str] = set()
    attributes: set[str] = set()
    texts: set[str] = {"1", "2"}
    for item in _objects(organisation.flows):
        match item:
            case Variable():
                read.add(item.key)
            case Literal(value=str() as text):
                texts.add(text)
            case Apply(function="isnotsetorempty"):
                texts.add("")
            case GetParticipantData(attributes=pairs):
                attributes |= {
                    e.value.casefold() for e, _ in pairs if isinstance(e, Literal) and isinstance(e.value, str)
                }
            case CallTask(bindings=bindings) | CallModule(bindings=bindings):
                read |= {b.output.casefold() for b in bindings}
    for point in points:
        for term in (*(point.granting or ()), *(point.refusing or ())):
            name, equals, value = term.partition("=")
            if equals:
                read.add(name.casefold())
                texts.add(value)
            elif not any(term.casefold() == text.casefold() for text in texts):  # no other spelling of a text
                texts.add(term)
    return frozenset(read), frozenset(attributes), tuple(sorted(texts))


def _answers(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Digits that a caller may enter: every one that is compared with, and the largest and smallest that are not."""
    digits = [t for t in texts if t.isdecimal()]
    others = [d for d in "9876543210" if d not in digits]
    return tuple(dict.fromkeys((*digits, others[0], others[-1])))


def speaks_of_recording(audio: Audio) -> bool:
    """Whether the caller hears about recording (the generator uses plain English only)."""
    return any(isinstance(part, Spoken) and "record" in part.text.casefold() for part in audio)


def is_enable(spot: Spot) -> bool:
    """Whether the action is Enable Participant Recording."""
    return spot.action is not None and isinstance(spot.action.operation, EnableRecording)


def is_loop_task(container: Container) -> bool:
    """Whether the container is the looping task of an in-queue flow."""
    return isinstance(container, Task) and container.kind is ContainerKind.LOOP_TASK
