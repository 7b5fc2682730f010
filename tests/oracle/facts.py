"""What the runs of one entry show, before any rule: facts about states, without settings of trunks and phones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import product
from typing import NamedTuple

from msgspec import Struct

from auditor.model.flows import FlowType
from auditor.model.organisation import Organisation
from auditor.model.settings import Known, Setting
from tests.oracle.entries import Run
from tests.oracle.program import Spot
from tests.oracle.state import Config

Host = tuple[str, int]
Suppression = dict[Host, bool]


class State(NamedTuple):
    """The part of a configuration that rules read."""

    consent: str
    noticed: bool
    enabled: bool
    taint: bool


class Enabling(NamedTuple):
    """An enable action runs: the state with `enabled` as it was before and `noticed` after its flush."""

    spot: Spot
    state: State


class Leaving(NamedTuple):
    """A consent point is left. enabled, taint: before."""

    point: int
    answer: str
    enabled: bool
    taint: bool


class Facts(Struct, frozen=True):
    """Facts of one entry. followed: (point, answer, mask of enables before the next consent point)."""

    enablings: frozenset[Enabling]
    leavings: frozenset[Leaving]
    hands: frozenset[tuple[Spot, State]]
    talks: frozenset[tuple[int, State]]
    parties: frozenset[tuple[str, State]]
    copies: frozenset[tuple[Spot | int, bool, State]]
    waits: frozenset[bool]
    hosts: frozenset[Host]
    tainted: bool


def state_of(c: Config) -> State:
    """The part of a configuration that rules read."""
    return State(c.consent, c.noticed, c.enabled, c.taint)


def gather(run: Run) -> Facts:
    """Reads the facts off an explored entry."""
    enablings: set[Enabling] = set()
    leavings: set[Leaving] = set()
    hands: set[tuple[Spot, State]] = set()
    for config, out in zip(run.configs, run.edges, strict=True):
        for _, event, target in out:
            after = run.configs[target]
            if event is None:
                continue
            if event.kind == "enable":
                state = State(config.consent, after.noticed, config.enabled, config.taint)
                enablings.add(Enabling(event.spot, state))
            elif event.kind == "leave":
                leavings.add(Leaving(event.point, event.answer, config.enabled, config.taint))
            else:
                hands.add((event.spot, state_of(after)._replace(taint=config.taint)))
    talks = {(c.phone, state_of(c)) for c in run.configs if c.place == "internal" and c.phone is not None}
    parties = {(c.place, state_of(c)) for c in run.configs if c.place in ("external", "consulting")}
    copies = {(source, sure, state_of(c)) for c in run.configs for _, source, sure in c.copies}
    waits = {c.taint for c in run.configs if c.place == "waiting"}
    hosts = {(c.place, c.host) for c in run.configs if c.place in ("flow", "waiting")}
    return Facts(
        frozenset(enablings), frozenset(leavings), frozenset(hands), frozenset(talks), frozenset(parties),
        frozenset(copies), frozenset(waits), frozenset(hosts), any(c.taint for c in run.configs),
    )  # fmt: skip


def suppressions(organisation: Organisation, hosts: Iterable[Host]) -> list[Suppression]:
    """Every combination of the suppress settings of flows and queues that are not known."""
    known: Suppression = {}
    open_: list[Host] = []
    for host in sorted(hosts):
        value = _suppressed(organisation, host)
        if value is None:
            open_.append(host)
        else:
            known[host] = value
    return [{**known, **dict(zip(open_, values, strict=True))} for values in product((False, True), repeat=len(open_))]


def _suppressed(organisation: Organisation, host: Host) -> bool | None:
    place, index = host
    if index < 0:
        return None
    if place == "waiting":
        return _value(organisation.queues[index].suppress)
    flow = organisation.flows[index]
    return True if flow.type is FlowType.SECURE_CALL else _value(flow.suppress_recording)


def _value(setting: Setting[bool]) -> bool | None:
    return setting.value if isinstance(setting, Known) else None


def line_captures(c: Config, *, gate: bool, suppression: Suppression, external: bool) -> bool:
    """Whether a line that records captures the call here (A1: the gate holds for every direction)."""
    if gate and not c.enabled:
        return False
    match c.place:
        case "flow" | "waiting":
            return not suppression[c.place, c.host]
        case "external" | "consulting":
            return external and c.place == "external"
        case "ended":
            return False
        case _:
            return True


def first_captures(run: Run, holds: Callable[[Config], bool]) -> set[State]:
    """The states at the first moments of runs at which a capture holds."""
    found: set[State] = set()
    todo = deque(range(len(dict.fromkeys(run.starts))))
    seen = set(todo)
    while todo:
        here = todo.popleft()
        if holds(run.configs[here]):
            found.add(state_of(run.configs[here]))
            continue
        for _, _, target in run.edges[here]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return found


def reaching(run: Run, goals: set[int], stop: Callable[[int, int], bool] = lambda _a, _b: False) -> set[int]:
    """Configurations from which a goal can be reached (goals included). stop: an edge number not to be used."""
    back: list[list[int]] = [[] for _ in run.configs]
    for here, out in enumerate(run.edges):
        for number, (_, _, target) in enumerate(out):
            if not stop(here, number):
                back[target].append(here)
    todo, seen = list(goals), set(goals)
    while todo:
        for before in back[todo.pop()]:
            if before not in seen:
                seen.add(before)
                todo.append(before)
    return seen


def followed(run: Run, satisfied: Callable[[State], bool]) -> set[tuple[int, str, bool, bool]]:
    """(point, answer, unsatisfied, taint): after this answer an enable runs before any point is left again."""
    found: set[tuple[int, str, bool, bool]] = set()
    enables: dict[tuple[bool, bool], set[int]] = {}
    for here, out in enumerate(run.edges):
        config = run.configs[here]
        for _, event, target in out:
            if event is not None and event.kind == "enable":
                state = State(config.consent, run.configs[target].noticed, config.enabled, config.taint)
                enables.setdefault((not satisfied(state), config.taint), set()).add(here)
    if not enables:
        return found

    def leaves(here: int, number: int) -> bool:
        event = run.edges[here][number][1]
        return event is not None and event.kind == "leave"

    for (wrong, taint), goals in enables.items():
        before = reaching(run, goals, leaves)
        for out in run.edges:
            for _, event, target in out:
                if event is not None and event.kind == "leave" and target in before:
                    found.add((event.point, event.answer, wrong, taint))
    return found


def captured_after(run: Run, spot: Spot, holds: Callable[[Config], bool]) -> bool:
    """Whether some run that executes this enable action reaches, from then on, a capture."""
    goals = {i for i, c in enumerate(run.configs) if holds(c)}
    before = reaching(run, goals) if goals else set()
    return any(
        event is not None and event.kind == "enable" and event.spot is spot and target in before
        for out in run.edges
        for _, event, target in out
    )
