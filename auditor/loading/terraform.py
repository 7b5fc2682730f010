"""All Terraform files of a run -> objects: references resolved, ids from the state, each as the platform API has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.loading.harvest import Harvest
from auditor.loading.moved import moved
from auditor.loading.objects import Objects
from auditor.loading.routing_objects import GroupsOf
from auditor.loading.terraform_data import begins_calls, is_trunk, named_trunks, unaudited
from auditor.loading.terraform_documents import Block, Origin
from auditor.loading.terraform_flows import Bodies, FlowBlock, flow_blocks, looked_up
from auditor.loading.terraform_identities import Identities, Identity, named_ids
from auditor.loading.terraform_modules import Modules
from auditor.loading.terraform_open import open_values
from auditor.loading.terraform_repeats import repeated
from auditor.loading.terraform_scope import Scope
from auditor.loading.terraform_translation import Ref, placed, translated
from auditor.loading.terraform_types import ResourceType, resource_type
from auditor.loading.values import children, down, reference_id, text
from auditor.model.directory import NAME_ID
from auditor.model.flows import Flow
from auditor.model.location import Location
from auditor.model.problems import Problem

CONDITIONAL = {
    "genesyscloud_routing_queue_conditional_group_routing",
    "genesyscloud_routing_queue_conditional_group_activation",
}
"""Resources that give a queue further groups."""
Key = tuple[str, Location, str]
_NAMES = {"did_pool": "start_phone_number"}


class Terraform(Struct):
    """harvests: of every file, Terraform or not; the objects of Terraform files are added to theirs.

    read_again: reads the flow in a file once more, with texts for its templates.
    """

    harvests: Mapping[str, Harvest]
    read_again: Callable[[str, Mapping[str, str]], Harvest]
    identities: Identities = field(default_factory=Identities)
    _scopes: dict[str, Scope] = field(default_factory=dict)
    _ids: dict[Key, str] = field(default_factory=dict)
    _places: dict[tuple[str, str], _Place] = field(default_factory=dict)
    _flows: dict[Key, FlowBlock] = field(default_factory=dict)
    _refs: dict[Key, Ref] = field(default_factory=dict)
    _referring: set[Key] = field(default_factory=set)
    _complete: bool = False

    def read(self) -> None:
        """Reads the blocks of all documents into the harvests of their files."""
        documents = [h.terraform for _, h in sorted(self.harvests.items()) if h.terraform is not None]
        modules = Modules(self.refer)
        modules.read(documents)
        self._scopes = modules.scopes
        blocks = list(repeated(modules.blocks, self._scopes))
        ours = [(block, type) for block in blocks if (type := resource_type(block.type)) is not None]
        self._know(ours)
        self._identify(ours)
        self._find_bodies([block for block, type in ours if type.kind == "flow" and not block.data])
        self._complete = True
        self._groups_apart(blocks)
        for block, type in ours:
            if not block.data and type.kind not in ("flow", "division") and not self._stands_in_state(block):
                self._object(block, type)
        self._named_only(blocks)
        data = ((block, self._scope(block)) for block, type in ours if type.kind == "flow" and block.data)
        bodies = [flow for harvest in self.harvests.values() for flow in harvest.flows]
        flow_blocks((*self._flows.values(), *looked_up(data, bodies)), self.harvests)
        for file, harvest in self.harvests.items():
            told = (*self.identities.problems, *modules.problems)
            harvest.problems.extend(p for p in told if p.location.file == file)

    def refer(self, block: Block) -> Ref:
        """What a reference to the block means; remembered once all objects are known."""
        known = self._refs.get(block.key)
        if known is None:
            if block.key in self._referring:  # its name is made of its own id
                return Ref(id=f"{block.type}.{block.label}")
            self._referring.add(block.key)
            known = self._refer(block)
            self._referring.discard(block.key)
            if self._complete:
                self._refs[block.key] = known
        return known

    def _refer(self, block: Block) -> Ref:
        type = resource_type(block.type)
        scope = self._scope(block)
        if type is None:
            return Ref(id=text(block.values, "id") or f"{block.type}.{block.label}")
        if type.kind == "flow":
            return self._flow(block, scope)
        id = self._ids.get(block.key) or self._id_in_state(block, scope)
        name = _name(block, type, scope)
        if type.kind == "division":
            known = self.identities.divisions.get((id or "").casefold()) or name
            return Ref({k: v for k, v in (("id", id), ("name", known)) if v})
        if id is None and block.data:
            id = self.identities.find(_identity(block, type, scope), described=False) or NAME_ID + name
        return Ref(id=id or NAME_ID + name, name=name)

    def problem_at(self, problem: Problem) -> Problem:
        """The problem where the file has what it is about, not where the API would have it."""
        pointer = problem.location.pointer
        while pointer:
            place = self._places.get((problem.location.file, pointer))
            if place is not None:
                return replace(problem, location=place.change(problem.location))
            pointer = pointer.rpartition("/")[0]
        return problem

    def _find_bodies(self, blocks: Sequence[Block]) -> None:
        bodies = Bodies(self.harvests, self.read_again)
        for block in blocks:
            self._flows[block.key] = bodies.flow_of(block, self._scope(block))
        bodies.settle()

    def _flow(self, block: Block, scope: Scope) -> Ref:
        found = self._flows.get(block.key)
        id = self._id_in_state(block, scope) or (found.id if found else None)
        name = (found.name if found else None) or text({"name": scope.attribute(block, "name")}, "name")
        return Ref({k: v for k, v in (("id", id), ("name", name)) if v})

    def _scope(self, block: Block) -> Scope:
        return self._scopes[block.scope]

    def _id_in_state(self, block: Block, scope: Scope) -> str | None:
        own = text(block.values, "id") if block.origin is not Origin.CONFIGURATION else None
        states = scope.states.get(block.address, [])
        return own or (text(states[0].values, "id") if len(states) == 1 else None)

    def _stands_in_state(self, block: Block) -> bool:
        """Whether a block with a count is in the state, which then knows how many of it there are."""
        scope = self._scope(block)
        numbered = block.origin is Origin.CONFIGURATION and (block.numbered or scope.numbered)
        return numbered and bool(scope.states.get(block.address))

    def _know(self, ours: Sequence[tuple[Block, ResourceType]]) -> None:
        """Everything that has an id, from every form."""
        for harvest in self.harvests.values():
            self.identities.divisions.update(harvest.divisions)
            for kind, things in harvest.objects.items():
                self.identities.add(_identity_of(kind, thing) for thing in things)
        for block, type in ours:
            id = self._id_in_state(block, self._scope(block))
            if id is None:
                continue
            if type.kind == "outbound_route":
                id = id.rpartition(":")[2]
            self._ids[block.key] = id
            if type.kind == "division":
                self.identities.divisions.setdefault(id.casefold(), _name(block, type, self._scope(block)))
            else:
                self.identities.add([replace(_identity(block, type, self._scope(block)), id=id)])

    def _identify(self, ours: Sequence[tuple[Block, ResourceType]]) -> None:
        nameless = []
        for block, type in ours:
            if block.data or block.key in self._ids or type.kind in ("flow", "division", "row"):
                continue
            identity = _identity(block, type, self._scope(block))
            found = self.identities.find(identity, described=True)
            if found is not None:
                self._ids[block.key] = found
            else:
                nameless.append((block.key, identity, f"{block.module} {block.label}".strip()))
        self._ids.update(named_ids(nameless))

    def _groups_apart(self, blocks: Iterable[Block]) -> None:
        """Groups that answer calls of a queue under a condition may stand in a resource of their own."""
        for block in blocks:
            if block.type in CONDITIONAL:
                values = self._scope(block).values(block)
                rows = [row for _, rule in children(values, "rules") for _, row in children(rule, "groups")]
                groups = tuple(id for row in rows if (id := reference_id(row, "member_group_id")))
                found = GroupsOf(reference_id(values, "queue_id"), groups, block.at)
                self.harvests[block.at.file].objects["queue_groups"].append(found)

    def _named_only(self, blocks: Sequence[Block]) -> None:
        data = ((block, self.refer(block)) for block in blocks if is_trunk(block))
        known = [(block, str(ref.get("id")), str(ref.get("name") or block.label)) for block, ref in data]
        for block, found in named_trunks(blocks, self.harvests, known):
            self.harvests[block.at.file].objects["trunk_base"] += found
        begun = ((b, str(self.refer(b).get("name") or b.label)) for b in blocks if begins_calls(b))
        for problem in unaudited(begun, self.harvests):
            self.harvests[problem.location.file].problems.append(problem)

    def _object(self, block: Block, type: ResourceType) -> None:
        values = self._scope(block).values(block)
        made = translated(values, type)
        if type.kind != "row":
            made.value["id"] = self._ids.get(block.key)
            made.value.setdefault("name", _name(block, type, self._scope(block)))
            made.value["division"] = self.identities.division(made.value.get("division"))
        place = _Place(block, made.places)
        self._places[block.at.file, block.at.pointer] = place
        owner = values.get("datatable_id")
        owner = owner.get("id") if isinstance(owner, Ref) else owner
        found = Harvest()
        Objects(found, "").known(type.kind, made.value, block.at, str(owner) if owner else None)
        harvest = self.harvests[block.at.file]
        for kind, things in found.objects.items():
            harvest.objects[kind].extend(moved(thing, place.change) for thing in things)
        harvest.pages.extend(moved(page, place.change) for page in found.pages)
        harvest.problems.extend(moved(problem, place.change) for problem in found.problems)
        scope = self._scope(block)
        harvest.problems.extend(_left_open(block, scope))
        name = _name(block, type, scope)
        harvest.problems.extend(open_values(block, type.kind, name, made, found.objects, scope.open))


class _Place(Struct, frozen=True):
    block: Block
    places: Mapping[str, str]

    def change(self, location: Location) -> Location:
        """A place in the object as a place in the file."""
        return placed(location, self.block.at, self.places, self.block.lines)


def _name(block: Block, type: ResourceType, scope: Scope) -> str:
    """The name by which other forms know the object. Labels are no names; what has none is told by its label."""
    found = scope.attribute(block, _NAMES.get(type.kind, "name"))
    return found if isinstance(found, str) and found else block.label


def _identity(block: Block, type: ResourceType, scope: Scope) -> Identity:
    name = _name(block, type, scope)
    if type.kind == "outbound_route":
        site = scope.attribute(block, "site_id")
        name = f"{site.get('name') if isinstance(site, Ref) else site}/{name}"
    division = scope.attribute(block, "division_id")
    said = division.get("name") or division.get("id") if isinstance(division, Ref) else division
    email = scope.attribute(block, "email")
    return Identity(
        type.kind,
        None,
        name,
        said if isinstance(said, str) else None,
        block.at,
        email if isinstance(email, str) else None,
    )


def _identity_of(kind: str, thing: object) -> Identity:
    id, location = getattr(thing, "id", None), getattr(thing, "location", Location(""))
    known = id if isinstance(id, str) and not id.startswith(NAME_ID) and not isinstance(thing, Flow) else None
    division, email = getattr(thing, "division", None), getattr(thing, "email", None)
    return Identity(kind, known, getattr(thing, "name", ""), division, location, email)


def _left_open(block: Block, scope: Scope) -> Iterator[Problem]:
    """What of a block is made by expressions, so that it is not known."""
    hint = "Export with the state file, or give `terraform show -json` of the plan."
    subject = f"file:{block.at.file}"
    if (block.repeats or scope.numbered) and block.origin is Origin.CONFIGURATION:
        message = f"{block.type}.{block.label} exists as often as an expression says; it was taken once."
        yield Problem("RX906", message, block.at, hint, subject)
    for name in scope.unmade(block):
        message = f"{block.type}.{block.label}: the blocks {name} are made by an expression and left out."
        yield Problem("RX906", message, down(block.at, name), hint, subject)
