"""Other words for people, numbers, prompts and names: the same for the same text, wherever it stands.

Words that the analysis knows stay (they decide what a question asks), and so do words of the platform itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from auditor.loading.platform_words import HUMPS, PLATFORM

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.-])\+?[0-9](?:[ ()/-]{0,2}[0-9]){5,19}(?![\w-])")
_SCRIPT = "\u3400-\u9fff\uac00-\ud7a3\u30a0-\u30ff"
_RUN = re.compile(rf"[^\W\d_{_SCRIPT}\u3040-\u309f]+|[{_SCRIPT}]")
_HUMP = re.compile(r"[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+|[A-ZÀ-ÖØ-Þ]+(?![a-zß-öø-ÿ])|[^\W\d_]+")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SHORT = 2
_KEPT_DIGITS = 5  # country and area: modes and policies go by them


@dataclass(slots=True)
class Renamer:
    """Remembers what it called everything. known: words of the vocabulary; digits: of a number that stay."""

    known: Callable[[str], bool]
    digits: int = _KEPT_DIGITS
    _people: dict[str, str] = field(default_factory=dict)
    _phrases: re.Pattern[str] | None = None
    _words: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _mails: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _signs: dict[str, str] = field(default_factory=dict)
    _made: int = 0

    def people(self, names: Iterable[str]) -> None:
        """Names that are replaced as a whole, also where a part of them is a word of some language."""
        for name in sorted({n.strip() for n in names if len(n.strip()) > _SHORT}):
            self._people[name.casefold()] = " ".join(self._fresh().capitalize() for _ in name.split())
        if self._people:
            longest = sorted(self._people, key=lambda n: (-len(n), n))
            self._phrases = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)

    def text(self, text: str) -> str:
        """The text with everything replaced that could tell whose it is."""
        held: list[str] = []

        def hold(made: str) -> str:
            held.append(made)
            return f"\x00{len(held) - 1}\x00"

        text = _DATE.sub(lambda m: hold(m.group()), text)
        text = _GUID.sub(lambda m: hold(self.id(m.group())), text)
        text = _MAIL.sub(lambda m: hold(self._mail(m.group())), text)
        text = _PHONE.sub(lambda m: hold(self._number(m.group())), text)
        if self._phrases is not None:
            text = self._phrases.sub(lambda m: hold(self._people[m.group().casefold()]), text)
        text = _RUN.sub(lambda m: self._run(m.group()), text)
        return re.sub("\x00([0-9]+)\x00", lambda m: held[int(m[1])], text)

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
            for _ in range(3):
                number, rest = divmod(number, len(_CONSONANTS) * len(_VOWELS))
                made += _CONSONANTS[rest // len(_VOWELS)] + _VOWELS[rest % len(_VOWELS)]
            if not self.known(made) and made not in PLATFORM and made not in HUMPS:
                return made

    def _sign(self, sign: str) -> str:
        """Another character of the same sort: a syllable for a syllable, else a rare character."""
        made = self._signs.get(sign)
        if made is None:
            start = 0xAC01 if sign >= "\uac00" else 0x3401
            taken = set(self._signs.values())
            made = next(c for c in map(chr, range(start, start + 4000)) if c not in taken and not self.known(c))
            self._signs[sign] = made
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
