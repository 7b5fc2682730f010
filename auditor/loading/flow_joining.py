"""Flow bodies from YAML and JSON, and the listing of flows, become each flow once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.loading.merging import ambiguous, bare, both, contradiction, place_of, told
from auditor.model.flows import Action, Container, Flow, FlowType, Menu, Task
from auditor.model.problems import Problem
from auditor.model.versions import later, version_parts

_FEW = 3


class Telling(Struct, frozen=True):
    """What joining needs to know of files, and where it says what it met.

    forms: file -> form of its bodies; planned: files with candidates, of which no published version is expected.
    """

    forms: Mapping[str, str]
    planned: Set[str]
    problems: list[Problem]
    notes: list[str] = field(default_factory=list)


def join_flows(bodies: Iterable[Flow], listed: Iterable[Flow], telling: Telling) -> tuple[Flow, ...]:
    """Each flow once, bodies with the id and division that the listing knows."""
    entries = _each_once(listed, telling.problems)
    listing = _Listing(entries)
    certain, doubtful = _identified(sorted(bodies, key=_place), listing, telling.problems)
    groups = [*_grouped(certain, telling.problems), *_grouped(doubtful, telling.problems)]
    flows = [_chosen(group, listing, telling) for group in groups]
    known = {flow.id.lower() for flow in flows if flow.id is not None}
    named = [entry for entry in entries if entry.id is None and not any(_means(entry, flow) for flow in flows)]
    flows += [entry for entry in entries if entry.id is not None and entry.id.lower() not in known] + named
    return tuple(sorted(flows, key=lambda f: (f.name, f.id or "", f.type.value, _place(f))))


def _means(entry: Flow, flow: Flow) -> bool:
    """Whether an entry without an id can be this flow."""
    return (entry.type, entry.name) == (flow.type, flow.name) and _same_name(flow, entry)


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

    def published(self, id: str | None) -> Flow | None:
        """The entry of a flow that is known to be published in a known version."""
        entry = self._ids.get(id.lower()) if id is not None else None
        return entry if entry is not None and entry.published and version_parts(entry.version) else None

    def of(self, body: Flow) -> list[Flow]:
        """The entries that may be the body's: by id, else by type and name, in its division if there is one."""
        if body.id is not None:
            known = self._ids.get(body.id.lower())
            return [] if known is None else [known]
        if _templated(body):
            return []
        same = [entry for entry in self._names.get((body.type, body.name), ()) if _alike(entry, body)]
        return [entry for entry in same if entry.division == body.division] or same


def _identified(bodies: Iterable[Flow], listing: _Listing, problems: list[Problem]) -> tuple[list[Flow], list[Flow]]:
    """The bodies with what the listing knows of them, and those that may be of any of several listed flows."""
    certain, doubtful = [], []
    for body in bodies:
        same = listing.of(body)
        if len(same) > 1:
            problems.append(_ambiguous(body, same))
            doubtful.append(body)
        else:
            certain.append(_completed(body, same[0]) if same else body)
    return certain, doubtful


def _completed(body: Flow, entry: Flow) -> Flow:
    alike = version_parts(body.version) in ((), version_parts(entry.version))
    return replace(
        body,
        id=entry.id,
        published_at=body.published_at or (entry.published_at if alike else None),
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
    message = f'Several flows of type {body.type.value} are called "{body.name}": in the divisions {places}.'
    hint = "Export this flow as JSON, or with its id in the file name, so that it is clear which one it is."
    return ambiguous("flow", body.name, body.location, message, hint)


def _grouped(bodies: Sequence[Flow], problems: list[Problem]) -> list[list[Flow]]:
    """Bodies of the same flow: the same id, or the same type and name where an id is missing (several: RX907)."""
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
            if twins:
                problems.append(_ambiguous(body, [group[0] for group in twins]))
            named.append([body])
    return [group for groups in by_name.values() for group in groups]


def _same_name(known: Flow, body: Flow) -> bool:
    if _templated(body) or not _alike(known, body):
        return False
    return None in (known.division, body.division) or known.division == body.division


def _chosen(group: list[Flow], listing: _Listing, telling: Telling) -> Flow:
    """The body that counts: the published version, else the highest, then a form with ids, then the first file."""
    entry = listing.published(group[0].id)
    order = sorted(group, key=lambda f: (_version(f), f.id is None, *_place(f)))
    if entry is not None and order[0].location.file not in telling.planned:
        order = _as_published(order, entry, telling)
    chosen = order[0]
    others = [other for other in order[1:] if not _equal(chosen, other, telling.forms)]
    if others:
        telling.problems.append(_contradicting(chosen, others))
    ids = [flow.id for flow in group if flow.id]
    divisions = [flow.division for flow in order if flow.division]
    return replace(chosen, id=next(iter(ids), None), division=next(iter(divisions), None))


def _as_published(order: list[Flow], entry: Flow, telling: Telling) -> list[Flow]:
    """The bodies of the published version and those of unknown version; a draft is said, any other version told."""
    wanted = version_parts(entry.version)
    published = [flow for flow in order if version_parts(flow.version) == wanted]
    unknown = [flow for flow in order if not version_parts(flow.version)]
    if not published and not unknown:
        telling.problems.append(_other_version(order[0], entry))
        return order
    drafts = [flow for flow in order if later(flow.version, entry.version)]
    newest = next(iter(drafts), None)
    newer = newest.version if newest is not None else entry.draft
    if newer is not None:
        where = f" ({told(newest.location)})" if newest is not None else ""
        telling.notes.append(
            f'flow "{entry.name}": the published version {entry.version} was audited;'
            f" there is a newer draft {newer}{where}"
        )
    return published + unknown


def _other_version(body: Flow, entry: Flow) -> Problem:
    return Problem(
        "RX909",
        f'The flow "{body.name}" is published in version {entry.version} ({told(entry.location)}), but its body is of'
        f" version {body.version} ({told(body.location)}).",
        body.location,
        "Export the published version of the flow, or the listing of flows again.",
        f"flow:{body.name}",
    )


def _equal(first: Flow, second: Flow, forms: Mapping[str, str]) -> bool:
    if forms.get(first.location.file) == forms.get(second.location.file):
        return _program(first) == _program(second)
    return _outline(first) == _outline(second)


def _version(flow: Flow) -> tuple[int, ...]:
    """Sorts higher versions first, unknown ones last."""
    return tuple(-part for part in version_parts(flow.version)) or (1,)


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
        doubtful=any(_version(other) == _version(chosen) for other in others),
    )


def _program(flow: Flow) -> object:
    """The flow without places, id, version and division: to compare two exports of the same form."""
    return bare(replace(flow, id=None, version=None, division=None, published=None, published_at=None, type_name=""))


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
