"""Which object a Terraform block is: by the id in the state, else by kind, name and division of all known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.loading.merging import ambiguous, told
from auditor.loading.values import GUID
from auditor.model.directory import NAME_ID
from auditor.model.location import Location
from auditor.model.problems import Problem

K = TypeVar("K")


class Identity(Struct, frozen=True):
    """What is known of an object before it is read. id: None when the export has none."""

    kind: str
    id: str | None
    name: str
    division: str | None
    at: Location
    email: str | None = None


class Identities(Struct):
    """Objects with ids from all forms, by kind and name; divisions: id -> name."""

    divisions: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _known: dict[tuple[str, str], dict[str, Identity]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, found: Iterable[Identity]) -> None:
        """Objects that have an id."""
        for one in found:
            for word in (one.name, one.email):
                if one.id is not None and word:
                    self._known[one.kind, word.casefold()].setdefault(one.id.casefold(), one)

    def division(self, value: object) -> str | None:
        """The name of a division, its id when it has no known name, None when it is not said."""
        found = value.get("name") or value.get("id") if isinstance(value, Mapping) else value
        if not isinstance(found, str) or not found or found.startswith("${"):
            return None
        return self.divisions.get(found.casefold(), found)

    def find(self, wanted: Identity, *, described: bool) -> str | None:
        """The id of the one object that this can be; several are a problem (RX907), and none of them is taken.

        described: a block says what the object is like, rather than only referring to it.
        """
        same = self._known.get((wanted.kind, (wanted.email or wanted.name).casefold()), {})
        fitting = [one for one in same.values() if self._fits(one, wanted) and "${" not in wanted.name]
        if len(fitting) > 1:
            self.problems.append(replace(_ambiguous(wanted, fitting), doubtful=described))
        return fitting[0].id if len(fitting) == 1 else None

    def _fits(self, known: Identity, wanted: Identity) -> bool:
        ours, theirs = self.division(known.division), self.division(wanted.division)
        if ours is None or theirs is None:
            return True
        return ours == theirs or (GUID.fullmatch(ours) is None) != (GUID.fullmatch(theirs) is None)


def _ambiguous(wanted: Identity, candidates: Iterable[Identity]) -> Problem:
    places = ", ".join(f"{told(one.at)}: {one.id}" for one in sorted(candidates, key=lambda one: one.id or ""))
    message = f'The {wanted.kind.replace("_", " ")} "{wanted.name}" may be any of several with this name ({places}).'
    hint = "Export with the state file (`include_state_file`), which says the id of each object."
    return ambiguous(wanted.kind, wanted.name, wanted.at, message, hint)


def named_ids(identities: Iterable[tuple[K, Identity, str]]) -> Iterator[tuple[K, str]]:
    """Ids for objects without one: `name:<name>`, told apart by label where the files of a folder have two of a name.

    The first of each triple tells the object, the last is its label.
    """
    by_name: dict[tuple[str, str, str], list[tuple[K, Identity, str]]] = defaultdict(list)
    for key, identity, label in identities:
        folder = identity.at.file.rpartition("/")[0]
        by_name[identity.kind, identity.name.casefold(), folder].append((key, identity, label))
    for same in by_name.values():
        for key, identity, label in same:
            yield key, NAME_ID + identity.name + _told_apart(identity, label, len(same))


def _told_apart(identity: Identity, label: str, same: int) -> str:
    """Names with templates that are not resolved say nothing, so that only the place tells them apart."""
    if "${" in identity.name:
        return f" [{identity.at.file} {label}]"
    return f" [{label}]" if same > 1 else ""
