"""What the facts mean that rules of one's own can judge, for the documentation."""

from __future__ import annotations

from collections.abc import Mapping

_STANDS_IN = "whether the announcement mode has a code of its own for it (RC107)"

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "every": {
        "direction": "who called",
        "line": "whether the trunk records",
        "gate": "whether the trunk waits for Enable Participant Recording",
        "consent": "what the caller has said",
        "noticed": "whether anything about recording was heard",
        "enabled": "whether recording was enabled before",
        "mode": "what counts as consent for the entry",
        "mode_satisfied": "whether what the caller said and heard is enough in that mode",
        "can_enable": "whether enabling can matter: the gate is on, and line or station record",
    },
    "recording-enabled": {"stands_in": _STANDS_IN},
    "consent-asked": {"answer": "how the caller leaves the question"},
    "capture-starts": {
        "part": "what records",
        "exempt": "only because the call becomes a conference",
        "stands_in": _STANDS_IN,
    },
    "third-party-captured": {"third_party_asked": "whether the third party was asked"},
    "entry-summary": {
        "kind": "how the call begins",
        "direction": "who called",
        "line": "whether the trunk records",
        "gate": "whether the trunk waits for Enable Participant Recording",
        "recording_gated_leg": "both",
        "mode": "what counts as consent for the entry",
        "asks": "some run passes a consent point",
        "enables": "some run enables recording",
        "flow_could_enable": "a flow that runs come through holds Enable Participant Recording",
        "connects": "some run reaches a queue or an internal participant",
        "connects_unasked": "some run connects an internal participant before the caller was asked",
        "connects_unannounced": "... before anything about recording was heard",
        "connects_refused": "... after the caller has refused",
        "captured": "some run is recorded, by line or station (what a conference would add aside)",
        "legs_disagree": "the trunks over which these calls come differ in line or gate",
    },
    "enable-summary": {
        "flow_type": "type of the flow that holds the action",
        "named": "it has a name that no other enable action of its flow has",
        "runs": "some run of some entry, or of a flow without entry, executes it",
        "recording_gated_leg": "some run executes it where the trunk records and waits",
        "records": "line or station record on some leg on which it runs",
        "captured": "the call is recorded on some continuation of its runs",
    },
    "point-summary": {
        "kind": "how the question is asked",
        "every_class_enables": "whatever the answer, some continuation enables recording",
        "refused_reaches_service": "some continuation of a refusal reaches somebody, or voicemail",
        "evidence_kept": "some continuation of a yes stores the answer",
        "silent_language": "it has no audio in a language of its flow",
    },
    "queue-summary": {
        "connects": "some run reaches a member of the queue",
        "captured": "some run is recorded there",
        "always_deleted": "recording policies delete every recording of the queue",
    },
}
