"""What the project depends on, and how that is watched (docs/explanation/dependencies.md)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.advisories import CANARY, CLEAN, NOT_CHECKED, VULNERABLE, Answer, check, pinned, read
from tests.cases import Case, run
from tests.sbom import PARTS, missing, unpinned

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
OWN = "recording-consent-auditor"
PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|HPND|Unlicense|0BSD|Zlib)\b")
UNSTATED = {"partd": "BSD-3-Clause, says the file LICENSE.txt in it"}
"""Packages whose metadata name no licence."""


def plain(name: str) -> str:
    return name.lower().replace("_", "-")


def names(requirements: Sequence[str]) -> set[str]:
    return {plain(Requirement(each).name) for each in requirements} - {OWN}


def section(title: str) -> dict[str, str]:
    """Packages of a table of the page, with what they are for."""
    text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|", text, re.MULTILINE)
    return {plain(name): reason.strip() for name, reason in rows if name != "package"}


def closure(requirements: Sequence[str]) -> Iterator[str]:
    """What is installed because of the requirements, each once, by name."""
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(each), "") for each in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        for part in ("", *requirement.extras):
            if (plain(requirement.name), part) in seen:
                continue
            seen.add((plain(requirement.name), part))
            try:
                found = distribution(requirement.name)
            except PackageNotFoundError:
                continue
            waiting += [(Requirement(each), part) for each in found.requires or ()]
    yield from sorted({name for name, _ in seen} - {OWN})


def for_users() -> list[str]:
    extras = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(each for part in PARTS for each in extras[part])]


def test_every_dependency_has_its_reason() -> None:
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    some = [each for extra, requirements in extras.items() if extra != "dev" for each in requirements]
    for title, requirements in (
        ("Always", PROJECT["dependencies"]),
        ("Only for some commands", some),
        ("To develop it", extras["dev"]),
    ):
        told = section(title)
        assert set(told) == names(requirements), title
        assert all(told.values())
    for extra, requirements in extras.items():
        for name in names(requirements) if extra != "dev" else ():
            assert f"extra `{extra}`" in section("Only for some commands")[name]


def test_everything_that_is_installed_is_pinned() -> None:
    pins = {plain(line.partition("==")[0]) for line in pinned(CONSTRAINTS)}
    found = set(closure([f"{OWN}[dev]"]))
    assert len(found) > 60
    assert found - pins == {"pip"}
    assert "://" not in CONSTRAINTS


def test_what_users_install_has_a_permissive_licence() -> None:
    for name in closure(for_users()):
        try:
            about = distribution(name).metadata
        except PackageNotFoundError:
            continue
        told = [each for each in about.get_all("Classifier") or () if each.startswith("License")]
        stated = [each[:80] for field in ("License-Expression", "License") for each in about.get_all(field) or ()]
        text = " ".join([*stated[:1], *told])
        assert PERMISSIVE.search(text) or name in UNSTATED, name
        assert "GPL" not in text, name


def test_what_bandit_is_told_to_accept_has_a_code_and_a_reason() -> None:
    accepted = [
        (path.name, line[line.index("# nosec") :])
        for path in sorted((ROOT / "auditor").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "nosec" in line
    ]
    assert accepted
    for name, comment in accepted:
        assert re.fullmatch(r"# nosec B\d{3}(, B\d{3})* # [a-z].{8,}", comment), (name, comment)


def test_without_any_assertion_the_audit_is_the_same() -> None:
    command = [sys.executable, "-O", "-c", "from auditor.cli.main import main; main()", "audit", "organisation"]
    demo = ROOT / "fixtures" / "demo"
    env = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "--format", "json"], cwd=demo, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == run(Case(demo, "organisation")).text


class TestAdvisories:
    """What is said about advisories, with services that say one thing or another."""

    PINS = ("jinja2==3.1.6", "rich==15.0.0")
    KNOWN = Answer(("pyyaml 5.3: X",), 1)

    def said(self, **services: tuple[Answer, Answer]) -> tuple[int, str, list[tuple[str, tuple[str, ...]]]]:
        """services: what each says of the canary, and of the pins."""
        asked: list[tuple[str, tuple[str, ...]]] = []

        def ask(service: str, pins: Sequence[str]) -> Answer:
            asked.append((service, tuple(pins)))
            return services[service][list(pins) != [CANARY]]

        code, said = check(self.PINS, ask)
        return code, "\n".join(said), asked

    def test_no_advisories(self) -> None:
        code, said, asked = self.said(pypi=(self.KNOWN, Answer(answered=2)))
        assert (code, said) == (CLEAN, "no advisories for any of 2 packages (service pypi)")
        assert asked == [("pypi", (CANARY,)), ("pypi", self.PINS)]

    def test_some(self) -> None:
        code, said, _ = self.said(pypi=(self.KNOWN, Answer(("rich 15.0.0: PYSEC-1",), 2)))
        assert (code, said) == (VULNERABLE, "rich 15.0.0: PYSEC-1")

    @pytest.mark.parametrize(
        ("first", "why"),
        [
            ((Answer(fault="no route"), Answer(answered=2)), "advisory service pypi: no route"),
            ((Answer(answered=1), Answer(answered=2)), "it knows of no advisory for PyYAML==5.3"),
            ((Answer(unanswered=("pyyaml",)), Answer(answered=2)), "it knows of no advisory for PyYAML==5.3"),
            ((KNOWN, Answer(answered=1, unanswered=("rich",))), "no answer for rich"),
            ((KNOWN, Answer(answered=1)), "no answer for some"),
            ((KNOWN, Answer(fault="timed out")), "advisory service pypi: timed out"),
        ],
    )
    def test_a_service_that_does_not_say_is_not_believed(self, first: tuple[Answer, Answer], why: str) -> None:
        silent = (Answer(fault="silent"), Answer())
        code, said, _ = self.said(pypi=first, osv=silent)
        assert code == NOT_CHECKED
        assert why in said
        assert said.splitlines()[-1].startswith("NOT CHECKED: ")
        code, said, _ = self.said(pypi=first, osv=(self.KNOWN, Answer(answered=2)))
        assert code == CLEAN
        assert "(service osv)" in said

    def test_what_pip_audit_prints_is_read(self) -> None:
        flaw = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]}
        printed = {
            "dependencies": [flaw, {"name": "b", "version": "2", "vulns": []}, {"name": "c", "skip_reason": "?"}]
        }
        assert read(json.dumps(printed), "") == Answer(("a 1: CVE-1", "a 1: CVE-2"), 2, ("c",))
        assert read("", "Traceback\nOSError: no network\n") == Answer(fault="OSError: no network")
        assert read("[]", "").fault
        assert read("{}", "") == Answer(fault="pip-audit says nothing")


def test_pins_are_the_lines_of_the_file() -> None:
    assert pinned("# a remark\na==1\n\nb==2\n") == ["a==1", "b==2"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pinned(CONSTRAINTS))


def test_a_bill_of_materials_agrees_with_the_pins() -> None:
    bill = {"components": [{"name": "a_b", "version": "1"}, {"name": "C", "version": "2"}]}
    assert unpinned(bill, "A-b==1\nc==2\n") == []
    assert unpinned(bill, "a-b==1\nc==3\n") == ["C==2"]
    extras = '{collect=["c>1"], fleet=["d>=1"], history=[]}'
    project = f'[project]\ndependencies = ["a-b>=1"]\noptional-dependencies = {extras}\n'
    assert missing(bill, project) == {"d"}
