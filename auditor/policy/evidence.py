"""What speaks for a finding: on which legs, in which worlds, on which runs (semantics, section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from auditor.analysis.observations import ObjectKey
from auditor.analysis.state import Seen

Mark = tuple[str, ObjectKey]
"""A rule's code and the object: what makes a finding one finding."""


class Run(Struct, frozen=True):
    """A run that shows a finding. case, world: indexes; matters: recording can be enabled there (else: latent)."""

    case: int
    world: int
    seen: Seen | None
    distance: int
    solid: bool
    matters: bool

    @property
    def order(self) -> tuple[Seen, ...]:
        """Puts runs of one length in order."""
        return () if self.seen is None else (self.seen,)


class Local(Struct):
    """The runs of one finding on one case. worlds: how many there are; counted: those that certainty is about."""

    runs: dict[tuple[int, bool, bool], Run] = field(default_factory=dict)
    counted: frozenset[int] = frozenset()
    certain_here: bool | None = None

    def add(self, run: Run) -> None:
        """Keeps the shortest run of each world, solid and not, that matters and not."""
        key = (run.world, run.solid, run.matters)
        known = self.runs.get(key)
        if known is None or (run.distance, run.order) < (known.distance, known.order):
            self.runs[key] = run

    def _worlds(self, matters: bool | None) -> frozenset[int]:
        return frozenset(w for (w, solid, m), _ in self.runs.items() if solid and (matters is None or m is matters))

    @property
    def certain(self) -> bool:
        """It occurs under every value of what is unset, on a run without taint."""
        if self.certain_here is not None:
            return self.certain_here
        return bool(self.counted) and self.counted <= self._worlds(None) and self._uniform

    @property
    def _uniform(self) -> bool:
        # Where an unset setting decides whether the enabling matters, it does not occur under each value.
        matters = {m for (w, solid, m) in self.runs if w in self.counted and solid}
        return len(matters) == 1 or self.counted <= self._worlds(True)

    @property
    def latent(self) -> bool:
        """No run of it is on a leg on which recording can be enabled."""
        return not any(matters for (_, _, matters) in self.runs)


class Evidence(Struct):
    """All that speaks for one finding, by case."""

    locals: dict[int, Local] = field(default_factory=dict)

    def at(self, case: int, counted: frozenset[int]) -> Local:
        """The part on one case; counted: see Local."""
        found = self.locals.get(case)
        if found is None:
            found = self.locals[case] = Local(counted=counted)
        return found

    @property
    def certain(self) -> bool:
        """Certain if any of its runs is."""
        return any(part.certain for part in self.locals.values())

    @property
    def latent(self) -> bool:
        """Non-latent if any of its runs is."""
        return all(part.latent for part in self.locals.values())

    def witness(self) -> Run | None:
        """The shortest among the certain non-latent runs, else the certain ones, else all."""
        for wanted in (
            lambda part, run: part.certain and run.solid and run.matters,
            lambda part, run: part.certain and run.solid,
            lambda part, run: run.matters,
            lambda part, run: True,
        ):
            runs = [r for p in self.locals.values() for r in p.runs.values() if wanted(p, r)]
            if runs:
                return min(runs, key=lambda r: (r.distance, r.case, r.world, r.order))
        return None

    def runs(self) -> Iterable[Run]:
        """Every run kept."""
        return (run for part in self.locals.values() for run in part.runs.values())


Findings = Mapping[Mark, Evidence]
