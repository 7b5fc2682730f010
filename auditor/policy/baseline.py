"""Baselines: findings that were known before do not count; new ones, and those that became worse, do. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from auditor.findings import Audit, Finding, Severity
from auditor.model.baseline import Baseline, BaselineRow


class Compared(Struct, frozen=True):
    """An audit beside its baseline. fixed: rows whose finding is gone; worse: findings more severe than they were."""

    audit: Audit
    fixed: tuple[BaselineRow, ...]
    worse: tuple[Finding, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about the baseline."""
        found = [f"{_words(row)} of the baseline is fixed" for row in self.fixed]
        for finding in self.worse:
            word = finding.severity.word
            found.append(f'{finding.rule} of "{finding.subject.name}" is more severe ({word}) than in the baseline')
        return tuple(found)


def baseline_of(findings: Iterable[Finding]) -> Baseline:
    """The baseline that knows these findings, in an order that makes a small difference a small change of the file."""
    rows = [_row(finding) for finding in findings]
    return Baseline(tuple(sorted(rows, key=_order)))


def compared(audit: Audit, baseline: Baseline) -> Compared:
    """The audit with known findings marked, what is fixed, and what became worse."""
    known = {row.fingerprint: Severity[row.severity.upper()] for row in baseline.rows}
    present = {finding.fingerprint for finding in audit.findings}
    worse = tuple(f for f in audit.findings if f.fingerprint in known and f.severity > known[f.fingerprint])
    marked = tuple(
        replace(f, baselined=f.fingerprint in known and f.severity <= known[f.fingerprint]) for f in audit.findings
    )
    fixed = tuple(row for row in baseline.rows if row.fingerprint not in present)
    result = Compared(replace(audit, findings=marked), fixed, worse)
    return replace(result, audit=replace(result.audit, notes=(*audit.notes, *result.notes)))


def pruned(baseline: Baseline, fixed: Iterable[BaselineRow]) -> Baseline:
    """The baseline without what is fixed."""
    gone = {row.fingerprint for row in fixed}
    return replace(baseline, rows=tuple(row for row in baseline.rows if row.fingerprint not in gone))


def _row(finding: Finding) -> BaselineRow:
    subject = finding.subject
    return BaselineRow(
        finding.fingerprint,
        finding.rule,
        finding.severity.word,
        subject.kind,
        subject.name,
        subject.flow,
        subject.division,
    )


def _words(row: BaselineRow) -> str:
    inside = f' in flow "{row.flow}"' if row.flow and row.kind != "flow" else ""
    return f'{row.rule} of {row.kind} "{row.name}"{inside}'


def _order(row: BaselineRow) -> tuple[str, ...]:
    return (row.rule, row.kind, row.division or "", row.flow or "", row.name, row.fingerprint)
