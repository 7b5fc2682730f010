"""Which words and names said nothing in earlier audits: nearly all do, and most stay as they are."""

from __future__ import annotations

import hashlib

import msgspec

from auditor.analysis.points_scene import Heard
from auditor.caching.parts import Parts
from auditor.caching.program import program_digest
from auditor.model.vocabulary import Vocabulary


class Hearings:
    """Words and names in the cache; a `HeardBefore` of `find_questions`. Of each vocabulary those of the last audit."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def recall(self, vocabulary: Vocabulary) -> Heard:
        """What is known under a vocabulary."""
        found = next(iter(self._parts.get([_key(vocabulary)]).values()), None)
        return found if isinstance(found, Heard) else Heard()

    def keep(self, vocabulary: Vocabulary, heard: Heard) -> None:
        """Has what was heard in this audit kept."""
        self._parts.put(_key(vocabulary), heard)


def vocabulary_digest(vocabulary: Vocabulary) -> str:
    """A hash of all words."""
    return hashlib.sha256(msgspec.msgpack.encode(vocabulary)).hexdigest()


def _key(vocabulary: Vocabulary) -> str:
    return hashlib.sha256(f"heard\n{program_digest()}\n{vocabulary_digest(vocabulary)}".encode()).hexdigest()
