"""What reading one file gives, before the files are joined into an organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct, field

from auditor.loading.terraform_documents import TerraformDocument
from auditor.model.collection import Collection
from auditor.model.flows import Flow
from auditor.model.location import Location
from auditor.model.problems import Problem


class Page(Struct, frozen=True):
    """A page of a listing. owner: id of the object it belongs to (members of a queue); entities: how many it holds.

    total, count, size: objects, pages and objects a page, as it says itself; more: it names a next page;
    complete: it stands in its owner and is no page, so that nothing of it is elsewhere.
    """

    kind: str
    owner: str | None
    entities: int
    location: Location
    total: int | None = None
    count: int | None = None
    size: int | None = None
    more: bool = False
    complete: bool = False

    @property
    def covered(self) -> int:
        """How many pages it stands for: tools that read all pages write them as one."""
        return max(1, -(-self.entities // self.size)) if self.size else 1


class FlowDocument(Struct, frozen=True):
    """A flow configuration found in a JSON document. flow_id: from what surrounds it."""

    document: Mapping[str, object]
    location: Location
    flow_id: str | None


class Harvest(Struct):
    """The objects of a file by kind, flows with a body apart; unknown: places of objects of no known kind.

    default_site: id of the organisation's default site, when the file tells; manifest: the file is one;
    terraform: what a Terraform file holds before its references are resolved; divisions: id -> name.
    """

    objects: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    flows: list[Flow] = field(default_factory=list)
    documents: list[FlowDocument] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[Location] = field(default_factory=list)
    default_site: str | None = None
    manifest: Collection | None = None
    terraform: TerraformDocument | None = None
    divisions: dict[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many objects were read."""
        return len(self.flows) + sum(len(found) for found in self.objects.values())

    @property
    def known_without_objects(self) -> bool:
        """Whether the file was understood even if it holds no object."""
        return bool(self.pages or self.manifest or self.default_site or self.terraform)

    @property
    def size(self) -> tuple[int, int, int]:
        """Grows with everything that is recognised, also with an empty listing."""
        return self.count, len(self.documents), len(self.pages)

    @property
    def listed_flows(self) -> list[Flow]:
        """Flows of which only the existence is known."""
        return [flow for flow in self.objects.get("flow", ()) if isinstance(flow, Flow)]
