"""Cases declared in words: what a person expects of a case (case.toml, mutants.toml), beside its whole report."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.cases import ROOT, Case, run

FIXTURES = ROOT / "fixtures"
KEYS = {"title", "why", "expect", "expect_not", "allow", "problems", "verdicts"}
MARKS = ("possible", "latent", "any")


class Expected(Struct, frozen=True):
    """A finding in words: "RC102 Enable recording", with " (possible)", " (latent)" or " (any)" behind it.

    object: the name of the object, "*" for any; mark: "certain" unless said otherwise.
    """

    rule: str
    object: str
    mark: str

    def fits(self, rule: str, name: str, mark: str) -> bool:
        """Whether a finding is this one."""
        return (
            self.rule == rule
            and (fnmatchcase(name, self.object) if self.object == "*" else name == self.object)
            and self.mark in (mark, "any")
        )


class Declared(Struct, frozen=True):
    """What a case.toml says. expect_not: rule codes; allow: findings that may come or not; verdicts: allowed words."""

    expect: tuple[Expected, ...]
    expect_not: tuple[str, ...] = ()
    allow: tuple[Expected, ...] = ()
    problems: tuple[str, ...] = ()
    verdicts: tuple[tuple[str, tuple[str, ...]], ...] = ()


def expected(text: str) -> Expected:
    """Reads a finding in words."""
    rule, _, name = text.partition(" ")
    for mark in MARKS:
        if name.endswith(f" ({mark})"):
            return Expected(rule, name.removesuffix(f" ({mark})"), mark)
    return Expected(rule, name, "certain")


def declared(table: Mapping[str, Any]) -> Declared:
    """Reads a table of case.toml or mutants.toml."""
    return Declared(
        tuple(expected(text) for text in table["expect"]),
        tuple(table.get("expect_not", ())),
        tuple(expected(text) for text in table.get("allow", ())),
        tuple(table.get("problems", ())),
        tuple((entry, tuple(words)) for entry, words in table.get("verdicts", {}).items()),
    )


def declared_cases() -> list[Path]:
    """Folders with a case.toml."""
    return sorted(file.parent for file in FIXTURES.rglob("case.toml"))


def read(folder: Path) -> dict[str, Any]:
    """The case.toml of a folder."""
    return tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))


def report(folder: Path) -> dict[str, Any]:
    """The JSON report on the export in a folder."""
    done = run(Case(folder, "export"))
    assert done.text, done.errors
    found: dict[str, Any] = json.loads(done.text)
    return found


def differences(wanted: Declared, found: Mapping[str, Any]) -> list[str]:
    """Everything in which a report differs from what was declared; findings are compared one for one."""
    findings = sorted({_key(finding) for finding in found["findings"]})
    missing = [each for each in wanted.expect if not any(each.fits(*finding) for finding in findings)]
    surplus = [f for f in findings if not any(each.fits(*f) for each in (*wanted.expect, *wanted.allow))]
    codes = {problem["code"] for problem in found["problems"]}
    return [
        *(f"missing: {each.rule} {each.object} ({each.mark})" for each in missing),
        *(f"not expected: {' '.join(finding)}" for finding in surplus),
        *(f"must not be found: {rule}" for rule in wanted.expect_not if any(f[0] == rule for f in findings)),
        *(f"missing problem: {code}" for code in wanted.problems if code not in codes),
        *(line for entry, words in wanted.verdicts for line in _verdicts(entry, words, found["verdicts"])),
    ]


def _key(finding: Mapping[str, Any]) -> tuple[str, str, str]:
    mark = "latent" if finding["latent"] else "possible" if finding["confidence"] == "low" else "certain"
    return finding["rule"], finding["object"]["name"], mark


def _verdicts(entry: str, words: tuple[str, ...], verdicts: Iterable[Mapping[str, Any]]) -> list[str]:
    given = [verdict["verdict"] for verdict in verdicts if verdict["entry"]["name"] == entry]
    if not given:
        return [f"no verdict on {entry}"]
    return [f"{entry} is {word}, not {' or '.join(words)}" for word in sorted(set(given) - set(words))]
