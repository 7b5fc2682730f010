"""Whether words of recording mean the recording of a call, by the words around them."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.analysis.tagging import Tag
from auditor.analysis.tokens import Kind, Sentence
from auditor.model.vocabulary import Category

_PARTING = frozenset({Category.CONDITION, Category.IF_NOT, Category.OTHERWISE, Category.JOINING})
_OF_CALLS = frozenset({
    Category.CALL, Category.QUALITY, Category.CONSENT, Category.AGREE, Category.REFUSE, Category.WANT,
    Category.CONFIRM, Category.PRESS,
})  # fmt: skip
_ANSWERING = frozenset({Category.KEY, Category.PRESS, Category.SAY})
_BEHIND_PARTICLE = _PARTING | {Category.PURPOSE, Category.UNLESS}


def meant(sentence: Sentence, tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """The tags with recording only where a call is recorded.

    Not "after the tone", not "medical record", not "your request has been recorded"; "nemen (dit gesprek) op" is one
    verb.
    """
    tags = _with_parted(sentence, tags)
    call = any(Category.CALL in tag.categories for tag in tags)
    message = any(Category.VOICEMAIL in tag.categories for tag in tags) and not call
    things = any(_is_thing(tag) for tag in tags)
    others = _of_other_things(sentence, tags) if things else frozenset[int]()
    return tuple(
        _unrelated(tag)
        if Category.RECORDING in tag.categories
        and (message or Category.UNRELATED in tag.categories or tag.start in others)
        else tag
        for tag in tags
    )


def _unrelated(tag: Tag) -> Tag:
    return Tag(tag.categories - {Category.RECORDING} | {Category.UNRELATED}, tag.start, tag.end)


def _of_other_things(sentence: Sentence, tags: Sequence[Tag]) -> frozenset[int]:
    """Where the words of recording begin that stand with a thing, and without a word for the call or why to record."""
    found: set[int] = set()
    for part in _parts(sentence, tags):
        categories = frozenset[Category]().union(*[tag.categories for tag in part])
        if any(map(_is_thing, part)) and categories.isdisjoint(_OF_CALLS):
            found.update(tag.start for tag in part if Category.RECORDING in tag.categories)
    return frozenset(found)


def _is_thing(tag: Tag) -> bool:
    """Not where the same word names a key ("number 1") or an answer."""
    return Category.THING in tag.categories and tag.categories.isdisjoint(_ANSWERING)


def _parts(sentence: Sentence, tags: Sequence[Tag]) -> list[list[Tag]]:
    """The tags parted where clauses are, except behind a call and before "that": "this call and your name are

    recorded" is one.
    """
    parts: list[list[Tag]] = [[]]
    end = 0
    for tag in tags:
        broken = any(token.kind is Kind.BREAK for token in sentence.tokens[end : tag.start])
        joined = Category.JOINING in tag.categories
        called = joined and bool(parts[-1]) and end == tag.start and Category.CALL in parts[-1][-1].categories
        if (broken or not tag.categories.isdisjoint(_PARTING)) and not called and Category.THAT not in tag.categories:
            parts.append([])
        parts[-1].append(tag)
        end = tag.end
    return parts


def _with_parted(sentence: Sentence, tags: Sequence[Tag]) -> Sequence[Tag]:
    """Verbs in two parts around the call are words of recording: "wij nemen dit gesprek op"."""
    if not any(Category.PARTED in tag.categories for tag in tags):
        return tags
    found: set[int] = set()
    starts = {tag.start: tag for tag in tags}
    for part in _parts(sentence, tags):
        verb = next((tag for tag in part if Category.PARTED in tag.categories), None)
        particles = [tag for tag in part if Category.PARTICLE in tag.categories and _closes(sentence, starts, tag)]
        if verb is not None and particles and particles[-1].start > verb.start:
            between = [tag for tag in part if tag.start < particles[-1].start]
            if any(Category.CALL in tag.categories for tag in between):
                found.add(verb.start)
    recording = frozenset({Category.RECORDING})
    return [Tag(tag.categories | recording, tag.start, tag.end) if tag.start in found else tag for tag in tags]


def _closes(sentence: Sentence, starts: dict[int, Tag], particle: Tag) -> bool:
    """Whether a clause ends behind the particle, or says there what for."""
    if particle.end >= len(sentence.tokens) or sentence.tokens[particle.end].kind is Kind.BREAK:
        return True
    behind = starts.get(particle.end)
    return behind is not None and not behind.categories.isdisjoint(_BEHIND_PARTICLE)
