"""Whether a sentence tells the caller that the call is or may be recorded."""

from __future__ import annotations

from auditor.analysis.clauses import NEGATIONS, Clause, Parsed
from auditor.analysis.tokens import Kind
from auditor.model.vocabulary import Category

_TELLING = (Category.CALL, Category.QUALITY, Category.CONSENT, Category.AGREE, Category.REFUSE)
_WILL = (Category.CONSENT, Category.AGREE, Category.REFUSE, Category.WANT)
_REACH = 4
_REACH_OF_SYLLABLES = 8


def announcement(parsed: Parsed) -> str:
    """The words of the sentence that announce recording, empty when none do."""
    if not parsed.has(*_TELLING):
        return ""
    telling = any(_tells(parsed, clause) for clause in parsed.clauses)
    return parsed.sentence.quote(0, len(parsed.sentence.tokens)) if telling else ""


def _tells(parsed: Parsed, clause: Clause) -> bool:
    if not clause.has(Category.RECORDING):
        return False
    syllables = parsed.sentence.tokens[clause.start].kind is Kind.SYLLABLE
    reach = _REACH_OF_SYLLABLES if syllables else _REACH
    denied = clause.near(Category.RECORDING, NEGATIONS, reach) and not clause.has(*_WILL)
    return not denied
