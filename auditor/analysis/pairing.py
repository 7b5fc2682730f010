"""Which clause of a sentence belongs to which key: "press 1 to agree" and "to agree, press 1"."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from auditor.analysis.clauses import NEGATIONS, Clause, Key, Meaning, Parsed
from auditor.analysis.meaning import meaning
from auditor.model.vocabulary import Category

_SPOKEN_FOR = (Category.AGREE, Category.REFUSE, Category.CONSENT, Category.WANT, Category.ASK, Category.AGENT)
_OPPOSITE = ({Meaning.GRANT, Meaning.REFUSE}, {Meaning.YES, Meaning.NO})


class Said(Struct, frozen=True):
    """A clause that says something about the caller's will."""

    clause: Clause
    meaning: Meaning


class Pair(Struct, frozen=True):
    """A key and the clause that says what it means, None when none does."""

    key: Key
    said: Said | None


def said_in(clauses: tuple[Clause, ...]) -> tuple[Said, ...]:
    """The clauses that say something of the will, in order."""
    told = (Said(clause, meaning(clause)) for clause in clauses)
    return tuple(each for each in told if each.meaning is not Meaning.NONE)


def pairs(parsed: Parsed) -> Iterator[Pair]:
    """Every key of the sentence with its clause.

    A sentence that begins with a meaning goes on so (meaning, key, meaning, key), unless a meaning follows each key
    at once ("if you want to decide now: press 1 to agree, 2 to decline"). A clause serves one key only.
    """
    regions = [said_in(region) for region in parsed.regions]
    after_each = all(region and not region[0].clause.loose for region in regions[1:])
    before = bool(regions[0]) and not after_each
    used: set[int] = set()
    for number, key in enumerate(parsed.keys):
        sides = (number, number + 1) if before else (number + 1, number)
        nearest = (_last(regions[side]) if side == number else regions[side][0] for side in sides if regions[side])
        said = next((each for each in nearest if each and each.clause.start not in used), None)
        if said is not None:
            used.add(said.clause.start)
            if said in regions[number] and _means_something_else(parsed, said, number):
                said = None
        if said is None or said.meaning is Meaning.OTHERWISE:
            said = _consequence(parsed, number) or said
        yield Pair(key, said)


def _last(region: tuple[Said, ...]) -> Said | None:
    """What stands last before a key; what to say instead of pressing it does not count beside another clause.

    None for two wills joined before one key: "to be recorded or not to be recorded, press ...", "say yes or no, or
    press ...".
    """
    pressed = [each for each in region if not each.clause.has(Category.SAY)] or list(region)
    last = pressed[-1]
    joined = bool(last.clause.tags) and Category.JOINING in last.clause.tags[0].categories
    wills = {each.meaning for each in region}
    return None if joined and any(wills >= both for both in _OPPOSITE) else last


def _consequence(parsed: Parsed, number: int) -> Said | None:
    """What follows from a key: "if you press 1, the call will not be recorded", "press 1 and we will not record"."""
    before = parsed.regions[number][-1] if parsed.regions[number] else None
    after = parsed.regions[number + 1]
    told = next((clause for clause in after if clause.content or not clause.has(Category.PRESS)), None)
    if before is None or told is None or before.content or before.has(*_SPOKEN_FOR):
        return None
    joined = bool(told.tags) and Category.JOINING in told.tags[0].categories and told.has(Category.NEGATION)
    follows = before.has(Category.CONDITION, Category.IF_NOT) or joined
    if not follows or not told.loose or not told.has(Category.RECORDING) or told.has(*_SPOKEN_FOR, Category.TOPIC):
        return None
    negated = (before.count(NEGATIONS) + told.count(NEGATIONS)) % 2 == 1
    return Said(told, Meaning.REFUSE if negated else Meaning.GRANT) if not told.content else None


def _means_something_else(parsed: Parsed, said: Said, number: int) -> bool:
    """Whether a key is at once said to be for another thing: "by staying on the line you agree, press 1 for sales".

    A condition that names recording stands all the same: "if you agree to be recorded, press 1 for an agent".
    """
    if said.clause.has(Category.RECORDING) and said.clause.has(Category.CONDITION):
        return False
    return any(
        not clause.loose
        and clause.has(Category.PURPOSE, Category.CONDITION)
        and clause.content > 0
        and not clause.has(Category.RECORDING)
        and meaning(clause) is Meaning.NONE
        for clause in parsed.regions[number + 1][:1]
    )
