"""The verdict on each entry and leg: violated first, then what stands against proved (semantics, section 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.observations import Observer
from auditor.analysis.state import Kind
from auditor.findings import Entry, EntryVerdict, Finding, LegName, VerdictWord
from auditor.model.policy import Mode
from auditor.policy.effects import effect_of
from auditor.policy.evidence import Mark
from auditor.policy.judge import Judged
from auditor.policy.modes import satisfied
from auditor.policy.reading import Readings
from auditor.policy.reasons import (
    GUESSED,
    lost_trunks,
    silent_consults,
    silent_lines,
    silent_stations,
    taints,
    unread,
    weak_points,
    without_trunk,
)
from auditor.policy.subjects import Subjects


class Verdicts:
    """Decides, for each case, between proved, violated and unknown."""

    def __init__(
        self, analysis: Analysis, observer: Observer, judged: Judged, subjects: Subjects,
        findings: Mapping[Mark, Finding],
    ) -> None:  # fmt: skip
        self.analysis, self.observer, self.judged = analysis, observer, judged
        self.subjects, self.findings = subjects, findings
        self.readings = Readings(analysis, observer)
        self._order: dict[Mark, int] = {mark: number for number, mark in enumerate(findings)}
        self._of_case: dict[int, list[Mark]] = defaultdict(list)
        for mark, evidence in judged.found.items():
            for index in evidence.locals:
                self._of_case[index].append(mark)

    def all(self) -> tuple[EntryVerdict, ...]:
        """Every verdict, entries and legs in their order."""
        return tuple(self._one(index, case) for index, case in enumerate(self.analysis.cases))

    def _one(self, index: int, case: Case) -> EntryVerdict:
        way = self.analysis.ways[case.way]
        mine = {mark: self.judged.found[mark].locals[index] for mark in self._of_case[index]}
        breaches = {mark: part for mark, part in mine.items() if mark[0].startswith("RC")}
        violated = any(part.certain and not part.latent for part in breaches.values())
        reasons = list(way.notes) + list(self._doubts(index, case, breaches))
        if violated:
            word = VerdictWord.VIOLATED
        else:
            word = VerdictWord.UNKNOWN if len(reasons) > len(way.notes) else VerdictWord.PROVED
        mode = self.judged.modes[index]
        return EntryVerdict(
            Entry(way.kind.value, way.name, way.id, way.numbers),
            leg_name(self.analysis, case),
            mode.mode.value,
            word,
            effect_of(self.analysis, self.observer, index, case, self.judged.found),
            tuple(self.findings[mark].fingerprint for mark in self._ordered(mine)),
            tuple(dict.fromkeys(reasons)),
            way.location,
        )

    def _ordered(self, marks: Iterable[Mark]) -> list[Mark]:
        """Those that became findings, in the order of the findings."""
        return sorted((mark for mark in marks if mark in self._order), key=self._order.__getitem__)

    def _doubts(self, index: int, case: Case, breaches: Mapping[Mark, object]) -> list[str]:
        doubts = []
        for mark in self._ordered(breaches):
            finding = self.findings[mark]
            part = self.judged.found[mark].locals[index]
            name = f'{mark[0]} on {finding.subject.kind} "{finding.subject.name}"'
            if not part.latent and not part.certain:
                on = "; ".join(finding.hangs_on)
                doubts.append(f"{name} is possible" + (f": it hangs on {on}" if on else ""))
        doubts.extend(taints(self.analysis, self.subjects, case))
        doubts.extend(self.analysis.ways[case.way].doubts)
        doubts.extend(lost_trunks(self.analysis, case))
        doubts.extend(unread(self.analysis))
        doubts.extend(self.readings.undecided(index))
        if weak_points(self.analysis, case):
            doubts.append(GUESSED)
        mode, without = self.judged.modes[index].mode, without_trunk(self.analysis)
        if silent_lines(self.analysis, case, lambda c, n: satisfied(mode, c, n)):
            doubts.append(f"{without}; one that records without requiring consent would record unasked")
        if mode is not Mode.NONE and silent_consults(self.analysis, case):
            doubts.append(f"{without}; one that records consults would record who is consulted")
        if mode is not Mode.NONE and _silent_transfers(self.analysis, case):
            doubts.append(f"{without}; one that records external transfers would record who is called")
        if silent_stations(self.analysis, self.observer, case, lambda c, n: satisfied(mode, c, n)):
            doubts.append("agents may sit at phones that are not in the export, and those phones may record")
        return doubts


def _silent_transfers(analysis: Analysis, case: Case) -> bool:
    """Whether a trunk that is not exported could record somebody to whom a flow bridges the call."""
    if case.leg.trunks:
        return False
    return any(s.kind is Kind.EXTERNAL for w in case.worlds for s in analysis.shown(case.way, w.regime).first)


def leg_name(analysis: Analysis, case: Case) -> LegName:
    """A leg as reported."""
    leg = case.leg
    names = tuple(analysis.organisation.trunk_bases[t].name for t in leg.trunks)
    return LegName(leg.direction.value, leg.line.value, leg.gate.value, names)
