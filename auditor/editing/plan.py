"""A proposal for an administrator: edits of one object, in words, with what they cost and what else was weighed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from auditor.editing.edits import Edit, EditFlow, SetSetting


class Proposal(Struct, frozen=True):
    """Edits that belong together. steps: what to do, a sentence each; cost: how much is given up, for choosing."""

    edits: tuple[Edit, ...]
    steps: tuple[str, ...]
    cost: int

    @property
    def objects(self) -> tuple[tuple[str, str], ...]:
        """(kind, id) of what is changed."""
        return tuple(dict.fromkeys(object_of(edit) for edit in self.edits))


def object_of(edit: Edit) -> tuple[str, str]:
    """(kind, id) of the object that an edit changes."""
    match edit:
        case SetSetting(kind=kind, id=id):
            return (kind, id)
        case EditFlow(flow=flow):
            return ("flow", str(flow))


class Weighed(Struct, frozen=True):
    """A proposal that was tried for the same finding and not taken. why: what speaks against it."""

    proposal: Proposal
    why: str


class Chosen(Struct, frozen=True):
    """A verified proposal. clears: the findings that are gone with it, in words."""

    proposal: Proposal
    clears: tuple[str, ...]
    weighed: tuple[Weighed, ...] = ()


class Part(Struct, frozen=True):
    """All that is changed of one object: saved, or published, once. kind, name: of the object."""

    kind: str
    name: str
    steps: tuple[str, ...]
    clears: tuple[str, ...]
    weighed: tuple[Weighed, ...]


def parts(chosen: Sequence[Chosen], names: Callable[[str, str], str]) -> tuple[Part, ...]:
    """The plan by objects, in the order in which they come up first. names: (kind, id) -> name."""
    found: dict[tuple[str, str], list[Chosen]] = {}
    for each in chosen:
        found.setdefault(each.proposal.objects[0], []).append(each)
    return tuple(
        Part(
            kind,
            names(kind, id),
            tuple(step for each in those for step in each.proposal.steps),
            tuple(dict.fromkeys(word for each in those for word in each.clears)),
            tuple(other for each in those for other in each.weighed),
        )
        for (kind, id), those in found.items()
    )
