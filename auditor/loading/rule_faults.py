"""What can be wrong with rule files, told all at once."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from auditor.loading.toml_shape import Fault, TomlFile, shape_faults
from auditor.model.rules import PLACEHOLDERS


def rule_mistakes(files: Iterable[TomlFile]) -> tuple[str, ...]:
    """Every mistake in files of rules: against the schema, or if that holds, in name and message."""
    return tuple(line for file in files for line in file.told(shape_faults(file, "rule") or own_faults(file)))


def own_faults(file: TomlFile) -> list[Fault]:
    """What a schema cannot say: the file is named after the rule, and the message names only what there is."""
    data: dict[str, Any] = file.data
    faults: list[Fault] = []
    path = PurePosixPath(file.name)
    expected = path.with_name(f"{data['code']}-{data['name']}.toml")
    if path != expected:
        faults.append((("code",), f"a file with this code and name must be called {expected}"))
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(data["message"]) if name is not None}
    except ValueError as error:
        return [*faults, (("message",), str(error))]
    known = ", ".join("{" + each + "}" for each in PLACEHOLDERS)
    return faults + [(("message",), f"{{{name}}} is none of {known}") for name in sorted(names - set(PLACEHOLDERS))]


def twice(files: Sequence[TomlFile]) -> list[str]:
    """Codes that more than one file has."""
    seen: dict[object, str] = {}
    told: list[str] = []
    for file in files:
        code = str(file.data.get("code"))
        if code in seen:
            told += file.told([(("code",), f"{code} is also the code of {seen[code]}")])
        seen.setdefault(code, file.name)
    return told
