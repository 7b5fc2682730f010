from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from auditor.cli.collect import ID, SECRET, real_rim
from auditor.cli.progress import Progress
from auditor.collecting.regions import REGIONS
from auditor.collecting.transport import Reply, Request
from tests.cli.conftest import Desk, Run, Terminal
from tests.collecting.conftest import Office
from tests.collecting.conftest import office as office


def test_what_was_collected_is_printed_as_a_table(office: Office) -> None:
    office.platform.forever["outbound/campaigns"] = "403"
    assert office.run(only=("queues", "campaigns")) == 5
    rows = [line.split() for line in office.desk.out.splitlines()]
    assert rows[0] == ["listing", "objects", "not", "read"]
    assert ["queues", "6"] in rows
    assert ["queuemembers", "11"] in rows
    assert ["campaigns", "0", "1"] in rows
    assert 'objects of "Elbtal Energie" (test.example) in ' in office.desk.err
    assert "not read: campaigns (403: Unable to perform the requested action." in office.desk.err
    assert "--resume asks for it again" in office.desk.err


def test_quiet_says_nothing_on_standard_error(office: Office) -> None:
    assert office.run(only=("queues",), quiet=True) == 0
    assert office.desk.err == ""
    assert office.desk.out != ""


@pytest.mark.parametrize("missing", [(ID,), (SECRET,), (ID, SECRET)])
def test_credentials_come_from_the_environment_only(office: Office, missing: tuple[str, ...]) -> None:
    for name in missing:
        office.desk.environ[name] = " "
    assert office.run() == 2
    assert f"auditor: {' and '.join(missing)} not set" in office.desk.err
    assert office.platform.asked == []
    assert not office.out.exists()


def test_wrong_credentials_are_a_usage_error_and_leave_nothing_behind(office: Office) -> None:
    office.desk.environ[SECRET] = "another-secret"
    assert office.run() == 2
    assert "does not accept the client credentials (401)" in office.desk.err
    assert "another-secret" not in office.desk.err
    assert list(office.out.iterdir()) == []
    office.desk.environ[SECRET] = "a-very-secret-secret"
    assert office.run(only=("users",)) == 0


def test_a_token_that_is_refused_in_the_middle_keeps_what_is_there(office: Office) -> None:
    office.platform.forever["users"] = "401"
    assert office.run() == 2
    assert "token" in office.desk.err
    manifest = json.loads((office.out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["finished"] is None
    assert manifest["counts"]["queues"] == 6


def test_a_folder_with_something_else_in_it_is_left_alone(office: Office) -> None:
    office.out.mkdir()
    (office.out / "notes.txt").write_text("mine", encoding="utf-8")
    assert office.run(resume=True) == 2
    assert "is not empty" in office.desk.err
    assert office.platform.asked == []


def test_a_collection_is_not_written_over_without_resume(office: Office) -> None:
    assert office.run(only=("users",)) == 0
    before = {path: path.read_bytes() for path in office.out.rglob("*.json")}
    assert office.run() == 2
    assert "--resume" in office.desk.err
    assert {path: path.read_bytes() for path in office.out.rglob("*.json")} == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"region": "mypurecloud.ie"}, "was collected from mypurecloud.ie"),
        ({"organisation": {"id": "another", "name": "Another"}}, "holds the organisation Another"),
        ({"format": "x"}, "is no manifest"),
        ({"version": 99}, "is no manifest"),
    ],
)
def test_another_organisation_is_not_mixed_in(office: Office, change: dict[str, object], message: str) -> None:
    assert office.run(only=("users",)) == 0
    path = office.out / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    before = {path: path.read_bytes() for path in office.out.rglob("*.json")}
    assert office.run(resume=True) == 2
    assert message in office.desk.err
    assert {path: path.read_bytes() for path in office.out.rglob("*.json")} == before


def test_a_folder_that_is_a_file_is_told_in_words(office: Office) -> None:
    office.out.write_text("", encoding="utf-8")
    assert office.run() == 3
    assert "internal error" not in office.desk.err


class Interrupted:
    """A transport at which somebody presses Ctrl-C after some requests."""

    def __init__(self, office: Office, after: int) -> None:
        self.inner = office.transport()
        self.left = after

    def send(self, request: Request) -> Reply:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.inner.send(request)


def test_an_interrupted_run_says_how_to_go_on(office: Office) -> None:
    real = office.transport
    broken = Interrupted(office, 30)
    office.transport = lambda: broken
    assert office.run() == 130
    assert "--resume" in office.desk.err
    office.transport = real
    asked = len(office.platform.asked)
    assert office.run(resume=True) == 0
    again = office.platform.paths()[asked - 1 :]
    assert not [path for path in again if path.endswith("/trunkbasesettings")]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--region", "mypurecloud.dee"), 'did you mean "mypurecloud.de"?'),
        (("--region", "mypurecloud.de", "--only", "queus"), 'did you mean "queues"?'),
        (("--region", "mypurecloud.de", "--only", "queues,users"), "not set in the environment"),
        (("--region", "mypurecloud.de", "--rate", "0"), "--rate"),
        (("--region",), "--region"),
    ],
)
def test_usage_errors(auditor: Run, args: tuple[str, ...], words: str) -> None:
    done = auditor("collect", "--out", "new", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_the_command_says_what_to_install(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "auditor.collecting.http", None)
    with pytest.raises(Exception, match="HTTP client") as caught:
        real_rim().transport()
    assert "recording-consent-auditor[collect]" in getattr(caught.value, "hint", "")


def test_the_real_rim_knows_the_real_regions() -> None:
    rim = real_rim()
    assert all(rim.hosts(region) for region in REGIONS)
    assert rim.now().tzinfo is not None


def test_progress_is_a_bar_on_a_terminal(desk: Desk) -> None:
    desk.stderr = Terminal()
    progress = Progress(desk.around)
    desk.environ["NO_COLOR"] = "1"
    desk.now = 5
    progress("users", 6, 12)
    assert desk.err.endswith("━" * 12 + " " * 13 + "users: 6 of 12")
    desk.now = 6
    progress("dids", 3, 0)
    assert desk.err.endswith("dids: 3")
    progress.clear()
    assert desk.err.endswith("\x1b[2K")


def test_a_run_on_a_terminal_shows_the_bar_and_takes_it_away(office: Office) -> None:
    office.desk.stderr = Terminal()
    assert office.run() == 0
    assert "━" in office.desk.err
    assert "queuemembers: " in office.desk.err
    assert office.desk.err.rpartition("\x1b[2K")[2].startswith("auditor: ")


def test_the_folder_is_read_by_audit(office: Office, auditor: Run, tmp_path: Path) -> None:
    assert office.run() == 0
    done = auditor("audit", office.out, "--format", "json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["findings"]
    assert not [p for p in report["problems"] if p["code"] in ("RX905", "RX906")]


def test_what_a_run_left_that_was_killed_at_once_is_no_obstacle(office: Office) -> None:
    office.out.mkdir()
    (office.out / "manifest.json.x.part").write_text("{", encoding="utf-8")
    assert office.run(only=("queues",)) == 0
