"""JSON as every report prints it: readable, and harmless in a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import msgspec

from auditor.report.text import UNSAFE

JsonObject = dict[str, object]

# Line breaks stand between values, and in texts they are escaped already.
_UNSAFE = re.compile(UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


def json_text(value: Mapping[str, object]) -> str:
    """The value as indented JSON in which characters that a terminal may act on are escaped."""
    return _UNSAFE.sub(_escaped, _indented(value)) + "\n"


def json_line(value: Mapping[str, object]) -> str:
    """The value as JSON on one line."""
    return _UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False)) + "\n"


def json_list(values: Sequence[Mapping[str, object]]) -> str:
    """The values as an indented JSON array."""
    return _UNSAFE.sub(_escaped, _indented(values)) + "\n"


def _indented(value: object) -> str:
    """As the standard library writes it, which takes twenty times as long and a list of all the pieces."""
    try:
        return msgspec.json.format(msgspec.json.encode(value), indent=2).decode("utf-8")
    except (TypeError, ValueError, OverflowError):  # half a surrogate pair, a number beyond 64 bits
        return json.dumps(value, ensure_ascii=False, indent=2)


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]
