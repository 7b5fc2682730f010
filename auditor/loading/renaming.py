"""Other words for people, numbers, prompts and names: the same for the same text, wherever it stands.

Words that the analysis knows stay (they decide what a question asks), and so do words of the platform itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field

from auditor.loading.platform_words import HUMPS, PLATFORM

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_PHONE = re.compile(r"(?<![\w.-])\+?[0-9](?:[ ()/-]{0,2}[0-9]){5,19}(?![\w-])")
_SCRIPT = "\u3400-\u9fff\uac00-\ud7a3\u30a0-\u30ff"
_RUN = re.compile(rf"[^\W\d_{_SCRIPT}\u3040-\u309f]+|[{_SCRIPT}]")
_NAME_WORD = re.compile(r"\w+")
_HELD = re.compile("\x00([0-9]+)\x00")
_HUMP = re.compile(r"[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+|[A-ZÀ-ÖØ-Þ]+(?![a-zß-öø-ÿ])|[^\W\d_]+")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SHORT = 2
_KEPT_DIGITS = 5  # country and area: modes and policies go by them


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether neither letters nor digits stand directly before or behind."""
    return _NAME_WORD.match(text, end) is None and (start == 0 or _NAME_WORD.match(text, start - 1) is None)


class Renamer(Struct):
    """Remembers what it called everything. known: words of the vocabulary; digits: of a number that stay."""

    known: Callable[[str], bool]
    digits: int = _KEPT_DIGITS
    _people: dict[str, str] = field(default_factory=dict)
    _by_word: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _mails: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _signs: dict[str, str] = field(default_factory=dict)
    _syllables: Iterator[int] = field(default_factory=lambda: iter(range(0xAC01, 0xD7A4)))
    _rare: Iterator[int] = field(default_factory=lambda: iter(range(0x3401, 0xA000)))
    _made: int = 0

    def people(self, names: Iterable[str]) -> None:
        """Names that are replaced as a whole, also where a part of them is a word of some language."""
        for name in sorted({n.strip() for n in names if len(n.strip()) > _SHORT}):
            self._people[name.lower()] = " ".join(self._fresh().capitalize() for _ in name.split())
        for name in sorted(self._people, key=lambda n: (-len(n), n)):
            first = _NAME_WORD.search(name)
            if first is not None:
                self._by_word.setdefault(first.group(), []).append((first.start(), name))

    def text(self, text: str) -> str:
        """The text with everything replaced that could tell whose it is."""
        held: list[str] = []

        def hold(made: str) -> str:
            held.append(made)
            return f"\x00{len(held) - 1}\x00"

        text = _DATE.sub(lambda m: hold(m.group()), text.replace("\x00", "\ufffd"))
        text = _GUID.sub(lambda m: hold(self.id(m.group())), text)
        text = _MAIL.sub(lambda m: hold(self._mail(m.group())), text)
        text = _PHONE.sub(lambda m: hold(self._number(m.group())), text)
        text = "".join(self._without_people(text, hold)) if self._by_word else text
        text = _RUN.sub(lambda m: self._run(m.group()), text)
        return _HELD.sub(lambda m: held[int(m[1])], text)

    def _without_people(self, text: str, hold: Callable[[str], str]) -> Iterator[str]:
        """The parts of the text, names of people held; each word is looked up, however many people there are."""
        done = 0
        for word in _NAME_WORD.finditer(text):
            for offset, name in self._by_word.get(word.group().lower(), ()):
                start, end = word.start() - offset, word.start() - offset + len(name)
                if start >= done and text[start:end].lower() == name and _is_apart(text, start, end):
                    yield text[done:start] + hold(self._people[name])
                    done = end
                    break
        yield text[done:]

    def ids(self, text: str) -> str:
        """The text with other ids, and nothing else."""
        return _GUID.sub(lambda m: self.id(m.group()), text)

    def id(self, id: str) -> str:
        """Another id of the same form."""
        number = len(self._ids) + 1
        return self._ids.setdefault(id.casefold(), f"{number:08x}-0000-4000-8000-{number:012x}")

    def _run(self, run: str) -> str:
        folded = run.casefold()
        if len(run) == 1 and run >= "\u3040":
            return run if self.known(run) else self._sign(run)
        if len(run) <= _SHORT or folded in PLATFORM:
            return run
        return "".join(self._word(part) for part in _HUMP.findall(run))

    def _word(self, word: str) -> str:
        folded = word.casefold()
        if len(word) <= _SHORT or folded in PLATFORM or folded in HUMPS or self.known(word):
            return word
        made = self._words.get(folded)
        if made is None:
            made = self._words[folded] = self._fresh()
        if word.isupper():
            return made.upper()
        return made.capitalize() if word[0].isupper() else made

    def _fresh(self) -> str:
        """A word that nobody knows."""
        while True:
            number, made = self._made, ""
            self._made += 1
            while number or len(made) < 6:
                number, rest = divmod(number, len(_CONSONANTS) * len(_VOWELS))
                made += _CONSONANTS[rest // len(_VOWELS)] + _VOWELS[rest % len(_VOWELS)]
            if not self.known(made) and made not in PLATFORM and made not in HUMPS:
                return made

    def _sign(self, sign: str) -> str:
        """Another character of the same sort: a syllable for a syllable, else a rare character."""
        made = self._signs.get(sign)
        if made is None:
            free = self._syllables if sign >= "\uac00" else self._rare
            made = self._signs[sign] = next((c for c in map(chr, free) if not self.known(c)), "\u3400")
        return made

    def _mail(self, mail: str) -> str:
        number = len(self._mails) + 1
        return self._mails.setdefault(mail.casefold(), f"person{number}@example.com")

    def _number(self, number: str) -> str:
        """Another number that begins with the same country and area; separators go."""
        digits = "".join(c for c in number if c.isdigit())
        made = self._numbers.get(digits)
        if made is None:
            kept, free = digits[: self.digits], len(digits) - min(self.digits, len(digits))
            made = kept + (str(len(self._numbers) + 1).zfill(free) if free else "")
            self._numbers[digits] = made
        return ("+" if number.startswith("+") else "") + made
