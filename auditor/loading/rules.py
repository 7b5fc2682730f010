"""The shipped rules: `rules/*.toml` as typed values."""

from __future__ import annotations

import string
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditor.loading.toml_shape import Fault, TomlFile, broken, read_toml, shape_faults
from auditor.model.rules import PLACEHOLDERS, Condition, Example, ProblemKind, Rule, RuleSet
from auditor.resources import data_folder

_RULE_FILES = "R[CNQ][0-9][0-9][0-9]-*.toml"


def read_rules(folder: Path | None = None, *, checked: bool = True) -> RuleSet:
    """Every rule of the folder (the shipped one by default) in the order of the codes; raises PolicyError.

    checked: False trusts shipped files, which the tests check, and spares the time of the schemas.
    """
    folder = folder or data_folder()
    files = [read_toml(path, f"rules/{path.name}") for path in _rule_files(folder)]
    problems = read_toml(folder / "problems.toml", "rules/problems.toml")
    if checked and (told := _mistakes(files, problems)):
        raise broken(told)
    kinds = tuple(
        ProblemKind(row["code"], row["name"], _prose(row["meaning"]), _prose(row["fix"]))
        for row in problems.data["problem"]
    )
    return RuleSet(tuple(_rule(file) for file in files), kinds)


def _mistakes(files: list[TomlFile], problems: TomlFile) -> tuple[str, ...]:
    told = [line for file in files for line in file.told(shape_faults(file, "rule") or _own_faults(file))]
    return (*told, *problems.told(shape_faults(problems, "problems")), *_twice(files))


def rule_codes(folder: Path | None = None) -> tuple[str, ...]:
    """The codes of all rules, from the names of their files alone."""
    return tuple(path.name[:5] for path in _rule_files(folder or data_folder()))


def mandatory_among(codes: Iterable[str], folder: Path | None = None) -> tuple[str, ...]:
    """Those of the codes whose rule is mandatory, without reading the other rules."""
    wanted = set(codes)
    files = [path for path in _rule_files(folder or data_folder()) if path.name[:5] in wanted]
    return tuple(path.name[:5] for path in files if read_toml(path, path.name).data.get("mandatory") is True)


def _rule_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(_RULE_FILES), key=lambda path: path.name)


def _rule(file: TomlFile) -> Rule:
    data = file.data
    return Rule(
        code=data["code"],
        name=data["name"],
        severity=data["severity"],
        objects=tuple(data["object"]),
        observations=tuple(data["observation"]),
        when=tuple(Condition(fact, tuple(allowed)) for fact, allowed in data["when"].items()),
        message=_prose(data["message"]),
        why=_prose(data["why"]),
        fix=tuple(_prose(step) for step in data["fix"]),
        example=Example(data["example"]["bad"].strip("\n"), data["example"]["ok"].strip("\n")),
        references=tuple(data["references"]),
        assumptions=tuple(data.get("assumptions", ())),
        mandatory=data.get("mandatory", False),
        on=data.get("on", True),
        source=file.name,
    )


def _own_faults(file: TomlFile) -> list[Fault]:
    """What a schema cannot say: the file is named after the rule, and the message names only what there is."""
    data: dict[str, Any] = file.data
    faults: list[Fault] = []
    expected = f"rules/{data['code']}-{data['name']}.toml"
    if file.name != expected:
        faults.append((("code",), f"a file with this code and name must be called {expected}"))
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(data["message"]) if name is not None}
    except ValueError as error:
        return [*faults, (("message",), str(error))]
    known = ", ".join("{" + each + "}" for each in PLACEHOLDERS)
    return faults + [(("message",), f"{{{name}}} is none of {known}") for name in sorted(names - set(PLACEHOLDERS))]


def _twice(files: list[TomlFile]) -> list[str]:
    seen: dict[object, str] = {}
    told: list[str] = []
    for file in files:
        code = str(file.data.get("code"))
        if code in seen:
            told += file.told([(("code",), f"{code} is also the code of {seen[code]}")])
        seen.setdefault(code, file.name)
    return told


def _prose(text: str) -> str:
    """Running text: line ends of the file are no line ends of the text, blank lines part paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))
