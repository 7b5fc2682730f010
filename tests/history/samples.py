"""Runs for tests: audits and organisations that differ in one thing."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from auditor.findings import Audit
from auditor.history.recording import Circumstances, recorded
from auditor.history.records import Run
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.routing import Queue
from auditor.model.settings import UNSET, Known, Setting
from auditor.model.telephony import TrunkBase
from tests.builders import FULL, POSSIBLE, PROVED, VIOLATED

HERE = Location("trunks.json", 3)


def trunk(name: str = "Trunk Berlin", *, gate: Setting[bool] = UNSET) -> TrunkBase:
    on, off = Known(True, HERE), Known(False, HERE)
    return TrunkBase(
        id=f"id-{name}", name=name, type="EXTERNAL", state="active", meta_base=None, managed=False, site=None,
        inbound_site=None, enabled=on, line=on, gate=gate, hold_suppressed=off, consult=off,
        external_transfers=off, takeback=off, location=HERE,
    )  # fmt: skip


def queue(name: str, *, in_queue_flow: str | None = None) -> Queue:
    return Queue(
        id=f"id-{name}", name=name, division=None, in_queue_flow=in_queue_flow, suppress=UNSET, transcription=UNSET,
        monitoring=UNSET, members=(), groups=(), backup_queue=None, callback=None, location=HERE,
    )  # fmt: skip


def organisation(gate: bool) -> Organisation:
    return Organisation(trunk_bases=(trunk(gate=Known(gate, HERE)), trunk("Trunk Hamburg")), queues=(queue("Sales"),))


OPEN, GATED = organisation(False), organisation(True)
WORSE: Audit = replace(FULL, verdicts=(VIOLATED,))
BETTER: Audit = replace(FULL, findings=(POSSIBLE,), verdicts=(PROVED,), incomplete=False)
"""The audit after the gate was switched on."""


def run(audit: Audit = WORSE, of: Organisation = OPEN, day: int = 1, *, series: str = "Elbtal", code: int = 1) -> Run:
    at = datetime(2031, 5, day, 6, tzinfo=UTC)
    return recorded(audit, of, Circumstances(series, at, "1.0", "ab" * 32, "cd" * 32, code))
