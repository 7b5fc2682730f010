"""What an audit tells of its progress."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from auditor.audit import run_audit
from auditor.cli.pipeline import prepare
from auditor.loading.load import load

CASE = Path(__file__).resolve().parents[1] / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"


def test_files_calls_and_findings_are_told_and_change_nothing() -> None:
    told: list[tuple[str, int, int]] = []

    def progress(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))

    prepared = prepare([], None, date(2031, 5, 1))
    organisation = load([CASE], progress=progress)
    watched = replace(prepared.options, progress=progress)
    audit = run_audit(organisation, prepared.rules, prepared.policy, watched)
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == [
        "reading",
        "exploring calls",
        "judging calls",
        "findings",
    ]
    assert told[-1] == ("findings", len(audit.findings), 0)
    assert audit == run_audit(organisation, prepared.rules, prepared.policy, prepared.options)
