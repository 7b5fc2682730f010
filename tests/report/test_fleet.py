from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from auditor.findings import Audit, Severity, VerdictWord, Waiver
from auditor.report.counts import counts_of, together
from auditor.report.fleet import fleet_json
from auditor.report.summary import Audited, summary
from auditor.resources import schema_text
from tests.builders import CLEAN, EMPTY, FINDING, FULL

SCHEMA = Draft202012Validator(json.loads(schema_text("fleet")))
WAIVED = replace(FINDING, waived=Waiver("known", "us", "2031-01-01"))
MINOR = replace(FINDING, rule="RN201", severity=Severity.LOW)
MIXED = replace(FULL, findings=(WAIVED, FINDING, MINOR, MINOR, replace(MINOR, baselined=True)))
NOTHING = counts_of(EMPTY)


def test_what_is_counted() -> None:
    counts = counts_of(MIXED)
    assert counts.findings == (("critical", 1), ("low", 2))
    assert counts.rules == (("RC103", 1), ("RN201", 2))
    assert counts.set_aside == 2
    assert (counts.entries, counts.flows) == (FULL.coverage.entries, FULL.coverage.flows)
    assert sum(number for _, number in counts.verdicts) == len(FULL.verdicts)
    assert sum(number for _, number in counts.problems) == len(FULL.problems)


def test_together_is_the_sum_of_all() -> None:
    one, other = counts_of(MIXED), counts_of(FULL)
    both = together([one, other])
    assert both.actions == one.actions + other.actions
    assert dict(both.rules)["RN201"] == 2 + dict(other.rules).get("RN201", 0)
    assert [word for word, _ in both.verdicts] == [
        word.value for word in VerdictWord if word.value in {word for word, _ in (*one.verdicts, *other.verdicts)}
    ]
    assert together([both, NOTHING]) == both
    assert together([]) == NOTHING


def row(name: str, audit: Audit | None) -> Audited:
    if audit is None:
        return Audited(name, 3, None, ("x",), (), "lost")
    return Audited(name, 1, counts_of(audit), ("x", "y"), (f"{name}.json",))


@pytest.mark.parametrize("audits", [[FULL], [MIXED, CLEAN], [None, EMPTY], [None]])
def test_the_json_is_of_its_schema(audits: list[Audit | None]) -> None:
    rows = list(zip("AB", audits, strict=False))
    audited = [row(name, audit) for name, audit in rows]
    value = json.loads(fleet_json(audited, 3, "1.2"))
    assert [error.message for error in SCHEMA.iter_errors(value)] == []
    assert [each["name"] for each in value["organisations"]] == [name for name, _ in rows]
    assert [each["counts"] is None for each in value["organisations"]] == [audit is None for _, audit in rows]
    assert [each["not_audited"] for each in value["organisations"]] == ["lost" if a is None else None for a in audits]
    assert value["together"]["audited"] == len([audit for _, audit in rows if audit is not None])


def test_every_word_stands_in_the_json_also_with_none() -> None:
    [row] = json.loads(fleet_json([Audited("A", 0, NOTHING, ("x",))], 0, "1"))["organisations"]
    assert row["counts"]["findings"] == {severity.word: 0 for severity in Severity}
    assert row["counts"]["verdicts"] == {word.value: 0 for word in VerdictWord}
    assert (row["counts"]["rules"], row["counts"]["problems"]) == ({}, {})


def test_what_was_set_aside_is_said_apart() -> None:
    text = summary([Audited("A", 1, counts_of(MIXED))], 200)
    assert "1 critical, 2 low, 2 set aside" in text
    assert "audited" not in text


def test_the_last_row_is_of_those_that_were_audited() -> None:
    rows = summary([Audited("A", 1, counts_of(MIXED)), Audited("B", 3, None), Audited("C", 1, counts_of(MIXED))], 200)
    last = rows.splitlines()[-1]
    assert last.startswith("2 of 3 audited")
    assert "2 critical, 4 low, 4 set aside" in last
