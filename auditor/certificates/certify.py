"""Writes certificates: what is reached from each proved entry on its leg, tested before it is handed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from auditor.analysis.facts import Facts
from auditor.analysis.lanes import Lanes
from auditor.analysis.legs import Leg
from auditor.analysis.machine import CallMachine
from auditor.analysis.places import Start
from auditor.analysis.state import Regime, State
from auditor.certificates.check import fault
from auditor.certificates.closure import Closure
from auditor.certificates.form import (
    SCHEMA_VERSION,
    Certificate,
    Claim,
    EntryForm,
    InvariantForm,
    LegForm,
)
from auditor.certificates.ground import Ground
from auditor.certificates.names import plain
from auditor.certificates.spelling import Contexts, Regimes, Tables, regime_words
from auditor.findings import EntryVerdict, VerdictWord


class Certified(Struct, frozen=True):
    """A verdict with its certificate. fault: why the checker does not accept it; empty when it does."""

    verdict: EntryVerdict
    certificate: Certificate | None
    fault: str = ""


class _Where(Struct, frozen=True):
    """An entry on a leg: index in Ground.ways, and how certificates name them."""

    entry: int
    leg: Leg
    entry_form: EntryForm
    leg_form: LegForm


def certify(ground: Ground, verdicts: Iterable[EntryVerdict]) -> Iterator[Certified]:
    """A certificate for each proved verdict, in their order."""
    finder, writer = _Finder(ground), _Writer(ground)
    for verdict in verdicts:
        number = finder.number(verdict)
        if verdict.verdict is VerdictWord.PROVED:
            where = finder.find(verdict, number)
            yield writer.certified(verdict, where) if where else Certified(verdict, None, "its entry is not found")


class _Finder:
    """Finds the entry and leg of a verdict; of those that are named alike, by their order."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._seen: Counter[tuple[object, ...]] = Counter()
        self._entries: dict[tuple[str, str, str | None], list[tuple[int, EntryForm]]] = {}
        for form, index in ground.entries.items():
            self._entries.setdefault((form.kind, form.name, form.id), []).append((index, form))

    def number(self, verdict: EntryVerdict) -> int:
        """How many verdicts on an entry and leg of this name came before."""
        key = (verdict.entry, verdict.leg)
        self._seen[key] += 1
        return self._seen[key] - 1

    def find(self, verdict: EntryVerdict, number: int) -> _Where | None:
        """The entry and leg of a verdict; number: see above."""
        entry, leg = verdict.entry, verdict.leg
        wanted = (leg.direction, leg.line, leg.gate, tuple(map(plain, leg.trunks)))
        key = (entry.kind, plain(entry.name), None if entry.id is None else plain(entry.id))
        found = [
            _Where(index, each, form, leg_form)
            for index, form in self._entries.get(key, ())
            if self._ground.ways[index].numbers == entry.numbers
            for leg_form, each in self._ground.legs(index).items()
            if (leg_form.direction, leg_form.line, leg_form.gate, tuple(t.name for t in leg_form.trunks)) == wanted
        ]
        return found[number] if number < len(found) else None


class _Writer:
    """Keeps what is reached in each regime for the next entry."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._forget()

    def _forget(self) -> None:
        self._facts = Facts(self._ground.program, self._ground.inputs)
        self._closures: dict[Regimes, Closure] = {}

    def certified(self, verdict: EntryVerdict, where: _Where) -> Certified:
        """The certificate of a proved verdict, if the checker accepts it."""
        certificate = self._made(verdict.mode, where)
        why = fault(certificate, self._ground)
        if why is not None and self._facts.environment.widened:
            self._forget()  # values that were given up for other entries are given up for this one too
            certificate = self._made(verdict.mode, where)
            why = fault(certificate, self._ground)
        return Certified(verdict, certificate, why or "")

    def _made(self, mode: str, where: _Where) -> Certificate:
        ground = self._ground
        regimes = sorted({world.regime for world in ground.worlds(where.entry, where.leg)})
        groups = [tuple(group) for _, group in groupby(sorted(regimes, key=_behaviour), key=_behaviour)]
        sets = {group: self._reached(where.entry, group) for group in groups}
        tables = Tables(ground.names, sets.values())
        return Certificate(
            schema_version=SCHEMA_VERSION,
            claim=Claim(where.entry_form, where.leg_form, mode),
            basis=ground.basis,
            points=tables.points,
            places=tables.places,
            values=tables.values,
            states=tables.states,
            invariants=tuple(
                InvariantForm(tuple(map(regime_words, group)), tables.contexts(contexts))
                for group, contexts in sets.items()
            ),
        )

    def _reached(self, entry: int, regimes: Regimes) -> Contexts:
        closure = self._closures.get(regimes)
        if closure is None:
            machine = CallMachine(self._facts, Lanes(regimes), self._ground.places, self._ground.ways)
            closure = self._closures[regimes] = Closure(machine)
        begin = self._facts.environment.begin(State())
        return closure.of(self._ground.places.id(Start(entry)), begin)


def _behaviour(regime: Regime) -> Regime:
    return regime.behaviour
