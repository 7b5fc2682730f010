"""The `[[waiver]]` rows of a policy file, and what a schema cannot say about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from auditor.loading.rules import mandatory_among, rule_codes
from auditor.loading.toml_lines import line_of
from auditor.loading.toml_shape import Fault, TomlFile, did_you_mean
from auditor.model.policy import WaiverRow

_CODE = re.compile(r"R[CNQ][0-9]{3}")


def waiver_rows(file: TomlFile) -> tuple[WaiverRow, ...]:
    """The waivers of a file that has the right shape."""
    return tuple(_row(file, index, row) for index, row in enumerate(file.data.get("waiver", ())))


def _row(file: TomlFile, index: int, row: dict[str, Any]) -> WaiverRow:
    line = line_of(file.text, ("waiver", index))
    return WaiverRow(
        reason=row["reason"],
        owner=row["owner"],
        expires=date.fromisoformat(row["expires"]),
        fingerprint=row.get("fingerprint"),
        rule=row.get("rule"),
        object=row.get("object"),
        flow=row.get("flow"),
        place=(f"{file.name}:{line}" if line else file.name) + f": waiver[{index + 1}]",
    )


def waiver_faults(file: TomlFile, own: Sequence[Path] = ()) -> list[Fault]:
    """Rules that do not exist or may not be waived, and rows that say the same as another."""
    return [*_of_rules(file, own), *_twice(file)]


def _of_rules(file: TomlFile, own: Sequence[Path]) -> Iterator[Fault]:
    known = list(rule_codes(own=own))
    switches = file.data.get("rules")
    mandatory = switches.get("mandatory", ()) if isinstance(switches, dict) else ()
    for index, row in _tables(file):
        code = row.get("rule")
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            continue
        if code not in known:
            yield ("waiver", index, "rule"), f'there is no rule "{code}"{did_you_mean(code, known)}'
        elif code in mandatory or mandatory_among([code], own=own):
            yield ("waiver", index, "rule"), f"{code} is mandatory and cannot be waived"


def _twice(file: TomlFile) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for index, row in _tables(file):
        key = tuple(str(row.get(word)).casefold() for word in ("fingerprint", "rule", "object", "flow"))
        if key in seen:
            yield ("waiver", index), "waives the same as an earlier row"
        seen.add(key)


def _tables(file: TomlFile) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = file.data.get("waiver")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield index, row
