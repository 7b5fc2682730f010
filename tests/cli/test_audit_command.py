from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.cli.audit import AuditRequest, Outcome, Pipeline, audit
from auditor.cli.progress import Progress
from auditor.errors import AuditorError, PolicyError, UsageError
from auditor.findings import Audit, Severity
from tests.builders import CLEAN, EMPTY, FINDING, FULL, POSSIBLE, WAIVED
from tests.cli.conftest import Desk, Terminal

GONE = "\x1b[?25h\r\x1b[1A\x1b[2K"
"""What makes the cursor visible again, and the line of progress empty."""
REQUEST = AuditRequest(paths=(Path("export"),))


def yielding(result: Audit, fail_on: Severity | None = None) -> Pipeline:
    return lambda request, progress: Outcome(result, fail_on)


INCOMPLETE = replace(CLEAN, incomplete=True)


@pytest.mark.parametrize(
    ("result", "options", "code"),
    [
        (FULL, {}, 1),
        (CLEAN, {}, 0),
        (EMPTY, {}, 4),
        (INCOMPLETE, {}, 5),
        (INCOMPLETE, {"allow_incomplete": True}, 0),
        (replace(CLEAN, findings=(POSSIBLE,)), {}, 1),
        (replace(CLEAN, findings=(POSSIBLE,)), {"fail_on": Severity.MEDIUM}, 1),
        (replace(CLEAN, findings=(POSSIBLE,)), {"fail_on": Severity.HIGH}, 0),
        (replace(INCOMPLETE, findings=(POSSIBLE,)), {"fail_on": Severity.HIGH}, 5),
        (replace(INCOMPLETE, findings=(FINDING,)), {"allow_incomplete": True}, 1),
        (replace(CLEAN, findings=(WAIVED,)), {}, 0),
        (replace(CLEAN, findings=(replace(FINDING, baselined=True),)), {}, 0),
        (replace(CLEAN, findings=(replace(FINDING, severity=Severity.INFO),)), {}, 0),
        (replace(CLEAN, findings=(replace(FINDING, severity=Severity.INFO),)), {"fail_on": Severity.INFO}, 1),
    ],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_exit_codes(result: Audit, options: dict[str, object], code: int, form: str, desk: Desk) -> None:
    request = replace(REQUEST, format=form, **options)
    assert audit(request, desk.around, yielding(result)) == code
    if form == "json":
        assert json.loads(desk.out)["exit_code"] == code
    else:
        assert f"exit code {code}" in desk.out


def test_the_threshold_of_the_policy_counts_unless_the_option_is_given(desk: Desk) -> None:
    medium = replace(CLEAN, findings=(POSSIBLE,))
    assert audit(REQUEST, desk.around, yielding(medium, Severity.HIGH)) == 0
    assert audit(replace(REQUEST, fail_on=Severity.LOW), desk.around, yielding(medium, Severity.HIGH)) == 1


def test_standard_output_holds_the_report_and_nothing_else(desk: Desk) -> None:
    audit(replace(REQUEST, format="json"), desk.around, yielding(INCOMPLETE))
    json.loads(desk.out)
    assert "the audit is incomplete" in desk.err
    assert "--allow-incomplete" in desk.err


def test_quiet_keeps_remarks_back(desk: Desk, tmp_path: Path) -> None:
    request = replace(REQUEST, quiet=True, output=tmp_path / "report.txt")
    audit(request, desk.around, yielding(INCOMPLETE))
    assert desk.out == ""
    assert desk.err == ""


def test_nothing_to_audit_is_said_even_when_quiet(desk: Desk) -> None:
    assert audit(replace(REQUEST, quiet=True), desk.around, yielding(EMPTY)) == 4
    assert "nothing to audit in export" in desk.err
    assert "Terraform" in desk.err


def test_output_goes_into_the_file(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    request = replace(REQUEST, format="json", output=target)
    assert audit(request, desk.around, yielding(FULL)) == 1
    assert desk.out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["findings"][0]["rule"] == "RC103"
    assert list(tmp_path.iterdir()) == [target]


def failing(request: AuditRequest, progress: Progress) -> Outcome:
    raise AuditorError("broken")


def test_a_failure_leaves_the_old_file(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(AuditorError):
        audit(replace(REQUEST, output=target), desk.around, failing)
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["", "missing/report.json"])
def test_an_output_that_cannot_be_is_refused_before_the_work(desk: Desk, tmp_path: Path, name: str) -> None:
    def never(request: AuditRequest, progress: Progress) -> Outcome:
        raise PolicyError("the work was done")

    with pytest.raises(UsageError, match="--output"):
        audit(replace(REQUEST, output=tmp_path / name), desk.around, never)


def coloured(request: AuditRequest, **environ: str) -> bool:
    desk = Desk(stdout=Terminal(), environ=environ)
    audit(request, desk.around, yielding(FULL))
    return "\x1b[" in desk.out


def test_colours_only_on_a_terminal_that_wants_them(tmp_path: Path) -> None:
    assert coloured(REQUEST)
    assert not coloured(replace(REQUEST, no_color=True))
    assert not coloured(REQUEST, NO_COLOR="1")
    assert coloured(REQUEST, NO_COLOR="")
    assert not coloured(REQUEST, TERM="dumb")
    desk = Desk()
    audit(REQUEST, desk.around, yielding(FULL))
    assert "\x1b[" not in desk.out
    audit(replace(REQUEST, output=tmp_path / "r"), Desk(stdout=Terminal()).around, yielding(FULL))
    assert "\x1b[" not in (tmp_path / "r").read_text(encoding="utf-8")


def longest(desk: Desk, request: AuditRequest = REQUEST) -> int:
    audit(request, desk.around, yielding(FULL))
    return max(map(len, desk.out.splitlines()))


def test_the_width_is_as_asked_else_columns_else_fixed() -> None:
    assert longest(Desk(), replace(REQUEST, width=50)) <= 50
    assert longest(Desk(environ={"COLUMNS": "60"})) <= 60
    assert 60 < longest(Desk(environ={"COLUMNS": "no number"})) <= 100


def slow(desk: Desk) -> Pipeline:
    def work(request: AuditRequest, progress: Progress) -> Outcome:
        for done in range(1, 31):
            desk.now += 0.05
            progress("reading files", done, 30)
        return Outcome(CLEAN)

    return work


def test_progress_shows_after_a_second_on_a_terminal_and_is_cleared() -> None:
    desk = Desk(stderr=Terminal())
    audit(REQUEST, desk.around, slow(desk))
    shown = re.findall(r"reading files: (\d+) of 30", desk.err)
    assert list(dict.fromkeys(shown)) == ["20", "22", "24", "26", "28", "30"]
    assert desk.err.endswith(GONE)


def test_no_progress_without_a_terminal_or_when_quiet_or_fast() -> None:
    desk = Desk()
    audit(REQUEST, desk.around, slow(desk))
    assert desk.err == ""
    quiet = Desk(stderr=Terminal())
    audit(replace(REQUEST, quiet=True), quiet.around, slow(quiet))
    assert quiet.err == ""

    def fast(request: AuditRequest, progress: Progress) -> Outcome:
        progress("reading files", 1, 1)
        return Outcome(CLEAN)

    terminal = Desk(stderr=Terminal())
    audit(REQUEST, terminal.around, fast)
    assert terminal.err == ""


def test_hostile_stage_names_do_not_reach_the_terminal() -> None:
    desk = Desk(stderr=Terminal(), now=0.0)
    progress = Progress(desk.around)
    desk.now = 5.0
    progress("\x1b[2Jfile", 1, 0)
    assert "\x1b[2J" not in desk.err
    assert "\\x1b[2Jfile: 1" in desk.err
