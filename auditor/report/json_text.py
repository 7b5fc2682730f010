"""JSON as every report prints it: readable, and harmless in a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from auditor.report.text import UNSAFE

JsonObject = dict[str, object]


def json_text(value: Mapping[str, object]) -> str:
    """The value as indented JSON in which characters that a terminal may act on are escaped."""
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    """The JSON escape of a character; the line breaks between values stay."""
    character = match.group()
    return character if character == "\n" else json.dumps(character)[1:-1]
