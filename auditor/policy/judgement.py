"""Everything that judging an organisation yields; reports and views are made of it."""

from __future__ import annotations

from msgspec import Struct

from auditor.analysis.analysis import Analysis
from auditor.analysis.observations import Observer
from auditor.findings import EntryVerdict, Finding
from auditor.policy.judge import Judged
from auditor.policy.subjects import Subjects


class Judgement(Struct, frozen=True):
    """verdicts: one for each of analysis.cases, in their order; findings: in the order of reports."""

    analysis: Analysis
    observer: Observer
    judged: Judged
    subjects: Subjects
    findings: tuple[Finding, ...]
    verdicts: tuple[EntryVerdict, ...]
