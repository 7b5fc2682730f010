"""Values as configuration JSON holds them: `{text, type, config, uiMetaData}` (reference of formats, section 3.6).

Written apart from the loader on purpose: what the loader reads back must be what stands here.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

Json = dict[str, Any]
EXPRESSION, LITERAL, VARIABLE, EMPTY = range(4)
"""`uiMetaData.mode`: how the field was filled in."""

_RESULTS = {
    "AudioPlaybackOptions": "aud",
    "Left": "str",
    "ToAudio": "aud",
    "ToAudioTTS": "aud",
    "ToCommunication": "com",
    "ToPhoneNumber": "phn",
}
_SYSTEM = {"Call.Ani": "__CALL_ANI__"}
_OPERATORS: Mapping[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!="}
_WORDS = {"true", "false"}


def lit(text: str, type: str, id: str | None = None) -> Json:
    """A literal. id: of the object that it names."""
    node = {"text": text, "type": type} | ({"val": id} if id else {})
    return _field({"lit": node}, text, type, LITERAL)


def yes(value: bool) -> Json:
    """A literal true or false."""
    return lit(str(value).lower(), "bln")


def empty(type: str = "str") -> Json:
    """A field in which nothing was filled in."""
    return _field({"emp": {"text": "", "type": type}}, "", type, EMPTY)


class Scope(Struct, frozen=True):
    """What expressions may name: variables and prompts, name -> (id, type code)."""

    known: Mapping[str, tuple[str, str]]

    def variable(self, name: str) -> Json:
        """A field that the action fills."""
        return _field(self._named(name), name, self._type(self._named(name)), VARIABLE)

    def expression(self, text: str) -> Json:
        """An expression; those of the demonstration are expressions of Python too."""
        node = self._node(ast.parse(text, mode="eval").body)
        return _field(node, text, self._type(node), EXPRESSION)

    def _node(self, tree: ast.expr) -> Json:
        match tree:
            case ast.Constant(value=str(text)):
                return {"lit": {"text": text, "type": "str"}}
            case ast.Constant(value=int(number)):
                return {"lit": {"text": str(number), "type": "int"}}
            case ast.Name(id=word) if word in _WORDS:
                return {"lit": {"text": word, "type": "bln"}}
            case ast.Attribute():
                return self._named(ast.unparse(tree))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return _applied(name, [self._node(argument) for argument in arguments], _RESULTS[name], tree)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return _applied(_OPERATORS[type(operator)], [self._node(left), self._node(right)], "bln", tree)
            case _:
                raise ValueError(ast.unparse(tree))

    def _named(self, name: str) -> Json:
        if name in _SYSTEM:
            return {"sysref": {"text": name, "type": "str", "val": _SYSTEM[name]}}
        id, type = self.known[name]
        return {"ref": {"text": name, "type": type, "val": id}}

    def _type(self, node: Json) -> str:
        (body,) = node.values()
        return str(body["type"])


def _applied(name: str, operands: list[Json], type: str, tree: ast.expr) -> Json:
    return {name: {"text": ast.unparse(tree).replace("'", '"'), "operands": operands, "type": type}}


def _field(config: Json, text: str, type: str, mode: int) -> Json:
    return {"config": config, "text": text, "type": type, "uiMetaData": {"mode": mode}, "metaData": {}, "version": 2}


def audio(value: Mapping[str, Any] | None, scope: Scope) -> Json:
    """What is heard: words, a prompt or an expression of Archy."""
    return {"bargeInExpression": yes(True), "defaultAudio": _heard(value or {}, scope), "cases": []}


def _heard(value: Mapping[str, Any], scope: Scope) -> Json:
    match value:
        case {"tts": str(words)}:
            quoted = words.replace("\\", "\\\\").replace('"', '\\"')
            return scope.expression(f'AudioPlaybackOptions(ToAudioTTS("{quoted}"), true)')
        case {"prompt": str(name)}:
            return scope.expression(f"AudioPlaybackOptions(ToAudio({name}), true)")
        case {"exp": str(text)}:
            return scope.expression(text)
        case _:
            return empty("aud")
