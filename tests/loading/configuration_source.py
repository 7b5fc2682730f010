"""Small flow configurations in JSON for tests: actions are linked by ids here, as in real exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.loading.configuration import flow_from_configuration
from auditor.model.flows import Action, Flow, Task
from auditor.model.operations import Operation
from auditor.model.problems import Problem

Json = dict[str, Any]


def lit(text: str, type: str = "str", id: str | None = None) -> Json:
    """An expression field that holds a literal; id: of the object it names."""
    body = {"text": text, "type": type} | ({"val": id} if id else {})
    return {"config": {"lit": body}, "text": text, "type": type, "uiMetaData": {"mode": 1}}


def ref(name: str, type: str = "str", mode: int = 2) -> Json:
    """An expression field that holds a variable. mode 2: the action fills it; 0: it reads it."""
    return {"config": {"ref": {"text": name, "type": type}}, "text": name, "type": type, "uiMetaData": {"mode": mode}}


def emp(type: str = "str") -> Json:
    """An expression field without a value."""
    return {"config": {"emp": {"text": "", "type": type}}, "text": "", "type": type, "uiMetaData": {"mode": 3}}


def call(function: str, *operands: Json, text: str = "", type: str = "str") -> Json:
    """An expression field that applies a function to the values of other fields."""
    node = {function: {"operands": [o["config"] for o in operands], "type": type, "text": text}}
    return {"config": node, "text": text, "type": type, "uiMetaData": {"mode": 0}}


def tts(words: str) -> Json:
    """Audio: words that are spoken."""
    return {"defaultAudio": call("ToAudioTTS", lit(words), type="aud"), "cases": []}


def named(**values: Json) -> list[Json]:
    """`[{name, value}]`; double underscores stand for dots."""
    return [{"name": name.replace("__", "."), "value": value} for name, value in values.items()]


def action(type: str, id: str, next: str | None = None, name: str | None = None, **fields: Any) -> Json:
    """An action. next: id of the action after it."""
    body: Json = {"__type": type, "id": id, "trackingId": 10, **fields}
    return body | ({"nextAction": next} if next else {}) | ({"name": name} if name is not None else {})


def path(output: str, to: str | None = None, label: str = "", **more: Any) -> Json:
    """A way out of an action."""
    return {"outputId": output, "label": label, **({"nextActionId": to} if to else {}), **more}


def task(id: str, *actions: Json, type: str = "Task", **fields: Any) -> Json:
    """A container that starts at its first action."""
    start = {"startAction": actions[0]["id"]} if actions else {}
    return {"__type": type, "id": id, "name": fields.pop("name", id), "actionList": list(actions), **start, **fields}


def document(*items: Json, **fields: Any) -> Json:
    """A configuration that starts at its first container."""
    start = {"initialSequence": items[0]["id"]} if items else {}
    return {"name": "Main", "type": "inboundcall", **start, "flowSequenceItemList": list(items), **fields}


def load(configuration: Mapping[str, Any], path: str = "main.json", **more: Any) -> tuple[Flow, tuple[Problem, ...]]:
    return flow_from_configuration(dict(configuration), path, **more)


def flow_of(*items: Json, **fields: Any) -> Flow:
    flow, problems = load(document(*items, **fields))
    assert problems == ()
    return flow


def block_of(*actions: Json) -> tuple[Action, ...]:
    found = flow_of(task("t", *actions)).containers[0]
    assert isinstance(found, Task)
    return found.block


def operation_of(type: str, **fields: Any) -> Operation:
    (found,) = block_of(action(type, "a", **fields))
    return found.operation
