"""The demonstration's Archy flows as `/api/v2/flows/{id}/versions/{v}/configuration` would give them (section 3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct, field

from tests.demo_actions import TYPES, Context, Objects, Tree, fields_of, ways_of
from tests.demo_expressions import Json, Scope, audio, empty, lit, yes

_NAMESPACE = uuid.UUID("5d6cbb4b-6a0e-4f0c-9b6c-2f7d0f6b9f11")
_TYPES = {
    "boolean": ("BoolVariable", "bln"),
    "string": ("StringVariable", "str"),
    "integer": ("IntegerVariable", "int"),
}
_SPOKEN = ("inboundCall", "outboundCall", "secureCall")


def configuration(path: Path, flow_id: str, ids: Mapping[tuple[str, str], str]) -> Json:
    """The configuration of a flow. ids: of the organisation's objects, by kind of the manifest and name."""
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    ((root, body),) = document.items()
    return _Writer(root, body, flow_id, Objects(ids)).document()


def _made(*parts: object) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, parts))))


class _Writer(Struct):
    root: str
    body: Tree
    flow_id: str
    objects: Objects
    tracked: int = 100
    containers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def document(self) -> Json:
        items = [*self._registered()]
        variables = self.body.get("variables", [])
        start = self.containers[self.body["startUpRef"]] if "startUpRef" in self.body else ("", "")
        written = [self._container(kind, item, variables) for kind, item in items]
        language = self.body["defaultLanguage"]
        return {
            "name": self.body["name"],
            "type": {"botFlow": "bot"}.get(self.root, self.root.lower()),
            "description": self.body.get("description", ""),
            "initialSequence": start[0] or written[0]["id"],
            "nextTrackingNumber": self.tracked + 1,
            "defaultLanguage": _cased(language),
            "supportedLanguages": [_cased(name) for name in self.body["supportedLanguages"]],
            **self._settings(),
            **self._error_handling(),
            "variables": [_variable(item, self.flow_id, "") for item in variables],
            "flowSequenceItemList": written,
            "manifest": self.objects.manifest,
        }

    def _settings(self) -> Json:
        speech = self.body.get("settingsSpeechRec")
        if self.root not in _SPOKEN or speech is None:
            return {"inQueueCallFlowSettings": self._waiting()} if self.root == "inqueueCall" else {}
        return {
            "isSecure": self.root == "secureCall",
            "suppressRecording": yes(speech["suppressRecording"] == "true"),
            "disableAsr": yes(speech["asrEnabledOnFlow"] != "true"),
            "disableAsrCompanyDirectory": yes(speech["asrCompanyDir"] == "none"),
            "initialPrompts": audio(None, Scope({})),
            "defaultSettings": {"Menu": {"useExtensionDialing": self._listens(self.body["settingsMenu"])}},
        }

    def _waiting(self) -> Json:
        name = self.body["settingsInQueueCall"]["holdMusic"]["lit"]["name"].removeprefix("PromptSystem.")
        return {"holdMusic": lit(name, "pmt", f"__{name}__")}

    def _listens(self, settings: Tree) -> Json:
        value = settings["listenForExtensionDialing"].get("lit")
        return empty("bln") if value is None else yes(value == "true")

    def _error_handling(self) -> Json:
        settings = self.body.get("settingsErrorHandling")
        if settings is None:
            return {}
        return {
            "errorHandling": {"handlingType": "Disconnect", "audio": audio(settings["preHandlingAudio"], Scope({}))}
        }

    def _registered(self) -> Iterator[tuple[str, Tree]]:
        """The containers, once all that refer to them can find them."""
        for section, kind in (("menus", "menu"), ("tasks", "task"), ("bots", "bot")):
            for item in self.body.get(section, []):
                inner = item[kind]
                id = _made(self.flow_id, kind, inner["refId"])
                self.containers[f"/{self.root}/{section}/{kind}[{inner['refId']}]"] = (id, inner["name"])
                yield kind, {**inner, "id": id}
        if "startUpTaskActions" in self.body:
            actions = self.body["startUpTaskActions"]
            id = _made(self.flow_id, "startUpTask")
            yield "loop", {"id": id, "name": "In-Queue Task", "refId": "In-Queue Task_10", "actions": actions}

    def _container(self, kind: str, item: Tree, flow_variables: list[Tree]) -> Json:
        own = item.get("variables", [])
        scope = Scope(
            dict((*_known(flow_variables, self.flow_id, ""), *_known(own, self.flow_id, item["id"]), *self._prompts()))
        )
        head: Json = {"id": item["id"], "name": item["name"], "trackingId": int(item["refId"].rpartition("_")[2])}
        if kind == "menu":
            return {"__type": "Menu", **head, **self._menu(item, scope)}
        actions: list[Json] = []
        start = self._block(item["actions"], actions, scope)
        type = {"task": "Task", "loop": "LoopTask", "bot": "BotState"}[kind]
        paths = [] if kind == "bot" else [{"label": "Default", "outputId": "__DEFAULT__"}]
        variables = [_variable(variable, self.flow_id, item["id"]) for variable in own]
        return {
            "__type": type,
            **head,
            "startAction": start,
            "paths": paths,
            "actionList": actions,
            "variables": variables,
        }

    def _prompts(self) -> Iterator[tuple[str, tuple[str, str]]]:
        for (kind, name), id in self.objects.ids.items():
            if kind == "userPrompt":
                yield f"Prompt.{name}", (id, "pmt")

    def _menu(self, menu: Tree, scope: Scope) -> Json:
        choices = [self._choice(menu, index, item, scope) for index, item in enumerate(menu["choices"])]
        wanted = menu["defaultChildMenuRef"].partition("[")[2].removesuffix("]")
        keys = [next(iter(item.values())).get("refId") for item in menu["choices"]]
        return {
            "prompts": audio(menu["audio"], scope),
            "useExtensionDialing": self._listens(menu["settingsMenu"]),
            "menuChoiceList": choices,
            "defaultMenuChoice": choices[keys.index(wanted)]["id"],
        }

    def _choice(self, menu: Tree, index: int, item: Tree, scope: Scope) -> Json:
        ((key, body),) = item.items()
        id = _made(menu["id"], "choice", index)
        action = self._action(key, body, _made(id, "action"), scope)
        terms = {_cased(language): spoken["terms"] for language, spoken in body["speechRecTerms"].items()}
        return {
            "id": id,
            "name": body["name"],
            "digit": int(body["dtmf"].removeprefix("digit_")),
            "globalDtmf": body["globalDtmf"] == "true",
            "globalSpeech": body["globalSpeechRecTerms"] == "true",
            "speechRecTerms": terms,
            "action": action,
        }

    def _block(self, actions: list[Tree], into: list[Json], scope: Scope) -> str | None:
        """Writes a list of actions and all below them; returns the id of the first."""
        ids = [_made(self.flow_id, self.tracked, number) for number, _ in enumerate(actions)]
        for number, item in enumerate(actions):
            ((key, body),) = item.items()
            written = self._action(key, body, ids[number], scope)
            if number + 1 < len(ids):
                written["nextAction"] = ids[number + 1]
            into.append(written)
            paths = []
            for way in ways_of(key, body, partial(_made, ids[number])):
                first = self._block(way.actions, into, scope)
                paths.append({**way.fields, **({"nextActionId": first} if first else {})})
            if key == "loop":
                (written["path"],) = paths
            elif paths or key == "callBotFlow":
                written["paths"] = paths
        return ids[0] if ids else None

    def _action(self, key: str, body: Tree, id: str, scope: Scope) -> Json:
        self.tracked += 1
        here = {"id": id, "name": body["name"], "actionName": body["name"]}
        context = Context(scope, self.objects, self.containers.__getitem__, here)
        head: Json = {"__type": TYPES[key], "id": id, "trackingId": self.tracked, "name": body["name"]}
        return {**head, **fields_of(key, body, context)}


def _known(variables: list[Tree], *where: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for item in variables:
        ((type, body),) = item.items()
        yield body["name"], (_made(*where, body["name"]), _TYPES[type.removesuffix("Variable")][1])


def _variable(item: Tree, *where: str) -> Json:
    ((key, body),) = item.items()
    type, code = _TYPES[key.removesuffix("Variable")]
    value: Any = body["initialValue"].get("lit")
    return {
        "__type": type,
        "id": _made(*where, body["name"]),
        "name": body["name"],
        "initialValue": empty(code) if value is None else lit(value, code),
        "isCollection": False,
        "isInput": body["isInput"] == "true",
        "isOutput": body["isOutput"] == "true",
    }


def _cased(language: str) -> str:
    """de-de -> de-DE, as JSON writes languages."""
    name, _, country = language.partition("-")
    return f"{name}-{country.upper()}"
