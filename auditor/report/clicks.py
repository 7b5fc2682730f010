"""Where an object is found in the admin interface of Genesys Cloud."""

from __future__ import annotations

from auditor.findings import Subject

_MENUS = {
    "trunk": ("Admin", "Telephony", "Trunks", "External Trunks"),
    "phone": ("Admin", "Telephony", "Phone Management", "Phones"),
    "queue": ("Admin", "Contact Center", "Queues"),
    "user": ("Admin", "People & Permissions", "People"),
    "group": ("Admin", "Directory", "Groups"),
    "site": ("Admin", "Telephony", "Sites"),
    "number": ("Admin", "Telephony", "DID Numbers"),
    "route": ("Admin", "Routing", "Call Routing"),
    "campaign": ("Admin", "Outbound", "Campaign Management"),
    "policy": ("Admin", "Quality", "Policies"),
}


def clicks(subject: Subject) -> tuple[str, ...]:
    """What to click, one after the other, until the object is open; empty for what is not there."""
    if subject.kind in ("action", "menu", "flow"):
        flow = subject.flow or subject.name
        inside = (subject.container, subject.name) if subject.kind != "flow" else ()
        return ("Admin", "Architect", flow, *dict.fromkeys(part for part in inside if part and part != flow))
    menus = _MENUS.get(subject.kind)
    return (*menus, subject.name) if menus else ()
