from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.caching import audits
from auditor.caching.canonical import canonical
from auditor.caching.inputs import look
from auditor.caching.program import program_digest
from auditor.cli.recalling import days_around
from auditor.errors import ExitCode
from auditor.findings import NO_RULES, Severity
from auditor.loading.limits import Limits, limited
from auditor.model.expressions import Unparsed, Variable
from auditor.model.location import Location
from auditor.model.problems import InputFile
from auditor.report.formats import DETAILED, FORMATS, RULED
from auditor.report.options import ReportOptions
from tests.report.samples import AUDIT

DAY = date(2026, 6, 1)


def test_equal_values_have_one_text_and_others_another() -> None:
    values = (
        None, True, 1, 1.0, "1", b"1", "True", "None", date(2026, 1, 2), (1, 2), (12,), ((1,), 2), {"a": 1}, {"b": 1},
        frozenset({"a", "b"}), frozenset({"a,b"}), re.compile("a"), re.compile("a", re.IGNORECASE), Severity.LOW,
        ExitCode.FINDINGS, Variable("a"), Unparsed("a"), Location("a"), Location("a", 1),
    )  # fmt: skip
    assert len({canonical(value) for value in values}) == len(values)
    assert canonical(frozenset({"a", "b", "c"})) == canonical(frozenset({"c", "b", "a"}))


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical(object())


def test_the_text_of_a_set_does_not_hang_on_the_run() -> None:
    code = "from auditor.caching.canonical import canonical; print(canonical(frozenset(map(str, range(50)))))"
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert runs != {b""}


def test_the_program_is_more_than_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = program_digest()
    program_digest.cache_clear()
    assert program_digest() == before
    program_digest.cache_clear()
    (tmp_path / "RC101.toml").write_text("other = true", encoding="utf-8")
    monkeypatch.setattr("auditor.caching.program.data_folder", lambda: tmp_path)
    assert program_digest() != before
    program_digest.cache_clear()


def test_files_by_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    (tmp_path / "b.json").write_text("[]", encoding="utf-8")
    first = look((tmp_path,), (), None)
    assert look((tmp_path,), (), None) == first
    assert look((tmp_path,), (tmp_path / "b.json",), None) != first
    assert look((tmp_path,), (), tmp_path / "a.json") != first
    (tmp_path / "a.json").rename(tmp_path / "c.json")
    assert look((tmp_path,), (), None) != first


def test_what_was_read_must_be_what_was_seen(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with limited(Limits(file_bytes=1)):
        large = look((tmp_path,), (), None)
    seen = look((tmp_path,), (), None)
    name, sha256 = seen.files[0].name, seen.files[0].sha256
    assert seen.are([InputFile(name, sha256, "JSON", "understood", 1)])
    assert not seen.are([InputFile(name, "0" * 64, "JSON", "understood", 1)])
    assert not seen.are([])
    assert large.are([InputFile(name, "", "unknown", "not", 0, large.files[0].trouble)])
    assert not large.are([InputFile(name, "", "unknown", "not", 0, "something else")])


def test_all_of_an_audit_is_kept_but_what_every_run_reads_anew() -> None:
    data = audits.packed(AUDIT, audits.Days())
    assert data is not None
    assert audits.unpacked(data, DAY) == replace(AUDIT, rules=NO_RULES, assumed=())


@pytest.mark.parametrize(
    ("changes", "same", "others"),
    [
        ([], [date.min, DAY, date.max], []),
        ([date(2026, 6, 1)], [DAY, date.max], [date(2026, 5, 31)]),
        ([date(2026, 6, 2)], [date.min, DAY], [date(2026, 6, 2)]),
        ([date(2026, 7, 1), date(2026, 5, 1)], [date(2026, 5, 1), date(2026, 6, 30)], [date(2026, 4, 30)]),
    ],
)
def test_an_audit_holds_until_a_mode_begins(changes: list[date], same: list[date], others: list[date]) -> None:
    data = audits.packed(AUDIT, days_around(DAY, changes))
    assert data is not None
    assert [audits.unpacked(data, day) is not None for day in same] == [True] * len(same)
    assert [audits.unpacked(data, day) for day in others] == [None] * len(others)


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xc1", b"cos\nsystem\n(S'true'\ntR.", b"\x81\xa6inputs\x01"])
def test_bytes_that_are_no_audit_are_none(data: bytes) -> None:
    assert audits.unpacked(data, DAY) is None


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {*RULED, *DETAILED}))
def test_reports_that_need_no_rules_are_the_same_without(name: str) -> None:
    options = ReportOptions(exit_code=ExitCode.FINDINGS, version="9.9")
    bare = replace(AUDIT, rules=NO_RULES, assumed=())
    assert FORMATS[name](bare, options) == FORMATS[name](AUDIT, options)
