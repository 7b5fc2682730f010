"""Platform API JSON -> campaigns, call analysis response sets, retention policies (domain reference, 3 and 5)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.loading.values import (
    JsonObject,
    child,
    division,
    down,
    flag,
    identity,
    listed,
    number,
    reference_id,
    reference_ids,
    text,
    words,
)
from auditor.model.location import Location
from auditor.model.routing import Campaign, Reaction, ResponseSet, RetentionPolicy

_MEDIA = {"callPolicy": "CALL", "chatPolicy": "CHAT", "emailPolicy": "EMAIL", "messagePolicy": "MESSAGE"}
_CONDITIONS = {
    "wrapupCodes": "wrap-up codes",
    "languages": "languages",
    "timeAllowed": "times of day",
    "teams": "teams",
    "dateRanges": "dates",
    "duration": "duration",
    "customerParticipation": "customer participation",
}


def campaign(value: JsonObject, at: Location) -> Campaign:
    """An outbound campaign."""
    id, name = identity(value)
    return Campaign(
        id=id,
        name=name,
        division=division(value),
        mode=text(value, "dialingMode"),
        status=text(value, "campaignStatus"),
        queue=reference_id(value, "queue"),
        site=reference_id(value, "site"),
        edge_group=reference_id(value, "edgeGroup"),
        response_set=reference_id(value, "callAnalysisResponseSet"),
        location=at,
    )


def response_set(value: JsonObject, at: Location) -> ResponseSet:
    """A call analysis response set; events sorted by name."""
    id, name = identity(value)
    rows = []
    for event, reaction in sorted(child(value, "responses").items()):
        if isinstance(reaction, dict):
            kind = text(reaction, "reactionType") or ""
            rows.append(Reaction(event, kind, text(reaction, "data"), text(reaction, "name")))
    return ResponseSet(id, name, tuple(rows), at)


def policy(value: JsonObject, at: Location) -> RetentionPolicy:
    """A retention policy as it concerns calls: the part for calls, else the policy as a whole."""
    id, name = identity(value)
    media = child(value, "mediaPolicies")
    calls = child(media, "callPolicy")
    whole = calls or value
    place = down(at, "mediaPolicies", "callPolicy") if calls else at
    conditions, actions = child(whole, "conditions"), child(whole, "actions")
    named = words(conditions, "mediaTypes") or words(child(value, "conditions"), "mediaTypes")
    return RetentionPolicy(
        id=id,
        name=name,
        order=number(value, "order"),
        enabled=flag(value, "enabled", at),
        queues=_all_of(conditions, "forQueues"),
        users=_all_of(conditions, "forUsers"),
        directions=words(conditions, "directions"),
        media=named or tuple(word for key, word in _MEDIA.items() if child(media, key)),
        conditions=tuple(_in_words(conditions)),
        retain=flag(actions, "retainRecording", down(place, "actions")),
        delete=flag(actions, "deleteRecording", down(place, "actions")),
        always_delete=flag(actions, "alwaysDelete", down(place, "actions")),
        location=at,
        days=number(child(actions, "retentionDuration", "deleteRetention"), "days"),
    )


def _all_of(conditions: JsonObject, key: str) -> tuple[str, ...] | None:
    named = tuple(id for id in reference_ids(conditions, key) if id != "*")
    return named or None


def _in_words(conditions: JsonObject) -> Iterator[str]:
    for key, word in _CONDITIONS.items():
        items = listed(conditions, key)
        names = [text(i, "name", "id") for i in items if isinstance(i, dict)] + [i for i in items if isinstance(i, str)]
        single = text(conditions, key)
        if items or single or child(conditions, key):
            told = ", ".join(n for n in (*names, single) if n)
            yield f"{word}: {told}" if told else word
