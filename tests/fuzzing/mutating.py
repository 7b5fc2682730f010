"""Changes of documents that keep most of their structure: what a parser accepts reaches what lies behind it."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import urllib.parse
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzzing.organisations import joined, parts

NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 2**64, 10**40, 1.5, 1e308, -0.0, "", " ", "null", "true", "0", "\x00", "\x1b[2J", "\u202e",
    "\ud800", "é" * 50, "${var.x}", "{{x}}", "%{if", "../x", "=1+1", "<b>", "a\nb", "9" * 5000, "1e999", "٣", [], {}, [[]], [None],
    {"entities": []}, {"": ""}, {"value": {"instance": None}}, {"text": "Flow.a"}, {"lit": {"text": "x", "type": "str"}},
)  # fmt: skip
"""Values that stand where nobody expects them."""
_TOKENS = (
    b"", b" ", b"\n", b"\t", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b'"', b"'", b"{", b"}", b"[", b"]", b"(", b")", b":",
    b": ", b",", b"- ", b"#", b"&a ", b"*a", b"!!int ", b"|\n", b">-\n", b"? ", b"---\n", b"${", b"%{", b"<<E\n", b"\\", b"\\u0000",
    b"\\ud800", b"9" * 400, b"1e400", b"-", b".", b"==", b"!", b"and ", b"null", b"true", b"\xd9\xa3", b"//", b"/*", b"\x80",
)  # fmt: skip
_SPELLINGS = (
    "{0}_override.{2}",
    "override.{2}",
    "{0}.tofu",
    "{0}.tf",
    "m/{0}.{2}",
    "{0}.tofu.json",
    "{0}.json",
    "{0}.yaml",
)
_CAPITAL = re.compile(r"([A-Z])")
_MOST = 200_000
_PIECES = re.compile(rb"[A-Za-z0-9_]+|\s+|.", re.DOTALL)


def mutated(data: bytes, random: Random) -> bytes:
    """The document with a few changes, of its values where it is JSON, else of its lines, words and bytes.

    Of several files one is changed.
    """
    if files := parts(data):
        return _one_of(files, random)
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        data = random.choice((_values, _values, _lines, _pieces, _bytes))(data, random)
    return data[:_MOST]


def _one_of(files: dict[str, bytes], random: Random) -> bytes:
    """Another file changed, gone, or with the content of the next."""
    one, other = random.choice(list(files)), random.choice(list(files))
    match random.randrange(12):
        case 0:
            del files[one]
        case 1:
            files[one] = files[other]
        case 2:
            files[random.choice(_SPELLINGS).format(*one.rpartition("."))] = mutated(files[one], random)
        case _:
            files[one] = mutated(files[one], random)
    return joined(files)


def _values(data: bytes, random: Random) -> bytes:
    """JSON, plain, as in an .i3 export, or the first of several documents, with another value somewhere."""
    for opened, closed in ((bytes, bytes), (_decoded, _encoded)):
        try:
            document = json.loads(opened(data))
        except (ValueError, RecursionError):
            continue
        return closed(json.dumps(_changed(document, random)).encode())
    try:
        text = data.decode()
        document, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return _lines(data, random)
    return (text[end:] + "\n" + json.dumps(_changed(document, random))).encode()


def _decoded(data: bytes) -> bytes:
    return urllib.parse.unquote_to_bytes(base64.b64decode(data, validate=True))


def _encoded(data: bytes) -> bytes:
    return base64.b64encode(urllib.parse.quote(data, safe="").encode())


def _changed(document: Any, random: Random) -> Any:
    """Another value at a place that is found by walking down, also into JSON that is a text."""
    if isinstance(document, str) and document[:1] in ("{", "[") and random.random() < 0.9:
        with contextlib.suppress(ValueError, RecursionError):
            return json.dumps(_changed(json.loads(document), random))
    if not isinstance(document, dict | list) or not document or random.random() < 0.15:
        return random.choice((lambda: random.choice(NASTY), lambda: [document], lambda: {"entities": [document]}))()
    keys = list(document) if isinstance(document, dict) else range(len(document))
    key = random.choice(list(keys))
    if random.random() < 0.75:
        document[key] = _changed(document[key], random)
    elif isinstance(document, list):
        random.choice((lambda: document.pop(key), lambda: document.insert(key, document[-1])))()
    else:
        other = random.choice(list(keys))
        held = document[key] if random.random() < 0.5 else document.pop(key)
        document[random.choice((other, f"{key}x", key.upper(), "", _CAPITAL.sub(r"_\1", key).lower()))] = held
    return document


def _lines(data: bytes, random: Random) -> bytes:
    """Lines left out, twice, elsewhere, deeper, or with another value."""
    lines = data.splitlines(keepends=True) or [b""]
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    line = lines[at]
    key = line.find(b":") if b":" in line else line.find(b"=")
    changes: tuple[Callable[[], list[bytes]], ...] = (
        lambda: lines[:at] + lines[at + 1 :],
        lambda: [*lines[:at], line, *lines[at:]],
        lambda: [*lines[:at], lines[other], *lines[at + 1 :]],
        lambda: [*lines[:at], b"  " + line, *lines[at + 1 :]],
        lambda: [*lines[:at], line.removeprefix(b"  "), *lines[at + 1 :]],
        lambda: [*lines[:at], line[: key + 1] + b" " + _said(random) + b"\n", *lines[at + 1 :]],
        lambda: lines[:at] + lines[max(at, other) :],
    )
    return b"".join(random.choice(changes)())


def _said(random: Random) -> bytes:
    return json.dumps(random.choice(NASTY), ensure_ascii=random.random() < 0.5).encode("utf-8", "replace")


def _pieces(data: bytes, random: Random) -> bytes:
    """Words and signs left out, twice, swapped or replaced."""
    pieces = _PIECES.findall(data[:20_000]) or [b""]
    at, other = random.randrange(len(pieces)), random.randrange(len(pieces))
    match random.randrange(4):
        case 0:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        case 1:
            pieces[at] = random.choice(_TOKENS)
        case 2:
            pieces[at] *= random.choice((0, 2, 50))
        case _:
            pieces.insert(at, random.choice(_TOKENS))
    return b"".join(pieces) + data[20_000:]


def _bytes(data: bytes, random: Random) -> bytes:
    """A byte changed, the end cut off, or a part repeated."""
    if not data:
        return random.randbytes(8)
    at, other = sorted((random.randrange(len(data)), random.randrange(len(data))))
    match random.randrange(3):
        case 0:
            return data[:at] + random.randbytes(1) + data[at + 1 :]
        case 1:
            return data[:at]
        case _:
            return data[:other] + data[at : min(other, at + 2000)] + data[other:]
