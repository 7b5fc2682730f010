"""Recorded answers of the platform API: what tools keep beside them, what is inside their texts, and refusals."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error

from auditor.errors import DocumentError
from auditor.loading.json_reader import read_json
from auditor.loading.values import JsonObject, number, text
from auditor.model.location import Location
from auditor.model.problems import Problem

_ANSWER = re.compile(r'\s*(?:\{\s*"|\[\s*\{)')
_OBJECTS = re.compile(r'"(?:entities|selfUri|flowSequenceItemList)"')
_SIGNS = ({"request", "response"}, {"originalRequest"}, {"status", "headers"}, {"info", "item"}, {"creator", "entries"})
"""Keys by which objects of HAR files, Postman collections and libraries for HTTP are known."""
_BESIDE = frozenset(
    {
        "request", "originalRequest", "headers", "header", "config", "info", "auth", "event", "variable", "cookies",
        "cookie", "creator", "browser", "pages", "cache", "timings",
    }
)  # fmt: skip
_NOTHING: frozenset[str] = frozenset()
_FIRST_REFUSAL = 400  # statuses of HTTP from here on say that a request failed
_NOT_ALLOWED = (401, 403)
_MOST_SHOWN = 160


def carries_answers(value: JsonObject) -> bool:
    """Whether an object is none of the platform, but what a tool keeps an answer in."""
    return "mimeType" in value or any(signs <= value.keys() for signs in _SIGNS)


def around_answers(value: JsonObject) -> frozenset[str]:
    """The keys of such an object under which no answer stands."""
    return _BESIDE if carries_answers(value) else _NOTHING


def inside_text(found: str, around: JsonObject) -> object:
    """The JSON document in a text, as recorded answers hold it, also in Base64; None for any other text."""
    if around.get("encoding") == "base64":
        try:
            found = b64decode(found, validate=True).decode()
        except (Error, UnicodeDecodeError):
            return None
    if not (_ANSWER.match(found) and _OBJECTS.search(found)):
        return None
    try:
        return read_json(found)
    except DocumentError:
        return None


def refused(value: JsonObject, at: Location) -> Problem | None:
    """What is said of an error of the platform that a tool has kept in place of what was asked for."""
    status, said, code = number(value, "status"), text(value, "message"), text(value, "code")
    if status is None or status < _FIRST_REFUSAL or not said or not (code or "contextId" in value):
        return None
    shown = said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN]}..."
    message = f"An error of the platform stands in place of what was asked for ({status} {code or ''}".rstrip()
    again = "Export it again with the permissions that it takes" if status in _NOT_ALLOWED else "Export it again"
    hint = f"{again}; if it is not needed, remove it from the export."
    return Problem("RX906", f"{message}): {shown}", at, hint, f"file:{at.file}")
