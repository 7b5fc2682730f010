"""Shipped tables beside the rules: assumptions, jurisdictions and the numbering plan."""

from __future__ import annotations

from pathlib import Path

from auditor.loading.toml_shape import Fault, TomlFile, broken, read_toml, shape_faults, shipped_toml
from auditor.model.assumptions import Assumption
from auditor.model.jurisdictions import Jurisdiction, Jurisdictions
from auditor.model.policy import Mode
from auditor.resources import data_folder


def read_assumptions(folder: Path | None = None, *, checked: bool = True) -> tuple[Assumption, ...]:
    """The named assumptions A1, A2, ... in order; raises PolicyError. checked: as for `read_rules`."""
    rows = _table(folder, "assumptions", checked=checked).data["assumption"]
    return tuple(
        Assumption(row["id"], row["text"], row["default"], row["no_means"], row.get("switchable", True)) for row in rows
    )


def read_jurisdictions(folder: Path | None = None, *, checked: bool = True) -> Jurisdictions:
    """The table of jurisdictions with the numbering plan; raises PolicyError. checked: as for `read_rules`."""
    rows = _table(folder, "jurisdictions", checked=checked).data["jurisdiction"]
    file = _table(folder, "numbering", checked=checked)
    owner: dict[str, str] = {}
    faults: list[Fault] = []
    for region, prefixes in file.data["prefixes"].items():
        for prefix in prefixes:
            if prefix in owner:
                faults.append((("prefixes", region), f"{prefix} belongs to {owner[prefix]} already"))
            owner[prefix] = region
    if faults:
        raise broken(file.told(faults))
    return Jurisdictions(
        tuple(
            Jurisdiction(
                row["code"],
                row["name"],
                Mode(row["mode"]),
                row["citation"],
                row["source"],
                " ".join(row["reason"].split()),
            )
            for row in rows
        ),
        owner,
    )


def _table(folder: Path | None, name: str, *, checked: bool = True) -> TomlFile:
    read = read_toml if folder is not None else shipped_toml
    file = read((folder or data_folder()) / f"{name}.toml", f"rules/{name}.toml")
    if checked and (faults := shape_faults(file, name)):
        raise broken(file.told(faults))
    return file
