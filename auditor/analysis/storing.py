"""Whether a yes is stored, looked for from a run to its question on: mostly the next actions show it.

Where they do not, an exploration in which duties are followed has to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from auditor.analysis.effects import EVIDENCE, bare
from auditor.analysis.situations import Situations
from auditor.analysis.state import Kind, State
from auditor.analysis.walking import Here, onward

MOST_STEPS = 2000
"""Situations behind a question that are looked at."""


def stored(following: Situations, run: Sequence[tuple[int, State]], question: int) -> tuple[int, State] | None:
    """Where the yes to a question is stored before anything else is asked, if that is seen soon.

    following: moves one by one in which duties are followed; run: from the begin of a call to where it is asked.
    """
    edge, seen = _walked(following, run), set[Here]()
    while edge and len(seen) < MOST_STEPS:
        reached: list[Here] = []
        for here in edge:
            _, notes = following.step(here.point, here.state, here.frame)
            if any(n.seen.kind is Kind.DONE and n.seen.extra == EVIDENCE and n.seen.subject == question for n in notes):
                return here.point, following.state(here.state)
            reached += [after for after, _ in onward(following, here) if _owes(following.core(after.state), question)]
        edge = list(dict.fromkeys(each for each in reached if each not in seen))
        seen.update(edge)
    return None


def _owes(core: State, question: int) -> bool:
    return any(duty.kind == EVIDENCE and duty.point == question for duty in core.pending)


def _walked(following: Situations, run: Sequence[tuple[int, State]]) -> list[Here]:
    """The end of the run, with the duties that it has then; there are several where answers before are not told."""
    edge = [Here(run[0][0], following.begin)]
    for point, state in run[1:]:
        goal = _way(state)
        ahead = (after for here in edge for after, _ in onward(following, here) if after.point == point)
        edge = [after for after in dict.fromkeys(ahead) if _way(following.state(after.state)) == goal]
    return edge


def _way(state: State) -> State:
    """What two states have in common that go the same way."""
    return replace(bare(state), pending=frozenset(), hidden=0)
