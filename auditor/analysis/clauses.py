"""A sentence as clauses and keys: where each begins and ends, and what a clause says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from auditor.analysis.senses import meant
from auditor.analysis.spoken_keys import keys_at
from auditor.analysis.tagging import Tag
from auditor.analysis.tokens import Kind, Sentence, bears
from auditor.model.vocabulary import STAYING, Category

_OPENING = frozenset({Category.CONDITION, Category.IF_NOT, Category.OTHERWISE, Category.JOINING})
_WILL = frozenset(
    {
        Category.WANT,
        Category.AGREE,
        Category.CONSENT,
        Category.REFUSE,
        Category.YES,
        Category.NO,
        Category.IF_NOT,
        Category.OTHERWISE,
        Category.CONDITION,
        Category.ASK,
        Category.SAY,
        Category.REPEAT,
    }
)
_OTHER_THINGS = frozenset(
    {
        Category.COMMON,
        Category.UNRELATED,
        Category.TOPIC,
        Category.THING,
        Category.PARTED,
        Category.CONFIRM,
        Category.FOLLOWED,
    }
)
_SHORT = 3

NEGATIONS = frozenset({Category.NEGATION, Category.IF_NOT})
"""Words that turn a clause round."""


class Meaning(StrEnum):
    """What a clause says of itself. YES and NO answer a question; OTHERWISE is the opposite of what came before."""

    GRANT = "grant"
    REFUSE = "refuse"
    YES = "yes"
    NO = "no"
    OTHERWISE = "otherwise"
    REPEAT = "repeat"
    NONE = "none"


class Clause(Struct, frozen=True):
    """Tokens start to end of a sentence. content: words of no known use; loose: parted from what is before it;

    categories: of all its words.
    """

    start: int
    end: int
    tags: tuple[Tag, ...]
    content: int
    loose: bool
    categories: frozenset[Category]

    def count(self, categories: frozenset[Category]) -> int:
        """How many words are of one of them."""
        return sum(not tag.categories.isdisjoint(categories) for tag in self.tags)

    @property
    def negations(self) -> int:
        """How often it is turned round; "no ... ninguna" is one negation."""
        found = [tag for tag in self.tags if not tag.categories.isdisjoint(NEGATIONS)]
        strengthening = sum(Category.CONCORD in tag.categories for tag in found)
        return len(found) - strengthening or strengthening

    def has(self, *categories: Category) -> bool:
        """Whether one of them occurs."""
        return not self.categories.isdisjoint(categories)

    def near(self, one: Category, others: frozenset[Category], distance: int) -> bool:
        """Whether fewer than that many tokens lie between a word of one and a word of the others."""
        left = [tag for tag in self.tags if one in tag.categories]
        right = [tag for tag in self.tags if not tag.categories.isdisjoint(others)]
        return any(max(a.start - b.end, b.start - a.end) < distance for a in left for b in right)

    def joined(self, other: Clause) -> Clause:
        """This clause and the next as one."""
        content, categories = self.content + other.content, self.categories | other.categories
        return Clause(self.start, other.end, self.tags + other.tags, content, self.loose, categories)


class Key(Struct, frozen=True):
    """A key named in a sentence, at that token, or several that are one answer ("*5"); STAYING where it is said what

    staying on the line means.
    """

    key: str
    at: int


class Parsed(Struct, frozen=True):
    """A sentence in one language. regions: the clauses before the first key, between keys, and after the last."""

    sentence: Sentence
    language: str | None
    tags: tuple[Tag, ...]
    categories: frozenset[Category]
    keys: tuple[Key, ...]
    regions: tuple[tuple[Clause, ...], ...]

    def has(self, *categories: Category) -> bool:
        """Whether one of the categories occurs."""
        return not self.categories.isdisjoint(categories)

    @property
    def clauses(self) -> Iterator[Clause]:
        """All clauses in order."""
        return (clause for region in self.regions for clause in region)


def parse(
    sentence: Sentence, language: str | None, tags: Sequence[Tag], keyed: bool, *, staying: bool = False
) -> Parsed:
    """Cut a sentence. keyed: earlier words of the question tell the caller to press something; staying: see Key."""
    kept = meant(sentence, tags)
    starts = {tag.start: tag for tag in kept}
    regions: list[list[Clause]] = [[]]
    keys: list[Key] = []
    begin, position, loose, joined = 0, 0, False, False

    def close(end: int) -> None:
        clause = _clause(sentence, starts, begin, end, loose)
        if clause is not None:
            _add(regions[-1], clause, joined)

    while position < len(sentence.tokens):
        tag = starts.get(position)
        token = sentence.tokens[position]
        stays = staying and tag is not None and Category.STAY in tag.categories
        found = (STAYING, position + 1) if stays else keys_at(sentence, starts, position, keyed or bool(keys))
        if found is not None:
            close(position)
            keys.append(Key(found[0], position))
            regions.append([])
            position = tag.end if stays and tag else found[1]
            begin, loose, joined = position, False, False
        elif token.kind is Kind.BREAK:
            close(position)
            position += 1
            begin, loose, joined = position, True, False
        elif tag is not None and not tag.categories.isdisjoint(_OPENING):
            close(position)
            begin, loose, joined = position, True, Category.JOINING in tag.categories
            position = tag.end
        else:
            position = tag.end if tag else position + 1
    close(len(sentence.tokens))
    _leave_out_staying(keys, regions)
    return Parsed(sentence, language, kept, _categories(kept), tuple(keys), tuple(tuple(region) for region in regions))


def _leave_out_staying(keys: list[Key], regions: list[list[Clause]]) -> None:
    """Of "press 1 or stay on the line", which mean the same, the key alone is kept."""
    for number in reversed(range(len(keys) - 1)):
        between = regions[number + 1]
        staying = [at for at in (number, number + 1) if keys[at].key == STAYING]
        if len(staying) == 1 and len(between) == 1 and _only_joins(between[0]):
            regions[number : number + 3] = [regions[number], regions[number + 2]]
            del keys[staying[0]]


def _only_joins(clause: Clause) -> bool:
    return not clause.content and clause.has(Category.JOINING) and not clause.has(*_WILL, Category.RECORDING)


def _clause(sentence: Sentence, starts: dict[int, Tag], begin: int, end: int, loose: bool) -> Clause | None:
    tags: list[Tag] = []
    content, position, run = 0, begin, ""
    while position < end:
        tag = starts.get(position)
        if tag is not None:
            tags.append(tag)
            position, run = tag.end, ""
            content += tag.categories <= _OTHER_THINGS or Category.STAY in tag.categories
        else:
            token = sentence.tokens[position]
            content += token.kind in (Kind.WORD, Kind.NUMBER) or (
                token.kind is Kind.SYLLABLE and bears(token.text, run)
            )
            position, run = position + 1, token.text if token.kind is Kind.SYLLABLE else ""
    return Clause(begin, end, tuple(tags), content, loose, _categories(tags)) if begin < end else None


def _categories(tags: Sequence[Tag]) -> frozenset[Category]:
    return frozenset[Category]().union(*[tag.categories for tag in tags])


def _add(region: list[Clause], clause: Clause, joined: bool) -> None:
    """Add a clause, or join it to the one before: "that ..." always, "or recorded" when it says no will of its own."""
    before = region[-1] if region else None
    if before is None or not clause.loose or not clause.tags:
        region.append(clause)
        return
    that = clause.tags[0].start == clause.start and Category.THAT in clause.tags[0].categories
    brief = clause.has(Category.RECORDING) and not clause.has(Category.CALL) and clause.end - clause.start <= _SHORT
    if that or ((joined or brief) and not clause.has(*_WILL, Category.NEGATION)):
        region[-1] = before.joined(clause)
    else:
        region.append(clause)
