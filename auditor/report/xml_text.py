"""Text for XML 1.0."""

from __future__ import annotations

from auditor.report.text import safe


def xml_text(text: str) -> str:
    """Text from an export that XML can hold; escaping of markup is left to whoever writes the XML."""
    return safe(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
