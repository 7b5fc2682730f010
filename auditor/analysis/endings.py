"""Ways to the end of a call on which nothing more is observed: where it does not hang on values whether they are taken,

they can be left out.
"""

from __future__ import annotations

from auditor.analysis.facts import Facts
from auditor.analysis.regions import Ways
from auditor.graph.points import FlowCode, PointKind
from auditor.graph.references import reached
from auditor.model.flows import FlowType, Handling
from auditor.model.operations import CallBot, CallModule, Disconnect

HEADS = (PointKind.ROUND, PointKind.FIRST_ROUND)
"""Where no way is left out: without its way out a loop would seem to come to all that its rounds can lead to."""
_CALLED = (FlowType.COMMON_MODULE, FlowType.BOT)


def dead_ends(code: FlowCode, ways: Ways) -> set[int]:
    """The points of a flow from which every way ends the call. ways: of idle points."""
    before: dict[int, list[int]] = {}
    for point, targets in ways.items():
        for target in targets:
            before.setdefault(target, []).append(point)
    left = {point: len(targets) for point, targets in ways.items()}
    found = {p.id for p in code.points if p.site is not None and isinstance(p.site.action.operation, Disconnect)}
    todo = list(found)
    while todo:
        for point in before.get(todo.pop(), ()):
            left[point] -= 1
            if left[point] == 0:
                found.add(point)
                todo.append(point)
    return found


def ending_on_errors(facts: Facts) -> frozenset[int]:
    """The flows in which an error ends the call: by their own handling, or that of all flows that call them."""
    passing: dict[int, set[int]] = {}
    for point, _ in facts.program.acting(CallModule, CallBot):
        called = facts.callee(point)
        if called is not None and _has_none(facts.program.codes[called]):
            passing.setdefault(point.flow, set()).add(called)
    flows = range(len(facts.program.codes))
    return frozenset(flows) - reached((index for index in flows if not _ends(facts.program.codes[index])), passing)


def _ends(code: FlowCode) -> bool:
    handling = code.flow.error_handling
    return handling is None or handling.kind is Handling.DISCONNECT


def _has_none(code: FlowCode) -> bool:
    """Whether errors are left to the caller."""
    return code.flow.type in _CALLED and code.flow.error_handling is None
