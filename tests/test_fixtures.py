"""One loop over all cases: the whole report, its shape, and that the order of arguments does not matter."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from auditor.resources import schema_text
from tests.cases import Case, cases, reviewable, run

CASES = cases()
HINT = "run `python -m tests.accept_fixtures` and read the difference"
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text("report")))


@each_case
def test_the_report_is_the_expected_one(case: Case, validator: Draft202012Validator) -> None:
    done = run(case)
    assert done.text, done.errors
    report = json.loads(done.text)
    assert [error.message for error in validator.iter_errors(report)] == []
    assert report["exit_code"] == done.exit_code
    assert case.expected.exists(), HINT
    assert reviewable(done.text) == case.expected.read_text(encoding="utf-8"), HINT


@each_case
def test_the_order_of_arguments_changes_no_byte(case: Case) -> None:
    forward = run(case, case.files)
    backward = run(case, [*reversed(case.files), *case.files[:1]])
    assert forward.text == backward.text != ""
    assert forward.exit_code == backward.exit_code
