"""`genesyscloud_flow`: a flow whose body lies in a file of its own, or is not in the export at all."""

from __future__ import annotations

import posixpath
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.loading.flow_types import flow_type
from auditor.loading.harvest import Harvest
from auditor.loading.terraform_documents import Block
from auditor.loading.terraform_scope import Scope
from auditor.loading.values import child, down, text
from auditor.model.flows import Flow, FlowType
from auditor.model.location import Location
from auditor.model.problems import Problem
from auditor.model.settings import UNSET


class FlowBlock(Struct):
    """A flow resource. file: where its body was found; missing: the path at which it should be.

    body: what that flow is called; substitutions: texts for the templates of the body, by key.
    """

    block: Block
    id: str | None
    name: str
    type_name: str
    division: str | None = None
    file: str | None = None
    missing: str | None = None
    body: str | None = None
    substitutions: dict[str, str] = field(default_factory=dict)


def flow_of(block: Block, scope: Scope, bodies: Mapping[str, Flow]) -> FlowBlock:
    """A flow resource with its body, if the run has one. bodies: file -> flow."""
    values = scope.values(block)
    states = scope.states.get(block.address, [])
    known = states[0].values if len(states) == 1 else {}
    path = text(values, "filepath") or ""
    file = _file(path, block.at.file, bodies) if _is_local(path) else None
    body = bodies[file] if file else None
    id = text(known, "id") or (text(values, "id") if values is not known else None)
    name = text(values, "name") or text(known, "name")
    if body is not None and name is not None and "${" in name:
        name = body.name
    found = FlowBlock(
        block,
        id or (body.id if body else None),
        name or (body.name if body else id) or block.label,
        text(values, "type") or text(known, "type") or (body.type_name if body else _type_in(block.label)),
        file=file,
        missing=path if _is_local(path) and not body else None,
        body=body.name if body else None,
    )
    for key, value in child(values, "substitutions").items():
        if isinstance(value, str | int | float) and "${" not in str(value):
            found.substitutions[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _file(path: str, configuration: str, bodies: Mapping[str, Flow]) -> str | None:
    """The file of the body: below the folder of the module, else below the one folder above that has it.

    Paths are relative to where Terraform is run, which may be any folder above the module.
    """
    folder = posixpath.dirname(configuration)
    found = []
    while True:
        file = posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))
        if file in bodies:
            found.append(file)
        above = posixpath.dirname(folder)
        if above == folder or (found and folder == posixpath.dirname(configuration)):
            break
        folder = above
    return found[0] if len(set(found)) == 1 else None


def _is_local(path: str) -> bool:
    return bool(path) and "${" not in path and "://" not in path


def _type_in(label: str) -> str:
    """Exports begin the label with the type (`INBOUNDCALL_Main`)."""
    return label.partition("_")[0].lower()


def flow_blocks(found: Iterable[FlowBlock], harvests: Mapping[str, Harvest]) -> None:
    """Gives bodies the ids of their resources; resources without a body become entries of a listing."""
    for flow in found:
        harvest = harvests[flow.block.at.file]
        harvest.objects["flow"].append(_entry(flow))
        if flow.file is not None:
            holder = harvests[flow.file]
            holder.flows[:] = [_identified(body, flow) for body in holder.flows]
        elif flow.missing is not None:
            harvest.problems.append(_without_body(flow))


def _identified(body: Flow, flow: FlowBlock) -> Flow:
    return body if body.id is not None or flow.id is None or body.name != flow.body else replace(body, id=flow.id)


class Bodies:
    """The bodies of flow resources. Resources with other texts for the templates of a file make other flows of it.

    read_again: reads the flow in a file once more, with texts for its templates.
    """

    def __init__(
        self, harvests: Mapping[str, Harvest], read_again: Callable[[str, Mapping[str, str]], Harvest]
    ) -> None:
        self._harvests, self._read_again = harvests, read_again
        self._plain = {flow.location.file: flow for h in harvests.values() for flow in h.flows}
        self._filled: dict[str, dict[tuple[tuple[str, str], ...], Harvest]] = {}

    def flow_of(self, block: Block, scope: Scope) -> FlowBlock:
        """A flow resource with its body, if the run has one."""
        found = flow_of(block, scope, self._plain)
        if found.file is None or not self._plain[found.file].templates:
            return found
        ways = self._filled.setdefault(found.file, {})
        said = tuple(sorted(found.substitutions.items()))
        if said not in ways:
            ways[said] = self._read_again(found.file, found.substitutions)
        flows = ways[said].flows
        return flow_of(block, scope, ChainMap({found.file: flows[0]}, self._plain)) if flows else found

    def settle(self) -> None:
        """Puts the flows that resources make of a file in the place of what is in it."""
        for file, ways in self._filled.items():
            harvest = self._harvests[file]
            harvest.flows[:] = [flow for way in ways.values() for flow in way.flows]
            harvest.problems[:] = dict.fromkeys(problem for way in ways.values() for problem in way.problems)


def looked_up(blocks: Iterable[tuple[Block, Scope]], bodies: Iterable[Flow]) -> Iterator[FlowBlock]:
    """Flows that data blocks have found: they tell which id a name has.

    Their type may be left open; it is that of the only body with the name.
    """
    types: dict[str, set[str]] = {}
    for body in bodies:
        types.setdefault(body.name, set()).add(body.type_name)
    for block, scope in blocks:
        values = {key: scope.attribute(block, key) for key in ("id", "name", "type")}
        id, name, said = text(values, "id"), text(values, "name"), text(values, "type")
        known = types.get(name or "", set())
        type_name = said or (next(iter(known)) if len(known) == 1 else None)
        if id and name and type_name:
            yield FlowBlock(block, id, name, type_name)


def _entry(flow: FlowBlock) -> Flow:
    return Flow(
        id=flow.id,
        name=flow.name,
        division=flow.division,
        type=flow_type(flow.type_name),
        type_name=_as_listed(flow.type_name),
        location=flow.block.at,
        start=None,
        containers=(),
        suppress_recording=UNSET,
        body=False,
    )


def _as_listed(type_name: str) -> str:
    """The type as listings of flows spell it."""
    known = flow_type(type_name)
    return (type_name if known is FlowType.OTHER else known.value).upper()


def _without_body(flow: FlowBlock) -> Problem:
    at = down(flow.block.at, "filepath")
    return Problem(
        "RX901",
        f'The body of the flow "{flow.name}" ({flow.missing}) is not in the export.',
        Location(at.file, flow.block.lines.get("/filepath", at.line), at.pointer),
        "Export flows with `use_legacy_architect_flow_exporter = false`, or put the file where the resource names it.",
        f"flow:{flow.name}",
    )
