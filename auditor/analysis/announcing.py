"""Whether a sentence tells the caller that the call is or may be recorded."""

from __future__ import annotations

from auditor.analysis.clauses import NEGATIONS, Clause, Parsed
from auditor.model.vocabulary import Category

_TELLING = (Category.CALL, Category.QUALITY, Category.CONSENT, Category.AGREE, Category.REFUSE)
_WILL = (Category.CONSENT, Category.AGREE, Category.REFUSE, Category.WANT)
_REACH = 4


def announcement(parsed: Parsed) -> str:
    """The words of the sentence that announce recording, empty when none do."""
    if not parsed.has(*_TELLING):
        return ""
    telling = any(_tells(clause) for clause in parsed.clauses)
    return parsed.sentence.quote(0, len(parsed.sentence.tokens)) if telling else ""


def _tells(clause: Clause) -> bool:
    if not clause.has(Category.RECORDING):
        return False
    denied = clause.near(Category.RECORDING, NEGATIONS, _REACH) and not clause.has(*_WILL)
    return not denied
