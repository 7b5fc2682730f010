"""Edits applied: an organisation in, an organisation out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from auditor.editing.blocks import with_changes
from auditor.editing.edits import Change, Edit, EditFlow, SetSetting
from auditor.editing.settings import with_setting
from auditor.model.organisation import Organisation


def apply(organisation: Organisation, edits: Iterable[Edit]) -> Organisation:
    """The organisation after the edits; those of one flow are made at once, so that their numbers stay true."""
    changes: dict[int, list[Change]] = {}
    for edit in edits:
        match edit:
            case SetSetting():
                organisation = with_setting(organisation, edit)
            case EditFlow(flow=flow, changes=those):
                changes.setdefault(flow, []).extend(those)
            case _:
                assert_never(edit)
    flows = tuple(
        with_changes(flow, changes[index]) if index in changes else flow
        for index, flow in enumerate(organisation.flows)
    )
    return replace(organisation, flows=flows)
