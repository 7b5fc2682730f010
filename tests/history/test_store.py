from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from auditor.cli.main import app
from auditor.errors import EnvironmentFault, UsageError
from auditor.history.store import History
from tests.builders import HOSTILE_TEXT, hostile
from tests.history import postgres
from tests.history.samples import BETTER, GATED, run, trunk

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "fixtures" / "cases"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    binaries = postgres.programs()
    if binaries is None:
        reason = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if os.environ.get("AUDITOR_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres.server(binaries) as url:
        yield url


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    history = History(str(tmp_path / "h.sqlite"))
    kept = [history.add(run()), history.add(run(BETTER, GATED, 2))]
    assert [each.header.number for each in kept] == [1, 2]
    assert history.runs(history.headers("Elbtal")) == tuple(kept)
    assert history.series() == ("Elbtal",)
    assert history.headers("other") == ()


def test_runs_stand_in_the_order_of_their_time(tmp_path: Path) -> None:
    history = History(str(tmp_path / "h.sqlite"))
    for day in (5, 2, 9):
        history.add(run(day=day))
    assert [header.at[8:10] for header in history.headers("Elbtal")] == ["02", "05", "09"]


def test_what_did_not_change_is_kept_once(tmp_path: Path) -> None:
    history = History(str(tmp_path / "h.sqlite"))
    for day in range(1, 6):
        history.add(run(day=day))
    with sqlite3.connect(tmp_path / "h.sqlite") as database:
        [[settings]] = database.execute("SELECT COUNT(*) FROM auditor_settings")
        [[things]] = database.execute("SELECT COUNT(*) FROM auditor_things")
    assert (settings, things) == (3, 15)


def test_a_run_is_added_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    History(str(path)).add(run())
    before = path.read_bytes()
    broken = replace(run(day=2), found=(replace(run().found[0], line=object()),))
    broken = replace(broken, inputs=(*broken.inputs,), things=(object(),))
    with pytest.raises(AttributeError):
        History(str(path)).add(broken)
    assert path.read_bytes() == before
    assert len(History(str(path)).headers("Elbtal")) == 1


def test_mistakes_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no history"):
        History(str(tmp_path / "none.sqlite")).headers("x")
    assert not (tmp_path / "none.sqlite").exists()
    (tmp_path / "text.sqlite").write_text("not a database, but long enough to be looked at" * 40, encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="not a database"):
        History(str(tmp_path / "text.sqlite")).headers("x")
    with pytest.raises(UsageError, match="URL"):
        History("nonsense+driver://somewhere/db").headers("x")
    with pytest.raises(UsageError, match="folder"):
        History(str(tmp_path / "missing" / "h.sqlite")).add(run())


def test_a_history_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    History(str(path)).add(run())
    with sqlite3.connect(path) as database:
        database.execute("UPDATE auditor_history SET version = 99")
    with pytest.raises(UsageError, match="version 99"):
        History(str(path)).headers("Elbtal")
    with pytest.raises(UsageError, match="version 99"):
        History(str(path)).add(run())


def test_sqlalchemy_writes_the_same_file(tmp_path: Path) -> None:
    plain, url = tmp_path / "plain.sqlite", tmp_path / "url.sqlite"
    for place in (str(plain), f"sqlite:///{url}"):
        History(place).add(run())
    assert History(str(url)).runs(History(str(url)).headers("Elbtal")) == History(str(plain)).runs(
        History(f"sqlite:///{plain}").headers("Elbtal")
    )


def outputs(place: str) -> dict[str, tuple[int, str]]:
    """What every command that reads a history prints."""
    commands = {
        "show": ["history", "show"],
        "show json": ["history", "show", "--run", "1", "--format", "json"],
        "report": ["report", "--since", "1", "--fail-on", "new:low"],
        "report json": ["report", "--since", "LAST", "--format", "json"],
        "trend": ["history", "trend"],
        "trend csv": ["history", "trend", "--format", "csv"],
        "trend svg": ["history", "trend", "--format", "svg"],
    }
    results = {name: CliRunner().invoke(app, [*words, "--db", place]) for name, words in commands.items()}
    return {name: (result.exit_code, result.stdout) for name, result in results.items()}


def add_all(place: str) -> None:
    for day, case in enumerate(("RC102-bad-enable-first", "RC102-ok-opt-in", "RC102-bad-enable-first"), 1):
        words = ["history", "add", str(CASES / case / "export"), "--db", place, "--at", f"2031-05-0{day}T06:00:00Z"]
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output


def test_sqlite_and_postgresql_give_the_same_report(server: str, tmp_path: Path) -> None:
    places = [str(tmp_path / "h.sqlite"), server]
    for place in places:
        add_all(place)
    lite, real = (outputs(place) for place in places)
    assert lite == real
    assert lite["report"][0] == 0
    assert "RC102" in lite["show"][1]
    assert len(lite["trend csv"][1].splitlines()) == 4
    bad = run(hostile(), replace(GATED, trunk_bases=(trunk(HOSTILE_TEXT.replace("\ud800", "")),)), series="hostile")
    kept = []
    for place in places:
        history = History(place)
        history.add(bad)
        kept.append(history.runs(history.headers("hostile")))
    assert kept[0] == kept[1]
    assert kept[0][0].things == bad.things
    password = postgres.PASSWORD
    wrong = CliRunner().invoke(app, ["history", "show", "--db", server.replace(password, "wrong-" + password)])
    assert wrong.exit_code == 3
    assert password not in wrong.output


def test_two_who_add_at_the_same_time_both_have_their_run(server: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda day: History(server).add(run(day=day, series="many")), range(1, 25)))
    headers = History(server).headers("many")
    assert len({header.number for header in headers}) == 24
    assert [int(header.at[8:10]) for header in headers] == list(range(1, 25))
