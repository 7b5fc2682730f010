"""The inventory as tables, as CSV (one property a line), and as JSON (rules/schemas/inventory.schema.json)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from auditor.model.location import Location
from auditor.report.csv_text import csv_text
from auditor.report.grid import grid
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import counted, listed, place, safe
from auditor.report.wrap import wrapped
from auditor.views.inventory import FlowItem, Inventory, PhoneItem, QueueItem, TrunkItem
from auditor.views.places import locations_in

SCHEMA_VERSION = "1.0"
COLUMNS = ("kind", "name", "property", "value", "file", "line", "pointer")
Item = TrunkItem | PhoneItem | QueueItem | FlowItem
Property = tuple[str, str, Location]


def inventory_table(inventory: Inventory, options: ReportOptions) -> str:
    """Trunks, phones, queues and flows, each as a table; places relative to their common folder."""
    if inventory.empty:
        return "There is nothing to list here.\n"
    width, folder = options.width, _folder(inventory)
    sections = (
        _trunks(inventory, width, folder),
        _phones(inventory, width, folder),
        _queues(inventory, width, folder),
        _flows(inventory, width, folder),
        _notes(inventory, width, folder),
    )
    return "\n\n".join(text for text in ("\n".join(lines) for lines in sections) if text) + "\n"


def _folder(inventory: Inventory) -> str:
    """The folder that all places have in common, with a slash behind it; empty when there is none."""
    files = {location.file for location in locations_in(inventory) if location.file}
    folders = {posixpath.dirname(file) for file in files}
    if not folders or "" in folders or len({folder.startswith("/") for folder in folders}) > 1:
        return ""
    common = posixpath.commonpath(sorted(folders))
    return f"{common.rstrip('/')}/" if common else ""


def _at(location: Location, folder: str) -> str:
    return place(Location(location.file.removeprefix(folder), location.line, location.pointer))


def _trunks(inventory: Inventory, width: int, folder: str) -> Iterator[str]:
    if not inventory.trunks:
        return
    yield f"TRUNKS ({len(inventory.trunks)})"
    headers = ("trunk", "type", "recording", "consent\ngate", "hold", "consults", "external\ntransfers", "place")
    rows = [
        (
            safe(t.name), safe(t.type if t.state == "active" else f"{t.type}, {t.state}"), safe(t.recording),
            safe(t.gate), safe(t.hold), safe(t.consult), safe(t.external_transfers), _at(t.location, folder),
        )
        for t in inventory.trunks
    ]  # fmt: skip
    yield grid(headers, rows, width)


def _phones(inventory: Inventory, width: int, folder: str) -> Iterator[str]:
    if not inventory.phones:
        return
    yield f"PHONES ({len(inventory.phones)})"
    rows = [
        (
            safe(p.name if p.state == "active" else f"{p.name} ({p.state})"), safe(p.recording), p.origin,
            listed(tuple(safe(u) for u in p.users)) or "-", _at(p.source, folder),
        )
        for p in inventory.phones
    ]  # fmt: skip
    yield grid(("phone", "records", "set at", "users", "place of the setting"), rows, width)
    if inventory.roaming:
        names = listed(tuple(safe(name) for name in inventory.roaming))
        yield from wrapped(f"Without a phone in the export, may sit at any of them (A5): {names}.", width)


def _queues(inventory: Inventory, width: int, folder: str) -> Iterator[str]:
    if not inventory.queues:
        return
    yield f"QUEUES ({len(inventory.queues)})"
    headers = (
        "queue",
        "while\nwaiting",
        "transcription",
        "monitoring",
        "in-queue flow",
        "members",
        "recordings",
        "place",
    )
    rows = [
        (
            safe(q.name), safe(q.waiting), safe(q.transcription), safe(q.monitoring), safe(q.in_queue_flow or "-"),
            _members(q), safe(q.retention), _at(q.location, folder),
        )
        for q in inventory.queues
    ]  # fmt: skip
    yield grid(headers, rows, width)


def _members(queue: QueueItem) -> str:
    groups = counted(queue.groups, "group") if queue.groups else ""
    if queue.members is None:
        return groups or "unknown"
    return f"{queue.members} and {groups}" if groups else str(queue.members)


def _flows(inventory: Inventory, width: int, folder: str) -> Iterator[str]:
    if not inventory.flows:
        return
    yield f"FLOWS ({len(inventory.flows)})"
    headers = ("flow", "type", "suppressed", "consent points", "enable actions", "place")
    rows = [
        (
            safe(f.name), safe(f.type), "-" if f.suppress == "none" else safe(f.suppress),
            "\n".join(f"{safe(p.name)} ({p.confidence}, {_line(p.location)})" for p in f.points) or "-",
            "\n".join(f"{safe(e.name)} ({_line(e.location)})" for e in f.enables) or "-",
            _at(f.location, folder),
        )
        for f in inventory.flows
    ]  # fmt: skip
    yield grid(headers, rows, width)


def _line(location: Location) -> str:
    """The line, or the pointer where the form of the flow has no lines; the file is that of the flow."""
    return f"line {location.line}" if location.line is not None else safe(location.pointer)


def _notes(inventory: Inventory, width: int, folder: str) -> Iterator[str]:
    if folder:
        yield from wrapped(f"Places are below {safe(folder)}", width)
    if inventory.unread:
        text = f"{counted(inventory.unread, 'file')} could not be read whole: what they hold is not listed here."
        yield from wrapped(text, width)


def inventory_csv(inventory: Inventory, options: ReportOptions) -> str:
    """One line a property."""
    return csv_text(COLUMNS, _records(inventory))


def _records(inventory: Inventory) -> Iterator[tuple[str, ...]]:
    items: Sequence[Item] = (*inventory.trunks, *inventory.phones, *inventory.queues, *inventory.flows)
    for item in items:
        kind = type(item).__name__.removesuffix("Item").casefold()
        for name, value, at in _properties(item):
            yield kind, item.name, name, value, at.file, "" if at.line is None else str(at.line), at.pointer
    for user in inventory.roaming:
        yield "user", user, "phone", "any (A5)", "", "", ""


def _properties(item: Item) -> Iterator[Property]:
    at = item.location
    match item:
        case TrunkItem():
            for name in ("type", "state", "recording", "gate", "hold", "consult", "external_transfers"):
                yield name, str(getattr(item, name)), at
        case PhoneItem():
            yield "state", item.state, at
            yield "recording", item.recording, item.source
            yield "origin", item.origin, item.source
            yield from (("user", user, at) for user in item.users)
        case QueueItem():
            for name in ("waiting", "transcription", "monitoring", "retention"):
                yield name, str(getattr(item, name)), at
            yield "in_queue_flow", item.in_queue_flow or "", at
            yield "members", _members(item), at
        case FlowItem():
            yield "type", item.type, at
            yield "suppress", item.suppress, at
            yield from (("consent_point", f"{p.name} ({p.kind}, {p.confidence})", p.location) for p in item.points)
            yield from (("enable_action", e.name, e.location) for e in item.enables)


def inventory_json(inventory: Inventory, options: ReportOptions) -> str:
    """Everything as data."""
    value: JsonObject = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": options.version},
        "trunks": [_trunk(t) for t in inventory.trunks],
        "phones": [_phone(p) for p in inventory.phones],
        "roaming_users": list(inventory.roaming),
        "queues": [_queue(q) for q in inventory.queues],
        "flows": [_flow(f) for f in inventory.flows],
        "unread": inventory.unread,
    }
    return json_text(value)


def _location(location: Location) -> JsonObject:
    return {"file": location.file, "line": location.line, "pointer": location.pointer}


def _trunk(trunk: TrunkItem) -> JsonObject:
    return {
        "name": trunk.name,
        "type": trunk.type,
        "state": trunk.state,
        "recording": trunk.recording,
        "gate": trunk.gate,
        "hold": trunk.hold,
        "consult": trunk.consult,
        "external_transfers": trunk.external_transfers,
        "location": _location(trunk.location),
    }


def _phone(phone: PhoneItem) -> JsonObject:
    return {
        "name": phone.name,
        "state": phone.state,
        "recording": phone.recording,
        "origin": phone.origin,
        "users": list(phone.users),
        "location": _location(phone.location),
        "setting_location": _location(phone.source),
    }


def _queue(queue: QueueItem) -> JsonObject:
    return {
        "name": queue.name,
        "waiting": queue.waiting,
        "transcription": queue.transcription,
        "monitoring": queue.monitoring,
        "in_queue_flow": queue.in_queue_flow,
        "members": queue.members,
        "groups": queue.groups,
        "retention": queue.retention,
        "location": _location(queue.location),
    }


def _flow(flow: FlowItem) -> JsonObject:
    points = [
        {"name": p.name, "kind": p.kind, "confidence": p.confidence, "location": _location(p.location)}
        for p in flow.points
    ]
    return {
        "name": flow.name,
        "type": flow.type,
        "suppress": flow.suppress,
        "consent_points": points,
        "enable_actions": [{"name": e.name, "location": _location(e.location)} for e in flow.enables],
        "location": _location(flow.location),
    }


Reporter = Callable[[Inventory, ReportOptions], str]
FORMATS: Mapping[str, Reporter] = MappingProxyType(
    {"table": inventory_table, "csv": inventory_csv, "json": inventory_json}
)
