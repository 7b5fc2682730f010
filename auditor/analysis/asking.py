"""Questions: menus, collect input, bots and stored consent, and what their answers do to a call (section 5)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from auditor.analysis import effects
from auditor.analysis.consent import Answer, ConsentPoint
from auditor.analysis.facts import choice_answer, global_choices
from auditor.analysis.places import Anyone
from auditor.analysis.state import Kind, State
from auditor.analysis.step import Step, setting
from auditor.analysis.values import (
    NOT_SET_VALUE,
    SOMETHING,
    Atom,
    Values,
    atom,
    finite,
    meet,
)
from auditor.graph import words
from auditor.graph.points import Point
from auditor.model.flows import Flow, Menu
from auditor.model.operations import CollectInput

_KINDS = {
    **dict.fromkeys(("boolean", "bln"), "bool"),
    **dict.fromkeys(("integer", "int", "decimal", "dec"), "num"),
    **dict.fromkeys(("string", "str"), "str"),
}
_DIGITS = tuple("0123456789*#")


def heard(step: Step, point: Point, state: State) -> State:
    """A question is asked: queued audio is heard, and the question itself, when it is about recording."""
    state = effects.flushed(state)
    return replace(state, noticed=True) if point.id in step.facts.announcing else state


def menu(step: Step, point: Point, menu: Menu, state: State) -> None:
    """A menu: its choices, those of other menus that hold everywhere, the default, extensions and names."""
    consent = step.facts.points.get(point.id)
    state = heard(step, point, state)
    if consent is not None:
        state = replace(state, noticed=True)
    code = step.facts.program.code_of(point)
    for choice in menu.choices:
        answer = choice_answer(consent, menu, choice.id) if consent is not None else None
        after = left(step, point, consent, answer, state)
        step.go(code.choices[menu.id, choice.id], after, words.chosen(choice))
    for other, choice in global_choices(code.flow, menu):
        after = left(step, point, consent, Answer.REFUSED if consent is not None else None, state)
        step.go(code.choices[other.id, choice.id], after, f"{words.chosen(choice)} (works in every menu)")
    _unanswered(step, point, menu, consent, state)
    if setting(menu.listens_for_extension, True):  # on unless switched off (formats reference, 1.7)
        _dial(step, point, state, "the caller dials an extension")
    if names_heard(code.flow, menu.id):
        _dial(step, point, state, "the caller says a name")


def _dial(step: Step, point: Point, state: State, why: str) -> None:
    away = effects.handed_over(state, step.lanes, step.notes)
    step.note(Kind.REACHED, point.id, away)
    step.connect(Anyone(), away, why)


def names_heard(flow: Flow, container: str) -> bool:
    """Whether the company directory is listened to in this container."""
    return flow.company_directory == "entireFlow" or (
        flow.company_directory == "startUpObject" and flow.start == container
    )


def _unanswered(step: Step, point: Point, menu: Menu, consent: ConsentPoint | None, state: State) -> None:
    after = left(step, point, consent, Answer.UNANSWERED if consent is not None else None, state)
    if menu.default is None:
        step.stop(after, "no input or no match, and no default choice: the call is disconnected")
        return
    target = step.facts.program.code_of(point).choices.get((menu.id, menu.default))
    if target is None:
        after = step.taint(point.id, after, "the default choice of the menu is missing")
        step.stop(after, "no input or no match")
        return
    step.go(target, after, "no input or no match: the default choice is taken")


def left(step: Step, point: Point, consent: ConsentPoint | None, answer: Answer | None, state: State) -> State:
    """The state after a consent point is left with this answer; None: nothing was said about recording."""
    if consent is None or answer is None:
        return state
    subject = step.facts.subject(point)
    return effects.answered(state, subject, answer, consent.confidence_in(answer), step.lanes, step.notes)


def store(step: Step, point: Point, state: State, variable: str | None, value: Values) -> State:
    """The state with the variable written, if there is one."""
    if variable is None:
        return state
    return step.environment.assign(state, point.flow, {variable.casefold(): value})


def typed(step: Step, point: Point, variable: str | None, terms: Iterable[str]) -> tuple[Atom, ...]:
    """The values that a variable holds when these terms are entered or returned: by its declared type."""
    key = (point.flow, (variable or "").casefold(), tuple(terms))
    found = step.facts.typed.get(key)
    if found is None:
        found = step.facts.typed[key] = tuple(_typed(step, *key))
    return found


def _typed(step: Step, flow: int, variable: str, terms: tuple[str, ...]) -> list[Atom]:
    kind = step.facts.program.codes[flow].flow.type_of(variable)
    found: list[Atom] = []
    for term in terms:
        text = term.strip().strip('"')
        lower = text.casefold()
        if lower in ("true", "false"):
            found.append(atom(lower == "true"))
        if text.lstrip("-").isdigit() and len(text) < 16:
            found.append(atom(int(text)))
        found.extend(atom(spelling) for spelling in sorted(step.facts.spellings(flow, text)))
    only = _KINDS.get(kind)
    return [a for a in found if only is None or a.kind == only] or found


def collect(step: Step, point: Point, operation: CollectInput, state: State) -> None:
    """Digits are entered, or not. A consent point tells granting digits from all others."""
    consent = step.facts.points.get(point.id)
    state = heard(step, point, state)
    flow = step.flow(point)
    if names_heard(flow, point.container):
        _dial(step, point, state, "the caller says a name")
    if consent is None:
        entered = _entered(step, point, operation)
        step.out(point, "success", store(step, point, state, operation.variable, entered))
    else:
        state = replace(state, noticed=True)
        _collect_answers(step, point, operation, consent, state)
    after = left(step, point, consent, Answer.UNANSWERED if consent is not None else None, state)
    if not step.regime.keeps:
        after = store(step, point, after, operation.variable, NOT_SET_VALUE)
    step.out(point, "failure", after)


def _entered(step: Step, point: Point, operation: CollectInput) -> Values:
    """What can be entered: one key, or anything."""
    return finite(typed(step, point, operation.variable, _DIGITS)) if operation.max_digits == 1 else SOMETHING


def _collect_answers(step: Step, point: Point, operation: CollectInput, consent: ConsentPoint, state: State) -> None:
    terms = consent.granting if consent.granting is not None else consent.refusing or ()
    named = [t for t in terms if t not in consent.ignored]
    atoms = typed(step, point, operation.variable, named)
    rest = meet(_entered(step, point, operation), Values(frozenset(atoms), negated=True))
    said, unsaid = (Answer.GRANTED, Answer.REFUSED)
    if consent.granting is None:
        said, unsaid = unsaid, said
    if named:
        after = left(step, point, consent, said, state)
        after = store(step, point, after, operation.variable, finite(atoms))
        step.out(point, "success", after, f"caller enters {' or '.join(named)}")
    if consent.ignored:
        again = finite(typed(step, point, operation.variable, consent.ignored))
        rest = meet(rest, Values(again.atoms, negated=True))
        repeated = store(step, point, state, operation.variable, again)
        step.out(point, "success", repeated, f"caller enters {' or '.join(consent.ignored)} to hear it again")
    after = store(step, point, left(step, point, consent, unsaid, state), operation.variable, rest)
    step.out(point, "success", after, "caller enters something else" if named else "caller enters digits")
