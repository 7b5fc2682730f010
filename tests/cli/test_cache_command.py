from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from auditor.caching.store import FILE
from auditor.cli import pipeline
from auditor.cli.audit import AuditRequest, audit
from auditor.cli.main import app
from auditor.cli.progress import Progress
from auditor.cli.remembering import Memories
from auditor.cli.targets import Target
from auditor.errors import AuditorError, UsageError
from auditor.report.formats import FORMATS
from tests.cli.conftest import ROOT, Desk

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
CASE = ROOT / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"
DAY = date(2026, 6, 1)
MODES = """
[[mode]]
number_prefix = "+49"
mode = "announcement"
from = "2026-07-01"
"""


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    shutil.copytree(CASE, tmp_path / "export")
    return Path("export")


@pytest.fixture
def request_(export: Path) -> AuditRequest:
    return AuditRequest((export,), format="json", today=DAY, cache=Path("cache"))


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> list[AuditRequest]:
    """The audits that were worked out, not taken from a cache."""
    found: list[AuditRequest] = []
    work = pipeline._audited

    def counted(request: AuditRequest, prepared: pipeline.Prepared, progress: Progress, memories: Memories) -> object:
        found.append(request)
        return work(request, prepared, progress, memories)

    monkeypatch.setattr(pipeline, "_audited", counted)
    return found


def done(request: AuditRequest, formats: tuple[str, ...] = ("json",)) -> tuple[object, ...]:
    """Exit code, every report and standard error, or what went wrong."""
    desk = Desk()
    folder = Path("reports")
    folder.mkdir(exist_ok=True)
    targets = [Target(name, folder / name) for name in formats]
    request = replace(request, format=formats[0], output=targets[0].output, further=tuple(targets[1:]))
    try:
        code = audit(request, desk.around, pipeline.run)
    except AuditorError as error:
        return type(error), str(error)
    return code, desk.err, *((target.output or folder).read_bytes() for target in targets)


def test_nothing_is_worked_out_twice_and_every_format_is_the_same(
    request_: AuditRequest, audits: list[AuditRequest]
) -> None:
    formats = tuple(FORMATS)
    plain = done(replace(request_, cache=None), formats)
    assert done(request_, formats) == plain
    assert len(audits) == 2
    assert done(request_, formats) == plain
    assert len(audits) == 2


