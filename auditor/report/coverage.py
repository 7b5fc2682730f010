"""What verdicts rest on: the share of entries, flows, actions and settings that are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from auditor.findings import Audit, VerdictWord
from auditor.loading.completeness import known_settings
from auditor.model.flows import VOICE_TYPES
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.report.grid import grid
from auditor.report.inputs import inputs_table
from auditor.report.text import place, safe
from auditor.report.wrap import wrapped


class Share(Struct, frozen=True):
    """How much of something is known. what: of what, in words."""

    name: str
    known: int
    all: int
    what: str

    @property
    def value(self) -> float:
        """Between 0 and 1; 1 when there is nothing to know."""
        return self.known / self.all if self.all else 1.0


def shares(organisation: Organisation, audit: Audit) -> tuple[Share, ...]:
    """The four shares, in a fixed order."""
    decided = sum(verdict.verdict is not VerdictWord.UNKNOWN for verdict in audit.verdicts)
    voice = [flow for flow in organisation.flows if flow.type in VOICE_TYPES]
    unmodelled = sum(count for _, count in audit.coverage.unmodelled)
    known, asked = known_settings(organisation)
    return (
        Share("entries", decided, len(audit.verdicts), "verdicts on an entry and a leg that are not unknown"),
        Share("flows", sum(flow.body for flow in voice), len(voice), "voice flows whose body is in the export"),
        Share("actions", audit.coverage.actions - unmodelled, audit.coverage.actions, "actions that have a model"),
        Share("settings", known, asked, "settings of trunks, queues, flows and phones that the export holds"),
    )


def coverage_report(organisation: Organisation, audit: Audit, width: int) -> str:
    """Files, shares, and everything that was not understood."""
    rows = [(s.name, _percent(s), f"{s.known} of {s.all}", s.what) for s in shares(organisation, audit)]
    blocks = [
        inputs_table(audit.inputs, width).rstrip("\n"),
        "COVERAGE\n" + grid(("of", "share", "known", "what"), rows, width, firm=3),
        "\n".join(problem_lines(audit.problems, width)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _percent(share: Share) -> str:
    """Rounded down, so that 100 % means all."""
    return f"{int(share.value * 1000) / 10:.1f} %" if share.all else "-"


def problem_lines(problems: Sequence[Problem], width: int) -> Iterator[str]:
    """What was not understood, under its heading; nothing when all was."""
    if not problems:
        return
    yield f"NOT UNDERSTOOD ({len(problems)})"
    for problem in problems:
        where = place(problem.location)
        text = f"{safe(problem.code)} {safe(problem.message)}" + (f" ({where})" if where else "")
        yield from wrapped(text, width, "  ", "      ")
