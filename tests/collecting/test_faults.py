"""Collections that are killed at any moment, or run side by side: nothing half-written, and the next run ends them."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from auditor.loading.load import load
from tests.collecting.conftest import Office
from tests.collecting.test_end_to_end import objects

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
KINDS = ("queues", "users")
EVENTS = ("open", "os.mkdir", "os.rename", "os.remove", "tempfile.mkstemp")


def killed(office: Office, moment: int) -> bool:
    """Whether a run was killed when it did something in its folder for that time."""
    child = os.fork()
    if child == 0:
        left = [moment]

        def watch(event: str, args: tuple[object, ...]) -> None:
            if event in EVENTS and str(office.out) in str(args):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(watch)
            resumed = (office.out / "manifest.json").exists()
            os._exit(office.run(only=KINDS, resume=resumed))
        finally:
            os._exit(99)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (-signal.SIGKILL, 0)
    return status != 0


def whole(folder: Path) -> int:
    """How many files there are, each of which can be read."""
    files = list(folder.rglob("*.json"))
    for path in files:
        json.loads(path.read_text(encoding="utf-8"))
    return len(files)


def test_a_run_that_is_killed_again_and_again_is_ended_by_the_last(office: Office) -> None:
    moment = 0
    while killed(office, moment):
        assert whole(office.out) <= 40
        moment += moment // 2 + 1
        assert moment < 2000
    assert moment > 9
    collected = objects(load([office.out]))
    assert not list(office.out.rglob("*.part"))
    office.out = office.out.with_name("at once")
    assert office.run(only=KINDS) == 0
    assert collected == objects(load([office.out]))


def test_two_runs_in_one_folder_do_not_mix(office: Office) -> None:
    office.out.mkdir()
    holder = os.open(office.out, os.O_RDONLY)
    fcntl = pytest.importorskip("fcntl")
    fcntl.flock(holder, fcntl.LOCK_EX)
    assert office.run(only=KINDS) == 2
    assert "Another run is collecting into" in office.desk.err
    assert not whole(office.out)
    os.close(holder)
    assert office.run(only=KINDS) == 0
