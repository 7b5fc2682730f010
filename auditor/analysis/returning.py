"""Answers that come back as values: bots, stored consent and participant data (semantics, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from auditor.analysis import effects
from auditor.analysis.asking import heard, left, store, typed
from auditor.analysis.consent import Answer, ConsentPoint
from auditor.analysis.environment import UNWRITTEN
from auditor.analysis.facts import output_answer
from auditor.analysis.state import Consent, State
from auditor.analysis.step import Step
from auditor.analysis.uses import attribute
from auditor.analysis.values import (
    ANY,
    NOT_SET_VALUE,
    SOMETHING,
    Values,
    finite,
    is_empty,
    meet,
    one_of,
)
from auditor.graph import words
from auditor.graph.points import Point
from auditor.model.confidence import Confidence
from auditor.model.flows import Flow
from auditor.model.operations import AskBot, Binding, CallBot, GetParticipantData, Lookup

_NO_INTENTS = words.OUTCOMES.keys() - {"yes", "no"}
"""Outputs of a bot that are none of its intents."""


NOWHERE: Mapping[str, str] = MappingProxyType({})


def ask_bot(step: Step, point: Point, operation: AskBot, state: State) -> None:
    """A question inside a bot flow."""
    consent = step.facts.points.get(point.id)
    state = heard(step, point, state)
    if consent is not None:
        state = replace(state, noticed=True)
    tests = _tests(consent, ()) if consent is not None else {}
    for out in point.outs or ():
        answer = output_answer(consent, out.key) if consent is not None else None
        if consent is not None and tests and answer is not Answer.UNANSWERED:
            _by_value(step, point, consent, tests, state, out.key)
            continue
        value = {"yes": one_of(True), "no": one_of(False)}.get(out.key, ANY if answer is None else SOMETHING)
        if out.key.startswith("maxNo"):
            value = NOT_SET_VALUE
        after = left(step, point, consent, answer, state)
        step.take(point, out, store(step, point, after, operation.variable, value))
    if not point.outs:
        step.go(point.next, store(step, point, state, operation.variable, ANY), "the caller answers")


def external_bot(step: Step, point: Point, operation: CallBot, state: State) -> None:
    """A bot whose inside is not explored: by its intents, slots and failure."""
    consent = step.facts.points.get(point.id)
    state = heard(step, point, state)
    if consent is not None:
        state = replace(state, noticed=True)
    tests = _tests(consent, operation.bindings) if consent is not None else {}
    for out in point.outs:
        after = _from_bot(step, point, operation, state, out.key)
        answer = output_answer(consent, out.key) if consent is not None else None
        if consent is not None and tests and answer is not Answer.UNANSWERED:
            _by_value(step, point, consent, tests, after, out.key)
        else:
            step.take(point, out, left(step, point, consent, answer, after))
    if not point.outs:
        _bot_without_outputs(step, point, operation, consent, tests, state)


def _bot_without_outputs(
    step: Step,
    point: Point,
    operation: CallBot,
    consent: ConsentPoint | None,
    tests: dict[str, list[str]],
    state: State,
) -> None:
    state = _from_bot(step, point, operation, state, "")
    if consent is None:
        step.go(point.next, state, "the bot returns")
        return
    if not tests and operation.intent is not None:
        terms = consent.granting if consent.granting is not None else consent.refusing or ()
        tests = {operation.intent.casefold(): list(terms)}
    _by_value(step, point, consent, tests, state, "")


def _from_bot(step: Step, point: Point, operation: CallBot, state: State, output: str) -> State:
    """What a bot leaves in variables: slots may hold anything, after a failure nothing (A11)."""
    names = [b.variable for b in operation.bindings] + [operation.intent, operation.exit_reason]
    keys = [name.casefold() for name in names if name is not None]
    if output == "failure":
        return (
            state
            if step.regime.keeps
            else step.environment.assign(state, point.flow, dict.fromkeys(keys, NOT_SET_VALUE))
        )
    values = dict.fromkeys(keys, ANY)
    if operation.intent is not None and output and output not in _NO_INTENTS:
        values[operation.intent.casefold()] = one_of(output)
    return step.environment.assign(state, point.flow, values)


def _tests(consent: ConsentPoint, bindings: Iterable[Binding]) -> dict[str, list[str]]:
    """Variable -> the values among the point's terms that it is compared with ("Flow.X=yes", "Slot.x=yes")."""
    slots = {b.output.casefold(): b.variable.casefold() for b in bindings}
    found: dict[str, list[str]] = {}
    for term in consent.granting if consent.granting is not None else consent.refusing or ():
        name, equals, value = term.partition("=")
        if equals:
            key = name.strip().casefold()
            found.setdefault(slots.get(key, key), []).append(value.strip())
    return found


