"""The state of a call as the interpreter carries it, and what happens in a step."""

from __future__ import annotations

from typing import Literal, NamedTuple

from auditor.analysis.consent import Answer
from auditor.model.settings import Known, Setting, values_of
from tests.oracle.expressions import Value
from tests.oracle.program import Spot

Pairs = tuple[tuple[str, Value], ...]
Place = Literal["flow", "waiting", "internal", "conference", "consulting", "external", "voicemail", "ended"]
Copies = tuple[tuple[str, Spot | int, bool], ...]
"""What is copied (kind), what switched it on (an action, or a queue by its index), whether that is sure."""


class Frame(NamedTuple):
    """A call that returns. kind: task, module or bot; the variables of the caller are kept here."""

    kind: str
    spot: Spot
    flow_values: Pairs
    task_values: Pairs


class Config(NamedTuple):
    """A configuration. host: index of the flow that hosts the call, or of the queue in which it waits.

    handing: the action that handed the waiting call over; phone: where it was answered; queued: audio about
    recording waits for a flush; language: the language was set, so the next task or menu flushes; post: the flow
    that runs after the agent; copies: transcription, monitoring and streaming that are on.
    """

    place: Place
    spot: Spot | None
    host: int
    stack: tuple[Frame, ...] = ()
    flow_values: Pairs = ()
    task_values: Pairs = ()
    attributes: Pairs = ()
    handing: Spot | None = None
    phone: int | None = None
    consent: str = "unasked"
    noticed: bool = False
    queued: bool = False
    language: bool = False
    enabled: bool = False
    taint: bool = False
    post: int | None = None
    copies: Copies = ()


class Event(NamedTuple):
    """What a rule may want to know of a step. kind: enable, leave (point, answer) or hand (over)."""

    kind: str
    spot: Spot
    point: int = -1
    answer: str = ""


class Edge(NamedTuple):
    """A step. label: the action or menu that runs, None for a silent step."""

    label: Spot | None
    event: Event | None
    target: Config


Step = tuple[Event | None, Config]


def flush(config: Config) -> Config:
    """The caller hears what was queued."""
    return config._replace(noticed=True, queued=False) if config.queued else config


def arrive(config: Config, place: Place, phone: int | None = None) -> Config:
    """The call has reached somebody, or has ended: no flow runs any more."""
    return Config(
        place, None, -9, phone=phone, consent=config.consent, noticed=config.noticed, enabled=config.enabled,
        taint=config.taint, post=config.post if place == "internal" else None,
        copies=config.copies if place != "ended" else (),
    )  # fmt: skip


def copied(config: Config, kind: str, source: Spot | int, setting: Setting[bool]) -> list[Config]:
    """The configurations after a copy is switched on or off; both, and not sure, when the setting is unset."""
    others = tuple(c for c in config.copies if c[0] != kind)
    sure = isinstance(setting, Known)
    on = tuple(sorted((*others, (kind, source, sure)), key=lambda copy: copy[0]))
    return [config._replace(copies=on if value else others) for value in values_of(setting)]


def lost(config: Config) -> Config:
    """The call ends in a way that is not understood."""
    return arrive(config._replace(taint=True), "ended")


def answered(consent: str, answer: Answer) -> str:
    """The consent after an answer: no answer overwrites only that nobody has asked."""
    if answer is Answer.UNANSWERED and consent != "unasked":
        return consent
    return answer.value


def abandon(config: Config) -> Config:
    """A jump out of called tasks abandons their callers, back to the flow in which they stand (A10)."""
    stack = config.stack
    while stack and stack[-1].kind == "task":
        stack = stack[:-1]
    return config._replace(stack=stack)
