"""The policy file `auditor.toml`: where it is found, and what it says as typed values (JSON Schema: policy)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from auditor.loading.policy_waivers import waiver_faults, waiver_rows
from auditor.loading.rules import mandatory_among, rule_codes
from auditor.loading.tables import read_jurisdictions
from auditor.loading.toml_shape import Fault, KeyPath, TomlFile, broken, did_you_mean, read_toml, shape_faults
from auditor.model.policy import (
    Declaration,
    JurisdictionOverride,
    Mode,
    ModeRow,
    Policy,
    Scope,
    TrunkPin,
    VocabularyAddition,
)

POLICY_FILE = "auditor.toml"

_CODE = re.compile(r"R[CNQ][0-9]{3}")
_REGION = re.compile(r"[A-Z]{2}(-[A-Z]{2,3})?")


def find_policy(paths: Sequence[Path]) -> Path | None:
    """The nearest `auditor.toml` in the common parent folder of the paths or in a folder above it."""
    common = _common_folder(paths)
    candidates = (folder / POLICY_FILE for folder in ((common, *common.parents) if common else ()))
    return next((path for path in candidates if path.is_file()), None)


def place_for_policy(paths: Sequence[Path]) -> Path:
    """Where a new `auditor.toml` is found by audits of these paths: here, or else in their common folder."""
    here, common = Path.cwd(), _common_folder(paths)
    return here / POLICY_FILE if common is None or common.is_relative_to(here) else common / POLICY_FILE


def _common_folder(paths: Sequence[Path]) -> Path | None:
    folders = [path.absolute() if path.is_dir() else path.absolute().parent for path in paths]
    try:
        return Path(os.path.commonpath([os.path.normpath(folder) for folder in folders])) if folders else None
    except ValueError:
        return None


def read_policy(
    path: Path | None, *, name: str | None = None, own: Sequence[Path] = (), checked: bool = True
) -> Policy:  # fmt: skip
    """The policy of a file, or the defaults for None; raises PolicyError with every mistake of the file.

    name: how reports call the file, by default its path; own: folders with rules of the user; checked: False for
    content that was checked before.
    """
    if path is None:
        return Policy()
    file = read_toml(path, name)
    if not checked:
        return _policy(file)
    faults = [
        *shape_faults(file, "policy"),
        *_code_faults(file, own),
        *_jurisdiction_faults(file),
        *_twice_declared(file),
    ]
    faults += waiver_faults(file, own)
    if faults:
        raise broken(file.told(faults))
    return _policy(file)


def _policy(file: TomlFile) -> Policy:
    data = file.data
    switches = data.get("rules", {})
    region = data.get("unknown_region", "strictest")
    return Policy(
        source=file.name,
        declarations=tuple(_declaration(row) for row in data.get("consent_point", ())),
        default_mode=Mode(data.get("default_mode", Mode.OPT_IN)),
        default_mode_set="default_mode" in data,
        modes=tuple(_mode_row(row) for row in data.get("mode", ())),
        jurisdictions=tuple(data.get("jurisdictions", ())),
        overrides=tuple(
            JurisdictionOverride(code, Mode(row["mode"]), row.get("citation", ""))
            for code, row in data.get("jurisdiction", {}).items()
        ),
        mode_from_numbers=data.get("mode_from_numbers", False),
        unknown_region=None if region == "strictest" else Mode(region),
        pins=tuple(TrunkPin(*_selector(row), tuple(row["trunks"])) for row in data.get("trunk_pin", ())),
        assumptions=tuple(sorted(data.get("assumptions", {}).items(), key=lambda each: int(each[0][1:]))),
        severities=tuple(sorted(data.get("severity", {}).items())),
        enabled=tuple(switches.get("enable", ())),
        disabled=tuple(switches.get("disable", ())),
        mandatory=tuple(switches.get("mandatory", ())),
        vocabulary=tuple(
            VocabularyAddition(language, category, tuple(words))
            for language, categories in data.get("vocabulary", {}).items()
            for category, words in categories.items()
        ),
        fail_on=data.get("fail_on"),
        waivers=waiver_rows(file),
    )


def _declaration(row: dict[str, Any]) -> Declaration:
    return Declaration(row["flow"], row["action"], _texts(row.get("granting")), _texts(row.get("refusing")))


def _mode_row(row: dict[str, Any]) -> ModeRow:
    scope, values = _selector(row)
    return ModeRow(
        scope,
        values,
        mode=Mode(row["mode"]) if "mode" in row else None,
        jurisdiction=row.get("jurisdiction"),
        since=date.fromisoformat(row["from"]) if "from" in row else None,
        citation=row.get("citation", ""),
    )


def _selector(row: dict[str, Any]) -> tuple[Scope, tuple[str, ...]]:
    scope = next(scope for scope in Scope if scope in row)
    value = row[scope]
    return scope, (value,) if isinstance(value, str) else tuple(value)


def _texts(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)


def _code_faults(file: TomlFile, own: Sequence[Path]) -> list[Fault]:
    """Codes that are of the right form, but of no rule; rules that are both on and off, or may not be off."""
    known = list(rule_codes(own=own))
    switches = {key: _list(_table(file, "rules").get(key)) for key in ("enable", "disable", "mandatory")}
    named: list[tuple[KeyPath, str]] = [(("severity", code), code) for code in _table(file, "severity")]
    named += [(("rules", key), str(code)) for key, codes in switches.items() for code in codes]
    faults: list[Fault] = [
        (path, f'there is no rule "{code}"{did_you_mean(code, known)}')
        for path, code in named
        if code not in known and _CODE.fullmatch(code)
    ]
    disabled = [str(code) for code in switches["disable"]]
    faults += [
        (("rules", "disable"), f"{code} is enabled and disabled") for code in disabled if code in switches["enable"]
    ]
    kept = {*mandatory_among(disabled, own=own), *(code for code in disabled if code in switches["mandatory"])}
    return faults + [(("rules", "disable"), f"{code} is mandatory and cannot be switched off") for code in sorted(kept)]


def _jurisdiction_faults(file: TomlFile) -> list[Fault]:
    named: list[tuple[KeyPath, object]] = [(("jurisdictions",), code) for code in _list(file.data.get("jurisdictions"))]
    named += [(("jurisdiction", code), code) for code in _table(file, "jurisdiction")]
    for index, row in enumerate(_list(file.data.get("mode"))):
        if isinstance(row, dict) and "jurisdiction" in row:
            named.append((("mode", index, "jurisdiction"), row["jurisdiction"]))
    asked = [(path, code) for path, code in named if isinstance(code, str) and _REGION.fullmatch(code)]
    if not asked:
        return []
    table = read_jurisdictions()
    rows = [row.code for row in table.rows]
    known = {*rows, *(region for region in table.prefixes.values() if region.partition("-")[0] in rows)}
    return [
        (path, f'"{code}" is not in the table of jurisdictions{did_you_mean(code, sorted(known))}')
        for path, code in asked
        if code not in known
    ]


def _twice_declared(file: TomlFile) -> list[Fault]:
    seen: set[tuple[str, str]] = set()
    faults: list[Fault] = []
    for index, row in enumerate(_list(file.data.get("consent_point"))):
        if not isinstance(row, dict) or not {"flow", "action"} <= row.keys():
            continue
        key = (str(row["flow"]), str(row["action"]))
        if key in seen:
            faults.append((("consent_point", index), f'"{key[1]}" of flow "{key[0]}" is declared twice'))
        seen.add(key)
    return faults


def _table(file: TomlFile, key: str) -> dict[str, Any]:
    value = file.data.get(key, {})
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
