"""Files and folders -> the organisation: the one way in for everything that audits."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path

from msgspec.structs import replace

from auditor.loading.candidates import replace_by_candidates
from auditor.loading.completeness import incomplete
from auditor.loading.files import walk
from auditor.loading.flow_joining import Telling, join_flows
from auditor.loading.harvest import Harvest
from auditor.loading.joining import join
from auditor.loading.limits import MOST_TOLD
from auditor.loading.listings import cut_off
from auditor.loading.manifest import manifest_problems
from auditor.loading.many_files import Memory, Progress, read_files, without_collections
from auditor.loading.merging import place_of
from auditor.loading.references import unresolved
from auditor.loading.sources import NOTHING, Reading, read_file
from auditor.loading.terraform import Terraform
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.sharing import NOBODY, Hands


def load(
    paths: Sequence[Path],
    *,
    candidates: Sequence[Path] = (),
    substitutions: Mapping[str, str] = NOTHING,
    progress: Progress | None = None,
    hands: Hands = NOBODY,
    memory: Memory | None = None,
) -> Organisation:
    """The organisation described by all files below the paths, the same whatever their order.

    candidates: files whose objects replace those of the organisation, to judge what is about to be deployed;
    substitutions: texts for the templates of Archy flows; progress: told a word for what is done, how much of it is
    done, and how much there is; hands: who helps reading; memory: what files gave before.
    """
    planned = {file.name for file in walk(candidates)}
    found = walk([*paths, *candidates])
    with _without_collections():
        readings = read_files(found, substitutions, progress, hands, memory)
        by_name = {reading.found.name: reading for reading in readings}

        def again(name: str, said: Mapping[str, str]) -> Harvest:
            """A flow once more, with texts for its templates that only its Terraform resource knows."""
            return read_file(by_name[name].found, {**said, **substitutions}).harvest

        terraform = Terraform({name: reading.harvest for name, reading in by_name.items()}, again)
        terraform.read()
        return _joined(readings, planned, terraform)


def _joined(readings: Sequence[Reading], planned: Set[str], terraform: Terraform) -> Organisation:
    problems: list[Problem] = []
    replace_by_candidates(
        [reading.harvest for reading in readings if reading.found.name not in planned],
        [reading.harvest for reading in readings if reading.found.name in planned],
        problems,
    )
    inputs = tuple(reading.listed for reading in readings)
    harvests = [reading.harvest for reading in readings]
    problems += [problem for harvest in harvests for problem in harvest.problems]
    organisation = join(harvests, problems)
    bodies = [flow for harvest in harvests for flow in harvest.flows]
    listed = [flow for harvest in harvests for flow in harvest.listed_flows]
    told = Telling({file.path: file.kind for file in inputs}, frozenset(planned), problems)
    flows = join_flows(bodies, listed, told)
    organisation = replace(organisation, flows=flows, inputs=inputs, notes=tuple(sorted(told.notes)))
    pages = [page for harvest in harvests for page in harvest.pages]
    problems += cut_off(organisation, pages)
    problems += unresolved(organisation)
    problems += incomplete(organisation, frozenset(page.kind for page in pages))
    manifests = [harvest.manifest for harvest in harvests if harvest.manifest is not None]
    problems += manifest_problems(manifests, {file.path: file.sha256 for file in inputs})
    names = sorted({manifest.organisation or "" for manifest in manifests})
    placed = sorted({terraform.problem_at(problem) for problem in problems}, key=_order)
    return replace(organisation, problems=tuple(_curbed(placed)), name=" and ".join(filter(None, names)))


def _curbed(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems, of each file only so many as somebody could read."""
    for name, group in groupby(problems, key=lambda problem: problem.location.file):
        ours = list(islice(group, MOST_TOLD + 1))
        yield from ours[:MOST_TOLD]
        if len(ours) > MOST_TOLD:
            message = f"{name}: there are more than {MOST_TOLD} problems in this file; the others are not listed."
            yield Problem("RX906", message, Location(name), "Correct or export again what is listed.", f"file:{name}")


def _order(problem: Problem) -> tuple[object, ...]:
    return *place_of(problem.location), problem.code, problem.message, problem.subject


@contextmanager
def _without_collections() -> Iterator[None]:
    """Pauses the cyclic collector, and sets what is loaded aside for it: the next collections would walk all that."""
    enabled = gc.isenabled()
    with without_collections():
        yield
        if enabled:
            gc.freeze()
