"""Flow bodies from YAML and JSON, and the listing of flows, become each flow once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.loading.merging import bare, both, contradiction, place_of, told
from auditor.model.flows import Action, Container, Flow, FlowType, Menu, Task
from auditor.model.problems import Problem

_FEW = 3


def join_flows(
    bodies: Iterable[Flow], listed: Iterable[Flow], forms: Mapping[str, str], problems: list[Problem]
) -> tuple[Flow, ...]:
    """Each flow once, bodies with the id and division that the listing knows. forms: file -> form of its bodies."""
    entries = _each_once(listed, problems)
    listing = _Listing(entries)
    groups = _grouped([_identified(body, listing, problems) for body in sorted(bodies, key=_place)])
    flows = [_chosen(group, forms, problems) for group in groups]
    known = {flow.id.lower() for flow in flows if flow.id is not None}
    flows += [entry for entry in entries if entry.id is None or entry.id.lower() not in known]
    return tuple(sorted(flows, key=lambda f: (f.name, f.id or "", f.type.value, _place(f))))


def _place(flow: Flow) -> tuple[str, int, str]:
    return place_of(flow.location)


def _each_once(listed: Iterable[Flow], problems: list[Problem]) -> list[Flow]:
    found: dict[object, Flow] = {}
    for entry in sorted(listed, key=_place):
        key = entry.id or (entry.type, entry.name, entry.division)
        if key not in found:
            found[key] = entry
            continue
        found[key], differing = both(found[key], entry)
        if differing:
            problems.append(contradiction("flow", entry.name, found[key].location, entry.location, differing))
    return list(found.values())


class _Listing:
    """The listed flows by id and by type and name."""

    def __init__(self, entries: Iterable[Flow]) -> None:
        self._ids: dict[str, Flow] = {}
        self._names: dict[tuple[FlowType, str], list[Flow]] = defaultdict(list)
        for entry in entries:
            if entry.id is not None:
                self._ids[entry.id.lower()] = entry
                self._names[entry.type, entry.name].append(entry)

    def of(self, body: Flow) -> list[Flow]:
        """The entries that may be the body's: by id, else by type and name, in its division if there is one."""
        if body.id is not None:
            known = self._ids.get(body.id.lower())
            return [] if known is None else [known]
        if _templated(body):
            return []
        same = [entry for entry in self._names.get((body.type, body.name), ()) if _alike(entry, body)]
        return [entry for entry in same if entry.division == body.division] or same


def _identified(body: Flow, listing: _Listing, problems: list[Problem]) -> Flow:
    """The body with what the listing knows of it."""
    same = listing.of(body)
    if len(same) > 1:
        problems.append(_ambiguous(body, same))
    if len(same) != 1:
        return body
    entry = same[0]
    return replace(
        body,
        id=entry.id,
        division=entry.division or body.division,
        published=entry.published if body.published is None else body.published,
    )


def _alike(entry: Flow, body: Flow) -> bool:
    """Whether the entry may be the body's: flows that are not voice all have the type OTHER."""
    return entry.type is not FlowType.OTHER or entry.type_name.lower() == body.type_name.lower()


def _templated(flow: Flow) -> bool:
    """Whether the name is a template, so that equal names mean nothing."""
    return "{{" in flow.name or "${" in flow.name


def _ambiguous(body: Flow, entries: Sequence[Flow]) -> Problem:
    places = ", ".join(f'"{e.division or "?"}" ({e.id})' for e in entries)
    return Problem(
        "RX907",
        f'Several flows of type {body.type.value} are called "{body.name}": in the divisions {places}.',
        body.location,
        "Export this flow as JSON, or with its id in the file name, so that it is clear which one it is.",
        f"flow:{body.name}",
    )


def _grouped(bodies: Sequence[Flow]) -> list[list[Flow]]:
    """Bodies of the same flow: the same id, or the same type and name where an id is missing."""
    by_id: dict[str, list[Flow]] = defaultdict(list)
    rest: list[Flow] = []
    for body in bodies:
        if body.id is None:
            rest.append(body)
        else:
            by_id[body.id.lower()].append(body)
    by_name: dict[object, list[list[Flow]]] = defaultdict(list)
    for group in by_id.values():
        by_name[group[0].type, group[0].name].append(group)
    for body in sorted(rest, key=lambda f: (f.division is None, *_place(f))):
        named = by_name[body.type, body.name]
        twins = [group for group in named if _same_name(group[0], body)]
        if len(twins) == 1:
            twins[0].append(body)
        else:
            named.append([body])
    return [group for groups in by_name.values() for group in groups]


def _same_name(known: Flow, body: Flow) -> bool:
    if _templated(body) or not _alike(known, body):
        return False
    return None in (known.division, body.division) or known.division == body.division


def _chosen(group: list[Flow], forms: Mapping[str, str], problems: list[Problem]) -> Flow:
    """The body that counts: the highest version, then a form with ids, then the first file."""
    order = sorted(group, key=lambda f: (_version(f), f.id is None, *_place(f)))
    chosen = order[0]
    others = [other for other in order[1:] if not _equal(chosen, other, forms)]
    if others:
        problems.append(_contradicting(chosen, others))
    ids = [flow.id for flow in order if flow.id]
    divisions = [flow.division for flow in order if flow.division]
    return replace(chosen, id=next(iter(ids), None), division=next(iter(divisions), None))


def _equal(first: Flow, second: Flow, forms: Mapping[str, str]) -> bool:
    if forms.get(first.location.file) == forms.get(second.location.file):
        return _program(first) == _program(second)
    return _outline(first) == _outline(second)


def _version(flow: Flow) -> tuple[int, ...]:
    """Sorts higher versions first, unknown ones last."""
    parts = [part for part in (flow.version or "").split(".") if part.isdigit()]
    return tuple(-int(part) for part in parts) or (1,)


def _contradicting(chosen: Flow, others: Sequence[Flow]) -> Problem:
    places = [f"{told(f.location)} (version {f.version or 'unknown'})" for f in (chosen, *others[:_FEW])]
    more = f" and {len(others) - _FEW} more" if len(others) > _FEW else ""
    return Problem(
        "RX909",
        f'The flow "{chosen.name}" is exported several times and differs: {"; ".join(places)}{more}.'
        " The first one counts.",
        chosen.location,
        "Remove the export that is out of date.",
        f"flow:{chosen.name}",
    )


def _program(flow: Flow) -> object:
    """The flow without places, id, version and division: to compare two exports of the same form."""
    return bare(replace(flow, id=None, version=None, division=None, published=None, type_name=""))


def _outline(flow: Flow) -> object:
    """What YAML and JSON spell alike: containers, actions with names and outputs, choices, suppression."""
    return bare(flow.suppress_recording), sorted(map(repr, map(_container, flow.containers)))


def _container(container: Container) -> object:
    match container:
        case Task(name=name, kind=kind, block=block):
            return kind.value, name, tuple(_block(block))
        case Menu(name=name, choices=choices):
            return "menu", name, tuple((c.name, c.digit, c.action.type) for c in choices)


def _block(block: Sequence[Action]) -> Iterator[object]:
    for action in block:
        outputs = sorted((o.key, tuple(_block(o.block))) for o in action.outputs if o.block)
        yield action.type, action.name, type(action.operation).__name__, tuple(outputs)
