"""References inside one Archy flow: `/inboundCall/tasks/task[Parent Task_12]`, `./menus/menu[x]` -> container ids."""

from __future__ import annotations

import re

from msgspec import Struct, field

from auditor.loading.notes import Notes
from auditor.loading.yaml_reader import YamlMap
from auditor.model.location import Location

_STEP = re.compile(r"(?:^|/)(\w+)\[")


class Found(Struct, frozen=True):
    """A container that is known but not yet read. kind: menu, task, state, bot; inline: it stands in a menu choice."""

    id: str
    name: str
    kind: str
    body: YamlMap
    location: Location
    inline: bool


class References(Struct):
    """Every container of the flow by kind and refId, and by refId alone."""

    notes: Notes
    _by_kind: dict[tuple[str, str], str] = field(default_factory=dict)
    _by_name: dict[str, str] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def register(self, kind: str, ref_id: str, location: Location) -> str:
        """The id of a container of this refId: the refId itself, made unique when two share it."""
        if (kind, ref_id) in self._by_kind:
            what = f'two containers have the refId "{ref_id}"; references go to the first'
            self.notes.unreadable(what, location)
        id, count = ref_id, 1
        while id in self._ids:
            count += 1
            id = f"{ref_id} ({count})"
        self._ids.add(id)
        self._by_kind.setdefault((kind, ref_id), id)
        self._by_name.setdefault(ref_id, id)
        return id

    def resolve(self, kind: str, reference: str, location: Location) -> str | None:
        """The container meant by a reference. kind: what the reference is for, used in the message only."""
        if not reference:
            self.notes.dangling(f"a {kind} to go to is not named", location)
            return None
        for step in (*_STEP.finditer(reference),):
            ref_id = reference[step.end() :].removesuffix("]")
            found = self._by_kind.get((step.group(1).lower(), ref_id)) or self._by_name.get(ref_id)
            if found is not None:
                return found
        found = self._by_name.get(reference)
        if found is None:
            self.notes.dangling(f'there is no {kind} "{reference}"', location)
        return found


def inside(reference: str) -> str:
    """The refId at the end of a reference (`./choices/menuTask[Sales_12]` -> Sales_12)."""
    steps = list(_STEP.finditer(reference))
    return reference[steps[0].end() :].removesuffix("]") if steps else reference
