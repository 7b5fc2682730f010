"""Fields of configuration JSON: `{text, type, config, uiMetaData}`, audio, targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.plan import Lit, Named

Node = dict[str, Any]


def constant(key: str) -> str:
    """notFound as NOT_FOUND."""
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in key)


def field(text: str, type: str, config: Node, mode: int, references: Sequence[Node] = ()) -> Node:
    """An expression field. mode: 0 reads an expression, 1 holds a literal, 2 takes a variable, 3 is empty."""
    about = {"references": list(references)} if references else {}
    return {"config": config, "text": text, "type": type, "uiMetaData": {"mode": mode}, "metaData": about, "version": 2}


def value(lit: Lit, id: str = "") -> Node:
    """A field that holds a literal; id: of the object it names."""
    literal = {"pos": 1, "text": lit.text, "type": lit.type} | ({"val": id} if id else {})
    return field(lit.text, lit.type, {"lit": literal}, 1)


def empty(type: str) -> Node:
    """A field without a value."""
    return field("", type, {"emp": {"pos": 1, "text": "", "type": type}}, 3)


def audio(words: str) -> Node:
    """Words that are spoken."""
    text = f'AudioPlaybackOptions(ToAudioTTS("{words}"), true)'
    spoken = {
        "ToAudioTTS": {"pos": 22, "operands": [{"lit": {"pos": 33, "text": words, "type": "str"}}], "type": "aud"}
    }
    barge_in = {"lit": {"pos": len(text) - 5, "text": "true", "type": "bln"}}
    config = {"AudioPlaybackOptions": {"pos": 1, "text": text, "operands": [spoken, barge_in], "type": "aud"}}
    shown = {"sequenceItems": [{"type": 0, "parameter": words, "error": ""}], "customExpressionMode": False}
    audio = {"config": config, "text": text, "type": "aud", "uiMetaData": shown, "metaData": {}}
    return {"bargeInExpression": value(Lit("true", "bln")), "defaultAudio": audio, "cases": []}


def acd(queue: Named, words: str) -> Node:
    """The fields of a transfer to a queue."""
    return {
        "useDefaultHandling": True,
        "queues": [value(Lit(queue.name, "que"), queue.id)],
        "priority": value(Lit("0", "int")),
        "skills": [],
        "languageSkill": empty("lac"),
        "directAgent": empty("usr"),
        "preferredAgents": [],
        "preTransferAudio": audio(words)["defaultAudio"],
        "failureTransferAudio": empty("aud"),
    }


def to_flow(flow: Named, words: str) -> Node:
    """The fields of a transfer to a flow."""
    spoken = audio(words)["defaultAudio"]
    return {"flowId": flow.id, "flowName": flow.name, "preTransferAudio": spoken, "failureTransferAudio": empty("aud")}


ERRORS = [{"name": name, "value": empty("str")} for name in ("errorType", "errorMessage")]
SYSTEM = {"Call.Ani": "__CALL_ANI__", "Call.CalledAddress": "__CALL_DNIS__"}
