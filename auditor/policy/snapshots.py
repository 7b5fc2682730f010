"""Audits in words, for comparison."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.findings import Audit, Entry, EntryVerdict, Finding, Row
from auditor.model.organisation import Organisation
from auditor.model.snapshot import (
    CellLine,
    CoverageLine,
    EntryKey,
    FindingLine,
    ProblemLine,
    Snapshot,
    VerdictLine,
    real_id,
)

Names = tuple[tuple[tuple[str, str], str], ...]


def snapshot(audit: Audit, organisation: Organisation) -> Snapshot:
    """The audit in words; with a matrix if it has one."""
    cover = audit.coverage
    return Snapshot(
        verdicts=tuple(line for verdict in audit.verdicts for line in _verdicts(verdict)),
        findings=tuple(finding_line(finding) for finding in audit.findings),
        problems=tuple(ProblemLine(p.code, p.message, p.location.file) for p in audit.problems),
        coverage=CoverageLine(
            cover.entries,
            cover.flows,
            cover.flows_reached,
            cover.actions,
            cover.actions_reached,
            cover.unmodelled,
            tuple(p.location.file for p in audit.problems if p.code == "RX906"),
        ),
        cells=None if audit.matrix is None else tuple(c for row in audit.matrix.rows for c in _cells(row)),
        names=_names(organisation),
    )


def _verdicts(verdict: EntryVerdict) -> Iterator[VerdictLine]:
    leg = verdict.leg
    for trunk in leg.trunks or ("",):
        yield VerdictLine(
            _key(verdict.entry),
            leg.direction,
            trunk,
            leg.line,
            leg.gate,
            verdict.mode,
            verdict.verdict.value,
            verdict.effect.value,
        )


def _cells(row: Row) -> Iterator[CellLine]:
    cells = tuple(word.value for word in (row.asked, row.granted, row.refused, row.unanswered, row.not_asked))
    for trunk in row.leg.trunks or ("",):
        yield CellLine(_key(row.entry), row.number, row.leg.direction, trunk, cells)


def _key(entry: Entry) -> EntryKey:
    return EntryKey(entry.kind, entry.name, real_id(entry.id))


def finding_line(finding: Finding) -> FindingLine:
    """A finding in words."""
    subject = finding.subject
    return FindingLine(
        finding.fingerprint,
        finding.rule,
        finding.severity.word,
        subject.kind,
        subject.name,
        real_id(subject.id),
        subject.flow,
        subject.division,
        finding.message,
        finding.latent,
        finding.name,
        finding.location.file,
        finding.location.line,
    )


def _names(organisation: Organisation) -> Names:
    """Objects whose names are part of what is compared: flows and trunk bases."""
    found = {("trunk", trunk.id): trunk.name for trunk in organisation.trunk_bases if real_id(trunk.id)}
    found |= {("flow", flow.id): flow.name for flow in organisation.flows if flow.id}
    return tuple(sorted(found.items()))
