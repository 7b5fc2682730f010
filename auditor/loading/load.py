"""Files and folders -> the organisation: the one way in for everything that audits."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from auditor.loading.completeness import incomplete
from auditor.loading.files import walk
from auditor.loading.flow_joining import join_flows
from auditor.loading.harvest import Harvest
from auditor.loading.joining import join
from auditor.loading.manifest import manifest_problems
from auditor.loading.merging import place_of
from auditor.loading.references import unresolved
from auditor.loading.shapes import Shapes
from auditor.loading.sources import read_file
from auditor.model.organisation import Organisation
from auditor.model.problems import InputFile, Problem

Progress = Callable[[str, int, int], None]


def load(paths: Sequence[Path], *, progress: Progress | None = None) -> Organisation:
    """The organisation described by all files below the paths, the same whatever their order.

    progress: told a word for what is done, how much of it is done, and how much there is.
    """
    inputs: list[InputFile] = []
    harvests: list[Harvest] = []
    found = walk(paths)
    shapes = Shapes()
    with _without_collections():
        for number, file in enumerate(found):
            if progress is not None:
                progress("reading", number, len(found))
            listed, harvest = read_file(file, shapes)
            inputs.append(listed)
            harvests.append(harvest)
        if progress is not None:
            progress("reading", len(found), len(found))
        return _joined(inputs, harvests)


def _joined(inputs: Sequence[InputFile], harvests: Sequence[Harvest]) -> Organisation:
    problems = [problem for harvest in harvests for problem in harvest.problems]
    organisation = join(harvests, problems)
    bodies = [flow for harvest in harvests for flow in harvest.flows]
    listed = [flow for harvest in harvests for flow in harvest.listed_flows]
    forms = {file.path: file.kind for file in inputs}
    organisation = replace(organisation, flows=join_flows(bodies, listed, forms, problems), inputs=tuple(inputs))
    seen = {page.kind for harvest in harvests for page in harvest.pages}
    problems += unresolved(organisation)
    problems += incomplete(organisation, frozenset(seen))
    manifests = [harvest.manifest for harvest in harvests if harvest.manifest is not None]
    problems += manifest_problems(manifests, {file.path: file.sha256 for file in inputs})
    return replace(organisation, problems=tuple(sorted(set(problems), key=_order)))


def _order(problem: Problem) -> tuple[object, ...]:
    return *place_of(problem.location), problem.code, problem.message, problem.subject


@contextmanager
def _without_collections() -> Iterator[None]:
    """Pauses the cyclic collector: parsed documents hold no cycles, and walking them again and again costs half."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
