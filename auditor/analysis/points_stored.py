"""Stored consent: lookups of what a caller agreed to earlier, recognised by names."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.analysis.consent import PlaceKey, PointKind
from auditor.analysis.points_outcomes import with_action_outcomes
from auditor.analysis.points_question import Classified, clear_name, point
from auditor.analysis.points_scene import FlowScene, Recognised, Scene
from auditor.analysis.points_settings import Guards, is_keyed_by_line
from auditor.analysis.points_values import by_values, objecting, objection
from auditor.analysis.words import NameReading
from auditor.model.directory import Found
from auditor.model.expression_tools import to_text
from auditor.model.expressions import Literal
from auditor.model.operations import Argument, GetParticipantData, Lookup, Reference
from auditor.model.sites import ActionSite

LOOKUPS = frozenset(
    {
        "dataTableLookup",
        "callData",
        "callDataSecure",
        "callBridge",
        "getExternalContact",
        "searchExternalContacts",
        "getConversationData",
        "getConversationAttribute",
        "getConversationAttributes",
        "getSecuredData",
    }
)
"""Action types that read what was stored about a caller."""

_POSITIVE = ("found", "success", "matchExact")
_WRITING = frozenset(
    [
        "set",
        "save",
        "store",
        "write",
        "update",
        "put",
        "post",
        "create",
        "add",
        "insert",
        "delete",
        "remove",
        "log",
        "send",
    ]
)


class _Returned(Struct, frozen=True):
    """A value that a lookup returns. named: what its column or variable says of consent to recording, if it does."""

    output: str
    variable: str
    named: NameReading | None


def stored_point(
    scene: Scene, flow: FlowScene, site: ActionSite, operation: Lookup | GetParticipantData, guards: Guards
) -> Recognised:
    """A lookup of consent: the value that is tested decides, else whether anything is found.

    Of a value that is tested in words we cannot read, structure may tell.
    """
    if isinstance(operation, Lookup) and operation.kind not in LOOKUPS:
        return None
    whole, returned = _whole(scene, site, operation), _returned(scene, operation)
    clear = [r for r in returned if r.named is not None]
    if (whole is None and not clear) or is_keyed_by_line(flow, _key(operation)):
        return None
    place, asked = flow.place(site), objection(whole)
    telling = [r for r in returned if any(scene.name(name).speaks for name in (r.output, r.variable))]
    for value in sorted(clear, key=lambda r: r.named is not None and r.named.opt_out) or telling or returned:
        opt_out = objecting(scene, (value.output, value.variable), asked=asked)
        values = by_values(scene, flow, value.variable, opt_out=opt_out) if opt_out is not None else Classified()
        if not values.told:
            continue
        if _is_setting(guards, flow, value.variable, values):
            return None
        return _made(site, place, values, (value.named or whole, *values.reasons.values()))
    if any(flow.comparisons.of(r.variable) for r in returned):
        return place
    if isinstance(operation, Lookup) and not clear and _writes(operation, site):
        return None
    return _by_output(site, place, whole or clear[0].named)


def _key(operation: Lookup | GetParticipantData) -> tuple[Argument, ...]:
    return operation.key if isinstance(operation, Lookup) else ()


def _returned(scene: Scene, operation: Lookup | GetParticipantData) -> list[_Returned]:
    if isinstance(operation, Lookup):
        pairs = [(b.output, b.variable) for b in operation.bindings]
    else:
        attributes = operation.attributes
        pairs = [(str(n.value) if isinstance(n, Literal) else to_text(n), variable) for n, variable in attributes]
    return [_Returned(output, variable, clear_name(scene, (output, variable))) for output, variable in pairs]


def _whole(scene: Scene, site: ActionSite, operation: Lookup | GetParticipantData) -> NameReading | None:
    """What the names of the table or data action, and of the action itself, say."""
    names = [site.action.name]
    if isinstance(operation, Lookup):
        source = operation.source
        if source is None and operation.source_id is not None:
            found = scene.directory.data_table(Reference("data_table", operation.source_id))
            source = found.object.name if isinstance(found, Found) else None
        names = [source, *names] if source else names
    return clear_name(scene, names)


def _is_setting(guards: Guards, flow: FlowScene, variable: str, values: Classified) -> bool:
    granting = [term.partition("=")[2] for term in values.granting]
    refusing = [term.partition("=")[2] for term in values.refusing]
    return guards.guards_question(flow, variable, granting, refusing)


def _writes(operation: Lookup, site: ActionSite) -> bool:
    """Whether a data action stores consent rather than reading it, by the verb at the start of its name."""
    if operation.kind not in ("callData", "callDataSecure", "callBridge"):
        return False
    return any(_first_word(name) in _WRITING for name in (operation.source or "", site.action.name))


def _first_word(name: str) -> str:
    word = ""
    for character in name.strip():
        if not character.isalpha() or (character.isupper() and word and word[-1].islower()):
            break
        word += character
    return word.casefold()


def _by_output(site: ActionSite, place: PlaceKey, named: NameReading | None) -> Recognised:
    """That something is found is the consent, or the objection."""
    outputs = [o.key for o in site.action.outputs if o.key in _POSITIVE] or ["found"]
    classified, opt_out = Classified(), objection(named)
    if opt_out is None:
        return place
    terms = classified.refusing if opt_out else classified.granting
    for output in outputs:
        terms[output] = "no returned value is tested, so that something is stored decides"
    return _made(site, place, classified, (named, *classified.reasons.values()))


def _made(
    site: ActionSite, place: PlaceKey, classified: Classified, why: Sequence[NameReading | str | None]
) -> Recognised:
    reasons = [each.reason if isinstance(each, NameReading) else each for each in why if each is not None]
    found = point(place, PointKind.STORED, site.action.name, classified, question="", reasons=reasons)
    return None if found is None else with_action_outcomes(found, site.action, classified.reasons)
