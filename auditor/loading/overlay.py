"""Edits as files: what the export would hold after them, for `--candidate`; flows keep the form of their text."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from auditor.editing.edits import Change, Edit, EditFlow, SetSetting
from auditor.errors import DocumentError
from auditor.loading.archy_patch import patched
from auditor.loading.archy_places import Unpatchable
from auditor.loading.files import decode, unchanged
from auditor.loading.json_overlay import Target, changed_part
from auditor.loading.settings_patch import with_flow_setting
from auditor.model.organisation import Organisation

_YAML = "Archy YAML flow"


class OverlayFile(Struct, frozen=True):
    """A file of the overlay. path: below its folder, with slashes; old: the whole text as it was, for flows."""

    path: str
    text: str
    old: str | None = None


class Overlay(Struct, frozen=True):
    """All files. left: what could not be written, each with its reason."""

    files: tuple[OverlayFile, ...]
    left: tuple[str, ...]


def overlay(organisation: Organisation, edits: Sequence[Edit]) -> Overlay:
    """The files that the edits change: flows whole, of listings only the objects that are changed."""
    names = names_below([file.path for file in organisation.inputs])
    files: list[OverlayFile] = []
    left: list[str] = []
    for index, (changes, suppress) in _by_flow(edits).items():
        try:
            files.append(_flow(organisation, index, changes, suppress, names))
        except (Unpatchable, DocumentError) as error:
            left.append(f'flow "{organisation.flows[index].name}": {error}')
    settings = [edit for edit in edits if isinstance(edit, SetSetting) and edit.kind != "flow"]
    files.extend(_listings(organisation, settings, names, left))
    return Overlay(tuple(sorted(files, key=lambda f: f.path)), tuple(left))


def _by_flow(edits: Sequence[Edit]) -> dict[int, tuple[list[Change], bool | None]]:
    flows: dict[int, tuple[list[Change], bool | None]] = {}
    for edit in edits:
        match edit:
            case EditFlow(flow=flow, changes=changes):
                known, suppress = flows.get(flow, ([], None))
                flows[flow] = ([*known, *changes], suppress)
            case SetSetting(kind="flow", id=id, value=value):
                known, _ = flows.get(int(id), ([], None))
                flows[int(id)] = (known, value)
            case SetSetting():
                pass
    return flows


def _flow(
    organisation: Organisation, index: int, changes: Sequence[Change], suppress: bool | None, names: Mapping[str, str]
) -> OverlayFile:
    flow = organisation.flows[index]
    file = next((f for f in organisation.inputs if f.path == flow.location.file), None)
    if file is None or file.kind != _YAML:
        raise Unpatchable(
            f"it was exported as {file.kind if file else 'something else'}; only Archy YAML can be patched"
        )
    old = decode(unchanged(file.path, file.sha256))
    text = patched(old, flow, changes) if changes else old
    if suppress is not None:
        text = with_flow_setting(text, flow, suppress)
    return OverlayFile(names[file.path], text, old)


def _listings(
    organisation: Organisation, edits: Sequence[SetSetting], names: Mapping[str, str], left: list[str]
) -> Iterator[OverlayFile]:
    wanted = {target: edit for edit in edits for target in _targets(organisation, edit)}
    done: set[Target] = set()
    for file in organisation.inputs if wanted else ():
        if file.kind != "platform API JSON":
            continue
        part, hit = changed_part(decode(unchanged(file.path, file.sha256)), {t: e.value for t, e in wanted.items()})
        done |= hit
        if part is not None:
            yield OverlayFile(names[file.path], part)
    for edit in edits:
        if not done & set(_targets(organisation, edit)):
            what = edit.kind.replace("-", " ")
            left.append(f'{edit.key} of {what} "{edit.name}": no file of platform API JSON holds the object')


def _targets(organisation: Organisation, edit: SetSetting) -> Iterator[Target]:
    """The objects in which the setting is kept: of a phone its lines, of a phone base its line bases."""
    telephony = edit.kind in ("trunk", "phone", "line", "line-base", "phone-base")
    inner: list[str] = []
    if edit.kind == "phone":
        inner = [line.id for phone in organisation.phones if phone.id == edit.id for line in phone.lines]
    if edit.kind == "phone-base":
        inner = [base.id for phone in organisation.phone_bases if phone.id == edit.id for base in phone.lines]
    for id in inner or [edit.id]:
        yield Target(id, edit.key, telephony)


def names_below(paths: Sequence[str]) -> dict[str, str]:
    """Each path as seen from the folder that all of them lie below: never absolute, and never upwards.

    Files are written under these names; the paths themselves may lead anywhere.
    """
    whole = {path: os.path.abspath(path) for path in paths}
    if not whole:
        return {}
    folder = os.path.commonpath([os.path.dirname(path) for path in whole.values()])
    return {path: os.path.relpath(full, folder).replace(os.sep, "/") for path, full in whole.items()}
