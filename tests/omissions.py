"""Ways to leave something out of an export: whole files, objects of listings, settings and references."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

SETTINGS = frozenset(
    {
        "trunk_recording_enabled",
        "trunk_recording_consent_required",
        "trunk_consult_recording_enabled",
        "trunk_recording_externalTransfersEnabled",
        "trunk_disallow_recording_during_hold",
        "trunk_transfer_takeback_enabled",
        "trunk_enabled",
        "station_recording_enabled",
        "suppressInQueueCallRecording",
        "enableTranscription",
        "enableAudioMonitoring",
        "enabled",
        "state",
        "trunkType",
        "dialingMode",
        "members",
        "lines",
        "dnis",
        "conditions",
        "actions",
        "retainRecording",
        "deleteRecording",
        "alwaysDelete",
    }
)
REFERENCES = frozenset(
    {
        "openHoursFlow",
        "closedHoursFlow",
        "holidayHoursFlow",
        "scheduleGroup",
        "queueFlow",
        "owner",
        "ownerType",
        "station",
        "defaultStation",
        "webRtcUser",
        "phoneBaseSettings",
        "lineBaseSettings",
        "defaultForUser",
        "site",
        "externalTrunkBases",
        "trunkBase",
        "callAnalysisResponseSet",
        "queue",
        "directRouting",
        "mediaSettings",
        "emergencyCallFlows",
        "responses",
        "answeringMachineFlow",
        "bullseye",
        "callback",
        "closedSchedules",
        "conditionalGroupActivation",
        "conditionalGroupRouting",
        "data",
        "didPool",
        "division",
        "edgeGroup",
        "emergencyFlow",
        "forQueues",
        "forUsers",
        "holidaySchedules",
        "inboundSite",
        "ivrs",
        "liveVoiceFlow",
        "memberGroups",
        "openSchedules",
        "phone",
        "phoneTrunkBases",
        "primarySites",
        "reactionType",
        "secondarySites",
        "trunkMetabase",
        "user",
        "webRtcUserId",
    }
)
YAML_KEYS = re.compile(
    r"^\s*(?:- )?(suppressRecording|startUpRef|targetTaskRef|targetMenuRef|targetFlow|targetQueue|commonModule"
    r"|botFlow|overrideInQueueFlow|defaultChildMenuRef|listenForExtensionDialing|targetGroup|targetUser|targetNumber"
    r"|destination|dataTable|category|releaseLinkTransfer|asrCompanyDir|settingsErrorHandling|inputData|prompt):"
)
ALL = "all"
"""In place of a number: every object of a listing."""


class Omission(Struct, frozen=True):
    """One thing left out. pointer: keys into a JSON file, a line number of a YAML file, or () for the whole file.

    An object of a listing is `entities` and its number; the listing then has fewer than its `total`.
    """

    file: str
    pointer: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}#/{'/'.join(map(str, self.pointer))}"


def omissions(export: Path) -> Iterator[Omission]:
    """Everything that can be left out of an export, in a fixed order."""
    for path in sorted(p for p in export.rglob("*") if p.is_file() and p.suffix in (".json", ".yaml")):
        name = path.relative_to(export).as_posix()
        yield Omission(name)
        if path.suffix == ".json":
            document = json.loads(path.read_text("utf-8"))
            yield from (Omission(name, pointer) for pointer in _keys(document, ()))
            yield from (Omission(name, ("entities", number)) for number in range(len(document["entities"])))
            yield Omission(name, ("entities", ALL))
        else:
            for number, line in enumerate(path.read_text("utf-8").splitlines()):
                if YAML_KEYS.match(line):
                    yield Omission(name, (number,))


def _keys(value: object, where: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in SETTINGS or key in REFERENCES:
                yield (*where, key)
            if key in REFERENCES:
                yield from _ids(inner, (*where, key))
            yield from _keys(inner, (*where, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _keys(inner, (*where, index))


def _ids(value: object, where: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The ids of what is referred to; what is left may say it by name."""
    if isinstance(value, dict) and "id" in value:
        yield (*where, "id")
    for index, inner in enumerate(value) if isinstance(value, list) else ():
        yield from _ids(inner, (*where, index))


def leave_out(export: Path, omission: Omission, target: Path) -> None:
    """Writes the export without one thing."""
    shutil.copytree(export, target)
    path = target / omission.file
    if not omission.pointer:
        path.unlink()
    elif path.suffix == ".json":
        document = json.loads(path.read_text("utf-8"))
        holder = document
        *above, last = omission.pointer
        for key in above:
            holder = holder[key]
        if last == ALL:
            holder.clear()
        else:
            del holder[last]
        path.write_text(json.dumps(document), "utf-8")
    else:
        path.write_text(_without(path.read_text("utf-8"), int(omission.pointer[0])), "utf-8")


def _without(text: str, number: int) -> str:
    """The YAML text without the key on a line, and all that is indented below it."""
    lines = text.splitlines()
    first = lines[number]
    indent = len(first) - len(first.lstrip())
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent):
        end += 1
    return "\n".join(lines[:number] + lines[end:]) + "\n"
