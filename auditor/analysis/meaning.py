"""What a clause says of itself: assent, objection, yes, no, the opposite, once more, or nothing about the will."""

from __future__ import annotations

from auditor.analysis.clauses import NEGATIONS, Clause, Meaning
from auditor.model.vocabulary import Category

_REACH = 4
_WILL = frozenset({
    Category.REFUSE, Category.AGREE, Category.CONSENT, Category.WANT, Category.RECORDING, Category.OTHERWISE,
    Category.IF_NOT, Category.REPEAT, Category.YES, Category.NO,
})  # fmt: skip
"""Without any of these nothing is said of the will."""
_CONFIRMING = frozenset({Category.CONFIRM})
_AIM = frozenset({Category.PURPOSE})
_WISHED = 3
_UNWISHED = 4
_ANSWERED = 2


def meaning(clause: Clause) -> Meaning:
    """The meaning of a clause; two meanings at once are none."""
    if clause.categories.isdisjoint(_WILL):
        return Meaning.NONE
    negated = clause.negations % 2 == 1
    if clause.has(Category.REFUSE):
        return _objection(clause, negated)
    if clause.has(Category.AGREE, Category.CONSENT):
        return _assent(clause, negated)
    if clause.has(Category.CONFIRM):
        return _confirmation(clause, negated)
    if clause.has(Category.WANT) and (found := _wish(clause, negated)) is not Meaning.NONE:
        return found
    if clause.has(Category.RECORDING) and (found := _recording(clause, negated)) is not Meaning.NONE:
        return found
    if clause.has(Category.OTHERWISE, Category.IF_NOT):
        return Meaning.OTHERWISE
    if clause.has(Category.REPEAT):
        return Meaning.REPEAT
    return _answer(clause)


def _objection(clause: Clause, negated: bool) -> Meaning:
    if clause.has(Category.AGREE):
        return Meaning.NONE
    if not negated:
        return Meaning.REFUSE
    return Meaning.GRANT if clause.near(Category.REFUSE, NEGATIONS, _REACH) else Meaning.NONE


def _assent(clause: Clause, negated: bool) -> Meaning:
    if negated:
        return Meaning.NONE if clause.has(Category.YES) else Meaning.REFUSE
    if clause.has(Category.NO) and not clause.has(Category.NEGATION):
        return Meaning.NONE if clause.has(Category.AGREE) else Meaning.REFUSE
    return Meaning.GRANT


def _confirmation(clause: Clause, negated: bool) -> Meaning:
    """Confirming is assent where it is said to what, and nothing else is: "confirm that we may record"."""
    told = clause.has(Category.RECORDING) and clause.has(Category.THAT)
    if not told or clause.content > clause.count(_CONFIRMING):
        return Meaning.NONE
    return Meaning.REFUSE if negated else Meaning.GRANT


def _wish(clause: Clause, negated: bool) -> Meaning:
    """Wishing counts if it is about recording, or about nothing but what was said ("if you do not want this")."""
    if clause.has(Category.RECORDING):
        if negated:
            return Meaning.REFUSE if clause.content <= _UNWISHED else Meaning.NONE
        return Meaning.GRANT if clause.content <= _WISHED else Meaning.NONE
    bare = clause.content == 0 and not clause.has(Category.CALL, Category.QUALITY, Category.AGENT, Category.SAY)
    return Meaning.REFUSE if negated and bare and not clause.has(Category.REPEAT) else Meaning.NONE


def _recording(clause: Clause, negated: bool) -> Meaning:
    """Recording alone is a choice only if it is put as one: "to be recorded", "without recording"."""
    aimed = clause.has(Category.PURPOSE) and clause.near(Category.RECORDING, _AIM, _REACH)
    if negated:
        close = clause.near(Category.RECORDING, NEGATIONS, _REACH)
        put = aimed or clause.has(Category.CONDITION, Category.PURPOSE) or not clause.loose
        return Meaning.REFUSE if close and put and clause.content <= _ANSWERED else Meaning.NONE
    asked = clause.has(Category.CONDITION) and not clause.has(Category.QUALITY)
    return Meaning.GRANT if (aimed or asked) and clause.content == 0 else Meaning.NONE


def _answer(clause: Clause) -> Meaning:
    yes = clause.has(Category.YES)
    if yes is clause.has(Category.NO) or clause.has(Category.RECORDING):
        return Meaning.NONE
    plain = clause.content == 0 or (clause.content <= _ANSWERED and not clause.has(Category.NEGATION))
    if not plain:
        return Meaning.NONE
    return Meaning.YES if yes else Meaning.NO
