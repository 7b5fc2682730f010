from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from auditor.cli.guard import guarded
from auditor.cli.output import write_whole
from auditor.errors import AuditorError, EnvironmentFault, ExitCode, PolicyError, UsageError
from tests.cli.conftest import Desk


def raising(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no such rule"), 2),
        (PolicyError("wrong policy", details=("auditor.toml:3: bad",)), 2),
        (AuditorError("the tool is broken"), 3),
        (EnvironmentFault("disk full"), 3),
        (KeyError("surprise"), 3),
        (RecursionError(), 3),
        (MemoryError(), 3),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_error_has_its_code_and_no_stack_trace(error: BaseException, code: int, desk: Desk) -> None:
    assert guarded(lambda: raising(error), desk.around) == code
    assert desk.err.startswith("auditor: ")
    assert "Traceback" not in desk.err
    assert desk.out == ""


def test_the_code_of_the_work_is_kept(desk: Desk) -> None:
    assert guarded(lambda: ExitCode.INCOMPLETE, desk.around) == 5
    assert desk.err == ""


def test_an_error_tells_every_detail_and_what_to_do(desk: Desk) -> None:
    error = PolicyError("2 mistakes.", hint="Correct the file.", details=("a.toml:1: x", "a.toml:9: y"))
    guarded(lambda: raising(error), desk.around)
    assert desk.err == "auditor: 2 mistakes.\n  a.toml:1: x\n  a.toml:9: y\n  Correct the file.\n"


def test_an_unexpected_error_is_one_line_and_a_hint(desk: Desk) -> None:
    guarded(lambda: raising(ValueError("first\nsecond \x1b[2J")), desk.around)
    first, hint = desk.err.splitlines()
    assert first == "auditor: internal error: ValueError: first"
    assert "--debug" in hint


def test_debug_shows_the_stack_trace() -> None:
    desk = Desk(debug=True)
    guarded(lambda: raising(ValueError("x")), desk.around)
    assert "Traceback" in desk.err
    assert "in raising" in desk.err


def test_a_message_cannot_act_on_the_terminal(desk: Desk) -> None:
    guarded(lambda: raising(UsageError("\x1b[2J\u202e")), desk.around)
    assert desk.err == "auditor: \\x1b[2J\\u202e\n"


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(target)
    write_whole(link, "new ä\n")
    assert target.read_bytes() == "new ä\n".encode()
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "report"]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    write_whole(tmp_path / "new", "x")
    plain = tmp_path / "plain"
    plain.touch()
    assert (tmp_path / "new").stat().st_mode == plain.stat().st_mode


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report"
    target.write_text("old", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFault, match="No space left"):
        write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_output_may_be_a_device() -> None:
    write_whole(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()
