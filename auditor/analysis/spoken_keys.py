"""Which numbers and digit words of a sentence name a key to press."""

from __future__ import annotations

from auditor.analysis.tagging import Tag
from auditor.analysis.tokens import Kind, Sentence
from auditor.model.vocabulary import KEYS, Category

_PRESSING = frozenset({Category.PRESS, Category.KEY, Category.SAY, Category.CONFIRM})
_KEYS = frozenset({Category.KEY})
_PRESSED = frozenset({Category.KEY, Category.PRESS})
_BETWEEN = frozenset({Category.SLOT})
_LINKING = frozenset({Category.JOINING, Category.OTHERWISE, Category.IF_NOT})
_ANSWERING = frozenset({Category.YES, Category.NO, Category.AGREE, Category.CONSENT, Category.REFUSE})
_FOLLOWED = frozenset({Category.FOLLOWED})
_LONGEST = 2
_FARTHEST = 8


def keys_at(sentence: Sentence, starts: dict[int, Tag], position: int, keyed: bool) -> tuple[str, int] | None:
    """The keys that are one answer from that token on, and where they end: "star 5" is "*5", "5 followed by hash" is 5.

    A hash behind digits only ends what is entered.
    """
    named = _named(sentence, starts, position)
    if named is None:
        return None
    first, end = named
    if key_at(sentence, starts, position, keyed) is None and not _led(sentence, starts, position, keyed):
        return None
    behind = _next(sentence, starts, end)
    if behind is None:
        return first, end
    second, after = behind
    if first.isdigit():
        return (first, after) if second == "#" else (first, end)
    return (first + second, after) if second.isdigit() else (first, end)


def _led(sentence: Sentence, starts: dict[int, Tag], position: int, keyed: bool) -> bool:
    """Whether a star or hash stands in front of a digit that is a key: words of pressing may follow the digit."""
    named = _named(sentence, starts, position)
    if named is None or named[0].isdigit() or named[1] >= len(sentence.tokens):
        return False
    digit = sentence.tokens[named[1]].kind is Kind.NUMBER
    return digit and key_at(sentence, starts, named[1], keyed) is not None


def _next(sentence: Sentence, starts: dict[int, Tag], position: int) -> tuple[str, int] | None:
    """The key behind another one, with nothing between but "key", and "then" or "followed by"."""
    if _followed(sentence, starts, position):
        position = starts[position].end
    broken = position < len(sentence.tokens) and sentence.tokens[position].kind is Kind.BREAK
    then = position + broken
    if _followed(sentence, starts, then, _FOLLOWED):
        position = starts[then].end
        while _followed(sentence, starts, position, _BETWEEN | _PRESSED):
            position = starts[position].end
    found = _named(sentence, starts, position)
    if found is not None and _followed(sentence, starts, found[1]):
        return found[0], starts[found[1]].end
    return found


def _named(sentence: Sentence, starts: dict[int, Tag], position: int) -> tuple[str, int] | None:
    """The key that a token is, were it one, and where its words end."""
    if position >= len(sentence.tokens):
        return None
    token, tag = sentence.tokens[position], starts.get(position)
    if token.kind in (Kind.NUMBER, Kind.SIGN):
        return token.text, position + 1
    found = next((key for category, key in KEYS.items() if tag and category in tag.categories), None)
    return (found, tag.end) if found is not None and tag is not None else None


def key_at(sentence: Sentence, starts: dict[int, Tag], position: int, keyed: bool) -> str | None:
    """The key named at that token. keyed: the words so far have told the caller to press something."""
    token = sentence.tokens[position]
    tag = starts.get(position)
    if token.kind in (Kind.NUMBER, Kind.SIGN):
        if len(token.text) > _LONGEST:
            return None
        pressed = _followed(sentence, starts, position + 1, _PRESSED) or _reached(
            sentence, starts, position, keyed, word=False
        )
        return token.text if pressed else None
    digit = next((key for category, key in KEYS.items() if tag and category in tag.categories), None)
    if digit is None or tag is None:
        return None
    if digit.isdigit() and token.kind is Kind.WORD and _followed(sentence, starts, tag.end):
        return None
    sure = token.kind is Kind.SYLLABLE and not digit.isdigit()
    pressed = _reached(sentence, starts, position, keyed, word=not sure)
    return digit if pressed or (token.kind is Kind.SYLLABLE and _followed(sentence, starts, tag.end)) else None


def _followed(sentence: Sentence, starts: dict[int, Tag], position: int, words: frozenset[Category] = _KEYS) -> bool:
    """Whether a word for a key or pressing follows: "2 key"; after a digit word it is "a key" rather than "key one"."""
    tag = starts.get(position)
    return tag is not None and not tag.categories.isdisjoint(words)


def _reached(sentence: Sentence, starts: dict[int, Tag], position: int, keyed: bool, *, word: bool) -> bool:
    """Whether a word of pressing stands before, with nothing but small words between.

    A number may also open a clause ("1 for yes"), or follow an answer ("yes 1"); a digit word may only follow
    an answer, "or" and the like, once the caller has been told to press something.
    """
    covering = _covering(starts, position)
    for at in range(position - 1, max(-1, position - _FARTHEST), -1):
        tag = covering.get(at)
        if tag is None:
            return (keyed or not word) and sentence.tokens[at].kind in (Kind.BREAK, Kind.NUMBER, Kind.SIGN)
        if not tag.categories.isdisjoint(_PRESSING):
            return True
        if not tag.categories.isdisjoint(_BETWEEN):
            continue
        if not tag.categories.isdisjoint(_LINKING):
            return keyed
        return (keyed or not word) and not tag.categories.isdisjoint(_ANSWERING)
    return not word and position < _FARTHEST


def _covering(starts: dict[int, Tag], position: int) -> dict[int, Tag]:
    found: dict[int, Tag] = {}
    for start in range(max(0, position - 2 * _FARTHEST), position):
        tag = starts.get(start)
        if tag is not None:
            found.update((at, tag) for at in range(tag.start, min(tag.end, position)))
    return found
