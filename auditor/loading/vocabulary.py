"""rules/vocabulary.toml and the additions of a policy file as a Vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.loading.toml_shape import broken, did_you_mean, read_toml, shape_faults
from auditor.model.policy import VocabularyAddition
from auditor.model.vocabulary import Category, Lexicon, Phrase, Vocabulary
from auditor.resources import data_folder


def read_vocabulary(
    path: Path | None = None, additions: Sequence[VocabularyAddition] = (), *, checked: bool = True
) -> Vocabulary:
    """The vocabulary of the file (the shipped one by default) with the additions; raises PolicyError.

    An addition may begin a language that the file lacks. checked: False trusts the file, and spares the schema.
    """
    file = read_toml(path or data_folder() / "vocabulary.toml", None if path else "rules/vocabulary.toml")
    if checked and (faults := shape_faults(file, "vocabulary")):
        raise broken(file.told(faults))
    words = {
        language: [Phrase(Category(name), text) for name, texts in table.items() for text in texts]
        for language, table in file.data.items()
    }
    if told := tuple(line for each in additions for line in _addition_faults(each)):
        raise broken(told)
    for each in additions:
        phrases = (Phrase(Category(each.category), text) for text in each.words)
        words.setdefault(each.language, []).extend(phrases)
    return Vocabulary(tuple(Lexicon(language, tuple(dict.fromkeys(phrases))) for language, phrases in words.items()))


def _addition_faults(addition: VocabularyAddition) -> list[str]:
    place = f"vocabulary.{addition.language}.{addition.category}"
    known = [each.value for each in Category]
    if addition.category not in known:
        return [f"{place}: no category of words{did_you_mean(addition.category, known)}"]
    return [f'{place}: "{text}" holds no word' for text in addition.words if not any(map(str.isalnum, text))]
