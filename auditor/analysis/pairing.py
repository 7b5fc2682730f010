"""Which clause of a sentence belongs to which key: "press 1 to agree" and "to agree, press 1"."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from auditor.analysis.clauses import Clause, Key, Meaning, Parsed
from auditor.analysis.meaning import meaning
from auditor.model.vocabulary import Category

_SPOKEN_FOR = (Category.AGREE, Category.REFUSE, Category.CONSENT, Category.WANT, Category.ASK, Category.AGENT)
_UNKNOWN = 2
_PRESSED = frozenset({Category.PRESS, Category.SLOT, Category.FILLER, Category.KEY})
_OPPOSITE = ({Meaning.GRANT, Meaning.REFUSE}, {Meaning.YES, Meaning.NO})


class Said(Struct, frozen=True):
    """A clause that says something about the caller's will."""

    clause: Clause
    meaning: Meaning


class Pair(Struct, frozen=True):
    """A key and the clause that says what it means, None when none does.

    alone: the sentence names no other key, or only "otherwise": what was said before may be said of this one.
    """

    key: Key
    said: Said | None
    alone: bool = False

    @property
    def otherwise(self) -> bool:
        """Whether it means the opposite of what was said before."""
        return self.said is not None and self.said.meaning is Meaning.OTHERWISE


def said_in(clauses: tuple[Clause, ...]) -> tuple[Said, ...]:
    """The clauses that say something of the will, in order."""
    told = (Said(clause, meaning(clause)) for clause in clauses)
    return tuple(each for each in told if each.meaning is not Meaning.NONE)


def pairs(parsed: Parsed) -> Iterator[Pair]:
    """Every key of the sentence with its clause."""
    found = list(_pairs(parsed))
    regions = [said_in(region) for region in parsed.regions]
    alone = all(pair.otherwise for pair in found[1:]) and not _doubtful(parsed, regions, 0)
    for number, pair in enumerate(found):
        yield Pair(pair.key, pair.said, alone and not number)


def _pairs(parsed: Parsed) -> Iterator[Pair]:
    """Every key of the sentence with its clause.

    A sentence that begins with a meaning goes on so (meaning, key, meaning, key), unless a meaning follows each key
    at once ("if you want to decide now: press 1 to agree, 2 to decline"). A clause serves one key only.
    """
    regions = [said_in(region) for region in parsed.regions]
    after_each = all(region and not region[0].clause.loose for region in regions[1:])
    ends = not regions[-1]
    begun = bool(regions[0]) or (bool(parsed.keys) and _for_another_thing(parsed.regions[0], named=ends))
    before = begun and not after_each
    used: set[int] = set()
    for number, key in enumerate(parsed.keys):
        sides = (number, number + 1) if before else (number + 1, number)
        nearest = (_last(regions[side]) if side == number else regions[side][0] for side in sides if regions[side])
        said = next((each for each in nearest if each and each.clause.start not in used), None)
        if said is not None and said not in regions[number] and _is_of_next(parsed, said, number, before, ends):
            said = None
        if said is not None:
            used.add(said.clause.start)
            if said in regions[number] and _means_something_else(parsed, said, number):
                said = None
        if _doubtful(parsed, regions, number):
            said = None
        elif said is None or said.meaning is Meaning.OTHERWISE:
            said = _consequence(parsed, number) or _condition(parsed, number) or _confirmed(parsed, number) or said
        yield Pair(key, _unless(parsed, number, said) if said is not None else None)


def _doubtful(parsed: Parsed, regions: list[tuple[Said, ...]], number: int) -> bool:
    """Whether two keys may be two answers after all: "if you agree press star, and 5 if you do not"."""
    if number + 1 != len(parsed.keys):
        return False
    combined = len(parsed.keys[number].key) > 1 and parsed.keys[number].key[0] in "*#"
    if not combined or not regions[number] or not regions[number + 1]:
        return False
    return regions[number][-1].meaning is not regions[number + 1][0].meaning


def _for_another_thing(clauses: tuple[Clause, ...], *, bare: bool = False, named: bool = False) -> bool:
    """Whether the last of them says for what else something is to be pressed: "for sales".

    bare: behind another key it need not be said with words of no known use ("for service"); named: nothing is said
    behind the last key, so that what stands before one is what it is for ("sales: 1, support: 2").
    """
    last = clauses[-1] if clauses else None
    if named and len(clauses) > 1 and last is not None and last.categories <= _PRESSED:
        return _for_another_thing(clauses[:-1], bare=bare, named=named)
    if last is None or last.has(Category.RECORDING) or meaning(last) is not Meaning.NONE:
        return False
    aimed = last.has(Category.PURPOSE, Category.CONDITION)
    return (aimed and (bare or last.content > 0)) or (named and last.content > 0)


