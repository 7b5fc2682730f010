"""The answers of `what-if`: as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from auditor.model.snapshot import FindingLine, VerdictLine
from auditor.policy.differences import Pair
from auditor.policy.effects_of_change import Answers
from auditor.report.diff_json import differences_value
from auditor.report.diff_words import entry_of, facts_of, findings_of, leg_of
from auditor.report.json_text import json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import counted, safe
from auditor.report.wrap import wrapped

SCHEMA_VERSION = "1.0"


def what_if_table(found: Answers, options: ReportOptions) -> str:
    """Three answers, each with what it rests on."""
    lines = [
        *_answer(found.gone, "Gone", counted(len(found.gone), "finding"), "no finding", options.width),
        *_answer(found.new, "New", counted(len(found.new), "finding"), "no finding", options.width),
        *_verdicts(found.better, "Better", "no verdict", options.width),
        *_verdicts(found.other, "Changed besides", "no verdict", options.width),
    ]
    word = "The change does what it is meant to, and nothing else." if found.good else _against(found)
    return "\n".join([*lines, "", *wrapped(f"{word} Exit code {options.exit_code}.", options.width)]) + "\n"


def _against(found: Answers) -> str:
    reasons = []
    if not found.gone:
        reasons.append("it clears no finding")
    if found.new:
        reasons.append(f"it brings {counted(len(found.new), 'finding')}")
    if found.other:
        reasons.append(f"it changes {counted(len(found.other), 'other verdict')}")
    return f"Look again: {', '.join(reasons)}."


def _answer(findings: Sequence[FindingLine], title: str, some: str, none: str, width: int) -> Iterator[str]:
    yield f"{title}: {some if findings else none}"
    for text in findings_of(findings):
        yield from wrapped(f"- {text}", width, "  ", "    ")


def _verdicts(pairs: Sequence[Pair[VerdictLine]], title: str, none: str, width: int) -> Iterator[str]:
    yield f"{title}: {counted(len(pairs), 'verdict') if pairs else none}"
    for pair in pairs:
        yield from wrapped(f"- {verdict_words(pair)}", width, "  ", "    ")


def verdict_words(pair: Pair[VerdictLine]) -> str:
    """`call route "Support", inbound (Trunk A): violated -> proved`."""
    line = pair.new or pair.old
    assert line is not None
    old, new = facts_of(pair)
    return f"{entry_of(line.entry)}, {leg_of(line.direction, pair.trunks)}: {safe(old)} -> {safe(new)}"


def what_if_json(found: Answers, options: ReportOptions) -> str:
    """The answers, and all differences (differences as in rules/schemas/diff.schema.json)."""
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": TOOL, "version": options.version},
            "exit_code": options.exit_code,
            "good": found.good,
            "answers": {"gone": len(found.gone), "new": len(found.new), "other_verdicts": len(found.other)},
            "differences": differences_value(found.differences),
        }
    )


Reporter = Callable[[Answers, ReportOptions], str]
FORMATS: Mapping[str, Reporter] = MappingProxyType({"table": what_if_table, "json": what_if_json})
