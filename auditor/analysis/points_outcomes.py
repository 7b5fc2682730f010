"""Every outcome of a consent point in words, as the engine takes it, with the reason for its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from auditor.analysis.consent import Answer, ConsentPoint, Outcome, PointKind
from auditor.analysis.facts import choice_answer, output_answer
from auditor.graph import words
from auditor.model.flows import Action, Choice, Flow, Menu
from auditor.model.operations import AskBot, CallBot, GetParticipantData, Lookup

_NEGATIVE = frozenset({"failure", "timeout", "notFound"})
_SAID = {Answer.GRANTED: "means yes", Answer.REFUSED: "means no"}

Why = Mapping[str, str]
"""The reason of each term that the question, a name or the policy file classifies."""


def terms_of(point: ConsentPoint) -> tuple[str, ...]:
    """What grants, or else what refuses."""
    return point.granting if point.granting is not None else point.refusing or ()


def senses(point: ConsentPoint) -> tuple[Answer, Answer]:
    """The class of the point's terms, and of every other answer."""
    return (Answer.GRANTED, Answer.REFUSED) if point.granting is not None else (Answer.REFUSED, Answer.GRANTED)


def with_menu_outcomes(point: ConsentPoint, menu: Menu, flow: Flow, why: Why) -> ConsentPoint:
    """A menu: its choices, those of other menus that work everywhere, and no input."""
    found = []
    for choice in menu.choices:
        answer = choice_answer(point, menu, choice.id)
        if answer is not None:
            found.append(Outcome(words.chosen(choice), answer, _because(point, answer, why, _names(choice))))
    for other in (c for c in flow.containers if isinstance(c, Menu) and c.id != menu.id):
        for choice in other.choices:
            if choice.global_dtmf or choice.global_speech:
                text = f'{words.chosen(choice)} (a choice of menu "{other.name}" that works in every menu)'
                found.append(Outcome(text, Answer.REFUSED, "any other choice"))
    ends = "no default choice: the call is disconnected"
    default = next((c for c in menu.choices if c.id == menu.default), None)
    if default is not None:
        ends = f'the default choice "{default.name}" is fallen into, not chosen'
    found.append(Outcome("no input or no match", Answer.UNANSWERED, ends))
    return replace(point, outcomes=tuple(found))


def _names(choice: Choice) -> tuple[str, ...]:
    return tuple(n for n in (choice.digit, choice.name, choice.id) if n)


def _because(point: ConsentPoint, answer: Answer, why: Why, names: Sequence[str]) -> str:
    folded = {term.casefold(): reason for term, reason in why.items()}
    for name in names:
        if name.casefold() in folded:
            return folded[name.casefold()] or _SAID[answer]
    return _other(point)


def _other(point: ConsentPoint) -> str:
    guess = "; a guess, the policy file can say it" if point.guessed else ""
    return f"any answer but {' or '.join(terms_of(point)) or 'none'}{guess}"


def with_input_outcomes(point: ConsentPoint, why: Why) -> ConsentPoint:
    """Collect input: the keys that are named, any other, and none."""
    said, unsaid = senses(point)
    terms = terms_of(point)
    found = [Outcome(f"caller enters {t}", said, _because(point, said, why, (t,))) for t in terms]
    for term, reason in why.items():
        if term not in terms:
            found.append(Outcome(f"caller enters {term}", unsaid, reason or _SAID[unsaid]))
    found.append(
        Outcome("caller enters something else", unsaid, _because(point, unsaid, {}, ())),
    )
    found.append(Outcome("no input or a wrong key (failure)", Answer.UNANSWERED, "the failure output is no answer"))
    return replace(point, outcomes=tuple(found))


def with_action_outcomes(point: ConsentPoint, action: Action, why: Why) -> ConsentPoint:
    """Bots, questions of bot flows and lookups: by output, and by value where a value decides."""
    tests = [term for term in terms_of(point) if "=" in term]
    found: list[Outcome] = []
    for output in action.outputs:
        answer = output_answer(point, output.key)
        text = _output_text(action, output.key, output.label)
        if tests and _value_decides(point, output.key, answer):
            found.extend(_by_value(point, tests, why, f"{text} and "))
        else:
            reason = (why.get(output.key) or _SAID.get(answer)) if output.key in terms_of(point) else None
            found.append(Outcome(text, answer, reason or _class_reason(point, answer, why, output.key)))
    if not action.outputs:
        found.extend(_without_outputs(point, action, tests, why))
    return replace(point, outcomes=tuple(found))


def _value_decides(point: ConsentPoint, output: str, answer: Answer) -> bool:
    if point.kind is PointKind.STORED:
        return output not in _NEGATIVE
    return answer is not Answer.UNANSWERED


def _class_reason(point: ConsentPoint, answer: Answer, why: Why, output: str) -> str:
    if answer is Answer.UNANSWERED:
        return "nothing was answered" if point.kind is not PointKind.STORED else "nothing is stored, or it is not known"
    return why.get(output) or _other(point)


def _output_text(action: Action, key: str, label: str) -> str:
    match action.operation:
        case CallBot() if key not in ("failure", "timeout"):
            return f"intent {label or key}"
        case AskBot():
            return f'answer "{label or key}"' if key in ("yes", "no") else words.outcome(action, key, label)
        case Lookup():
            return key
        case _:
            return words.outcome(action, key, label)


def _by_value(point: ConsentPoint, tests: Sequence[str], why: Why, prefix: str = "") -> Iterator[Outcome]:
    said, unsaid = senses(point)
    variables = dict.fromkeys(term.partition("=")[0].strip() for term in tests)
    for term in tests:
        variable, _, value = term.partition("=")
        text = f"{prefix}{variable.strip()} is {value.strip()}"
        yield Outcome(text, said, _because(point, said, why, (term,)))
    names = " and ".join(variables)
    yield Outcome(f"{prefix}{names} is anything else", unsaid, _because(point, unsaid, {}, ()))
    yield Outcome(f"{prefix}{names} is not set", Answer.UNANSWERED, "nothing was answered")


def _without_outputs(point: ConsentPoint, action: Action, tests: Sequence[str], why: Why) -> Iterator[Outcome]:
    """Participant data, and bots that only fill variables."""
    said, unsaid = senses(point)
    if tests:
        yield from _by_value(point, tests, why)
        return
    if isinstance(action.operation, GetParticipantData):
        yield Outcome("an attribute is set", Answer.GRANTED, "that anything is stored is the consent")
        yield Outcome("the attribute is not set", Answer.UNANSWERED, "nothing is stored")
        return
    for term in terms_of(point):
        yield Outcome(f"intent {term}", said, _because(point, said, why, (term,)))
    yield Outcome("any other intent", unsaid, _because(point, unsaid, {}, ()))
    yield Outcome("no intent", Answer.UNANSWERED, "nothing was answered")
