"""rules/vocabulary.toml and the additions of a policy file as a Vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from auditor.loading.toml_shape import TomlFile, broken, did_you_mean, read_toml, shape_faults, shipped_toml
from auditor.model.policy import VocabularyAddition
from auditor.model.vocabulary import Category, Lexicon, Phrase, Vocabulary
from auditor.resources import data_folder


def read_vocabulary(
    path: Path | None = None, additions: Sequence[VocabularyAddition] = (), *, checked: bool = True
) -> Vocabulary:
    """The vocabulary of the file (the shipped one by default) with the additions; raises PolicyError.

    An addition may begin a language that the file lacks. checked: False trusts the file, and spares the schema; the
    shipped one is then read and compiled once in a process.
    """
    if path is None and not additions and not checked:
        return _shipped()
    file = read_toml(path) if path is not None else _shipped_file()
    if checked and (faults := shape_faults(file, "vocabulary")):
        raise broken(file.told(faults))
    words = _words(file)
    if told := tuple(line for each in additions for line in _addition_faults(each)):
        raise broken(told)
    for each in additions:
        phrases = (Phrase(Category(each.category), text) for text in each.words)
        words.setdefault(each.language, []).extend(phrases)
    return _vocabulary(words)


def _shipped_file() -> TomlFile:
    return shipped_toml(data_folder() / "vocabulary.toml", "rules/vocabulary.toml")


@cache
def _shipped() -> Vocabulary:
    return _vocabulary(_words(_shipped_file()))


def _words(file: TomlFile) -> dict[str, list[Phrase]]:
    """The phrases by language."""
    return {
        language: [Phrase(Category(name), text) for name, texts in table.items() for text in texts]
        for language, table in file.data.items()
    }


def _vocabulary(words: Mapping[str, Sequence[Phrase]]) -> Vocabulary:
    return Vocabulary(tuple(Lexicon(language, tuple(dict.fromkeys(phrases))) for language, phrases in words.items()))


def _addition_faults(addition: VocabularyAddition) -> list[str]:
    place = f"vocabulary.{addition.language}.{addition.category}"
    known = [each.value for each in Category]
    if addition.category not in known:
        return [f"{place}: no category of words{did_you_mean(addition.category, known)}"]
    return [f'{place}: "{text}" holds no word' for text in addition.words if not any(map(str.isalnum, text))]
