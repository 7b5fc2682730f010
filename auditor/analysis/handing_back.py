"""How values are handed back when a task, module or bot returns: worked out once for those that are stored."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from auditor.analysis.machine import CallMachine
from auditor.analysis.numbering import CORES, Numbering
from auditor.analysis.state import State
from auditor.analysis.tracking import interface, scoped
from auditor.model.operations import CallBot, CallModule, CallTask


class _Masks(NamedTuple):
    """Fields of values. touched: what is stored, and where; of the others those of the caller are back, and of what

    was called the kept ones stay.
    """

    touched: int
    back: int
    kept: int


class HandingBack:
    """Where calls go on when they return, and with which values."""

    def __init__(self, machine: CallMachine, numbering: Numbering) -> None:
        self._machine, self._numbering = machine, numbering
        self._masks: dict[int, _Masks] = {}
        self._found: dict[tuple[int, str, int, int], tuple[int, int, str]] = {}

    def resume(self, point: int, before: int, output: str, after: int) -> tuple[int, int, str]:
        """The point behind a call, the state there and why; see CallMachine.resume."""
        masks = self._masks.get(point)
        if masks is None:
            masks = self._masks[point] = self._find_masks(point)
        key = (point, output, before & masks.touched, after & masks.touched)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._work_out(*key)
        target, values, why = found
        return target, (after & CORES) | (before & masks.back) | (after & masks.kept) | values, why

    def _work_out(self, point: int, output: str, before: int, after: int) -> tuple[int, int, str]:
        env, core = self._numbering.env, State()
        target, state, why = self._machine.resume(
            point, replace(core, env=env(before)), output, replace(core, env=env(after))
        )
        return target, self._numbering.values(state.env), why

    def _find_masks(self, point: int) -> _Masks:
        facts, numbering = self._machine.facts, self._numbering
        here, values = facts.program.points[point], ~CORES
        assert here.site is not None
        operation, mine = here.site.action.operation, facts.environment.keys[here.flow]
        assert isinstance(operation, CallTask | CallModule | CallBot)
        handed = {b.variable.casefold() for b in operation.bindings}
        if isinstance(operation, CallTask):
            handed |= {scoped(b.output, "task") for b in operation.bindings}
            back = numbering.mask(key for key in mine if key.startswith("task."))
            return self._masks_of(handed & (mine | facts.environment.shared), back, values & ~back)
        if isinstance(operation, CallBot):
            handed |= {name.casefold() for name in (operation.intent, operation.exit_reason) if name is not None}
        called = facts.callee(here)
        if called is None:
            return self._masks_of(handed & (mine | facts.environment.shared), 0, values)
        inner = facts.environment.keys[called]
        handed |= {interface(facts.program.codes[called], b.output) for b in operation.bindings}
        kept = numbering.shared
        return self._masks_of(handed & (mine | inner | facts.environment.shared), values & ~kept, kept)

    def _masks_of(self, handed: set[str], back: int, kept: int) -> _Masks:
        touched = self._numbering.mask(handed)
        return _Masks(touched, back & ~touched, kept & ~touched)
