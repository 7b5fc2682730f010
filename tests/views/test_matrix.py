"""The matrix: what happens to the caller."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from auditor.findings import Effect, Entry, LegName, VerdictWord
from auditor.report.matrix import COLUMNS, FORMATS, matrix_csv, matrix_json, matrix_table
from auditor.report.options import ReportOptions
from auditor.report.text import UNSAFE
from auditor.resources import schema_text
from auditor.views.matrix import Asked, Matrix, Recorded, Row, matrix
from tests.builders import HOSTILE_TEXT
from tests.views.looking import CHEMNITZ, SAXONY, demo, exports, judged

OPTIONS = ReportOptions(exit_code=0, version="9.9")
RECORDED = (Recorded.RECORDED, Recorded.DEPENDS)
LEG = LegName("inbound", "on", "on", ("Trunk",))
ROW = Row(
    "+49301", Entry("route", "Main", None, ("+49301",)), LEG, Asked.ALWAYS, Recorded.RECORDED, Recorded.NOT_RECORDED,
    Recorded.DEPENDS, Recorded.DOES_NOT_OCCUR, "opt_in", VerdictWord.UNKNOWN, ("a file is missing",),
)  # fmt: skip
BAD = HOSTILE_TEXT
HOSTILE = replace(
    ROW, number="=1+1" + BAD, entry=Entry("campaign", "@SUM(A1)" + BAD, BAD, ()), doubts=(BAD,),
    leg=replace(LEG, trunks=("-2" + BAD,)),
)  # fmt: skip


def row(name: str, trunk: str) -> tuple[str, ...]:
    found = [r for r in matrix(demo()).rows if name in (r.number, r.entry.name) and trunk in r.leg.trunks]
    assert len({r.facts for r in found}) == 1
    return found[0].facts


@pytest.mark.parametrize(
    ("name", "trunk", "facts"),
    [
        ("+493515550110", SAXONY, "sometimes recorded not_recorded not_recorded not_recorded opt_in proved"),
        ("+493515550110", CHEMNITZ, "sometimes recorded recorded recorded recorded opt_in violated"),
        ("+493515550160", SAXONY, "sometimes depends depends depends depends opt_in violated"),
        ("+493515550170", CHEMNITZ, "sometimes recorded recorded recorded recorded opt_in violated"),
        ("+493515550170", SAXONY, "sometimes not_recorded not_recorded not_recorded not_recorded opt_in proved"),
        ("+493515550180", SAXONY, "never does_not_occur does_not_occur does_not_occur depends opt_in violated"),
        ("+493515550171", SAXONY, "never does_not_occur does_not_occur does_not_occur not_recorded opt_in proved"),
        ("Hannes Roth", CHEMNITZ, "never does_not_occur does_not_occur does_not_occur recorded opt_in violated"),
        ("Zufriedenheit Netzkunden", "SIP Kampagnen",
         "always not_recorded not_recorded not_recorded does_not_occur opt_in proved"),
    ],
)  # fmt: skip
def test_what_happens_to_callers_of_the_demonstration_organisation(name: str, trunk: str, facts: str) -> None:
    assert " ".join(row(name, trunk)) == facts


def test_there_is_a_row_for_every_number_and_leg_and_every_other_entry() -> None:
    rows = matrix(demo()).rows
    legs = [(n, v.leg) for v in demo().verdicts for n in v.entry.numbers or (v.entry.name,)]
    assert Counter((r.number or r.entry.name, r.leg) for r in rows) == Counter(legs)


def test_several_numbers_of_a_route_have_a_row_each(tmp_path: Path) -> None:
    rows = matrix(judged(two_numbers(tmp_path))).rows
    assert {r.number for r in rows} == {"+49891", "+49892"}
    assert len({r.facts for r in rows}) == 1


def two_numbers(folder: Path) -> Path:
    (folder / "ivrs.json").write_text(
        json.dumps({"entities": [{"id": "r", "name": "R", "dnis": ["+49891", "+49892"], "openHoursFlow": {"id": "f"},
                                  "selfUri": "/api/v2/architect/ivrs/r"}]}), encoding="utf-8",
    )  # fmt: skip
    return folder


def test_what_is_not_in_the_export_is_unknown_and_said(tmp_path: Path) -> None:
    rows = matrix(judged(two_numbers(tmp_path))).rows
    assert {r.asked for r in rows} == {Asked.UNKNOWN}
    assert {r.not_asked for r in rows} == {Recorded.UNKNOWN}
    assert all(any("not in the export" in doubt for doubt in r.doubts) for r in rows)


@pytest.mark.parametrize("folder", exports(), ids=lambda folder: folder.parent.name)
def test_rows_agree_with_verdicts_and_effects(folder: Path) -> None:
    found = judged(folder)
    effects = {(v.entry, v.leg): v.effect for v in found.verdicts}
    for each in matrix(found).rows:
        if each.verdict is VerdictWord.PROVED and each.mode == "opt_in":
            assert not {each.refused, each.unanswered, each.not_asked} & set(RECORDED), each
        guessed = any("guessed" in doubt for doubt in each.doubts)  # who agrees: the effect goes by the guess
        if effects[each.entry, each.leg] is Effect.ALWAYS and not guessed:
            assert each.granted in RECORDED, each
        if effects[each.entry, each.leg] is Effect.NEVER:
            assert each.granted not in RECORDED, each
        if "unknown" in each.facts:
            assert each.doubts, each


def test_the_table_of_the_demonstration_organisation_is_one_screen() -> None:
    lines = matrix_table(matrix(demo()), OPTIONS).splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("+493515550110 Kundenservice") and line.endswith("proved") for line in lines)
    assert "Over SIP Telko Sachsen, which records once a flow enables it" in lines
    assert lines[-1].startswith("35 rows: ")


def test_users_who_dial_out_share_a_row_only_in_the_table_and_only_when_nothing_differs() -> None:
    anna = replace(ROW, number=None, entry=Entry("manual", "Anna", None, ()), doubts=())
    bert = replace(anna, entry=Entry("manual", "Bert", None, ()))
    carl = replace(bert, entry=Entry("manual", "Carl", None, ()), verdict=VerdictWord.VIOLATED)
    found = Matrix((anna, bert, carl), 0)
    text = matrix_table(found, OPTIONS)
    assert "2 users dial out" in text
    assert "Carl dials out" in text
    assert len(matrix_csv(found, OPTIONS).splitlines()) == 4


@pytest.mark.parametrize("found", [matrix(demo()), Matrix((), 0), Matrix((HOSTILE,), 2)], ids=["demo", "empty", "bad"])
def test_json_validates(found: Matrix) -> None:
    schema = json.loads(schema_text("matrix"))
    Draft202012Validator.check_schema(schema)
    text = matrix_json(found, OPTIONS)
    assert list(Draft202012Validator(schema).iter_errors(json.loads(text))) == []
    assert UNSAFE.search(text.replace("\n", "")) is None


def test_csv_has_no_formulas_and_reads_back() -> None:
    text = matrix_csv(Matrix((ROW, HOSTILE), 0), OPTIONS)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][0] == "'+49301"
    assert rows[1][2] == "Main"
    assert [cell[:2] for cell in rows[2] if cell.startswith("'")] == ["'=", "'@", "'-"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in rows for cell in line)
    assert UNSAFE.search(text.replace("\r\n", "")) is None


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_hostile_reaches_the_terminal(form: str) -> None:
    text = FORMATS[form](Matrix((HOSTILE,), 1), OPTIONS)
    assert UNSAFE.search(text.replace("\r\n", "").replace("\n", "")) is None


def test_an_empty_matrix_says_so() -> None:
    assert matrix_table(Matrix((), 0), OPTIONS) == "There is no way in which a call can begin here.\n"


def test_reasons_and_unread_files_are_below_the_table() -> None:
    text = matrix_table(Matrix((ROW,), 1), OPTIONS)
    assert '  - a file is missing (call route "Main")' in text
    assert "1 file could not be read whole" in text
