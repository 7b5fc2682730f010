"""What the words of a prompt ask: whether they are about recording, and which key means what."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.analysis.announcing import announcement
from auditor.analysis.clauses import Meaning, Parsed
from auditor.analysis.guessing import Marked, parsed_sentences
from auditor.analysis.names import NameReading as NameReading
from auditor.analysis.names import read_name as read_name
from auditor.analysis.questioning import Questioning, told_of_calls
from auditor.model.vocabulary import STAYING, Vocabulary


class Reading(Struct, frozen=True):
    """What the words of a prompt say.

    known: there are words, in a language of the vocabulary; about_recording: a question about recording (consent is
    asked), not an announcement alone; announcement: the words say that the call is or may be recorded;
    granting, refusing, repeating: keys ("1", "*", "#") that mean yes, no, or to hear it again; spoken: asks to say
    yes or no; inverted: a spoken or bare yes refuses, since the question asks for an objection ("do you object?");
    reasons: in English, quoting the words that decided; others: digits that are named, and it is not clear for what.
    """

    known: bool = False
    about_recording: bool = False
    announcement: bool = False
    granting: tuple[str, ...] = ()
    refusing: tuple[str, ...] = ()
    repeating: tuple[str, ...] = ()
    spoken: bool = False
    reasons: tuple[str, ...] = ()
    inverted: bool = False
    others: tuple[str, ...] = ()


def read_question(texts: Sequence[tuple[str | None, str]], vocabulary: Vocabulary, *, named: bool = False) -> Reading:
    """Read all the words of one prompt or question. texts: (language like "de-de" or None, text), in order.

    Texts of several languages, or several parts in one, are one question: a key that one of them grants with and
    another refuses with is in neither list. Consent to something else (terms, marketing) beside a mere announcement
    of recording is no question about recording. named: something else says that recording is what is asked about;
    words that ask for nothing else ("press 1 for yes") then ask for consent to it.
    """
    marked = parsed_sentences(texts, vocabulary)
    sentences = [each.parsed for each in marked if each.parsed is not None]
    recording = named or told_of_calls(sentences)
    language: str | None = None
    questioning = Questioning(recording)
    for each in marked:
        if each.parsed is None:
            continue
        if each.mark != language:
            questioning.change_language()
            language = each.mark
        questioning.read(each.parsed)
    return _reading(marked, sentences, questioning)


def _reading(marked: Sequence[Marked], sentences: Sequence[Parsed], found: Questioning) -> Reading:
    known = any(each.known for each in marked)
    about = found.recording and (
        found.asked
        or found.spoken
        or any(meanings - {Meaning.REPEAT} for key, meanings in found.keys.items() if key != STAYING)
    )
    announcing = [quote for each in sentences if found.recording and (quote := announcement(each))]
    if not about:
        return Reading(known, announcement=bool(announcing), reasons=_why_not(known, found, announcing))
    clear, unclear = _clear(found.keys)
    return Reading(
        known=True,
        about_recording=True,
        announcement=True,
        granting=_keys(clear, Meaning.GRANT),
        refusing=_keys(clear, Meaning.REFUSE),
        repeating=_keys(clear, Meaning.REPEAT),
        spoken=found.spoken,
        reasons=(*found.reasons, *unclear),
        inverted=found.inverted,
        others=tuple(sorted(found.digits - found.keys.keys())),
    )


def _clear(keys: dict[str, set[Meaning]]) -> tuple[dict[str, Meaning], list[str]]:
    """The keys of one meaning, and what is unclear in words. Staying on the line is no key itself.

    A question does not offer one answer twice: of two keys that seem to mean the same, one has been misread.
    """
    clear = {key: next(iter(meanings)) for key, meanings in keys.items() if len(meanings) == 1}
    unclear = [f"key {key} means different things in different places" for key in keys if key not in clear]
    answers = sorted(key for key, meaning in clear.items() if meaning is not Meaning.REPEAT)
    if len(answers) > 1 and len({clear[key] for key in answers}) == 1:
        unclear.append(f"keys {', '.join(answers)} seem to mean the same")
        clear = {key: meaning for key, meaning in clear.items() if meaning is Meaning.REPEAT}
    return {key: meaning for key, meaning in clear.items() if key != STAYING}, unclear


def _keys(clear: dict[str, Meaning], wanted: Meaning) -> tuple[str, ...]:
    return tuple(sorted(key for key, found in clear.items() if found is wanted))


def _why_not(known: bool, found: Questioning, announcing: Sequence[str]) -> tuple[str, ...]:
    if not known:
        return ("no words of a known language",)
    if announcing:
        return (f'recording is announced, nothing is asked about it: "{announcing[0]}"',)
    if found.recording:
        return ("recording is mentioned, nothing is asked about it",)
    return ("no words about recording",)
