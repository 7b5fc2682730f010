"""What a report may depend on beside the audit."""

from __future__ import annotations

from dataclasses import dataclass

TOOL = "recording-consent-auditor"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """exit_code: of this run; version: of the tool; width: columns of the terminal; colour: ANSI colours."""

    exit_code: int
    version: str
    width: int = 100
    colour: bool = False
