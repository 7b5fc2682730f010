"""States and contexts as a certificate spells them, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise

import msgspec
from msgspec import Struct, field
from msgspec.structs import asdict

from auditor.analysis.consent import Answer
from auditor.analysis.effects import ANSWERS
from auditor.analysis.state import Consent, Duty, Regime, State
from auditor.analysis.state import Place as Where
from auditor.analysis.step import JUMPED
from auditor.analysis.values import Atom, Values
from auditor.certificates.form import BadForm, Certificate, ContextForm, PointsForm, StateForm, ValuesForm
from auditor.certificates.names import Names, plain

MOST_SITUATIONS = 5_000_000
"""A certificate with more is not read: a short file could list any number."""
Entered = tuple[int, State, int]
"""What makes a context: the point entered, in which state, and the frame that was opened."""


class Within(Struct):
    """What is reached in a context: (point, state); how it is left: (output, state)."""

    situations: set[tuple[int, State]] = field(default_factory=set)
    exits: set[tuple[str, State]] = field(default_factory=set)


Contexts = dict[Entered, Within]
Regimes = tuple[Regime, ...]


class Tables:
    """The tables of places and states of one certificate while it is written."""

    def __init__(self, names: Names, invariants: Iterable[Contexts]) -> None:
        self._names = names
        states: set[State] = set()
        numbers: set[int] = set()
        for contexts in invariants:
            for (point, state, _), within in contexts.items():
                numbers.update([point], (p for p, _ in within.situations))
                numbers.update(target for output, _ in within.exits if (target := _target(output)) is not None)
                states.update([state], (s for _, s in within.situations), (s for _, s in within.exits))
        for state in states:
            numbers.update(_places_in(state))
        self._number_places(numbers)
        held = {pair: _values_form(*pair) for pair in set(chain.from_iterable(state.env for state in states))}
        self.values = tuple(sorted(set(held.values()), key=msgspec.json.encode))
        numbered = {form: number for number, form in enumerate(self.values)}
        self._value = {pair: numbered[form] for pair, form in held.items()}
        forms = {state: self._state_form(state) for state in states}
        self.states = tuple(sorted(set(forms.values()), key=msgspec.json.encode))
        rows = {form: number for number, form in enumerate(self.states)}
        self._state = {state: rows[form] for state, form in forms.items()}

    def _number_places(self, numbers: Iterable[int]) -> None:
        """Points flow by flow in their order, so that neighbours have neighbouring numbers; then the other places."""
        places = [(point, self._names.at(point)) for point in numbers]
        points = [(self._names.point(p), p) for p, place in places if place is None]
        points.sort(key=lambda pair: (pair[0][0], pair[1]))
        groups = groupby((name for name, _ in points), key=lambda name: (name[0], name[1]))
        self.points = tuple(PointsForm(*key, tuple(name[2] for name in group)) for key, group in groups)
        others = sorted((self._names.place(place), p) for p, place in places if place is not None)
        self.places = tuple(name for name, _ in others)
        self._place = {point: number for number, (_, point) in enumerate([*points, *others])}

    def contexts(self, contexts: Contexts) -> tuple[ContextForm, ...]:
        """The contexts in a fixed order."""
        return tuple(sorted((self._context(*item) for item in contexts.items()), key=_place_state_frame))

    def _context(self, entered: Entered, within: Within) -> ContextForm:
        rows: dict[int, list[int]] = {}
        for point, state in within.situations:
            rows.setdefault(self._place[point], []).append(self._state[state])
        groups: dict[tuple[int, ...], list[int]] = {}
        for place, held in sorted(rows.items()):
            groups.setdefault(tuple(sorted(held)), []).append(place)
        exits = ((*self._exit(output), self._state[state]) for output, state in within.exits)
        return ContextForm(
            self._place[entered[0]],
            self._state[entered[1]],
            entered[2],
            tuple((states, _runs(places)) for states, places in sorted(groups.items())),
            tuple(sorted(exits)),
        )

    def _exit(self, output: str) -> tuple[str, int]:
        target = _target(output)
        return (plain(output), -1) if target is None else (JUMPED, self._place[target])

    def _state_form(self, state: State) -> StateForm:
        point, answer = divmod(state.last, len(ANSWERS))
        return StateForm(
            consent=state.consent.word,
            place=state.place.name.lower(),
            queued=state.queued,
            noticed=state.noticed,
            enabled=state.enabled,
            granted=state.granted,
            since=state.since,
            captured=state.captured,
            hidden=state.hidden,
            queue=None if state.queue < 0 else self._names.queues.name(state.queue),
            via=None if state.via < 0 else self._place[state.via],
            tainted=state.tainted,
            doubt=state.doubt,
            last=None if state.last < 0 else (self._place[point], ANSWERS[answer].value),
            pending=tuple(sorted((duty.kind, self._place[duty.point], duty.lanes) for duty in state.pending)),
            copies=tuple((name, self._place[subject]) for name, subject in state.copies),
            post=None if state.post < 0 else self._names.flows.name(state.post),
            env=tuple(self._value[pair] for pair in state.env),
        )


class Reading:
    """The tables of one certificate while it is read. start: index of its entry."""

    def __init__(self, names: Names, certificate: Certificate, start: int) -> None:
        self._names = names
        named = ((form.flow, form.container, label) for form in certificate.points for label in form.points)
        self._points = [names.number(name) for name in named]
        self._points += [names.place_number(name, start) for name in certificate.places]
        self._values = [(form.variable, _values(form)) for form in certificate.values]
        self._states = [self._state(form) for form in certificate.states]
        self._invariants = certificate.invariants
        self._read = 0

    def invariants(self) -> dict[Regimes, Contexts]:
        """The contexts under regimes of one behaviour."""
        return {tuple(map(_regime, form.regimes)): self._contexts(form.contexts) for form in self._invariants}

    def _contexts(self, forms: Iterable[ContextForm]) -> Contexts:
        points, states = self._points, self._states
        return {
            (points[form.place], states[form.state], form.frame): Within(
                set(self._situations(form)),
                {(self._output(name, target), states[each]) for name, target, each in form.exits},
            )
            for form in forms
        }

    def _situations(self, form: ContextForm) -> Iterator[tuple[int, State]]:
        for held, runs in form.situations:
            for first, last in zip(runs[::2], runs[1::2], strict=True):
                self._read += (last - first + 1) * len(held)
                if self._read > MOST_SITUATIONS:
                    raise BadForm(f"it lists more than {MOST_SITUATIONS} situations")
                for place in range(first, last + 1):
                    yield from ((self._points[place], self._states[each]) for each in held)

    def _output(self, name: str, target: int) -> str:
        return name if target < 0 else f"{name}{self._points[target]}"

    def _state(self, form: StateForm) -> State:
        env = tuple(self._values[each] for each in form.env)
        if any(one >= other for (one, _), (other, _) in pairwise(env)):
            raise BadForm("values of variables are not in the order of their names")
        last = -1
        if form.last is not None:
            last = self._points[form.last[0]] * len(ANSWERS) + ANSWERS.index(Answer(form.last[1]))
        return State(
            consent=Consent[form.consent.upper()],
            queued=form.queued,
            noticed=form.noticed,
            enabled=form.enabled,
            granted=form.granted,
            since=form.since,
            captured=form.captured,
            place=Where[form.place.upper()],
            hidden=form.hidden,
            queue=-1 if form.queue is None else self._names.queues.index(form.queue),
            via=-1 if form.via is None else self._points[form.via],
            tainted=form.tainted,
            doubt=form.doubt,
            last=last,
            pending=frozenset(Duty(kind, self._points[place], lanes) for kind, place, lanes in form.pending),
            copies=tuple((name, self._points[place]) for name, place in form.copies),
            post=-1 if form.post is None else self._names.flows.index(form.post),
            env=env,
        )


def regime_words(regime: Regime) -> tuple[str, ...]:
    """What holds in a regime, by the names of its parts."""
    return tuple(sorted(name for name, value in asdict(regime).items() if value))


def _regime(words: Iterable[str]) -> Regime:
    try:
        return Regime(**dict.fromkeys(words, True))
    except TypeError as error:
        raise BadForm(f"a regime in it is none: {error}") from error


def _places_in(state: State) -> Iterable[int]:
    if state.via >= 0:
        yield state.via
    if state.last >= 0:
        yield state.last // len(ANSWERS)
    yield from (duty.point for duty in state.pending)
    yield from (subject for _, subject in state.copies)


def _values_form(key: str, values: Values) -> ValuesForm:
    return ValuesForm(plain(key), values.negated, tuple(sorted(_atom_form(each) for each in values.atoms)))


def _values(form: ValuesForm) -> Values:
    return Values(frozenset(_atom(kind, text) for kind, text in form.values), form.negated)


def _atom_form(atom: Atom) -> tuple[str, str]:
    return (atom.kind, plain(atom.value) if isinstance(atom.value, str) else repr(atom.value))


def _atom(kind: str, text: str) -> Atom:
    match kind:
        case "bool":
            return Atom("bool", {"True": True, "False": False}[text])
        case "num":
            return Atom("num", int(text) if text.lstrip("-").isdecimal() else float(text))
        case "str" | "not_set" | "other":
            return Atom(kind, text)
        case _:
            raise ValueError(f"no kind of value: {kind}")


def _target(output: str) -> int | None:
    """The point to which an exit jumps."""
    return int(output.removeprefix(JUMPED)) if output.startswith(JUMPED) else None


def _runs(places: Sequence[int]) -> tuple[int, ...]:
    """First and last of each run of neighbours. places: in order."""
    found: list[int] = []
    for place in places:
        if found and found[-1] == place - 1:
            found[-1] = place
        else:
            found += [place, place]
    return tuple(found)


def _place_state_frame(form: ContextForm) -> tuple[int, int, int]:
    return (form.place, form.state, form.frame)
