"""The shipped rules: `rules/*.toml` as typed values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from auditor.loading.own_rules import own_rule_files, read_own
from auditor.loading.rule_faults import rule_mistakes, twice
from auditor.loading.toml_shape import TomlFile, broken, read_toml, shape_faults, shipped_toml
from auditor.model.rules import Condition, Example, ProblemKind, Rule, RuleCase, RuleSet
from auditor.resources import data_folder

_RULE_FILES = "R[CNQ][0-9][0-9][0-9]-*.toml"


def read_rules(
    folder: Path | None = None, *, checked: bool = True, own: Sequence[Path] = (), cases: bool = False
) -> RuleSet:
    """Every rule of the folder (the shipped one by default) in the order of the codes; raises PolicyError.

    own: folders with rules of the user, always checked, with their cases if these are to be run; checked: False trusts
    shipped files, which the tests check, and spares the time of the schemas.
    """
    read = read_toml if folder is not None else shipped_toml
    folder = folder or data_folder()
    files = [read(path, f"rules/{path.name}") for path in _rule_files(folder)]
    problems = read(folder / "problems.toml", "rules/problems.toml")
    added, told = read_own(own, cases=cases)
    if checked:
        told = (*rule_mistakes(files), *problems.told(shape_faults(problems, "problems")), *told)
    if told := (*told, *twice([*files, *added])):
        raise broken(told)
    files = sorted([*files, *added], key=lambda file: str(file.data["code"]))
    kinds = tuple(
        ProblemKind(row["code"], row["name"], _prose(row["meaning"]), _prose(row["fix"]))
        for row in problems.data["problem"]
    )
    return RuleSet(tuple(_rule(file) for file in files), kinds)


def rule_codes(folder: Path | None = None, own: Sequence[Path] = ()) -> tuple[str, ...]:
    """The codes of all rules, from the names of their files alone."""
    return tuple(path.name[:5] for path in (*_rule_files(folder or data_folder()), *own_rule_files(own)))


def mandatory_among(
    codes: Iterable[str], folder: Path | None = None, own: Sequence[Path] = ()
) -> tuple[str, ...]:  # fmt: skip
    """Those of the codes whose rule is mandatory, without reading the other rules."""
    wanted = set(codes)
    every = (*_rule_files(folder or data_folder()), *own_rule_files(own))
    files = [path for path in every if path.name[:5] in wanted]
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
        cases=tuple(
            RuleCase(row["name"], row["export"], tuple(row["expect"]), row.get("policy"))
            for row in data.get("case", ())
        ),
    )


def _prose(text: str) -> str:
    """Running text: line ends of the file are no line ends of the text, blank lines part paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))
