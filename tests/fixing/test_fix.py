"""`fix`: what it proposes clears what it says, in the organisation and in the files it writes."""

from __future__ import annotations

import difflib
import json
import shutil
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.editing.apply import apply
from auditor.editing.edits import Delete, EditFlow, SetSetting
from auditor.editing.plan import parts
from auditor.fixing.search import Fixed
from auditor.loading.load import load
from auditor.loading.overlay import Overlay, overlay
from auditor.model.settings import UNSET
from tests.fixing.setup import CASES, DEMO, Bench, bench, case

BAD = sorted(path.name for path in CASES.iterdir() if path.name.startswith("RC") and "-bad-" in path.name)


@cache
def demo() -> tuple[Bench, Fixed]:
    found = bench(DEMO / "organisation", DEMO / "auditor.toml")
    return found, found.fixed()


def write(made: Overlay, folder: Path) -> Path:
    for file in made.files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_text(file.text, encoding="utf-8", newline="\n")
    return folder


def test_the_demonstration_organisation_needs_eight_edits() -> None:
    _, fixed = demo()
    objects = parts(fixed.chosen, lambda kind, id: id)
    assert len(objects) == 8
    assert sum(len(part.steps) for part in objects) == 11
    assert fixed.open == ()
    assert [f.rule for f in fixed.after.findings if f.rule.startswith("RC")] == []
    assert {v.verdict.value for v in fixed.after.verdicts} == {"proved"}


def test_nothing_else_becomes_worse_but_what_is_said() -> None:
    _, fixed = demo()
    known = {f.fingerprint for f in fixed.before.findings}
    new = [(f.rule, f.subject.name) for f in fixed.after.findings if f.fingerprint not in known]
    assert new == [("RN208", "Hannes Roth"), ("RN208", "Ines Walther")]


def test_the_overlay_does_the_same_as_the_edits(tmp_path: Path) -> None:
    found, fixed = demo()
    made = overlay(found.organisation, fixed.edits)
    assert made.left == ()
    deployed = load([found.path], candidates=[write(made, tmp_path)])
    assert found.compared(apply(found.organisation, fixed.edits), deployed).same
    assert not [f for f in found.audit(deployed).findings if f.rule.startswith("RC")]


def test_patched_flows_keep_every_other_line() -> None:
    found, fixed = demo()
    counts = {}
    for file in overlay(found.organisation, fixed.edits).files:
        if file.old is not None:
            marks = [line[0] for line in difflib.ndiff(file.old.split("\n"), file.text.split("\n"))]
            counts[file.path.partition("_v")[0]] = (marks.count("-"), marks.count("+"))
    assert counts == {
        "flows/Geschäftskunden": (35, 11),
        "flows/Störung Strom": (2, 0),
        "flows/Zahlung per Karte": (2, 0),
        "flows/Zählerstand": (0, 5),
    }


def test_every_edit_is_needed() -> None:
    found, fixed = demo()
    for chosen in fixed.chosen:
        rest = [edit for other in fixed.chosen if other is not chosen for edit in other.proposal.edits]
        assert [f for f in found.audit(apply(found.organisation, rest)).findings if f.rule.startswith("RC")]


@pytest.mark.parametrize("name", BAD)
def test_every_bad_case_is_cleared_in_the_files_too(name: str, tmp_path: Path) -> None:
    found = case(name)
    fixed = found.fixed()
    assert fixed.open == () and fixed.chosen
    assert len(fixed.edits) <= 2
    made = overlay(found.organisation, fixed.edits)
    if made.left:
        told = "only Archy YAML can be patched", "no file of platform API JSON holds the object"
        assert all(any(each in reason for each in told) for reason in made.left)
        return
    deployed = load([found.path], candidates=[write(made, tmp_path)])
    assert found.compared(apply(found.organisation, fixed.edits), deployed).same


def test_one_module_rather_than_every_flow_that_calls_it(tmp_path: Path) -> None:
    source, folder = CASES / "RC104-bad-module-timeout-is-yes" / "export", tmp_path / "export"
    shutil.copytree(source, folder)
    flow = next((source / "flows").glob("Hotline*")).read_text(encoding="utf-8")
    routes = json.loads((source / "ivrs.json").read_text(encoding="utf-8"))["entities"]
    for number in range(2, 8):
        text = flow.replace("name: Hotline flow", f"name: Hotline flow {number}")
        (folder / "flows" / f"Hotline flow {number}.yaml").write_text(text, encoding="utf-8")
        open_flow = {"name": f"Hotline flow {number}"}
        changes = {
            "id": str(number),
            "name": f"Hotline {number}",
            "dnis": [f"+493000{number}"],
            "openHoursFlow": open_flow,
        }
        routes.append({**routes[0], **changes, "selfUri": f"/api/v2/architect/ivrs/{number}"})
    (folder / "ivrs.json").write_text(json.dumps({"entities": routes}), encoding="utf-8")
    found = bench(folder)
    fixed = found.fixed()
    assert sum(f.rule == "RC104" for f in fixed.before.findings) == 7
    (edit,) = fixed.edits
    assert isinstance(edit, EditFlow) and found.organisation.flows[edit.flow].name == "Consent module"
    assert any('flow "Hotline flow' in " ".join(w.proposal.steps) for w in fixed.chosen[0].weighed)


def test_one_line_base_rather_than_each_of_its_phones() -> None:
    found, _ = demo()
    phones = tuple(
        replace(p, lines=tuple(replace(line, recording=UNSET) for line in p.lines)) if "Tischtelefon" in p.name else p
        for p in found.organisation.phones
    )
    fixed = found.fixed(replace(found.organisation, phones=phones), ("RC111", "RC112", "RC113", "RC114"))
    assert [(e.kind, e.name) for e in fixed.edits if isinstance(e, SetSetting)] == [
        ("line-base", "Tischtelefon mit Aufzeichnung")
    ]


def test_only_the_rules_asked_for_are_cleared() -> None:
    found, _ = demo()
    fixed = found.fixed(rules=("RC141",))
    assert [(e.kind, e.key) for e in fixed.edits if isinstance(e, SetSetting)] == [("queue", "enableTranscription")]
    left = {f.rule for f in fixed.after.findings}
    assert "RC141" not in left and "RC101" in left


def test_what_is_fine_needs_no_edit() -> None:
    fixed = case("RC104-ok-task-output-path").fixed()
    assert (fixed.chosen, fixed.open) == ((), ())


def test_taking_out_what_serves_nobody_is_preferred_to_what_serves_those_who_agree() -> None:
    _, fixed = demo()
    taken = [e for e in fixed.edits if isinstance(e, EditFlow) and all(isinstance(c, Delete) for c in e.changes)]
    moved = [" ".join(c.proposal.steps) for c in fixed.chosen if "Geschäftsgespräch aufzeichnen" in c.proposal.steps[0]]
    assert len(taken) == 4
    assert moved and moved[0].startswith("Move ")
