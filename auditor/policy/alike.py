"""Whether two audits say the same about organisations that differ in nothing but names. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.findings import Audit


def unlike(old: Audit, new: Audit) -> tuple[str, ...]:
    """What one says and the other does not, without any name; nothing when they say the same."""
    before, after = Counter(_said(old)), Counter(_said(new))
    gone = [f"only before: {text}" for text in (before - after).elements()]
    return (*gone, *(f"only after: {text}" for text in (after - before).elements()))


def _said(audit: Audit) -> Iterator[str]:
    for v in audit.verdicts:
        leg = f"{v.leg.direction}, line {v.leg.line}, gate {v.leg.gate}, {len(v.leg.trunks)} trunks"
        yield f"verdict {v.verdict.value} on a {v.entry.kind} ({leg}), mode {v.mode}, records {v.effect.value}"
    for f in audit.findings:
        doubt = "latent" if f.latent else f.confidence.value
        yield f"finding {f.rule} of {f.subject.kind}, {f.severity.word}, {doubt}, {len(f.entries)} entries"
    for problem in audit.problems:
        yield f"problem {problem.code}"
