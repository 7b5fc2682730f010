"""A proposal for an administrator: edits of one object, in words, with what they cost and what else was weighed."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.editing.edits import Edit, EditFlow, SetSetting


@dataclass(frozen=True, slots=True)
class Proposal:
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


@dataclass(frozen=True, slots=True)
class Weighed:
    """A proposal that was tried for the same finding and not taken. why: what speaks against it."""

    proposal: Proposal
    why: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A verified proposal. clears: (rule, object) in words of the findings that are gone with it."""

    proposal: Proposal
    clears: tuple[str, ...]
    weighed: tuple[Weighed, ...] = ()
