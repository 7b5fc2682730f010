"""The commands that look at an export from one side."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from auditor.cli.looking import ViewFormat
from auditor.cli.main import app
from auditor.cli.simulate import simulate
from auditor.cli.views import ViewRequest, inventory, matrix, paths
from auditor.errors import UsageError
from auditor.report.inventory import FORMATS as INVENTORY_FORMATS
from auditor.report.matrix import FORMATS as MATRIX_FORMATS
from tests.cli.conftest import ROOT, Desk, Terminal

DEMO = ROOT / "fixtures" / "demo" / "organisation"
REQUEST = ViewRequest((DEMO,))
QUESTION = "Einwilligung erfragen"
SAXONY = "SIP Telko Sachsen"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_words_of_format_are_those_of_the_reporters() -> None:
    assert [each.value for each in ViewFormat] == list(MATRIX_FORMATS) == list(INVENTORY_FORMATS)


@pytest.mark.parametrize("command", ["matrix", "inventory"])
@pytest.mark.parametrize("form", [each.value for each in ViewFormat])
def test_the_commands_print_and_exit_0(command: str, form: str) -> None:
    done = run(command, DEMO, "--format", form, "--width", "100")
    assert (done.exit_code, done.stderr) == (0, "")
    if form == "json":
        assert json.loads(done.stdout)["schema_version"] == "1.0"
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(done.stdout, newline="")))
        assert len({len(row) for row in rows}) == 1
    else:
        assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize("work", [matrix, inventory])
def test_output_goes_into_the_file(work: object, desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    request = ViewRequest((DEMO,), format="csv", output=target)
    assert callable(work)
    assert work(request, desk.around) == 0
    assert desk.out == ""
    assert "number" in target.read_text(encoding="utf-8") or "property" in target.read_text(encoding="utf-8")
    with pytest.raises(UsageError):
        work(ViewRequest((DEMO,), output=tmp_path), desk.around)


def test_an_empty_folder_is_4_and_a_broken_file_5(tmp_path: Path) -> None:
    for command in ("matrix", "inventory"):
        done = run(command, tmp_path)
        assert done.exit_code == 4
        assert "nothing to look at" in done.stderr
    export = tmp_path / "export"
    shutil.copytree(DEMO, export)
    (export / "broken.json").write_text('{"entities": [', encoding="utf-8")
    for command in ("matrix", "inventory"):
        done = run(command, export)
        assert done.exit_code == 5
        assert "RX906" in done.stderr
        assert "could not be read whole" in done.stdout


def test_paths_and_simulate_print_and_exit_0() -> None:
    done = run("paths", DEMO, "--from", "+493515550110", "--to", "Aufzeichnung aktivieren", "--width", "200")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "consent: granted" in " ".join(done.stdout.split())
    args = ("--from", "Kundenservice", "--trunk", SAXONY, "--answer", f"{QUESTION}=1", "--width", "200")
    done = run("simulate", DEMO, *args)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "line recording starts" in done.stdout
    assert "Kundenservice_v14-0.yaml:132" in " ".join(done.stdout.split())
    assert "ivrs.json:3)" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "args",
    [
        ("paths", "--to", "nothing of the kind"),
        ("paths", "--to", "recording", "--from", "nobody"),
        ("paths", "--from", "Kundenservice"),
        ("paths", "--to", "recording", "--max", "0"),
        ("simulate", "--from", "nobody"),
        ("simulate",),
        ("simulate", "--from", "Kundenservice", "--trunk", "none"),
        ("simulate", "--from", "Kundenservice"),
        ("simulate", "--from", "Kundenservice", "--answer", "no equals sign"),
        ("simulate", "--from", "Kundenservice", "--answer", "no such question=1"),
        ("simulate", "--from", "Kundenservice", "--answer", f"{QUESTION}=1", "--choose", "Kundenservice=never"),
        ("simulate", "--from", "English Service", "--answer", "Consent menu=7"),
        ("matrix", "--format", "xml"),
    ],
)
def test_usage_errors_exit_2_in_words(args: tuple[str, ...]) -> None:
    done = run(args[0], DEMO, *args[1:])
    assert done.exit_code == 2
    assert done.stderr != ""
    assert "Traceback" not in done.stderr


def test_what_was_given_and_never_came_up_is_said(desk: Desk) -> None:
    given = (f"{QUESTION}=1", "Consent menu=2")
    assert simulate(REQUEST, "Kundenservice", SAXONY, given, desk.around) == 0
    assert 'nothing was decided at "Consent menu"' in desk.err
    assert QUESTION not in desk.err


def at_a_terminal(typed: str) -> Desk:
    return Desk(stdout=Terminal(), stderr=Terminal(), stdin=Terminal(typed))


def test_at_a_terminal_what_is_open_is_asked() -> None:
    desk = at_a_terminal("\nz\n1\na\n\n")
    assert simulate(REQUEST, "Kundenservice", SAXONY, (), desk.around) == 0
    assert f'"{QUESTION}": what happens?' in desk.err
    assert "a) caller enters 1" in desk.err
    assert "Type one of the letters." in desk.err
    assert "consent: granted" in desk.out


def test_the_end_of_what_is_typed_leaves_it_open() -> None:
    desk = at_a_terminal("\n")
    with pytest.raises(UsageError, match="left open"):
        simulate(REQUEST, "Kundenservice", SAXONY, (), desk.around)


def test_nobody_is_asked_without_a_terminal(desk: Desk) -> None:
    with pytest.raises(UsageError, match="left open"):
        simulate(REQUEST, "Kundenservice", SAXONY, (), desk.around)
    assert "what happens?" not in desk.err


def test_no_path_is_said_and_exits_0(desk: Desk) -> None:
    assert paths(REQUEST, "Kundenservice", "queue:Forderung", 5, desk.around) == 0
    assert desk.out == 'No run leads to "queue:Forderung" (queue).\n'