def _by_value(
    step: Step,
    point: Point,
    consent: ConsentPoint,
    tests: Mapping[str, list[str]],
    state: State,
    output: str,
    known: Mapping[str, Values] | None = None,
    read_from: Mapping[str, str] = NOWHERE,
) -> None:
    """The answer is a returned value: one of the named ones, another, or not set. known: written by this run.

    read_from: the attributes of which this tells what they hold, by variable.

    A caller who was asked on this run has not agreed because the flow writes so; the policy file may say otherwise.
    """
    asked = consent.confidence is not Confidence.HIGH and _repeats(state, tests, known or {})
    said, unsaid = (
        (Answer.GRANTED, Answer.REFUSED) if consent.granting is not None else (Answer.REFUSED, Answer.GRANTED)
    )
    flow = step.flow(point)

    def way(values: Mapping[str, Values], answer: Answer, why: str) -> None:
        if known is not None:
            values = {k: meet(v, known.get(k, ANY)) for k, v in values.items()}
        if any(is_empty(v) for v in values.values()):
            return
        held = {read_from[k]: v for k, v in values.items() if k in read_from}
        after = step.environment.assign(state, point.flow, {**values, **held})
        if not (asked and answer is Answer.GRANTED):
            after = left(step, point, consent, answer, after)
        if output:
            step.out(point, output, after, why)
        else:
            step.every_way(point, after, why)

    named = {key: finite(typed(step, point, key, terms)) for key, terms in tests.items()}
    for key, values in named.items():
        way({key: values}, said, f"{_spelled(point, key)} is {' or '.join(tests[key])}")
    others = {k: meet(SOMETHING, Values(v.atoms, negated=True)) for k, v in named.items()}
    others = {k: _narrow(flow, k, v) for k, v in others.items()}
    way(others, unsaid, f"{' and '.join(_spelled(point, k) for k in others)} is anything else" if others else "")
    if named:
        way(dict.fromkeys(named, NOT_SET_VALUE), Answer.UNANSWERED, "the value is not set")


def _narrow(flow: Flow, key: str, values: Values) -> Values:
    """A boolean that is not true is false."""
    return meet(values, one_of(True, False)) if flow.type_of(key) in ("boolean", "bln") else values


def _spelled(point: Point, key: str) -> str:
    assert point.site is not None
    operation = point.site.action.operation
    names: list[str] = []
    match operation:
        case Lookup(bindings=bindings) | CallBot(bindings=bindings):
            names = [b.variable for b in bindings]
        case GetParticipantData(attributes=attributes):
            names = [variable for _, variable in attributes]
    return next((n for n in names if n.casefold() == key), key)


def lookup(step: Step, point: Point, operation: Lookup, state: State) -> None:
    """Stored data are read. A consent point grants by its outputs, or by a value that it returns."""
    consent = step.facts.points.get(point.id)
    if operation.kind in FLUSHING:
        state = effects.flushed(state)
    tests = _tests(consent, operation.bindings) if consent is not None else {}
    for out in point.outs:
        negative = out.key in ("failure", "timeout", "notFound")
        bound = operation.failure_bindings if negative else operation.bindings
        after = step.environment.assign(state, point.flow, {b.variable.casefold(): ANY for b in bound})
        if consent is None:
            step.take(point, out, after)
        elif tests and not negative:
            _by_value(step, point, consent, tests, after, out.key)
        else:
            step.take(point, out, left(step, point, consent, output_answer(consent, out.key), after))
    if not point.outs:
        step.go(point.next, state, "")


FLUSHING = ("callData", "callDataSecure", "callBridge")


def participant_data(step: Step, point: Point, operation: GetParticipantData, state: State) -> None:
    """Attributes are read: what the run has written, else not set, or at a consent point what was stored before.

    What was stored before stays so: who reads it again reads the same.
    """
    consent = step.facts.points.get(point.id)
    value = step.environment.lookup(state)
    read = {variable.casefold(): value(attribute(name)) for name, variable in operation.attributes}
    tests = _tests(consent, ()) if consent is not None else {}
    if consent is None or (consent.confidence is Confidence.LOW and _repeats(state, tests, read)):
        read = {k: NOT_SET_VALUE if v == UNWRITTEN else v for k, v in read.items()}
        step.go(point.next, step.environment.assign(state, point.flow, read), "")
        return
    written = {k: v for k, v in read.items() if v != UNWRITTEN}
    free = {k: written.get(k, ANY) for k in read}
    state = step.environment.assign(state, point.flow, free)
    if not tests:  # recognised without a value: that anything is stored is the consent
        tests, consent = {next(iter(read), ""): []}, replace(consent, granting=None, refusing=())
    unwritten = {v.casefold(): attribute(name) for name, v in operation.attributes if v.casefold() not in written}
    _by_value(step, point, consent, tests, state, "", written, unwritten)


def _repeats(state: State, tests: Iterable[str], read: Mapping[str, Values]) -> bool:
    """Whether what is read is what this run wrote after it had asked: it says nothing new of the caller's will."""
    return state.consent is not Consent.UNASKED and all(read.get(k, ANY) not in (ANY, UNWRITTEN) for k in tests)
