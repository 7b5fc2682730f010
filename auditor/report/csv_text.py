"""CSV (RFC 4180) for spreadsheets, in which no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from auditor.report.text import safe

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """One line a row. Where a spreadsheet would compute a cell (a number like +49... too) an apostrophe goes first."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return stream.getvalue()


def _cell(text: str) -> str:
    return ("'" if text.lstrip(" ").startswith(_FORMULA) else "") + safe(text)
