"""Findings out of evidence: message, confidence, witness, entries; in an order that depends on the input alone."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysis.analysis import Analysis
from auditor.analysis.exploring import Wanted
from auditor.analysis.observations import ObjectKey
from auditor.findings import Confidence, EntryName, Finding, Severity, Subject, Twin
from auditor.model.location import Location
from auditor.model.rules import SUMMARY_FACTS, RuleSet
from auditor.policy.evidence import Evidence, Mark, Run
from auditor.policy.judge import LATENT, Judge
from auditor.policy.reasons import hangs_on
from auditor.policy.subjects import Subjects
from auditor.policy.twins import Twins
from auditor.policy.witness import Witnesses

_SPOKEN = {"manual": "user", "orphan": "flow"}
"""Kinds of entries whose names are no words that an administrator uses."""
_SURE = {0: Confidence.HIGH, 1: Confidence.MEDIUM, 2: Confidence.LOW}


class Assembly:
    """Makes the findings of a judgement."""

    def __init__(self, analysis: Analysis, judge: Judge, rules: RuleSet, subjects: Subjects) -> None:
        self.analysis, self.judged, self.subjects = analysis, judge.judged, subjects
        self.twins = Twins(analysis, judge.is_breach)
        self.rules = {rule.code: rule for rule in rules.rules}
        self.witnesses = Witnesses(analysis, subjects)

    def findings(self) -> dict[Mark, Finding]:
        """Every finding by its mark: worst first, then by rule and object."""
        self.analysis.look_up(self._wanted())
        made = {mark: self._one(mark, evidence) for mark, evidence in self.judged.found.items() if evidence.locals}
        order = sorted(made, key=lambda mark: _order(made[mark], mark))
        return {mark: made[mark] for mark in order}

    def _wanted(self) -> Iterator[Wanted]:
        """The runs that findings show."""
        for evidence in self.judged.found.values():
            run = evidence.witness()
            if run is not None and run.seen is not None:
                yield self.witnesses.wanted(run, run.seen)

    def _one(self, mark: Mark, evidence: Evidence) -> Finding:
        code, key = mark
        rule = self.rules[code]
        run = evidence.witness()
        latent = code in LATENT and evidence.latent
        subject, location = self.subjects.of(key)
        severity = Severity.LOW if latent else Severity[rule.severity.upper()]
        message = rule.text(self._names(subject, evidence, run, key))
        if latent:
            message += " It is latent: recording cannot be enabled on any leg on which a call comes here."
        return Finding(
            rule=code,
            name=rule.name,
            severity=severity,
            confidence=self._confidence(evidence, run),
            latent=latent,
            mode=self._mode(run),
            message=message,
            remediation=rule.remediation,
            subject=subject,
            location=location,
            entries=self._entries(evidence),
            witness=self.witnesses.steps(run, key),
            twin=self._twin(code, run),
            hangs_on=() if evidence.certain else self._hangs_on(evidence),
        )

    def _twin(self, code: str, run: Run | None) -> Twin | None:
        """The nearest run that is fine, for findings that a run shows."""
        rule = self.rules[code]
        whole = rule.own and not set(rule.observations).isdisjoint(SUMMARY_FACTS)
        if run is None or run.seen is None or not code.startswith("RC") or whole:
            return None
        parting = self.twins.nearest(code, run.case, run.world, run.seen)
        if parting is None:
            return None
        steps, after = tuple(self.witnesses.moves(parting.rest)), None
        if parting.rest:
            steps = (*steps, self.witnesses.arrival(parting.rest[-1][0]))
            after = self.witnesses.arrival(parting.rest[0][0]).state
        return Twin(parting.common - 1, parting.taken, parting.instead, steps, after)

    def _names(self, subject: Subject, evidence: Evidence, run: Run | None, key: ObjectKey) -> dict[str, str]:
        entries = self._entries(evidence)
        first = f'{_SPOKEN.get(entries[0].kind, entries[0].kind)} "{entries[0].name}"' if entries else "no entry"
        return {
            "object": f'"{subject.name}"',
            "flow": f'"{subject.flow}"' if subject.flow else "no flow",
            "entry": first,
            "consent": run.seen.consent.word if run is not None and run.seen is not None else "unasked",
            "mode": self._mode(run),
        }

    def _mode(self, run: Run | None) -> str:
        if run is not None and run.case >= 0:
            return self.judged.modes[run.case].mode.value
        return self.judged.modes[0].mode.value if self.judged.modes else "opt_in"

    def _confidence(self, evidence: Evidence, run: Run | None) -> Confidence:
        if not evidence.certain:
            return Confidence.LOW
        return _SURE[run.seen.doubt] if run is not None and run.seen is not None else Confidence.HIGH

    def _entries(self, evidence: Evidence) -> tuple[EntryName, ...]:
        ways = sorted({self.analysis.cases[c].way for c in evidence.locals if c >= 0})
        return tuple(EntryName(self.analysis.ways[w].kind.value, self.analysis.ways[w].name) for w in ways)

    def _hangs_on(self, evidence: Evidence) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for index, part in evidence.locals.items():
            if index >= 0:
                case = self.analysis.cases[index]
                found.update(dict.fromkeys(hangs_on(self.analysis, self.subjects, case, part)))
            else:
                found["a target that is not known may lead there"] = None
        return tuple(found)


def _order(finding: Finding, mark: Mark) -> tuple[object, ...]:
    location: Location = finding.location
    place = (location.file, location.line or 0, location.pointer)
    return (-finding.severity, finding.latent, finding.rule, finding.subject.identity, place, mark[1].index)
