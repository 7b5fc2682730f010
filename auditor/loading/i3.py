"""`.i3*` exports of the Architect interface: Base64 of percent-encoded JSON (reference of formats, section 2)."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import urllib.parse

from auditor.errors import DocumentError

_BEGINS = re.compile(rb"\s*JTd[CDabi-n]")  # Base64 of %7B or %7b, which is "{"
_SPACE = b" \t\r\n"
_PIECE = 1024 * 1024


def decode_i3(data: bytes) -> str | None:
    """The JSON text of an `.i3*` export, recognised by its content; None when it is no such export."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if _BEGINS.match(data[:64]) is None:
        return None
    try:
        return _unquoted(base64.b64decode(data.translate(None, _SPACE), validate=True)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise DocumentError(
            "The .i3 export is damaged or cut off.", None, "Export the flow from Architect again."
        ) from error


def _unquoted(quoted: bytes) -> bytes:
    """Percent escapes resolved, piece by piece: a list of all escapes takes thirty times the text."""
    quoted.decode("ascii")
    result = bytearray()
    start = 0
    while start < len(quoted):
        end = start + _PIECE
        escape = quoted.rfind(b"%", end - 2, end)
        end = escape if escape > start else end
        result += urllib.parse.unquote_to_bytes(quoted[start:end])
        start = end
    return bytes(result)
