"""Three answers about a change: what is gone, what is new, and whether anything else has another verdict. Pure."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.snapshot import FindingLine, VerdictLine
from auditor.policy.differences import Differences, Pair

_BETTER = {"violated": 0, "unknown": 1, "proved": 2}


class Answers(Struct, frozen=True):
    """gone, new: findings; better: verdicts that the change mends; other: verdicts that it changes besides."""

    gone: tuple[FindingLine, ...]
    new: tuple[FindingLine, ...]
    better: tuple[Pair[VerdictLine], ...]
    other: tuple[Pair[VerdictLine], ...]
    differences: Differences

    @property
    def good(self) -> bool:
        """Whether something is gone, nothing is new, and nothing else changed its verdict."""
        return bool(self.gone) and not self.new and not self.other


def answers(found: Differences) -> Answers:
    """The three answers; a verdict that is better than before is what the change was made for."""
    changed = [pair for pair in found.verdicts if _word(pair.old) != _word(pair.new)]
    better = tuple(pair for pair in changed if _mended(pair))
    other = tuple(pair for pair in changed if not _mended(pair))
    return Answers(found.fixed, (*found.new, *found.worse), better, other, found)


def _word(line: VerdictLine | None) -> str:
    return "" if line is None else line.verdict


def _mended(pair: Pair[VerdictLine]) -> bool:
    return _BETTER.get(_word(pair.old), 9) < _BETTER.get(_word(pair.new), -1)
