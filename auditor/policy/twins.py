"""The nearest compliant twin of a witness: the run that parts from it as late as possible and is fine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from auditor.analysis.analysis import Analysis
from auditor.analysis.calls import Call, Calls, Move
from auditor.analysis.consent import Answer
from auditor.analysis.effects import ANSWERS
from auditor.analysis.exploring import Wanted
from auditor.analysis.moves import Key
from auditor.analysis.places import Connected, External, Voicemail
from auditor.analysis.state import Kind, Seen, State

MOST_SITUATIONS = 3000
"""How many situations are looked at behind one branch before it is given up."""
MOST_STEPS = 1000

Path = list[tuple[Key[State], str]]


class Parting(Struct, frozen=True):
    """Where witness and twin part. common: number of situations they share; taken, instead: the two branches.

    rest: the situations of the twin behind the branch.
    """

    common: int
    taken: str
    instead: str
    rest: Path


class Twins:
    """Finds twins in one organisation. breach: whether an observation of a case and world breaks a rule."""

    def __init__(self, analysis: Analysis, breach: Callable[[int, int, Seen, str], bool]) -> None:
        self.analysis, self.breach = analysis, breach
        self._code = ""

    def nearest(self, code: str, case: int, world: int, seen: Seen) -> Parting | None:
        """The twin that shares most with the shortest run to an observation; None when every run is a breach."""
        self._code = code
        wanted = self.wanted(case, world, seen)
        if wanted is None:
            return None
        calls = Calls(self.analysis, self.analysis.cases[case].worlds[world].regime)
        path = self.analysis.run(wanted)
        way = list(self._follow(calls, self.analysis.cases[case].way, path))
        dead: set[Call] = set()
        for index in range(len(way) - 2, -1, -1):
            call, nxt = way[index], way[index + 1]
            for move in _others(calls, call, nxt):
                rest = self._fine(calls, case, world, move, dead)
                if rest is not None:
                    return Parting(index + 1, path[index + 1][1], move.why, rest)
        return None

    def wanted(self, case: int, world: int, seen: Seen) -> Wanted | None:
        """The run from which a twin parts; None when it is too long to look for one."""
        way, regime = self.analysis.cases[case].way, self.analysis.cases[case].worlds[world].regime
        return None if self.analysis.shown(way, regime).first[seen] > MOST_STEPS else (way, regime, seen, False)

    def _follow(self, calls: Calls, way: int, path: Path) -> Iterator[Call]:
        """The situations of a path with their open calls."""
        call = calls.begin(way)
        yield call
        for key, _ in path[1:]:
            for move in calls.moves(call)[0]:
                if move.after is not None and (move.after.point, move.after.state) == key:
                    call = move.after
                    break
            else:
                return
            yield call

    def _fine(self, calls: Calls, case: int, world: int, move: Move, dead: set[Call]) -> Path | None:
        """The shortest way from a branch to an end of the call on which nothing is a breach.

        dead: situations from which there is none, as other branches have shown.
        """
        if move.after is None:
            return []
        if move.after in dead:
            return None
        before: dict[Call, tuple[Call | None, str]] = {move.after: (None, move.why)}
        waiting = [move.after]
        for call in waiting:
            if len(before) > MOST_SITUATIONS:
                return None
            moves, notes = calls.moves(call)
            breaches = [note for note in notes if self.breach(case, world, note, self._code)]
            if any(note.kind is not Kind.ASKED for note in breaches):
                continue
            moves = [m for m in moves if not any(_answers(m, note) for note in breaches)]
            if isinstance(self.analysis.places.at(call.point), Connected | Voicemail | External):
                return _path(before, call)
            for onward in moves:
                if onward.after is None and not isinstance(self.analysis.places.at(call.point), Connected):
                    return _path(before, call)
                if onward.after is not None and onward.after not in before and onward.after not in dead:
                    before[onward.after] = (call, onward.why)
                    waiting.append(onward.after)
        dead.update(before)
        return None


def _answers(move: Move, note: Seen) -> bool:
    """Whether a move leaves a consent point with the answer that was seen."""
    return move.state.last == note.subject * len(ANSWERS) + ANSWERS.index(Answer(note.extra))


def _others(calls: Calls, call: Call, taken: Call) -> Iterator[Move]:
    """The other ways on from a situation."""
    for move in calls.moves(call)[0]:
        if move.after != taken:
            yield move


def _path(before: dict[Call, tuple[Call | None, str]], call: Call) -> Path:
    steps: Path = []
    here: Call | None = call
    while here is not None:
        earlier, why = before[here]
        steps.append(((here.point, here.state), why))
        here = earlier
    return steps[::-1]