def test_a_recalled_report_loads_nothing_heavy(export: Path) -> None:
    Path("auditor.toml").write_text('default_mode = "opt_out"\n', encoding="utf-8")
    heavy = ("networkx", "jsonschema", "rich", "tabulate", "pydantic", "yaml", "auditor.audit", "auditor.loading.load")
    script = (
        "import sys; from auditor.cli.main import app\n"
        "try: app(['audit', 'export', '--format', 'json', '--cache', 'cache', '--output', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    told = []
    for output in ("first.json", "second.json"):
        command = [sys.executable, "-c", script, output]
        told.append(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)
    assert "jsonschema" in told[0]  # the policy is checked once
    assert told[1] == "[]\n"
    assert Path("first.json").read_bytes() == Path("second.json").read_bytes()


def test_off_is_off(export: Path, tmp_path: Path) -> None:
    words = ("audit", str(export), "--format", "json")
    off = CliRunner().invoke(app, [*words, "--cache", "off"])
    assert not (tmp_path / "off").exists()
    assert off.stdout == CliRunner().invoke(app, [*words, "--cache", "cache"]).stdout
    assert off.stdout == CliRunner().invoke(app, [*words, "--cache", "cache"]).stdout
    assert (tmp_path / "cache" / FILE).is_file()


def _flow(export: Path) -> Path:
    return next((export / "flows").glob("*.yaml"))


def _policy(request: AuditRequest, text: str) -> AuditRequest:
    path = Path("policy.toml")
    path.write_text(text, encoding="utf-8")
    return replace(request, policy=path)


def _changed_flow(request: AuditRequest) -> AuditRequest:
    with _flow(request.paths[0]).open("a", encoding="utf-8") as stream:
        stream.write("\n# another comment\n")
    return request


def _another_name(request: AuditRequest) -> AuditRequest:
    flow = _flow(request.paths[0])
    flow.rename(flow.with_name("another.yaml"))
    return request


def _texts(request: AuditRequest) -> AuditRequest:
    Path("texts.yaml").write_text("line: Hotline\n", encoding="utf-8")
    return replace(request, substitutions=Path("texts.yaml"))


CHANGES: dict[str, Callable[[AuditRequest], AuditRequest]] = {
    "content": _changed_flow,
    "name": _another_name,
    "policy": lambda request: _policy(request, '[severity]\nRC102 = "low"\n'),
    "candidate": lambda request: replace(request, candidates=(_flow(request.paths[0]),)),
    "substitutions": _texts,
    "orphans": lambda request: replace(request, include_orphans=True),
    "own rules": lambda request: replace(request, rules=(ROOT / "fixtures" / "own-rules",)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_an_audit_depends_on_counts(name: str, request_: AuditRequest, audits: list[AuditRequest]) -> None:
    done(request_)
    changed = CHANGES[name](request_)
    assert done(changed) == done(replace(changed, cache=None))
    assert len(audits) == 3
    done(changed)
    assert len(audits) == 3


def test_waivers_baseline_and_thresholds_are_those_of_the_run(
    request_: AuditRequest, audits: list[AuditRequest]
) -> None:
    done(request_)
    found = json.loads((Path("reports") / "json").read_text(encoding="utf-8"))["findings"][0]
    assert not found["waived"]
    waived = f'[[waiver]]\nrule = "{found["rule"]}"\nobject = "{found["object"]["name"]}"\nreason = "known"\n'
    request = _policy(request_, waived + 'owner = "me"\nexpires = 2026-06-15\n')
    for today in (DAY, date(2026, 6, 10), date(2026, 6, 16)):
        then = replace(request, today=today)
        assert done(then) == done(replace(then, cache=None))
    assert done(replace(request, waivers=False)) == done(replace(request, waivers=False, cache=None))
    assert len([each for each in audits if each.cache]) == 2  # without the policy file, and with it


def test_certificates_are_made_with_a_warm_cache_too(request_: AuditRequest, audits: list[AuditRequest]) -> None:
    done(request_)
    code, told, _ = done(replace(request_, certificates=Path("proofs")))
    assert (code, len(audits)) == (1, 2)
    assert "written to proofs" in str(told)


def test_the_day_counts_when_a_mode_begins(request_: AuditRequest, audits: list[AuditRequest]) -> None:
    request = _policy(request_, MODES)
    for today, worked_out in ((DAY, 1), (date(2026, 6, 30), 1), (date(2026, 7, 1), 2), (date(2026, 8, 1), 2)):
        done(replace(request, today=today))
        assert len(audits) == worked_out


def test_a_file_that_changes_meanwhile_is_not_remembered(
    request_: AuditRequest, audits: list[AuditRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = pipeline._audited

    def disturbed(request: AuditRequest, prepared: pipeline.Prepared, progress: Progress, memories: Memories) -> object:
        outcome = work(request, prepared, progress, memories)
        if len(audits) == 1:
            _changed_flow(request)
        return outcome

    monkeypatch.setattr(pipeline, "_audited", disturbed)
    done(request_)
    assert done(request_) == done(replace(request_, cache=None))
    assert len(audits) == 3


def test_a_policy_that_changes_meanwhile_is_not_remembered(
    request_: AuditRequest, audits: list[AuditRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was hashed is not the one that was judged by."""
    before, after = '[severity]\nRC102 = "low"\n', '[severity]\nRC102 = "medium"\n'
    request, prepare = _policy(request_, before), pipeline.prepare

    def late(*given: object, **named: object) -> object:
        _policy(request_, after)
        return prepare(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "prepare", late)
    done(request)
    monkeypatch.setattr(pipeline, "prepare", prepare)
    request = _policy(request_, before)
    assert done(request) == done(replace(request, cache=None))
    assert len(audits) == 3


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_changes_nothing(request_: AuditRequest, audits: list[AuditRequest], damage: bytes) -> None:
    plain = done(replace(request_, cache=None))
    done(request_)
    (Path("cache") / FILE).write_bytes(damage)
    assert [done(request_), done(request_)] == [plain, plain]
    assert len(audits) == 3


def test_a_folder_that_cannot_be_used_is_told(request_: AuditRequest) -> None:
    Path("cache").touch()
    code, err, report = done(request_)
    assert "auditor: the cache is not used: cache: File exists" in str(err)
    plain = done(replace(request_, cache=None))
    assert (code, report) == (plain[0], plain[2])


def test_a_cache_among_the_files_is_refused(request_: AuditRequest) -> None:
    assert done(replace(request_, cache=Path("export/cache")))[0] is UsageError
    assert not Path("export/cache").exists()


def test_secrets_do_not_reach_the_cache(request_: AuditRequest) -> None:
    """Values that the model does not know are read by nobody."""
    (request_.paths[0] / "integration.json").write_text(
        '{"entities": [{"id": "1", "name": "Web", "credentials": {"password": "swordfish-7"}}]}', encoding="utf-8"
    )
    with _flow(request_.paths[0]).open("a", encoding="utf-8") as stream:
        stream.write("\n# swordfish-7\n")
    Path("texts.yaml").write_text("token: swordfish-7\n", encoding="utf-8")
    done(replace(request_, substitutions=Path("texts.yaml")))
    kept = b"".join(path.read_bytes() for path in Path("cache").iterdir())
    assert b"Hotline" in kept
    assert b"swordfish" not in kept


# -- the property --------------------------------------------------------------------------------------------------


def _edit(export: Path, chance: random.Random) -> None:
    """One random edit of one file: an end, a line, a switched setting, a digit, a copy, a lost file."""
    file = chance.choice(sorted(path for path in export.rglob("*") if path.is_file()))
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    match chance.randrange(7):
        case 0:
            file.write_text(text[: chance.randrange(len(text) + 1)], encoding="utf-8")
        case 1 if lines:
            del lines[chance.randrange(len(lines))]
            file.write_text("".join(lines), encoding="utf-8")
        case 2 if "true" in text:
            file.write_text(text.replace("true", "false", 1), encoding="utf-8")
        case 3 if "false" in text:
            head, _, tail = text.rpartition("false")
            file.write_text(head + "true" + tail, encoding="utf-8")
        case 4:
            file.write_text(text.replace(str(chance.randrange(10)), "7"), encoding="utf-8")
        case 5:
            shutil.copy(file, file.with_name(f"copy of {file.name}"))
        case _:
            file.unlink()


@pytest.mark.properties
@pytest.mark.parametrize("seed", range(10 if FULL else 1))
def test_random_edits_of_the_demonstration(seed: int, tmp_path: Path, audits: list[AuditRequest]) -> None:
    """With a cache that knows all earlier states, every report is byte for byte the one without."""
    chance = random.Random(seed)
    demo = ROOT / "fixtures" / "demo"
    shutil.copy(demo / "auditor.toml", tmp_path)
    export = shutil.copytree(demo / "organisation", tmp_path / "organisation").relative_to(tmp_path)
    request = AuditRequest((export,), today=DAY, cache=Path("cache"))
    for _ in range(10 if FULL else 2):
        if chance.random() < 0.7:
            _edit(export, chance)
        else:
            shutil.rmtree(export)
            shutil.copytree(demo / "organisation", export)
        formats = tuple(chance.sample(sorted(FORMATS), 2))
        plain = done(replace(request, cache=None), formats)
        assert done(request, formats) == plain, (seed, formats)
        before = len(audits)
        assert done(request, formats) == plain, (seed, formats)
        assert isinstance(plain[0], type) or len(audits) == before


def test_flows_without_call_routes(export: Path, request_: AuditRequest, audits: list[AuditRequest]) -> None:
    """They become entries after all others were explored; what is kept by then knows their legs already."""
    (export / "ivrs.json").unlink()
    assert done(request_) == done(replace(request_, cache=None))
    assert len(audits) == 2
