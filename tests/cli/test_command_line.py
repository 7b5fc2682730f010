from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.main import SchemaName
from auditor.cli.parameters import Format, Threshold
from auditor.findings import Severity
from auditor.report.formats import FORMATS
from auditor.resources import SCHEMAS, schema_text
from tests.cli.conftest import ROOT, Run

HEAVY = ("networkx", "jsonschema", "tabulate", "yaml")


def test_version(auditor: Run) -> None:
    done = auditor("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"auditor {__version__}\n", "")


def test_the_interpreter_runs_it_too() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "auditor", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout == f"auditor {__version__}\n"


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("audt",),
        ("audit",),
        ("audit", "no-such-path"),
        ("audit", ".", "--fail-on", "grave"),
        ("audit", ".", "--format", "xml"),
        ("audit", ".", "--width", "20"),
        ("audit", ".", "--policy", "no-such-file"),
        ("audit", ".", "--no-such-option"),
        ("schema", "nothing"),
        ("explain",),
        ("explain", "RC99"),
    ],
)
def test_usage_errors_exit_2_and_print_nothing_on_standard_output(auditor: Run, args: tuple[str, ...]) -> None:
    done = auditor(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr != ""
    assert "Traceback" not in done.stderr


def test_an_unknown_rule_is_answered_with_a_near_one(auditor: Run) -> None:
    assert 'did you mean "RX901"?' in auditor("explain", "RX91").stderr


def test_words_of_options_are_those_of_the_parts_below() -> None:
    assert [each.value for each in Format] == list(FORMATS)
    assert [each.value for each in SchemaName] == list(SCHEMAS)
    assert [each.value for each in Threshold] == [each.word for each in sorted(Severity, reverse=True)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_prints_the_shipped_schema(auditor: Run, name: str) -> None:
    done = auditor("schema", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == schema_text(name)
    assert json.loads(done.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_rules_lists_rules_and_problems(auditor: Run) -> None:
    done = auditor("rules")
    assert done.returncode == 0
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["RX906", "problem", "file-not-understood"] in lines
    assert ["RC103", "critical", "enabled-after-refusal"] in lines


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("rx906", "RX906 file-not-understood (problem"),
        ("A5", "A5 (assumption, default yes)"),
        ("rc103", "RC103 enabled-after-refusal (critical)"),
        ("enabled-unasked", "RC102 enabled-unasked (high)"),
    ],
)
def test_explain(auditor: Run, code: str, words: str) -> None:
    done = auditor("explain", code)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(words)


@pytest.mark.parametrize("args", [("--version",), ("explain", "A5"), ("explain", "RC103")])
def test_light_commands_load_nothing_heavy(tmp_path: Path, args: tuple[str, ...]) -> None:
    script = (
        "import sys; from auditor.cli.main import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *args], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == "[]\n"


def test_a_closed_pipe_is_no_failure(auditor: Run) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "from auditor.cli.main import main; main()", "schema", "report"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, text=True, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_told() -> None:
    command = [sys.executable, "-c", "from auditor.cli.main import main; main()", "schema", "report"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, text=True, timeout=60)
    assert done.returncode == 3
    assert done.stderr.startswith("auditor: The report cannot be written to standard output")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stream", ["1", "2"])
def test_a_closed_stream_is_no_failure(stream: str) -> None:
    command = f"{sys.executable} -c 'from auditor.cli.main import main; main()' schema report {stream}>&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_reports_are_utf_8_whatever_the_locale() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\r\n")
    Around(stream, io.StringIO(), {}, lambda: 0.0).emit("Zustimmung für 録音\n")
    assert raw.getvalue() == "Zustimmung für 録音\n".encode()
