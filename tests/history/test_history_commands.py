from __future__ import annotations

import json
import xml.etree.ElementTree
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from auditor.cli.main import app
from auditor.history.store import History
from auditor.resources import schema_text
from tests.history.samples import BETTER, GATED, run


def call(*words: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "100", **(env or {})})


@pytest.fixture
def place(tmp_path: Path) -> str:
    path = str(tmp_path / "h.sqlite")
    for each in (run(day=1), run(day=8), run(BETTER, GATED, 15, code=0)):
        History(path).add(each)
    return path


def test_the_report_tells_what_was_fixed_and_by_what(place: str) -> None:
    result = call("report", "--db", place, "--name", "Elbtal")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "Run 2 of 2031-05-08 to run 3 of 2031-05-15 (Elbtal): 0 new, 2 fixed, 1 still open" in text
    assert "RUN 2 TO RUN 3: 2 verdicts changed" in text
    assert 'trunk "Trunk Berlin", trunk_recording_consent_required: false became true' in text


def test_since_takes_a_number_a_day_and_the_last_run(place: str) -> None:
    def since(word: str) -> object:
        result = call("report", "--db", place, "--name", "Elbtal", "--since", word, "--format", "json")
        return json.loads(result.stdout)["since"]["number"]

    assert [since("LAST"), since("1"), since("2031-05-07"), since("2031-05-08")] == [2, 1, 1, 2]
    early = call("report", "--db", place, "--name", "Elbtal", "--since", "2030-01-01")
    assert (early.exit_code, "first run is of" in early.stderr) == (2, True)


def test_days_open_are_counted_from_the_first_run(place: str) -> None:
    data = json.loads(call("history", "show", "--db", place, "--name", "Elbtal", "--format", "json").stdout)
    assert [row["number"] for row in data["runs"]] == [1, 2, 3]
    [found] = data["open"]
    assert (found["rule"], found["days_open"], found["first_seen"]["run"]) == ("RN201", 14, 1)


def test_what_is_printed_as_json_fits_its_schema(place: str) -> None:
    schema = Draft202012Validator(json.loads(schema_text("history")))
    texts = [
        call("history", "show", "--db", place, "--name", "Elbtal", *words, "--format", "json").stdout
        for words in ((), ("--run", "1"))
    ]
    texts.append(call("report", "--db", place, "--name", "Elbtal", "--since", "1", "--format", "json").stdout)
    for text in texts:
        value = json.loads(text)
        assert list(schema.iter_errors(value)) == []
        assert list(value) == list(json.loads(schema_text("history"))["properties"])
    steps = json.loads(texts[2])["steps"]
    assert [len(step["verdicts"]) for step in steps] == [0, 2]
    value = json.loads(texts[2])
    value["steps"][1]["verdicts"][0]["after"] = "fine"
    value["open"][0]["since"] = 1
    assert len(list(schema.iter_errors(value))) == 2


@pytest.mark.parametrize(
    ("fail_on", "run_number", "code"),
    [("critical", "3", 0), ("medium", "3", 1), ("new:medium", "3", 0)],
)
def test_only_fail_on_changes_the_exit_code(place: str, fail_on: str, run_number: str, code: int) -> None:
    assert call("report", "--db", place, "--name", "Elbtal", "--fail-on", fail_on).exit_code == code


def test_a_threshold_that_is_none_is_told(place: str) -> None:
    result = call("report", "--db", place, "--fail-on", "worst")
    assert (result.exit_code, '"worst" is no threshold' in result.stderr) == (2, True)


def test_a_name_that_is_mistyped_is_told(place: str) -> None:
    result = call("report", "--db", place, "--name", "Elbtahl")
    assert result.exit_code == 2
    assert 'did you mean "Elbtal"' in result.stderr


def test_the_trend_as_table_csv_and_picture(place: str, tmp_path: Path) -> None:
    table = call("history", "trend", "--db", place, "--name", "Elbtal").stdout
    assert [line.split()[:3] for line in table.splitlines()[-3:]] == [
        ["1", "2031-05-01", "1"],
        ["2", "2031-05-08", "1"],
        ["3", "2031-05-15", "0"],
    ]
    rows = call("history", "trend", "--db", place, "--name", "Elbtal", "--format", "csv").stdout.splitlines()
    assert rows[0].startswith("run,at,critical,high,medium,low,info,set_aside,new,fixed,proved")
    assert rows[3].startswith("3,2031-05-15T06:00:00Z,0,0,1,0,0,0,0,2,")
    picture = tmp_path / "trend.svg"
    args = ("history", "trend", "--db", place, "--name", "Elbtal", "--format", "svg", "--output", str(picture))
    assert call(*args).exit_code == 0
    tree = xml.etree.ElementTree.parse(picture)
    titles = [element.text for element in tree.iter() if element.tag.endswith("title")]
    assert "Run 3, 2031-05-15: 1 medium" in titles
    assert picture.stat().st_size < 10_000


def test_the_place_may_come_from_the_environment(place: str) -> None:
    assert call("history", "show", "--name", "Elbtal", env={"AUDITOR_HISTORY": place}).exit_code == 0


def test_an_audit_of_nothing_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    result = call("history", "add", str(tmp_path / "export"), "--db", str(tmp_path / "h.sqlite"))
    assert result.exit_code == 4
    assert not (tmp_path / "h.sqlite").exists()


def test_adding_exits_0_whatever_was_found_unless_asked(tmp_path: Path) -> None:
    export = Path(__file__).resolve().parents[2] / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"
    place = str(tmp_path / "h.sqlite")
    assert call("history", "add", str(export), "--db", place).exit_code == 0
    assert call("history", "add", str(export), "--db", place, "--fail-on", "high").exit_code == 1
    first = call("report", "--db", place, "--since", "1")
    assert "RC102" in first.stdout
    wrong = call("history", "add", str(export), "--db", place, "--at", "tomorrow")
    assert (wrong.exit_code, "is no time" in wrong.stderr) == (2, True)
