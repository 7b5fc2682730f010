"""Verdicts for people: one row an entry and leg, then why some are not proved."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.findings import Audit, EntryVerdict, VerdictWord
from auditor.report.grid import grid
from auditor.report.text import listed, safe
from auditor.report.words import EFFECTS, entry_words, leg_words
from auditor.report.wrap import wrapped

MOST_REASONS = 50
HEADERS = ("verdict", "entry", "leg", "mode", "consent records", "findings")


def verdict_lines(audit: Audit, width: int) -> Iterator[str]:
    """The verdicts by entry and leg with the rules that fired; the counts are in the heading."""
    if not audit.verdicts:
        return
    counts = (sum(v.verdict is word for v in audit.verdicts) for word in VerdictWord)
    summary = ", ".join(f"{count} {word.value}" for count, word in zip(counts, VerdictWord, strict=True))
    yield from wrapped(f"VERDICTS ({summary})", width, rest="  ")
    rules = {finding.fingerprint: finding.rule for finding in audit.findings}
    yield grid(HEADERS, [_row(verdict, rules) for verdict in audit.verdicts], width)
    yield from _reasons(audit.verdicts, width)


def _row(verdict: EntryVerdict, rules: dict[str, str]) -> tuple[str, ...]:
    numbers = f" ({listed(tuple(safe(n) for n in verdict.entry.numbers))})" if verdict.entry.numbers else ""
    fired = sorted({rules.get(fingerprint, fingerprint) for fingerprint in verdict.findings})
    return (
        verdict.verdict.value,
        entry_words(verdict.entry) + numbers,
        leg_words(verdict.leg),
        safe(verdict.mode),
        EFFECTS[verdict.effect],
        safe(", ".join(fired)),
    )


def _reasons(verdicts: tuple[EntryVerdict, ...], width: int) -> Iterator[str]:
    """Each reason once, with the entries that it holds for."""
    entries: dict[str, dict[str, None]] = {}
    for verdict in verdicts:
        for reason in verdict.reasons:
            entries.setdefault(reason, {})[entry_words(verdict.entry)] = None
    if not entries:
        return
    yield ""
    yield "Reasons for doubt:"
    for reason, names in list(entries.items())[:MOST_REASONS]:
        yield from wrapped(f"- {safe(reason)} ({listed(tuple(names))})", width, "  ", "    ")
    if len(entries) > MOST_REASONS:
        yield from wrapped(
            f"and {len(entries) - MOST_REASONS} more; --format json lists all of them", width, "  ", "  "
        )
