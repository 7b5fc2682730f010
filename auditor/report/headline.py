"""What came out of an audit, in one sentence."""

from __future__ import annotations

from auditor.findings import Audit, Severity, VerdictWord
from auditor.report.options import ReportOptions
from auditor.report.text import counted


def summary_sentence(audit: Audit, options: ReportOptions) -> str:
    """What came out, in one sentence."""
    counting = [finding for finding in audit.findings if finding.counts]
    worst = [(s, sum(f.severity is s for f in counting)) for s in sorted(Severity, reverse=True)]
    found = ", ".join(f"{number} {severity.word}" for severity, number in worst if number)
    words = [(word, sum(v.verdict is word for v in audit.verdicts)) for word in VerdictWord]
    judged = ", ".join(f"{number} {word.value}" for word, number in words)
    findings = counted(len(counting), "finding") + (f" ({found})" if found else "")
    aside = len(audit.findings) - len(counting)
    ignored = f", {aside} waived or in the baseline" if aside else ""
    return (
        f"{findings}{ignored}; {counted(len(audit.verdicts), 'verdict')} ({judged}); exit code {int(options.exit_code)}"
    )