def _is_of_next(parsed: Parsed, said: Said, number: int, before: bool, ends: bool) -> bool:
    """Whether what is said behind a key is said of the next one: "for sales press 1, to be recorded press 2".

    ends: the sentence ends with a key.
    """
    first = parsed.regions[number + 1][0]
    if number + 1 == len(parsed.keys):
        return first is not said.clause and before and _for_another_thing(parsed.regions[number])
    if before and _for_another_thing(parsed.regions[number], bare=number > 0, named=ends):
        return True
    if said.clause.has(Category.OTHERWISE) and said.meaning is Meaning.OTHERWISE:
        return True
    wished = parsed.regions[number][-1:]
    if wished and said.clause.loose and wished[0].has(Category.WANT) and not wished[0].has(Category.RECORDING):
        return True
    return first is not said.clause and not first.loose and _for_another_thing((first,))


def _unless(parsed: Parsed, number: int, said: Said) -> Said:
    """What is not done unless a key is pressed is done by it: "we do not record, unless you press 1"."""
    clause = said.clause
    if said.meaning is not Meaning.REFUSE or not clause.has(Category.UNLESS) or clause.has(Category.RECORDING):
        return said
    around = (*parsed.regions[number], *parsed.regions[number + 1])
    told = [clause for clause in around if clause.has(Category.RECORDING)]
    denied = [clause for clause in told if clause.negations % 2 == 1]
    if not denied:
        return said
    return Said(clause, Meaning.GRANT if len(denied) == len(told) else Meaning.NONE)


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
    after = parsed.regions[number + 1]
    at = next((at for at, clause in enumerate(after) if clause.has(Category.RECORDING) or clause.content), None)
    if at is None:
        return None
    told, when = after[at], (*parsed.regions[number][-1:], *after[:at])
    if not when or any(clause.content or clause.has(*_SPOKEN_FOR) for clause in when):
        return None
    joined = bool(told.tags) and Category.JOINING in told.tags[0].categories and told.has(Category.NEGATION)
    conditional = any(clause.has(Category.CONDITION, Category.IF_NOT) for clause in when)
    direct = any(clause.has(Category.CONDITION) for clause in when) and not told.has(Category.PURPOSE)
    if not (conditional or joined) or not (told.loose or direct) or not told.has(Category.RECORDING):
        return None
    if told.content or told.has(*_SPOKEN_FOR, Category.TOPIC):
        return None
    negated = sum(clause.negations for clause in (*when, told)) % 2 == 1
    return Said(told, Meaning.REFUSE if negated else Meaning.GRANT)


def _condition(parsed: Parsed, number: int) -> Said | None:
    """What a key is the condition of: "the call is only recorded if you press 1"."""
    told, when = parsed.regions[number][-2:] if len(parsed.regions[number]) > 1 else (None, None)
    if told is None or when is None or when.content or when.has(*_SPOKEN_FOR, Category.RECORDING):
        return None
    if not when.has(Category.CONDITION, Category.IF_NOT) or not told.has(Category.RECORDING):
        return None
    if told.has(*_SPOKEN_FOR, Category.TOPIC, Category.CONDITION) or told.content > _UNKNOWN:
        return None
    behind = next((clause for clause in parsed.regions[number + 1] if clause.content), None)
    if behind is not None and not (behind.loose and behind.has(Category.OTHERWISE, Category.IF_NOT)):
        return None
    negated = (told.negations + when.negations) % 2 == 1
    return Said(told, Meaning.REFUSE if negated else Meaning.GRANT)


def _confirmed(parsed: Parsed, number: int) -> Said | None:
    """What a key confirms: "confirm with 1 that we may record"."""
    before = parsed.regions[number][-1] if parsed.regions[number] else None
    after = parsed.regions[number + 1][0] if parsed.regions[number + 1] else None
    if before is None or after is None or not before.has(Category.CONFIRM) or not after.tags:
        return None
    if Category.THAT not in after.tags[0].categories or after.tags[0].start != after.start:
        return None
    found = meaning(before.joined(after))
    return Said(after, found) if found is not Meaning.NONE else None


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
