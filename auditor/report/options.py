"""What a report may depend on beside the audit."""

from __future__ import annotations

from msgspec import Struct

from auditor.findings import Severity

TOOL = "recording-consent-auditor"


class ReportOptions(Struct, frozen=True):
    """exit_code: of this run; version: of the tool; width: columns of the terminal; colour: ANSI colours.

    fail_on: the threshold of the exit code; sarif_all: waived and baselined findings and unknown verdicts too.
    """

    exit_code: int
    version: str
    width: int = 100
    colour: bool = False
    fail_on: Severity = Severity.LOW
    sarif_all: bool = False
