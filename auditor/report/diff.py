"""Differences of two audits: as a table, as Markdown; and every form by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Literal, assert_never, get_args

from msgspec import Struct

from auditor.findings import NO_RULES
from auditor.model.rules import RuleSet
from auditor.model.snapshot import FindingLine, ProblemLine
from auditor.policy.differences import ANYTHING, Condition, Differences
from auditor.report.diff_words import call_of, cell_of, entry_of, facts_of, finding_of, leg_of
from auditor.report.grid import grid
from auditor.report.options import ReportOptions
from auditor.report.text import counted, safe
from auditor.report.wrap import wrapped

Section = tuple[str, Sequence[str], Sequence[Sequence[str]]]
"""Title, headers and rows."""

NOTHING = "Nothing behaves differently."


def sections(found: Differences) -> Iterator[Section]:
    """What there is to say, each as a table; sections without rows are left out."""
    renames = [(safe(r.kind), safe(r.old), safe(r.new)) for r in found.renames]
    verdicts = []
    for pair in found.verdicts:
        line = pair.new or pair.old
        assert line is not None
        verdicts.append((entry_of(line.entry), leg_of(line.direction, pair.trunks), *facts_of(pair)))
    cells = [
        (call_of(c), leg_of(c.line.direction, c.trunks), c.cell, cell_of(c.old), cell_of(c.new))
        for c in found.cells or ()
    ]
    worse = [
        (p.new.severity, finding_of(p.new), f"was {p.old.severity}")
        for p in found.still
        if p.old is not None and p.new is not None and p.new in found.worse
    ]
    every: tuple[Section, ...] = (
        ("RENAMED", ("kind", "old", "new"), renames),
        ("VERDICTS CHANGED", ("entry", "leg", "old", "new"), verdicts),
        ("NEW FINDINGS", ("severity", "finding", "message"), _findings(found.new)),
        ("MORE SEVERE", ("severity", "finding", "before"), worse),
        ("FIXED FINDINGS", ("severity", "finding"), [row[:2] for row in _findings(found.fixed)]),
        ("MATRIX CHANGED", ("entry", "leg", "cell", "old", "new"), cells),
        ("NEW PROBLEMS", ("code", "file", "message"), _problems(found.problems)),
        ("SOLVED PROBLEMS", ("code", "file", "message"), _problems(found.solved)),
        ("LESS COVERED", ("what", "old", "new"), [(safe(s.what), str(s.old), str(s.new)) for s in found.lost]),
    )
    return (section for section in every if section[2])


def _findings(lines: Sequence[FindingLine]) -> list[tuple[str, ...]]:
    return [
        (line.severity + (", latent" if line.latent else ""), finding_of(line), safe(line.message)) for line in lines
    ]


def _problems(lines: Sequence[ProblemLine]) -> list[tuple[str, ...]]:
    return [(safe(line.code), safe(line.file), safe(line.message)) for line in lines]


def result(found: Differences) -> str:
    """How much changed, in a sentence."""
    parts = (
        counted(len(found.verdicts), "verdict") + " changed",
        counted(len(found.new), "new finding"),
        f"{len(found.fixed)} fixed",
        f"{len(found.still)} still open",
        counted(len(found.unknowns), "new unknown verdict"),
    )
    matrix = "" if found.cells is not None else " No matrix was compared: a JSON report holds none."
    return "; ".join(parts) + "." + matrix


def diff_table(found: Differences, options: ReportOptions) -> str:
    """For people at a terminal."""
    width = options.width
    blocks = [f"{title} ({len(rows)})\n{grid(headers, rows, width)}" for title, headers, rows in sections(found)]
    end = "\n".join(wrapped(f"{result(found)} Exit code {options.exit_code}.", width))
    return "\n\n".join([*(blocks or [NOTHING]), end]) + "\n"


def diff_markdown(found: Differences, options: ReportOptions) -> str:
    """For a ticket or a pull request comment."""
    blocks = ["# What changed"]
    for title, headers, rows in sections(found):
        lines = [f"## {title.capitalize()} ({len(rows)})", "", _line(headers), _line(["---"] * len(headers))]
        blocks.append("\n".join([*lines, *(_line([_cell(text) for text in row]) for row in rows)]))
    if len(blocks) == 1:
        blocks.append(NOTHING)
    return "\n\n".join([*blocks, f"{_cell(result(found))} Exit code {options.exit_code}."]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Text that stays text: nothing in it is markup, a mention or the end of the cell."""
    escaped = "".join("\\" + c if c in "\\`*_{}[]<>()#+!|~" else c for c in text)
    return escaped.replace("&", "&amp;").replace("@", "&#64;").replace("\n", " ")


class Diff(Struct, frozen=True):
    """What there is to report. rules: those in effect, for forms that describe them; condition: what makes it fail."""

    found: Differences
    rules: RuleSet = NO_RULES
    condition: Condition = ANYTHING


Name = Literal["table", "json", "jsonl", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html"]
Reporter = Callable[[Diff, ReportOptions], str]


def _write(name: Name, diff: Diff, options: ReportOptions) -> str:
    """Forms for people and lists say everything; those of code scanning and builds say what is new and worse."""
    from auditor.report import diff_json, diff_lists, diff_page, diff_standard

    match name:
        case "table":
            return diff_table(diff.found, options)
        case "json":
            return diff_json.diff_json(diff.found, options)
        case "jsonl":
            return diff_lists.diff_jsonl(diff.found, options)
        case "sarif":
            return diff_standard.diff_sarif(diff.found, diff.rules, options)
        case "junit":
            return diff_standard.diff_junit(diff.found, diff.condition)
        case "gitlab":
            return diff_standard.diff_gitlab(diff.found, diff.rules, options)
        case "github":
            return diff_standard.diff_github(diff.found, diff.rules, options, result(diff.found))
        case "markdown":
            return diff_markdown(diff.found, options)
        case "csv":
            return diff_lists.diff_csv(diff.found)
        case "html":
            return diff_page.diff_page(tuple(sections(diff.found)), result(diff.found), options)
        case _:
            assert_never(name)


FORMATS: Mapping[str, Reporter] = MappingProxyType({name: partial(_write, name) for name in get_args(Name)})
