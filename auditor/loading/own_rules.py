"""Rules of the user's own: folders given with --rules, checked more closely than a schema can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditor.loading.rule_faults import own_faults
from auditor.loading.toml_shape import Fault, KeyPath, TomlFile, broken, did_you_mean, read_toml, shape_faults
from auditor.model.rules import FACTS, Fact

_OWN_CODE = re.compile(r"R[CNQ]9[0-9][0-9]")


def own_rule_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The rule files of the folders: every TOML file directly in them."""
    return tuple(path for folder in folders for path in sorted(folder.glob("*.toml"), key=lambda path: path.name))


def read_own(folders: Sequence[Path], *, cases: bool) -> tuple[list[TomlFile], tuple[str, ...]]:
    """The rule files of the folders, and every mistake in them; raises PolicyError for a folder without any.

    cases: whether the exports of their cases must be there, too.
    """
    files: list[TomlFile] = []
    for folder in folders:
        found = own_rule_files([folder])
        if not found:
            raise broken((f"{folder.as_posix()}: there is no rule file (*.toml) in this folder",))
        files += [read_toml(path) for path in found]
    told = tuple(line for file in files for line in file.told(_faults(file, cases)))
    return files, told


def _faults(file: TomlFile, cases: bool) -> list[Fault]:
    shape = shape_faults(file, "rule")
    return shape or [*own_faults(file), *_code(file), *_facts(file), *(_cases(file) if cases else ())]


def _code(file: TomlFile) -> list[Fault]:
    code = str(file.data["code"])
    if _OWN_CODE.fullmatch(code):
        return []
    return [(("code",), f"{code}: own rules have the numbers 900 to 999, such as {code[:2]}901")]


def _facts(file: TomlFile) -> list[Fault]:
    """A rule that asks for what no observation says would be silent for ever."""
    faults: list[Fault] = []
    known: dict[str, set[tuple[type, Fact]]] = {}
    for kind in file.data["observation"]:
        for fact, values in FACTS[kind].items():
            known.setdefault(fact, set()).update((type(value), value) for value in values)
    for fact, allowed in file.data["when"].items():
        path: KeyPath = ("when", fact)
        if fact not in known:
            faults.append((path, f"no such fact in these observations{did_you_mean(fact, known)}"))
        else:
            faults += [(path, _no_value(v, known[fact])) for v in allowed if (type(v), v) not in known[fact]]
    return faults


def _no_value(value: object, known: set[tuple[type, Fact]]) -> str:
    words = sorted(_word(each) for _, each in known)
    return f"{_word(value)} is none of {', '.join(words)}{did_you_mean(_word(value), words)}"


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cases(file: TomlFile) -> list[Fault]:
    rows: list[dict[str, Any]] = file.data.get("case", [])
    seen: set[str] = set()
    faults: list[Fault] = []
    for index, row in enumerate(rows):
        if row["name"] in seen:
            faults.append((("case", index, "name"), f'there is another case "{row["name"]}"'))
        seen.add(row["name"])
        folder = Path(file.name).parent
        faults += [
            (("case", index, key), f"{row[key]} does not exist beside the rule")
            for key in ("export", "policy")
            if key in row and not (folder / row[key]).exists()
        ]
    return faults
