"""Proposals of `fix`: as text, as Markdown instructions, as JSON (rules/schemas/fix.schema.json)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from auditor.editing.plan import Part
from auditor.model.snapshot import FindingLine
from auditor.policy.effects_of_change import Answers
from auditor.report.diff_json import differences_value, finding_value
from auditor.report.diff_words import finding_of, findings_of
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import counted, safe
from auditor.report.what_if import verdict_words
from auditor.report.wrap import wrapped

SCHEMA_VERSION = "1.0"
_MOST_WEIGHED = 4


class FixReport(Struct, frozen=True):
    """What there is to say. wanted: how many findings were to be cleared; open: those that are not; written: where.

    left: edits that could not be written to files; answers: what else changes.
    """

    parts: tuple[Part, ...]
    wanted: int
    open: tuple[FindingLine, ...]
    answers: Answers
    audits: int
    written: str = ""
    left: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """Single changes of all edits."""
        return sum(len(part.steps) for part in self.parts)


def headline(found: FixReport) -> str:
    """`8 edits (11 changes) clear all 24 findings; checked by 34 audits.`"""
    if not found.wanted:
        return "There is nothing to fix."
    edits, changes = counted(len(found.parts), "edit"), counted(found.steps, "change")
    some = f"{found.wanted - len(found.open)} of {found.wanted}" if found.open else f"all {found.wanted}"
    if not found.parts:
        return f"No proposal was found for {counted(found.wanted, 'finding')}; {counted(found.audits, 'audit')} tried."
    verb = "clears" if len(found.parts) == 1 else "clear"
    return f"{edits} ({changes}) {verb} {some} findings; checked by {counted(found.audits, 'audit')}."


def fix_table(found: FixReport, options: ReportOptions) -> str:
    """For people: what to do, what it clears, what was weighed, what else changes."""
    width = options.width
    blocks = ["\n".join(wrapped(headline(found), width))]
    blocks += ["\n".join(_part(number, part, width)) for number, part in enumerate(found.parts, 1)]
    blocks += ["\n".join(lines) for lines in (list(_besides(found, width)), list(_open(found, width))) if lines]
    if found.written:
        blocks.append("\n".join(wrapped(found.written, width)))
    if found.left:
        blocks.append("\n".join(["Not written, do it by hand:", *(f"  - {safe(text)}" for text in found.left)]))
    return "\n\n".join([*blocks, f"Exit code {options.exit_code}."]) + "\n"


def _part(number: int, part: Part, width: int) -> Iterator[str]:
    yield from wrapped(f'{number}. {safe(part.kind)} "{safe(part.name)}"', width, rest="   ")
    for step in part.steps:
        yield from wrapped(f"- {safe(step)}", width, "   ", "     ")
    yield from wrapped(f"Clears {safe('; '.join(part.clears))}.", width, "   ", "   ")
    weighed = dict.fromkeys(f"Weighed: {' '.join(w.proposal.steps)} It {w.why}." for w in part.weighed)
    for text in list(weighed)[:_MOST_WEIGHED]:
        yield from wrapped(safe(text), width, "   ", "     ")


def _besides(found: FixReport, width: int) -> Iterator[str]:
    """What else changes, so that nothing comes as a surprise."""
    answers = found.answers
    if not found.parts:
        return
    yield "What else changes:"
    cleared = [f for f in answers.gone if not f.rule.startswith("RC")]
    for title, findings in (("new", answers.new), ("gone too", cleared)):
        for text in findings_of(findings):
            yield from wrapped(f"- {title}: {text}", width, "  ", "    ")
    for pair in (*answers.better, *answers.other):
        yield from wrapped(f"- verdict: {verdict_words(pair)}", width, "  ", "    ")
    if not (answers.new or cleared or answers.better or answers.other):
        yield "  - nothing"


def _open(found: FixReport, width: int) -> Iterator[str]:
    if found.open:
        yield "No verified proposal for:"
    for finding in found.open:
        yield from wrapped(f"- {finding_of(finding)}", width, "  ", "    ")


def fix_instructions(found: FixReport, options: ReportOptions) -> str:
    """The same for a ticket: Markdown, nothing in it but what is to be done."""
    lines = ["# What to change", "", _plain(headline(found)), ""]
    for number, part in enumerate(found.parts, 1):
        lines += [f"{number}. {_plain(part.kind)} **{_plain(part.name)}**", ""]
        lines += [f"   - {_plain(step)}" for step in part.steps]
        lines += [f"   - clears {_plain('; '.join(part.clears))}", ""]
    for block in (list(_besides(found, _ENDLESS)), list(_open(found, _ENDLESS))):
        lines += (
            [f"## {block[0].rstrip(':')}", "", *(f"- {_plain(line.strip(' -'))}" for line in block[1:]), ""]
            if block
            else []
        )
    if found.left:
        lines += ["## Not written, do it by hand", "", *(f"- {_plain(text)}" for text in found.left), ""]
    return "\n".join(lines)


_ENDLESS = 100_000
"""A width in which no line is broken."""


def _plain(text: str) -> str:
    """Text in which nothing is markup."""
    escaped = "".join("\\" + c if c in "\\`*_{}[]<>#!|~" else c for c in safe(text))
    return escaped.replace("&", "&amp;").replace("@", "&#64;")


def fix_json(found: FixReport, options: ReportOptions) -> str:
    """Always this shape, also when there is nothing to fix."""
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": TOOL, "version": options.version},
            "exit_code": options.exit_code,
            "findings": found.wanted,
            "audits": found.audits,
            "edits": [_edit(part) for part in found.parts],
            "open": [finding_value(finding) for finding in found.open],
            "not_written": list(found.left),
            "differences": differences_value(found.answers.differences),
        }
    )


def _edit(part: Part) -> JsonObject:
    return {
        "object": {"kind": part.kind, "name": part.name},
        "steps": list(part.steps),
        "clears": list(part.clears),
        "weighed": [{"steps": list(other.proposal.steps), "why": other.why} for other in part.weighed],
    }


Reporter = Callable[[FixReport, ReportOptions], str]
FORMATS: Mapping[str, Reporter] = MappingProxyType({"table": fix_table, "markdown": fix_instructions, "json": fix_json})
