"""Architect expression text to the typed tree.

The grammar, loosest first (reference of formats, section 5.1): ternary, or, and, |, &, equality, order,
sum, product, power (to the right), ! and ~, unary minus, primary. Names and word operators ignore case.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct, field

from auditor.model.expression_tools import BINDING, NEGATE_BINDING, NOT_BINDING
from auditor.model.expressions import Apply, Expr, Literal, NotSet, Unparsed, Variable

MAX_DEPTH = 150
"""How deep a tree may be. Walks over trees recurse, so deeper text stays text."""

_MAX_TEXT = 200_000
_NAME = r"[^\W\d][\w$]*|\$[\w$]+|\$(?!\{)"
_TEMPLATE = r"\{\{[^{}]*\}\}|\$\{[^{}]*\}"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<template>{_TEMPLATE})
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<string>{_QUOTED})
  | (?P<path>(?:{_NAME})(?:\s*\.\s*(?:{_TEMPLATE}|[\w$]+|{_QUOTED}))*)
  | (?P<operator>==|!=|>=|<=|[-+*/%^!~<>?:|&()\[\],.])
  | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(rf"{_TEMPLATE}|[\w$]+|{_QUOTED}", re.DOTALL)
_TEMPLATES = re.compile(f"({_TEMPLATE})")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_SCOPES = "bot|call|chat|common|email|flow|interaction|menu|message|session|slot|state|survey|task|workflow|workitem"
_VARIABLE_LIKE = re.compile(rf"(?<![\w.$])(?:{_SCOPES})\.[\w$]+", re.IGNORECASE)

_BINARY = {"?": 1, **BINDING}
_TERNARY_PART = 3
_SHORT = 200


class _Token(NamedTuple):
    """kind: template, number, string, path, operator or end."""

    kind: str
    text: str


class _Unreadable(Exception):
    """The text is no expression of the grammar."""


def parse(text: str) -> Expr:
    """The tree of an expression, or Unparsed when the text is no expression we can read. Never raises.

    A template (`{{x}}`, `${x}`) becomes a variable of that name, also inside a string, which then is an Append.
    """
    try:
        return _Parser(_tokens(text)).whole()
    except (_Unreadable, ValueError, OverflowError):
        return unparsed(text)


def unparsed(text: str) -> Unparsed:
    """Text that stays text, with what looks like variables in it."""
    return Unparsed(text, tuple(dict.fromkeys(_VARIABLE_LIKE.findall(text, 0, _MAX_TEXT))))


def variable(text: str) -> Expr:
    """A dotted name: scope and name are the variable, what follows are properties of its value.

    Quotes around a part (`Flow."my value"`) are not part of the name.
    """
    return _short_variable(text) if len(text) < _SHORT else _variable(text)


@lru_cache(maxsize=4096)
def _short_variable(text: str) -> Expr:
    """Flows name their variables again and again."""
    return _variable(text)


def _variable(text: str) -> Expr:
    parts = [_unquote(part) if part.startswith('"') else part for part in _PART.findall(text)]
    if not parts or len(parts) > MAX_DEPTH:
        return Variable(text)
    tree: Expr = Variable(".".join(parts[:2]))
    for part in parts[2:]:
        tree = Apply(".", (tree, Literal(part, "str")))
    return tree


def _tokens(text: str) -> list[_Token]:
    if len(text) > _MAX_TEXT:
        raise _Unreadable
    tokens: list[_Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _Unreadable
        tokens.append(_Token(match.lastgroup, match.group(match.lastgroup)))
        if match.lastgroup == "end":
            return tokens
        at = match.end()


def _unquote(quoted: str) -> str:
    return _ESCAPE.sub(lambda m: _ESCAPES.get(m.group(1), m.group(1)), quoted[1:-1])


def _string(quoted: str) -> Expr:
    return text_with_templates(_unquote(quoted))


def text_with_templates(value: str) -> Expr:
    """A constant text; what stands for its templates is not known, as parse has it."""
    if "{{" not in value and "${" not in value:
        return Literal(value, "str")
    pieces = [piece for piece in _TEMPLATES.split(value) if piece]
    parts = tuple(Variable(p) if _TEMPLATES.fullmatch(p) else Literal(p, "str") for p in pieces)
    return parts[0] if len(parts) == 1 else Apply("append", parts)


def _number(text: str) -> Literal:
    if text.isdecimal():
        return Literal(int(text), "int")
    value = float(text)
    if math.isinf(value):
        raise _Unreadable
    return Literal(value, "dec")


class _Parser(Struct):
    """Pratt parser over the tokens. depths: of the trees built so far, by identity of the (kept) node."""

    tokens: list[_Token]
    at: int = 0
    nested: int = 0
    depths: dict[int, int] = field(default_factory=dict)
    kept: list[Expr] = field(default_factory=list)

    def whole(self) -> Expr:
        tree = self._expression(0)
        if self._peek().kind != "end":
            raise _Unreadable
        return tree

    def _peek(self) -> _Token:
        return self.tokens[self.at]

    def _take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _accept(self, operator: str) -> bool:
        if self._peek() != ("operator", operator):
            return False
        self.at += 1
        return True

    def _expect(self, operator: str) -> None:
        if not self._accept(operator):
            raise _Unreadable

    def _apply(self, function: str, *operands: Expr) -> Apply:
        depth = 1 + max((self.depths.get(id(operand), 0) for operand in operands), default=0)
        if depth > MAX_DEPTH:
            raise _Unreadable
        node = Apply(function, operands)
        self.depths[id(node)] = depth
        self.kept.append(node)
        return node

    def _expression(self, loosest: int) -> Expr:
        """An expression whose binary operators all bind tighter than loosest."""
        if self.nested >= MAX_DEPTH:
            raise _Unreadable
        self.nested += 1
        left = self._prefix()
        loosened = False
        while (operator := self._binary()) is not None and _BINARY[operator] > loosest:
            if loosened and operator != "?":
                raise _Unreadable
            loosened = operator == "?"
            self.at += 1
            left = self._binary_rest(operator, left)
        self.nested -= 1
        return left

    def _binary(self) -> str | None:
        token = self._peek()
        name = token.text.lower()
        return name if token.kind in ("operator", "path") and name in _BINARY else None

    def _binary_rest(self, operator: str, left: Expr) -> Expr:
        if operator == "?":
            yes = self._expression(_TERNARY_PART - 1)
            self._expect(":")
            return self._apply("if", left, yes, self._expression(_TERNARY_PART - 1))
        binding = _BINARY[operator]
        return self._apply(operator, left, self._expression(binding - 1 if operator == "^" else binding))

    def _prefix(self) -> Expr:
        token = self._peek()
        if token in (("operator", "!"), ("operator", "~")) or (token.kind == "path" and token.text.lower() == "not"):
            self.at += 1
            return self._apply("~" if token.text == "~" else "!", self._expression(NOT_BINDING - 1))
        if self._accept("-"):
            return self._negated()
        return self._postfix(self._primary())

    def _negated(self) -> Expr:
        if self._peek().kind == "number":
            number = _number(self._take().text)
            return self._postfix(Literal(-number.value, number.type) if not isinstance(number.value, str) else number)
        return self._apply("neg", self._expression(NEGATE_BINDING - 1))

    def _primary(self) -> Expr:
        token = self._take()
        match token.kind:
            case "number":
                return _number(token.text)
            case "string":
                return _string(token.text)
            case "template":
                return Variable(token.text)
            case "path":
                return self._named(token.text)
            case "operator" if token.text == "(":
                inner = self._expression(0)
                self._expect(")")
                return inner
            case _:
                raise _Unreadable

    def _named(self, name: str) -> Expr:
        if self._accept("("):
            if "." in name:
                raise _Unreadable
            return self._apply(name.casefold(), *self._arguments())
        if name == "NOT_SET":
            return NotSet()
        if name.lower() in ("true", "false"):
            return Literal(name.lower() == "true", "bln")
        if name.lower() in ("and", "or", "not"):
            raise _Unreadable
        tree = variable(name)
        self.depths[id(tree)] = name.count(".")
        self.kept.append(tree)
        return tree

    def _arguments(self) -> list[Expr]:
        if self._accept(")"):
            return []
        arguments = [self._expression(0)]
        while self._accept(","):
            arguments.append(self._expression(0))
        self._expect(")")
        return arguments

    def _postfix(self, base: Expr) -> Expr:
        while True:
            if self._accept("["):
                base = self._apply("[", base, self._expression(0))
                self._expect("]")
            elif self._accept("."):
                token = self._take()
                if token.kind not in ("path", "string"):
                    raise _Unreadable
                for part in _PART.findall(token.text):
                    name = _unquote(part) if part.startswith('"') else part
                    base = self._apply(".", base, Literal(name, "str"))
            else:
                return base
