"""`.i3*` exports of the Architect interface: Base64 of percent-encoded JSON (reference of formats, section 2)."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse

from auditor.errors import DocumentError

_BEGINS = re.compile(rb"\s*JTd[CDabi-n]")  # Base64 of %7B or %7b, which is "{"
_SPACE = b" \t\r\n"


def decode_i3(data: bytes) -> str | None:
    """The JSON text of an `.i3*` export, recognised by its content; None when it is no such export."""
    if _BEGINS.match(data[:64]) is None:
        return None
    try:
        quoted = base64.b64decode(data.translate(None, _SPACE), validate=True).decode("ascii")
        return urllib.parse.unquote(quoted, errors="strict")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise DocumentError(
            "The .i3 export is damaged or cut off.", None, "Export the flow from Architect again."
        ) from error
