"""An audit in which each way of not counting occurs, a finding has a twin, and two objects share a fingerprint."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.findings import Audit, Severity, Subject, Twin, VerdictWord
from auditor.loading.rules import read_rules
from auditor.model.location import NOWHERE, Location
from tests.builders import ENABLE, FINDING, FULL, POSSIBLE, VIOLATED, WAIVED, state, step

TWIN = Twin(
    1,
    "caller presses 2",
    "caller presses 1",
    (step("Recording is enabled.", 31, state("granted", noticed=True, enabled=True)),),
    state("granted", noticed=True),
)
WITH_TWIN = replace(FINDING, twin=TWIN)
SAME_NAME = replace(FINDING, location=Location("export/other.yaml", 5))
BASELINED = replace(POSSIBLE, rule="RN202", name="enabled-nothing-records", baselined=True)
NO_PLACE = replace(
    FINDING, rule="RC111", severity=Severity.LOW, subject=Subject("phone", "Desk"), location=NOWHERE, entries=()
)
UNKNOWN = replace(VIOLATED, verdict=VerdictWord.UNKNOWN, findings=(), location=Location("export/main.yaml", 3))
AUDIT: Audit = replace(
    FULL,
    findings=(WITH_TWIN, SAME_NAME, WAIVED, BASELINED, NO_PLACE),
    verdicts=(*FULL.verdicts, UNKNOWN),
    rules=read_rules(checked=False),
    organisation="Stadtwerke",
)
LONG = replace(
    FINDING,
    subject=replace(ENABLE, name="Far"),
    witness=tuple(step(f"step {n}", n, state(), replace(ENABLE, name=f"a{n}")) for n in range(1, 2501)),
)
