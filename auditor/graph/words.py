"""Why an edge is taken, in plain English. An edge describes itself; a path then reads as sentences."""

from __future__ import annotations

from auditor.model.flows import Action, Choice
from auditor.model.operations import (
    CallBot,
    CollectInput,
    Decide,
    Lookup,
    Loop,
    Schedule,
    Switch,
)
from auditor.model.secrets import shown

OUTCOMES = {
    "success": "it succeeds",
    "failure": "it fails",
    "timeout": "it times out",
    "found": "a match is found",
    "notFound": "nothing is found",
    "partiallyFound": "only some are found",
    "matchExact": "exactly one match is found",
    "matchMultiple": "several matches are found",
    "yes": "the answer is yes",
    "no": "the answer is no",
    "open": "the schedule says open",
    "closed": "the schedule says closed",
    "holiday": "the schedule says holiday",
    "emergency": "the emergency is active",
    "active": "the schedule is active",
    "inactive": "the schedule is not active",
    "maxNoInputs": "the caller says nothing",
    "maxNoMatches": "the caller is not understood",
    "noIntent": "no intent is recognised",
    "noInput": "the caller enters nothing",
    "knowledge": "the knowledge base answers",
    "loop": "the loop goes round",
    "loopsMax": "the loop has run its rounds",
    "default": "nothing else applies",
    "voicemail": "the caller leaves a voicemail",
    "error": "an error occurs",
}


def outcome(action: Action, key: str, label: str) -> str:
    """The words for taking one output of an action."""
    match action.operation:
        case Decide(condition=condition):
            return f"{shown(condition)} is {'true' if key == 'yes' else 'false'}"
        case Switch(cases=cases):
            texts = [f"the case {shown(c.value)} applies" for c in cases if c.output == key]
            return texts[0] if texts else "no case applies"
        case CollectInput():
            return "the caller enters digits" if key == "success" else "no input or a wrong key"
        case CallBot() if key not in OUTCOMES:
            return f"the bot recognises {label or key}"
        case Lookup(kind="dataTableLookup") if key in ("found", "notFound"):
            return "table row found" if key == "found" else "table row not found"
        case Schedule() | Loop() if key in OUTCOMES:
            return OUTCOMES[key]
    return OUTCOMES.get(key, f"the output {label or key} is taken")


def chosen(choice: Choice) -> str:
    """The words for a caller choosing a menu choice."""
    if choice.digit is not None:
        return f"caller presses {choice.digit}"
    terms = ", ".join(f'"{term}"' for _, term in choice.speech[:2])
    return f"caller says {terms}" if terms else f'caller chooses "{choice.name}"'
