"""`--cache` when one of many flows has changed: little is worked out again, and nothing comes out differently."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.analysis import grouping
from auditor.analysis.exploring import Exploring
from auditor.analysis.state import Regime
from auditor.cli.audit import AuditRequest, audit
from auditor.cli.pipeline import run
from auditor.loading import many_files
from auditor.loading.files import Found
from auditor.loading.sources import Reading, read_file
from benchmarks.organisation import write
from tests.cli.conftest import Desk

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
FLOWS = 8


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Flows of which a few at a time are explored together."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grouping, "MOST_POINTS", 400)
    write(tmp_path / "export", FLOWS, "yaml")
    return Path("export")


@pytest.fixture
def request_(export: Path) -> AuditRequest:
    return AuditRequest((export,), format="json", cache=Path("cache"), output=Path("report.json"))


class Work:
    """What was worked out: files that were read, entries that were explored."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.explored: set[int] = set()
        explore: Callable[[Exploring, int, Regime], object] = Exploring._explore

        def reading(found: Found, texts: dict[str, str]) -> Reading:
            self.read.append(found.name)
            return read_file(found, texts)

        def exploring(group: Exploring, way: int, regime: Regime) -> object:
            self.explored.add(way)
            return explore(group, way, regime)

        monkeypatch.setattr(many_files, "read_file", reading)
        monkeypatch.setattr(Exploring, "_explore", exploring)

    def of(self, request: AuditRequest) -> tuple[int, int]:
        """How many files an audit reads, and how many entries it explores."""
        self.read, self.explored = [], set()
        done(request)
        return len(self.read), len(self.explored)


def done(request: AuditRequest) -> tuple[object, ...]:
    desk = Desk()
    code = audit(request, desk.around, run)
    return code, desk.err, Path("report.json").read_bytes()


def flows(export: Path) -> list[Path]:
    return sorted((export / "flows").glob("*.yaml"))


def test_one_flow_that_changes_is_read_and_followed_again_and_no_other(
    request_: AuditRequest, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(monkeypatch)
    files, entries = work.of(request_)
    assert (files > 20, entries >= FLOWS) == (True, True)
    hotline = next(path for path in flows(export) if "Hotline" in path.name)
    hotline.write_text(hotline.read_text(encoding="utf-8").replace("Disconnect", "Hang up"), encoding="utf-8")
    read, explored = work.of(request_)
    assert read == 1
    assert 0 < explored < entries / 2
    assert done(request_) == done(replace(request_, cache=None))


def test_a_module_that_changes_concerns_those_who_call_it(
    request_: AuditRequest, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(monkeypatch)
    work.of(request_)
    texts = {path: path.read_text(encoding="utf-8") for path in flows(export)}
    module = next(path for path in flows(export) if "Opening Hours" in path.name)
    module.write_text(texts[module].replace("lit: 0", "lit: 1"), encoding="utf-8")
    read, explored = work.of(request_)
    assert read == 1
    assert explored > 0
    assert done(request_) == done(replace(request_, cache=None))


def test_a_queue_that_changes_can_concern_every_call(
    request_: AuditRequest, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(monkeypatch)
    files, entries = work.of(request_)
    queues = next((export / "queues").iterdir())
    queues.write_text(queues.read_text(encoding="utf-8").replace('"name": "', '"name": "New ', 1), encoding="utf-8")
    assert work.of(request_) == (1, entries)
    assert files > 1


def _edit(export: Path, chance: random.Random) -> None:
    """A random edit, mostly of a flow: a line that goes or moves, words that change, a flow that is another one's."""
    others = [path for path in sorted(export.rglob("*")) if path.is_file() and path.suffix == ".json"]
    file = chance.choice(flows(export) if chance.random() < 0.8 else others)
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    match chance.randrange(6):
        case 0:
            del lines[chance.randrange(len(lines))]
            file.write_text("".join(lines), encoding="utf-8")
        case 1:
            pair = [("enableParticipantRecord", "playAudio"), ("agree", "wish"), ("record", "keep"), ("yes", "no")]
            file.write_text(text.replace(*chance.choice(pair), 1), encoding="utf-8")
        case 2:
            file.write_text(text.replace("true", "false", chance.randrange(1, 4)), encoding="utf-8")
        case 3:
            file.write_text(text.replace(str(chance.randrange(10)), str(chance.randrange(10)), 1), encoding="utf-8")
        case 4:
            one, other = chance.sample(flows(export), 2)
            shutil.copy(one, other)
        case _:
            file.unlink()


@pytest.mark.properties
@pytest.mark.parametrize("seed", range(20 if FULL else 2))
def test_random_edits_of_flows(seed: int, request_: AuditRequest, export: Path) -> None:
    """With a cache that knows all earlier states, every report is byte for byte the one without."""
    chance = random.Random(seed)
    shutil.copytree(export, "whole")
    done(request_)
    for _ in range(12 if FULL else 3):
        if chance.random() < 0.3:
            shutil.rmtree(export)
            shutil.copytree("whole", export)
        _edit(export, chance)
        plain = done(replace(request_, cache=None))
        assert done(request_) == plain, seed
