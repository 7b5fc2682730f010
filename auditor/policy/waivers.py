"""Waivers: findings that somebody has accepted until a day. Pure; the day comes from the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from auditor.errors import PolicyError
from auditor.findings import Audit, Finding, Waiver
from auditor.model.policy import WaiverRow
from auditor.model.rules import RuleSet

NOTICE = timedelta(days=30)
"""How long before its end a waiver is mentioned."""

Suggest = Callable[[str, Sequence[str]], str]
"""A word and the known ones -> ` (did you mean "x"?)`, or nothing."""


class Waived(Struct, frozen=True):
    """An audit with its waivers. notes: those that have ended, or end soon."""

    audit: Audit
    notes: tuple[str, ...]


def waive(audit: Audit, rows: Sequence[WaiverRow], rules: RuleSet, today: date, suggest: Suggest) -> Waived:
    """The audit with the waivers that hold today; raises PolicyError with every one that fits no finding."""
    mistakes: list[str] = []
    waivers: dict[str, Waiver] = {}
    notes: list[str] = []
    mandatory = {rule.code for rule in rules.rules if rule.mandatory}
    for row in rows:
        meant = [finding for finding in audit.findings if _fits(row, finding)]
        wrong = _mistake(row, meant, audit.findings, mandatory, suggest)
        if wrong:
            mistakes.append(f"{row.place}: {wrong}")
            continue
        notes.extend(_notes(row, today))
        if today <= row.expires:
            waivers[meant[0].fingerprint] = Waiver(row.reason, row.owner, row.expires.isoformat())
    if mistakes:
        raise _broken(mistakes)
    findings = tuple(replace(f, waived=waivers.get(f.fingerprint, f.waived)) for f in audit.findings)
    return Waived(replace(audit, findings=findings, notes=(*audit.notes, *notes)), tuple(notes))


def _fits(row: WaiverRow, finding: Finding) -> bool:
    if row.fingerprint is not None:
        return row.fingerprint == finding.fingerprint
    subject = finding.subject
    named = row.object is not None and row.object in (subject.name, subject.id)
    return row.rule == finding.rule and named and row.flow in (None, subject.flow)


def _mistake(
    row: WaiverRow, meant: Sequence[Finding], findings: Sequence[Finding], mandatory: set[str], suggest: Suggest
) -> str:
    if not meant:
        return f"{row.words} fits no finding{_near(row, findings, suggest)}; if it is fixed, take the waiver out"
    if meant[0].rule in mandatory:
        return f"{meant[0].rule} is mandatory and cannot be waived"
    if len({finding.fingerprint for finding in meant}) == 1:
        return ""
    flows = sorted({f.subject.flow for f in meant if f.subject.flow})
    help_ = f"say in which flow ({', '.join(flows)})" if len(flows) > 1 and row.flow is None else "use fingerprints"
    return f"{row.words} fits {len(meant)} findings; {help_}"


def _near(row: WaiverRow, findings: Sequence[Finding], suggest: Suggest) -> str:
    """The name that may be meant: of an object of the rule; or the rules that the object has findings of."""
    if row.fingerprint is not None:
        return suggest(row.fingerprint, [finding.fingerprint for finding in findings])
    of_rule = [finding for finding in findings if finding.rule == row.rule]
    named = [finding for finding in of_rule if finding.subject.name == row.object]
    if named and row.flow is not None:
        return suggest(row.flow, [finding.subject.flow or "" for finding in named])
    near = suggest(row.object or "", [finding.subject.name for finding in of_rule])
    others = sorted({finding.rule for finding in findings if finding.subject.name == row.object})
    return near or (f" (it has findings of {', '.join(others)})" if others else "")


def _notes(row: WaiverRow, today: date) -> Iterator[str]:
    if row.expires < today:
        yield f"waiver of {row.words} by {row.owner} expired on {row.expires.isoformat()}: the finding counts again"
    elif row.expires - today <= NOTICE:
        left = (row.expires - today).days
        when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
        yield f"waiver of {row.words} by {row.owner} expires {when} ({row.expires.isoformat()})"


def _broken(mistakes: Sequence[str]) -> PolicyError:
    count = "One waiver" if len(mistakes) == 1 else f"{len(mistakes)} waivers"
    verb = "does" if len(mistakes) == 1 else "do"
    return PolicyError(
        f"{count} of the policy file {verb} not hold.",
        details=tuple(mistakes),
        hint="Correct the policy file, or see the findings without waivers: --no-waivers.",
    )
