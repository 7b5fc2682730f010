"""A question sentence by sentence: what it is about so far, and what its keys and words therefore mean."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from msgspec import Struct, field

from auditor.analysis.clauses import Clause, Key, Meaning, Parsed
from auditor.analysis.meaning import meaning
from auditor.analysis.pairing import Pair, Said, pairs, said_in
from auditor.model.vocabulary import STAYING, Category

_WILL = (Category.AGREE, Category.CONSENT, Category.REFUSE, Category.WANT, Category.ASK)
_CONSENTING = (Category.AGREE, Category.CONSENT, Category.REFUSE)
_OPENING = (Category.CONDITION, Category.IF_NOT, Category.OTHERWISE, Category.PURPOSE, Category.REPEAT)
_HELD = (Category.CONDITION, Category.IF_NOT, Category.PURPOSE)
_BARE = 1
_OPPOSITE = {Meaning.GRANT: Meaning.REFUSE, Meaning.REFUSE: Meaning.GRANT}


class About(Enum):
    """What a yes would answer. ANNOUNCED: recording was mentioned, nothing asked yet; OTHER: a different question."""

    NOTHING = auto()
    ANNOUNCED = auto()
    RECORDING = auto()
    OBJECTION = auto()
    OTHER = auto()


class Questioning(Struct):
    """Reads sentences in order. recording: the words mention recording somewhere; the rest is what was found.

    digits: every digit that is named as a key, whatever it means.
    """

    recording: bool
    about: About = About.NOTHING
    last: Meaning = Meaning.NONE
    waiting: Said | None = None
    keys: dict[str, set[Meaning]] = field(default_factory=dict)
    digits: set[str] = field(default_factory=set)
    asked: bool = False
    spoken: bool = False
    inverted: bool = False
    reasons: list[str] = field(default_factory=list)

    def change_language(self) -> None:
        """The question begins anew in another language; what its keys mean is kept."""
        self.about, self.last, self.waiting = About.NOTHING, Meaning.NONE, None

    def read(self, parsed: Parsed) -> None:
        """Read the next sentence."""
        if parsed.sentence.question:
            self._question(parsed)
        elif mentions(parsed) and self.about in (About.NOTHING, About.OTHER):
            self.about = About.ANNOUNCED
        found = list(pairs(parsed))
        self.digits.update(key.key for key in parsed.keys if key.key.isdigit())
        before = self.about
        self._see(parsed, said_in(parsed.regions[0]))
        for number, pair in enumerate(found):
            if pair.otherwise and any(each.said is None and not each.alone for each in found[:number]):
                continue
            self._assign(parsed, pair, parsed.regions[number], parsed.regions[number + 1])
        self._hear(parsed)
        if not parsed.sentence.question and self.about is About.OBJECTION:
            self.about = before if before is not About.NOTHING else About.ANNOUNCED
        ending = [each for each in said_in(parsed.regions[-1]) if _open(parsed, each)] if not parsed.keys else ()
        self.waiting = ending[-1] if ending else None

    def _question(self, parsed: Parsed) -> None:
        """What a question asks for; asking for assent and objection at once leaves open what a yes would mean."""
        said = said_in(tuple(parsed.clauses))
        willed = [each for each in said if each.clause.has(*_WILL)]
        meanings = {self._absolute(parsed, each) for each in willed or said}
        will = parsed.has(*_WILL)
        clear = not meanings >= {Meaning.GRANT, Meaning.REFUSE}
        if not clear:
            self.about = About.OTHER
        elif Meaning.REFUSE in meanings:
            self.about = About.OBJECTION
        elif Meaning.GRANT in meanings or (mentions(parsed) and will):
            self.about = About.RECORDING
        elif will or any(clause.content for clause in parsed.clauses):
            self.about = About.OTHER
        about = self.about in (About.RECORDING, About.OBJECTION)
        elsewhere = parsed.has(Category.TOPIC) and Meaning.GRANT not in meanings
        if about and self.recording and (not mentions(parsed) or (will and not elsewhere)):
            self.asked = True
            self._because(parsed, 0, len(parsed.sentence.tokens), "it asks")
        self.inverted |= self.asked and self.about is About.OBJECTION

    def _see(self, parsed: Parsed, opening: tuple[Said, ...]) -> None:
        """What the words before the first key say decides what a yes answers."""
        if parsed.sentence.question:
            return
        absolute = [found for said in opening if (found := self._absolute(parsed, said)) is not Meaning.NONE]
        if absolute and (parsed.keys or self.about in (About.NOTHING, About.ANNOUNCED)):
            self.about = About.OBJECTION if absolute[-1] is Meaning.REFUSE else About.RECORDING
            return
        first = parsed.regions[0] if parsed.keys else tuple(parsed.clauses)
        another = any(clause.content and clause.has(Category.CONDITION, Category.WANT) for clause in first)
        if not mentions(parsed) and (another or (parsed.keys and self._unasked(first))):
            self.about = About.OTHER

    def _unasked(self, clauses: tuple[Clause, ...]) -> bool:
        return self.about in (About.NOTHING, About.ANNOUNCED) and any(clause.content for clause in clauses)

    def _assign(self, parsed: Parsed, pair: Pair, before: tuple[Clause, ...], after: tuple[Clause, ...]) -> None:
        """What a key means. before, after: the clauses around it. "Otherwise" says nothing after "for sales"."""
        said, key = pair.said, pair.key
        if said is None and self.waiting is not None and pair.alone:
            said = None if any(clause.content for clause in parsed.clauses) else self.waiting
        if said is None:
            if any(_of_another_thing(clause) for clause in (*before, *after[:1])):
                self.last = Meaning.NONE
            return
        found = Meaning.REPEAT if said.meaning is Meaning.REPEAT else self._resolve(parsed, said)
        if found is Meaning.NONE:
            return
        self.keys.setdefault(key.key, set()).add(found)
        words = {Meaning.GRANT: "means yes", Meaning.REFUSE: "means no", Meaning.REPEAT: "repeats the question"}
        self._because(parsed, *_span(said.clause, key, said is self.waiting), f"{_named(key)} {words[found]}")

    def _hear(self, parsed: Parsed) -> None:
        """Whether an answer is to be spoken: a word of saying, and behind it what to say.

        What those say whom a condition holds for is what the condition says: "if you do not agree, say no".
        """
        if parsed.has(Category.AGENT) or not parsed.has(Category.SAY):
            return
        said_at = min(tag.start for tag in parsed.tags if Category.SAY in tag.categories)
        condition = Meaning.NONE
        for clause in parsed.clauses:
            said = Said(clause, meaning(clause))
            if clause.end <= said_at:
                condition = self._absolute(parsed, said) if clause.has(*_HELD) else condition
            elif clause.has(Category.YES, Category.NO) or _follows(clause, said_at):
                answered = said.meaning in (Meaning.YES, Meaning.NO) and condition is not Meaning.NONE
                found = condition if answered else self._resolve(parsed, said)
                if found in _OPPOSITE:
                    self._spoken(parsed, said, found)

    def _spoken(self, parsed: Parsed, said: Said, found: Meaning) -> None:
        self.spoken = True
        contrary = Meaning.REFUSE if said.meaning is Meaning.YES else Meaning.GRANT
        self.inverted |= said.meaning in (Meaning.YES, Meaning.NO) and found is contrary
        self._because(parsed, said.clause.start, said.clause.end, "an answer is to be spoken")

    def _resolve(self, parsed: Parsed, said: Said) -> Meaning:
        """GRANT or REFUSE, or NONE when it does not concern recording."""
        found = self._relative(parsed, said)
        if found in _OPPOSITE:
            self.last = found
        return found

    def _relative(self, parsed: Parsed, said: Said) -> Meaning:
        match said.meaning:
            case Meaning.GRANT | Meaning.REFUSE:
                return self._absolute(parsed, said)
            case Meaning.OTHERWISE:
                return _OPPOSITE.get(self.last, self._unanswered(said))
            case Meaning.YES | Meaning.NO:
                granted = Meaning.GRANT if said.meaning is Meaning.YES else Meaning.REFUSE
                if self.about is About.OTHER or not self.recording:
                    return Meaning.NONE
                return _OPPOSITE[granted] if self.about is About.OBJECTION else granted
            case _:
                return Meaning.NONE

    def _unanswered(self, said: Said) -> Meaning:
        """What "if not" means where nothing was said before but the question: no."""
        if not self.asked or not said.clause.has(Category.IF_NOT):
            return Meaning.NONE
        return {About.RECORDING: Meaning.REFUSE, About.OBJECTION: Meaning.GRANT}.get(self.about, Meaning.NONE)

    def _absolute(self, parsed: Parsed, said: Said) -> Meaning:
        """Assent or objection as it stands, if its object is recording or goes without saying."""
        if said.meaning not in _OPPOSITE or not self.recording:
            return Meaning.NONE
        if mentions(parsed):
            return said.meaning
        other = parsed.has(Category.TOPIC) or said.clause.content > _BARE or self.about is About.OTHER
        return Meaning.NONE if other else said.meaning

    def _because(self, parsed: Parsed, start: int, end: int, what: str) -> None:
        quoted = parsed.sentence.quote(start, end)
        reason = f'{what}: "{quoted}"'
        if quoted and reason not in self.reasons:
            self.reasons.append(reason)


def _open(parsed: Parsed, said: Said) -> bool:
    """Whether the next sentence may say which key is meant: not behind "this call is not recorded"."""
    return parsed.sentence.question or said.clause.has(*_OPENING, *_WILL)


def _of_another_thing(clause: Clause) -> bool:
    aimed = clause.has(Category.PURPOSE, Category.CONDITION, Category.WANT)
    return aimed and clause.content > 0 and not clause.has(Category.RECORDING)


def _named(key: Key) -> str:
    return "staying on the line" if key.key == STAYING else f"key {key.key}"


def told_of_calls(sentences: Sequence[Parsed]) -> bool:
    """Whether the words are about recording calls: doubtful words need a call, or consent in the same sentence."""
    recording = [tag for each in sentences for tag in each.tags if Category.RECORDING in tag.categories]
    if any(Category.NAME_RECORDING not in tag.categories for tag in recording):
        return True
    calls = any(each.has(Category.CALL, Category.QUALITY) for each in sentences)
    return bool(recording) and (calls or any(mentions(each) and each.has(*_CONSENTING) for each in sentences))


def _follows(clause: Clause, said_at: int) -> bool:
    """Whether words of consent stand behind the word of saying: "say I agree", not "unless you tell us"."""
    return any(tag.start > said_at and not tag.categories.isdisjoint(_CONSENTING) for tag in clause.tags)


def mentions(parsed: Parsed) -> bool:
    """Whether the sentence has words of call recording."""
    return parsed.has(Category.RECORDING)


def _span(clause: Clause, key: Key, elsewhere: bool) -> tuple[int, int]:
    """The tokens from the clause to the key, or from the key to the clause."""
    if elsewhere:
        return key.at, key.at + 1
    return min(clause.start, key.at), max(clause.end, key.at + 1)
