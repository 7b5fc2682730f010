"""Small organisations for tests of consent points, in the shape of Archy's YAML and read like it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from auditor.analysis.consent import Answer, ConsentPoint
from auditor.analysis.points import PointsFound, consent_points
from auditor.analysis.points_scene import Scene
from auditor.graph.program import Program
from auditor.loading.archy import flow_from_archy
from auditor.loading.vocabulary import read_vocabulary
from auditor.loading.yaml_reader import read_yaml
from auditor.model.flows import Flow
from auditor.model.location import NOWHERE
from auditor.model.organisation import Organisation
from auditor.model.policy import Declaration
from auditor.model.routing import Prompt

VOCABULARY = read_vocabulary(checked=False)

Yaml = dict[str, Any]
Actions = list[Yaml]


def act(kind: str, name: str, outputs: dict[str, Actions] | None = None, **fields: Any) -> Yaml:
    """An action with its outputs."""
    body: Yaml = {"name": name, **fields}
    if outputs is not None:
        body["outputs"] = {key: {"actions": actions} for key, actions in outputs.items()}
    return {kind: body}


def enable(name: str = "Enable") -> Yaml:
    return act("enableParticipantRecord", name)


def say(text: str, name: str = "Say") -> Yaml:
    return act("playAudio", name, audio={"tts": text})


def heard(words: str) -> Yaml:
    """Audio: words, a prompt ("Prompt.X"), or an expression in braces ("{Flow.Prompt}")."""
    if words.startswith("{"):
        return {"exp": words[1:-1]}
    return {"prompt": words} if words.startswith(("Prompt.", "PromptSystem.")) else {"tts": words}


def ask(
    words: str = "",
    name: str = "Ask",
    variable: str = "Flow.Digit",
    success: Actions | None = None,
    failure: Actions | None = None,
) -> Yaml:
    """Collect input. words as in `heard`; empty: no audio."""
    fields: Yaml = {"inputData": {"var": variable}, "digits": {"exact": "1"}}
    if words:
        fields["inputAudio"] = heard(words)
    return act("collectInput", name, {"success": success or [], "failure": failure or []}, **fields)


def decide(condition: str, yes: Actions | None = None, no: Actions | None = None, name: str = "Check") -> Yaml:
    return act("decision", name, {"yes": yes or [], "no": no or []}, condition={"exp": condition})


def keep(variable: str, value: str, kind: str = "boolean") -> Yaml:
    """Update Data. value: an expression."""
    statement = {kind: {"variable": variable, "value": {"exp": value}}}
    return act("updateData", "Keep", statements=[statement])


def task(name: str, *actions: Yaml) -> Yaml:
    return {"task": {"name": name, "refId": name, "actions": list(actions)}}


def call(name: str) -> Yaml:
    return act("callTask", f"Call {name}", targetTaskRef=f"/inboundCall/tasks/task[{name}]")


def choice(kind: str, name: str, digit: str = "", terms: Sequence[str] = (), **fields: Any) -> Yaml:
    body: Yaml = {"name": name, "refId": f"choice {name} {digit}", **fields}
    if digit:
        body["dtmf"] = f"digit_{digit}"
    if terms:
        body["speechRecTerms"] = {"en-us": {"terms": list(terms)}}
    return {kind: body}


def menu(name: str, words: str, *choices: Yaml) -> Yaml:
    body: Yaml = {"name": name, "refId": name, "choices": list(choices)}
    if words:
        body["audio"] = heard(words)
    return {"menu": body}


def flow(
    *containers: Yaml, name: str = "Main", kind: str = "inboundCall", language: str = "en-us", **fields: Any
) -> Flow:
    """A flow of tasks and menus; a bare list of actions is its only task."""
    first = next(iter(containers[0]))
    body = {
        "name": name,
        "defaultLanguage": language,
        "startUpRef": f"/{kind}/{first}s/{first}[{containers[0][first]['refId']}]",
        "tasks": [c for c in containers if "task" in c],
        "menus": [c for c in containers if "menu" in c],
        **fields,
    }
    return flow_from_archy(read_yaml(json.dumps({kind: body})), f"{name}.yaml")[0]


def actions_flow(*actions: Yaml, **options: Any) -> Flow:
    """A flow of one task."""
    return flow(task("Main", *actions), **options)


def prompt(name: str, **texts: str) -> Prompt:
    """A prompt with its words; languages with an underscore: de_de."""
    return Prompt(name, name, tuple((k.replace("_", "-"), v) for k, v in texts.items()), NOWHERE)


def found(*flows: Flow, prompts: Sequence[Prompt] = (), declared: Sequence[Declaration] = ()) -> PointsFound:
    """What recognition finds in flows."""
    return consent_points(Scene(Program(Organisation(flows=flows, prompts=tuple(prompts))), VOCABULARY), declared)


def only(*flows: Flow, prompts: Sequence[Prompt] = (), declared: Sequence[Declaration] = ()) -> ConsentPoint:
    """The one point that is found in flows."""
    (point,) = found(*flows, prompts=prompts, declared=declared).points
    return point


def outcomes(point: ConsentPoint) -> dict[str, Answer]:
    """Outcome in words -> its class."""
    return {o.text: o.answer for o in point.outcomes}


def terms(point: ConsentPoint) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """What grants, and what refuses."""
    return point.granting, point.refusing
