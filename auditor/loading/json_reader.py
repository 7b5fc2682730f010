"""JSON text -> plain Python values, strictly: no duplicate keys, no NaN, no nesting without end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NoReturn

import msgspec

from auditor.errors import DocumentError
from auditor.loading.limits import check_values, limits

DEPTH = 400
"""Real exports nest up to 170 deep; twice that is generous and still safe for recursive readers."""

_LONE = re.compile(r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
# Possessive, and up to the end where no quote follows: a long text takes neither memory nor time for going back.
_TEXT = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_TEXTS = re.compile(_TEXT, re.DOTALL)
_STRUCTURE = re.compile(rf"{_TEXT}|[\[\]{{}}]", re.DOTALL)
_WORD = re.compile(rf"{_TEXT}|-?\b[A-Za-z]+", re.DOTALL)
_KEY = re.compile(rf"({_TEXT})(\s*:)?|[\[\]{{}}]", re.DOTALL)
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_QUOTED = re.compile(rb'"[^"]*"')
_SAME_BRACKETS = bytes.maketrans(b"[]", b"{}")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))
_LINE_OF_JSON = re.compile(r"^[{\[]", re.MULTILINE)
_DIGITS = 4000  # int() refuses texts longer than 4300 digits


class _Duplicate(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class _Constant(ValueError):
    """NaN, Infinity or -Infinity."""


def read_json(text: str) -> object:
    """The value of a JSON document. Raises DocumentError with the line where it goes wrong."""
    bounded(text)
    text = whole_characters(text)
    bare = _without_escapes(text.encode("utf-8", "surrogatepass"))
    try:
        value = _quickly(text, bare.count(b'"'))
    except (ValueError, RecursionError):
        value = _carefully(text)
    if _deeper_than(bare, DEPTH):
        raise _too_deep(text)
    return value


def _quickly(text: str, quotes: int) -> object:
    """The value by a decoder that is three times as fast. Raises ValueError when it may not be the whole of the text.

    It refuses all that json refuses, and a little more, but of two members of one key it takes the last: then
    the value, written again, has fewer quotation marks than the text.
    """
    value = msgspec.json.decode(text)
    if _without_escapes(msgspec.json.encode(value)).count(b'"') != quotes:
        raise ValueError
    return value


def _carefully(text: str) -> object:
    try:
        return _value(text, int)
    except ValueError:  # a number of more digits than Python reads
        return _value(text, _long_number)


def _value(text: str, whole: Callable[[str], object]) -> object:
    try:
        return _parse(text, whole)
    except json.JSONDecodeError as error:
        raise _broken(error, text) from error
    except RecursionError as error:
        raise _too_deep(text) from error
    except _Duplicate as error:
        line = _line_of_duplicate(text, error.key)
        raise DocumentError(
            f'The key "{_short(error.key)}" stands twice in one object.',
            line,
            "Which of the two values counts is not defined; export the file again or remove one.",
        ) from error
    except _Constant as error:
        raise DocumentError(f"{error} is not JSON.", _line_of(text, str(error)), "Export the file again.") from error


def bounded(text: str) -> None:
    """Raises DocumentError when the text holds more values than may be read; commas in its texts are looked at last."""
    most = limits().values
    if len(text) > most and _separators(text) > most:
        check_values(_separators(_TEXTS.sub("", text)))


def _separators(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{")


def whole_characters(text: str) -> str:
    """The text with halves of surrogate pairs replaced, which could not be printed; offsets stay."""
    if "\\u" not in text or ("\\ud" not in text and "\\uD" not in text):
        return text
    return _LONE.sub(lambda m: m.group(1) or "\\ufffd", text)


def _parse(text: str, whole: Callable[[str], object]) -> object:
    parsed: object = json.loads(
        text, object_pairs_hook=_object, parse_constant=_constant, parse_int=None if whole is int else whole
    )
    return parsed


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Duplicate(key)
            seen.add(key)
    return result


def _constant(text: str) -> NoReturn:
    raise _Constant(text)


def _long_number(text: str) -> int | str:
    return int(text) if len(text) <= _DIGITS else text


def _without_escapes(data: bytes) -> bytes:
    """JSON in which every quotation mark begins or ends a text."""
    return _ESCAPED.sub(b"", data) if b"\\" in data else data


def _deeper_than(bare: bytes, limit: int) -> bool:
    """Whether valid JSON without escapes nests deeper: every round over its brackets takes away the innermost ones."""
    brackets = _QUOTED.sub(b"", bare.translate(_SAME_BRACKETS, _NO_STRUCTURE).replace(b'""', b""))
    for _ in range(limit):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"")
    return bool(brackets)


def _broken(error: json.JSONDecodeError, text: str) -> DocumentError:
    if error.pos >= len(text.rstrip()):
        hint = "The file is cut off; export or copy it again."
        return DocumentError("The JSON text ends in the middle.", text.rstrip().count("\n") + 1, hint)
    message = f"This is not valid JSON: {error.msg}, column {error.colno}."
    return DocumentError(message, error.lineno, _likely(text, error.pos))


def _likely(text: str, position: int) -> str:
    """What helps most often where JSON goes wrong at a position."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return "This is a page of the web or XML: the answer came from a proxy or a login. Export the file again."
    if text.startswith(("//", "/*", "#"), position):
        return "JSON has no comments; remove them."
    if text.startswith("'", position):
        return "JSON has texts in double quotes only; in Python, `json.dump` writes them."
    if text[position : position + 1] in ("]", "}") and text[:position].rstrip().endswith(","):
        return "Remove the comma before the closing bracket."
    if not text[:position].strip("\ufeff \t\r\n") and _LINE_OF_JSON.search(text):
        return "Remove what stands before the JSON, such as lines that a tool printed on the way."
    return "Export the file again, or correct the text at this line."


def _too_deep(text: str) -> DocumentError:
    depth = 0
    line = None
    for match in _STRUCTURE.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
        if depth > DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            break
    return DocumentError(
        f"The JSON text is nested more than {DEPTH} levels deep.", line, "No export of Genesys Cloud looks like this."
    )


def _line_of(text: str, word: str) -> int | None:
    for match in _WORD.finditer(text):
        if match[0] == word:
            return text.count("\n", 0, match.start()) + 1
    return None


def _line_of_duplicate(text: str, key: str) -> int | None:
    """Line of the second occurrence of a key in one object."""
    open_objects: list[set[str]] = []
    decode = json.JSONDecoder().decode
    for match in _KEY.finditer(text):
        token = match[0]
        if token in ("{", "["):
            open_objects.append(set())
        elif token in ("}", "]"):
            open_objects.pop()
        elif match[2] and decode(match[1]) == key:
            if key in open_objects[-1]:
                return text.count("\n", 0, match.start()) + 1
            open_objects[-1].add(key)
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
