"""Markdown for a ticket or a comment on a pull request: what came out, the findings, each with its path folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.findings import Audit, Finding, VerdictWord
from auditor.report.headline import summary_sentence
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import counted, place, safe
from auditor.report.words import UNASKED, entry_words, full_message, leg_words, standing, state_changes, subject_words

LONGEST = 60_000
"""Characters; a comment on GitHub may have 65,536."""
MOST_ROWS = 100
MOST_STEPS = 60
_SIGNS = re.compile(r"([\\`*_\[\]|~$])")
_FIRST = re.compile(r"^(\d*)([-+=#.)])")
_LINKS = re.compile(r"(@|#(?=\d)|:(?=//)|:(?=[\w+-]+:)|\bww(?=w\.))")


def markdown_report(audit: Audit, options: ReportOptions) -> str:
    """The whole; paths that would make it longer than a comment may be are left out, and that is said."""
    head = "\n".join([*_head(audit, options), *_verdicts(audit), *_table(audit.findings)])
    tail = "\n".join(_tail(audit, options))
    shown, left, room = [], 0, LONGEST - len(head) - len(tail)
    for number, finding in enumerate(audit.findings, 1):
        text = "\n".join(_details(number, finding))
        if left or len(text) > room:
            left += 1
            continue
        room -= len(text) + 1
        shown.append(text)
    if left:
        shown.append(f"_{counted(left, 'more path')} left out: `--format html` shows all of them._\n")
    return "\n".join(part for part in (head, *shown, tail) if part)


def plain(text: str) -> str:
    """Text from an export in which nothing is markup, a link, a mention or a reference."""
    shown = _SIGNS.sub(r"\\\1", _inert(text))
    return _FIRST.sub(r"\1\\\2", shown)


def _inert(text: str) -> str:
    """Text for HTML inside Markdown; a comment parts what would become a link, a mention, a reference or an emoji."""
    shown = safe(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINKS.sub(r"\1<!-- -->", shown)


def _head(audit: Audit, options: ReportOptions) -> Iterator[str]:
    name = f" of {plain(audit.organisation)}" if audit.organisation else ""
    yield f"## Recording consent audit{name}"
    yield ""
    yield f"**{summary_sentence(audit, options)}**"
    yield ""


def _verdicts(audit: Audit) -> Iterator[str]:
    if not audit.verdicts:
        return
    yield "| verdict | entry | leg | findings |"
    yield "|---|---|---|---|"
    rules = {finding.fingerprint: finding.rule for finding in audit.findings}
    order = [VerdictWord.VIOLATED, VerdictWord.UNKNOWN, VerdictWord.PROVED]
    rows = sorted(audit.verdicts, key=lambda verdict: order.index(verdict.verdict))
    for verdict in rows[:MOST_ROWS]:
        fired = ", ".join(sorted({rules.get(each, each) for each in verdict.findings}))
        entry, leg = plain(entry_words(verdict.entry)), plain(leg_words(verdict.leg))
        yield f"| {verdict.verdict.value} | {entry} | {leg} | {plain(fired)} |"
    if len(rows) > MOST_ROWS:
        yield ""
        yield f"_{len(rows) - MOST_ROWS} more verdicts._"
    yield ""


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield "| # | severity | rule | object | place |"
    yield "|---|---|---|---|---|"
    for number, finding in enumerate(findings[:MOST_ROWS], 1):
        rule = f"{plain(finding.rule)} {plain(finding.name)}"
        what, where = plain(subject_words(finding.subject)), plain(place(finding.location))
        yield f"| {number} | {plain(standing(finding))} | {rule} | {what} | {where} |"
    if len(findings) > MOST_ROWS:
        yield ""
        yield f"_{counted(len(findings) - MOST_ROWS, 'more finding')}._"
    yield ""


def _details(number: int, finding: Finding) -> Iterator[str]:
    title = f"{number}. {finding.rule} {finding.name}: {subject_words(finding.subject)} ({standing(finding)})"
    yield f"<details><summary>{_inert(title)}</summary>"
    yield ""
    yield plain(full_message(finding))
    yield ""
    if finding.waived:
        waiver = finding.waived
        yield plain(f"Waived by {waiver.owner} until {waiver.expires}: {waiver.reason}")
        yield ""
    yield from _path(finding)
    yield f"What to do: {plain(finding.remediation)}"
    yield ""
    yield f"`{finding.fingerprint}`"
    yield ""
    yield "</details>"
    yield ""


def _path(finding: Finding) -> Iterator[str]:
    before = UNASKED
    for number, step in enumerate(finding.witness[:MOST_STEPS], 1):
        changes = "; ".join(state_changes(before, step.state))
        where = place(step.location)
        text = step.text + (f" ({where})" if where else "") + (f" [{changes}]" if changes else "")
        yield f"{number}. {plain(text)}"
        before = step.state
    if len(finding.witness) > MOST_STEPS:
        yield ""
        yield f"_and {counted(len(finding.witness) - MOST_STEPS, 'more step')}._"
    if finding.witness:
        yield ""
    if finding.twin is not None:
        twin = finding.twin
        text = f"Nearest call that is fine: after step {twin.parting + 1} {twin.instead or 'the call goes on'}"
        yield plain(f"{text}, not: {twin.taken or 'goes on'}.")
        yield ""


def _tail(audit: Audit, options: ReportOptions) -> Iterator[str]:
    if audit.problems:
        yield f"<details><summary>{counted(len(audit.problems), 'thing')} not understood</summary>"
        yield ""
        for problem in audit.problems[:MOST_ROWS]:
            where = place(problem.location)
            yield f"- {plain(problem.code)} {plain(problem.message)}" + (f" ({plain(where)})" if where else "")
        if len(audit.problems) > MOST_ROWS:
            yield f"- and {len(audit.problems) - MOST_ROWS} more"
        yield ""
        yield "</details>"
        yield ""
    assumed = ", ".join(f"{name} {value}" for name, value in audit.assumptions)
    yield f"<sub>{TOOL} {plain(options.version)}; assumed: {plain(assumed) or 'nothing'}</sub>"
    yield ""
