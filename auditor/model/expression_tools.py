"""Expressions as readable Architect text, and the variables they read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import assert_never

from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable

BINDING = {
    "or": 2,
    "and": 3,
    "|": 4,
    "&": 5,
    "==": 6,
    "!=": 6,
    ">=": 7,
    "<=": 7,
    ">": 7,
    "<": 7,
    "+": 8,
    "-": 8,
    "*": 9,
    "/": 9,
    "%": 9,
    "^": 10,
}
"""How tightly binary operators bind (reference of formats, section 5.1); all but ^ group to the left."""

NOT_BINDING = 11
NEGATE_BINDING = 12
_PRIMARY = 13
_PREFIXES = {"!": ("!", NOT_BINDING), "~": ("~", NOT_BINDING), "neg": ("-", NEGATE_BINDING)}
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}")
_PLAIN_NAME = re.compile(r"[\w$]+(?:\.[\w$]+)*")
_NO_KEYS = frozenset[str]()
_PLAIN_PART = re.compile(r"[\w$]+")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
FUNCTIONS = (
    "If AreEqual IsSet IsNotSet IsNotSetOrEmpty Contains Compare FindString Append Length Lower Upper Trim LTrim "
    "RTrim Left Right Substring Replace Reverse Split ToBool ToString ToInt ToDecimal ToDateTime ToDuration "
    "ToPhoneNumber ToCurrency ToSkill ToLanguageSkill ToUser ToQueue ToGroup ToWrapupCode ToScheduleGroup "
    "FindQueue FindQueueById FindUser FindUserById FindUserPrompt FindSystemPrompt FindSkill FindLanguageSkill "
    "FindGroup FindScheduleGroup GetAt Count Find FindFirst MakeList MakeEmptyList MakeDuration MakeDateTime "
    "AddDays AddHours AddMinutes AddSeconds AddDuration DateTimeDiff GetCurrentDateTimeUtc Year Month Day Hour "
    "Minute Second DayOfWeek ToAudioTTS ToAudio ToAudioBlank AudioPlaybackOptions MakeCommunication "
    "ToCommunication ToDisplayString ResolveSlot GetJsonObjectProperty JsonParse"
)
_SPELLINGS = {name.casefold(): name for name in FUNCTIONS.split()}


def is_template(name: str) -> bool:
    """Whether a name is, or holds, an unresolved template (`{{x}}`, `${x}`)."""
    return "{" in name and _TEMPLATE.search(name) is not None


def dotted_name(expr: Expr) -> str | None:
    """The full name when an expression is a variable with properties (`Task.Queue` `.id`), else None."""
    match expr:
        case Variable(name=name):
            return name
        case Apply(function=".", operands=(base, Literal(value=part))):
            prefix = dotted_name(base)
            return None if prefix is None else f"{prefix}.{part}"
        case _:
            return None


def unread_in(expr: Expr) -> str | None:
    """The text in an expression that is none we can read; empty where there is no text at all."""
    match expr:
        case Unparsed(text=text):
            return text
        case Apply(operands=operands):
            return next((found for each in operands if (found := unread_in(each)) is not None), None)
        case _:
            return None


def template_in(expr: Expr) -> str | None:
    """A template in an expression that nothing has filled in, as it stands in the file."""
    match expr:
        case Variable(name=name) if is_template(name):
            return name
        case Apply(operands=operands):
            return next((found for each in operands if (found := template_in(each)) is not None), None)
        case _:
            return None


def variables_in(expr: Expr) -> frozenset[str]:
    """Keys of the variables an expression reads; templates are none.

    For `Task.Queue.id` both `task.queue` and `task.queue.id`: the export does not tell where the name ends.
    """
    match expr:
        case Literal() | NotSet() | Empty():
            return _NO_KEYS
        case Variable(name=name):
            return _NO_KEYS if is_template(name) else frozenset({name.casefold()})
        case Unparsed(variables=variables):
            return frozenset([name.casefold() for name in variables if not is_template(name)])
        case Apply():
            found: set[str] = set()
            _collect(expr, found)
            return frozenset(found)
        case _:
            assert_never(expr)


def _collect(expr: Apply, found: set[str]) -> None:
    full = dotted_name(expr) if expr.function == "." else None
    if full is not None and not is_template(full):
        found.add(full.casefold())
    for operand in expr.operands:
        if isinstance(operand, Apply):
            _collect(operand, found)
        else:
            found |= variables_in(operand)


def to_text(expr: Expr) -> str:
    """Readable Architect text. Parsing it gives the same tree, apart from literals of special types."""
    return _text(expr, 0)


def _text(expr: Expr, loosest: int) -> str:
    match expr:
        case Literal():
            return _literal(expr)
        case NotSet():
            return "NOT_SET"
        case Empty():
            return ""
        case Variable(name=name):
            return _name(name)
        case Unparsed(text=text):
            return text
        case Apply(function=function, operands=operands):
            text, binding = _applied(function, operands)
            return f"({text})" if binding < loosest else text
        case _:
            assert_never(expr)


def _applied(function: str, operands: tuple[Expr, ...]) -> tuple[str, int]:
    """Text and how tightly it binds."""
    match function, operands:
        case (".", (base, Literal(value=str(part)))):
            return f"{_base(base)}.{_part(part)}", _PRIMARY
        case ("[", (base, index)):
            return f"{_base(base)}[{_text(index, 0)}]", _PRIMARY
        case ("!" | "~" | "neg", (operand,)):
            sign, binding = _PREFIXES[function]
            inner = f"({_literal(operand)})" if isinstance(operand, Literal) else _text(operand, binding)
            return sign + inner, binding
        case (operator, (left, right)) if operator in BINDING:
            binding = BINDING[operator]
            outward = operator == "^"
            text = f"{_text(left, binding + outward)} {operator} {_text(right, binding + (not outward))}"
            return text, binding
        case _:
            arguments = ", ".join(_text(operand, 0) for operand in operands)
            return f"{_SPELLINGS.get(function, function)}({arguments})", _PRIMARY


def _base(expr: Expr) -> str:
    """What a property or an index is taken of."""
    plain = isinstance(expr, Apply) and (expr.function == "[" or dotted_name(expr) is not None)
    scoped = isinstance(expr, Variable) and "." in expr.name
    call = isinstance(expr, Apply) and expr.function not in BINDING and expr.function not in _PREFIXES
    text = _text(expr, 0)
    return text if plain or scoped or call else f"({text})"


def _name(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name) or is_template(name) or "." not in name:
        return name
    scope, rest = name.split(".", 1)
    return f"{scope}.{_part(rest)}"


def _part(part: str) -> str:
    return part if _PLAIN_PART.fullmatch(part) else _quote(part)


def _quote(text: str) -> str:
    return '"' + text.translate(_ESCAPES) + '"'


def _literal(literal: Literal) -> str:
    match literal.value:
        case bool(value):
            return "true" if value else "false"
        case int(value):
            return str(value)
        case float(value):
            text = format(Decimal(repr(value)), "f")
            return text if "." in text else text + ".0"
        case value:
            return _quote(value) if literal.type in ("str", "") else value
