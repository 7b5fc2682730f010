"""Recorded answers of the platform API: what tools keep beside them, and what is inside their texts."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error

from auditor.errors import DocumentError
from auditor.loading.json_reader import read_json
from auditor.loading.values import JsonObject

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


def carries_answers(value: JsonObject) -> bool:
    """Whether an object is none of the platform, but what a tool keeps an answer in."""
    return "mimeType" in value or any(signs <= value.keys() for signs in _SIGNS)


def around_answers(value: JsonObject) -> frozenset[str]:
    """The keys of such an object under which no answer stands."""
    return _BESIDE if carries_answers(value) else _NOTHING


def inside_text(text: str, around: JsonObject) -> object:
    """The JSON document in a text, as recorded answers hold it, also in Base64; None for any other text."""
    if around.get("encoding") == "base64":
        try:
            text = b64decode(text, validate=True).decode()
        except (Error, UnicodeDecodeError):
            return None
    if not (_ANSWER.match(text) and _OBJECTS.search(text)):
        return None
    try:
        return read_json(text)
    except DocumentError:
        return None
