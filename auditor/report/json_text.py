"""JSON as every report prints it: readable, and harmless in a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from auditor.report.text import UNSAFE

JsonObject = dict[str, object]


def json_text(value: Mapping[str, object]) -> str:
    """The value as indented JSON in which characters that a terminal may act on are escaped."""
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def json_line(value: Mapping[str, object]) -> str:
    """The value as JSON on one line."""
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False)) + "\n"


def json_list(values: Sequence[Mapping[str, object]]) -> str:
    """The values as an indented JSON array."""
    return UNSAFE.sub(_escaped, json.dumps(values, ensure_ascii=False, indent=2)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    """The JSON escape of a character; the line breaks between values stay."""
    character = match.group()
    return character if character == "\n" else json.dumps(character)[1:-1]
