"""The report for people: findings, their paths, verdicts, what was not understood, what was assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from auditor.findings import Audit, Finding, Severity, VerdictWord
from auditor.report.grid import grid
from auditor.report.options import TOOL, ReportOptions
from auditor.report.paths import findings_lines
from auditor.report.text import counted, place, safe
from auditor.report.verdicts import verdict_lines
from auditor.report.words import OUTSIDE, common_folder, standing, subject_words
from auditor.report.wrap import wrapped

NARROWEST = 40
MOST_PROBLEMS = 100
_COLOURS = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}


def table_report(audit: Audit, options: ReportOptions) -> str:
    """The whole report as text that fits the width."""
    width = max(options.width, NARROWEST)
    sections = (
        _head(audit, options, width),
        _findings(audit, options, width),
        *findings_lines(audit.findings, width),
        verdict_lines(audit, width),
        _problems(audit, width),
        _assumptions(audit, width),
        _result(audit, options, width),
    )
    return "\n\n".join(text for text in ("\n".join(lines) for lines in sections) if text) + "\n"


def _head(audit: Audit, options: ReportOptions, width: int) -> Iterator[str]:
    cover = audit.coverage
    parts = (
        counted(len(audit.inputs), "file"),
        f"{counted(cover.flows, 'flow')} ({cover.flows_reached} reached)",
        f"{counted(cover.actions, 'action')} ({cover.actions_reached} reached)",
        counted(cover.entries, "entry", "entries"),
    )
    yield from wrapped(f"{TOOL} {options.version}: {', '.join(parts)}", width, rest="  ")


def _findings(audit: Audit, options: ReportOptions, width: int) -> Iterator[str]:
    if not audit.findings:
        yield "No findings." if audit.coverage.entries else "No findings: no call was audited."
        return
    folder = common_folder(audit)
    below = f", places below {safe(folder)}" if folder else ""
    yield from wrapped(f"FINDINGS ({len(audit.findings)}){below}", width, rest="  ")
    rows = [_row(number, finding, folder) for number, finding in enumerate(audit.findings, 1)]
    text = grid(("#", "severity", "rule", "object", "place"), rows, width, firm=2)
    yield _coloured(text, audit.findings) if options.colour else text


def _row(number: int, finding: Finding, folder: str) -> tuple[str, ...]:
    rule = f"{safe(finding.rule)} {safe(finding.name)}"
    where = replace(finding.location, file=finding.location.file.removeprefix(folder))
    return (str(number), standing(finding), rule, subject_words(finding.subject), place(where))


def _coloured(text: str, findings: tuple[Finding, ...]) -> str:
    """The table with each finding's severity in its colour; colours come last, so that they do not count as width."""
    lines = text.splitlines()
    for number, finding in enumerate(findings, 1):
        word = finding.severity.word
        for index, line in enumerate(lines[2:], 2):
            if line.split()[:2] in ([str(number), word], [str(number), word + ","]):
                lines[index] = line.replace(word, f"\x1b[{_COLOURS[finding.severity]}m{word}\x1b[0m", 1)
                break
    return "\n".join(lines)


def _problems(audit: Audit, width: int) -> Iterator[str]:
    if not audit.problems:
        return
    yield f"NOT UNDERSTOOD ({len(audit.problems)})"
    for problem in audit.problems[:MOST_PROBLEMS]:
        where = place(problem.location)
        text = f"{safe(problem.code)} {safe(problem.message)}" + (f" ({where})" if where else "")
        yield from wrapped(text, width, "  ", "      ")
        if problem.hint:
            yield from wrapped(safe(problem.hint), width, "      ", "      ")
    if len(audit.problems) > MOST_PROBLEMS:
        text = f"and {len(audit.problems) - MOST_PROBLEMS} more; --format json lists all of them"
        yield from wrapped(text, width, "  ", "  ")


def _assumptions(audit: Audit, width: int) -> Iterator[str]:
    yield "ASSUMED"
    if audit.assumptions:
        text = ", ".join(f"{safe(name)} {safe(value)}" for name, value in audit.assumptions)
        yield from wrapped(text + " (auditor explain A1 says what A1 is)", width, "  ", "  ")
    yield from wrapped("Outside the model: " + ", ".join(OUTSIDE) + ".", width, "  ", "  ")
    for note in audit.notes:
        yield from wrapped(safe(note), width, "  ", "  ")


def _result(audit: Audit, options: ReportOptions, width: int) -> Iterator[str]:
    severities = Counter(finding.severity for finding in audit.findings)
    found = ", ".join(f"{severities[s]} {s.word}" for s in sorted(Severity, reverse=True) if severities[s])
    words = Counter(verdict.verdict for verdict in audit.verdicts)
    judged = ", ".join(f"{words[word]} {word.value}" for word in VerdictWord)
    findings = counted(len(audit.findings), "finding") + (f" ({found})" if found else "")
    text = f"{findings}; {counted(len(audit.verdicts), 'verdict')} ({judged}); exit code {int(options.exit_code)}"
    yield from wrapped(text, width, rest="  ")
