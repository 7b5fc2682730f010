"""The demonstration organisation shows every rule, and its README says exactly what the auditor shows."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from auditor.loading.rules import read_rules
from tests.cases import Case, run
from tests.declared import FIXTURES

DEMO = FIXTURES / "demo"
README = (DEMO / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"R[CNQ]\d{3}")


@cache
def report() -> dict[str, Any]:
    done = run(Case(DEMO, "organisation"))
    assert done.text, done.errors
    found: dict[str, Any] = json.loads(done.text)
    return found


def shown() -> set[tuple[str, str]]:
    return {(each["rule"], each["object"]["name"]) for each in report()["findings"]}


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """The cells of a table below a heading, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def said(text: str) -> set[tuple[str, str]]:
    """ "RC101 and RC102 Thing; RC103 Other" -> (code, object)."""
    return {
        (code, CODE.sub("", part).replace(" and ", " ").strip(" ,"))
        for part in text.split(";")
        for code in CODE.findall(part)
    }


def test_every_rule_shows_at_least_once() -> None:
    assert {rule.code for rule in read_rules().rules} == {rule for rule, _ in shown()}


def test_the_findings_in_flows_are_those_of_the_readme() -> None:
    told = {
        (code, flow, name) for flow, _, _, cell in rows("Flows and what each one shows") for code, name in said(cell)
    }
    found = {
        (each["rule"], each["object"]["flow"], each["object"]["name"])
        for each in report()["findings"]
        if each["object"]["flow"]
    }
    assert told == found


def test_the_findings_elsewhere_are_those_of_the_readme() -> None:
    told = {
        (code, name)
        for objects, cell, _ in rows("Everything else")
        for code in CODE.findall(cell)
        for name in objects.partition(" ")[2].split(", ")
    }
    assert told == {(e["rule"], e["object"]["name"]) for e in report()["findings"] if not e["object"]["flow"]}


def test_the_verdicts_are_those_of_the_readme() -> None:
    told = {
        (entry, trunk, verdict, effect)
        for entries, trunk, verdict, effect, _ in rows("Verdicts")
        for entry in entries.split(", ")
    }
    found = {
        (each["entry"]["name"], ", ".join(each["leg"]["trunks"]), each["verdict"], each["effect"].replace("_", " "))
        for each in report()["verdicts"]
    }
    assert told == found


def test_the_trunks_are_those_of_the_readme() -> None:
    legs = {(trunk, v["leg"]["line"], v["leg"]["gate"]) for v in report()["verdicts"] for trunk in v["leg"]["trunks"]}
    words = {"yes": "on", "yes, consults too": "on", "no": "off"}
    assert {(name, words[line], words[gate]) for name, line, gate, _ in rows("Lines") if line} == legs
