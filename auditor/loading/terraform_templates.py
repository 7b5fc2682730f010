"""Text with templates, as both syntaxes of Terraform write it: `${expression}`, and `$${` for a literal `${`."""

from __future__ import annotations

import re
from collections.abc import Callable

_START = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
_STEP = r"(?:\.[A-Za-z_][\w-]*|\.\d+|\[\d+\]|\[\"[^\"\\]*\"\])"
_ALONE = re.compile(r"\$\{\s*([\w.-]+)\s*\}")
_TRAVERSAL = re.compile(rf"[A-Za-z_][\w-]*{_STEP}*")
_STEPS = re.compile(r'\.?([A-Za-z_][\w-]*)|\.(\d+)|\[(\d+)\]|\["([^"\\]*)"\]')

LONGEST = 1024 * 1024
"""No name or text of an export is this long; templates that repeat each other could be."""

Steps = tuple[str | int, ...]


def has_template(text: str) -> bool:
    """Whether anything in the text is a template or an escaped one."""
    return "${" in text or "%{" in text


def evaluated(text: str, value_of: Callable[[str], object], shown: Callable[[object], str | None]) -> object:
    """The text with its expressions replaced: value_of gives the value of one, shown its text.

    A text that is one expression is its value. Where there is no text, the template stays.
    """
    alone = _ALONE.fullmatch(text)
    if alone is not None:
        return value_of(alone[1])
    parts: list[str] = []
    position = length = 0
    while (match := _START.search(text, position)) is not None:
        parts.append(text[position : match.start()])
        position = match.end()
        if len(match[0]) == 3:
            parts.append(match[0][1:])
            continue
        end = _end(text, position)
        whole = text[match.start() : end + 1]
        if match[0] == "${":
            value = value_of(text[position:end].strip())
            if match.start() == 0 and end + 1 >= len(text):
                return value
            said = shown(value)
            whole = whole if said is None else said
        parts.append(whole)
        length += len(whole)
        if length > LONGEST:
            return text
        position = end + 1
    parts.append(text[position:])
    return "".join(parts)


def _end(text: str, start: int) -> int:
    """Where the brace of a template closes; the end of the text when it does not."""
    depth, quoted = 0, False
    index = start
    while index < len(text):
        sign = text[index]
        if quoted:
            index += sign == "\\"
            quoted = sign != '"'
        elif sign == '"':
            quoted = True
        elif sign == "{":
            depth += 1
        elif sign == "}":
            if depth == 0:
                return index
            depth -= 1
        index += 1
    return len(text)


def steps_of(expression: str) -> Steps | None:
    """The steps of `a.b[0].c`; None for any other expression."""
    if _TRAVERSAL.fullmatch(expression) is None:
        return None
    steps: list[str | int] = []
    for word, *numbers, key in _STEPS.findall(expression):
        number = "".join(numbers)
        steps.append(word or (int(number) if number else key))
    return tuple(steps)
