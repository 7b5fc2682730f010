"""Rules of the user's own about all runs together, held against the shipped rules that say the same."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.analysis.consent import PointKind
from auditor.analysis.entries import EntryKind
from auditor.analysis.legs import Direction
from auditor.audit import run_audit
from auditor.cli.pipeline import prepare
from auditor.findings import Audit, Finding, VerdictWord
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.model.flows import FlowType
from auditor.model.rules import SUMMARY_FACTS, Condition, Rule
from auditor.policy.wholes import Told, holds, known

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CASES = sorted((FIXTURES / "cases").glob("R[NQ]*"))
PAIRS = {
    "RN202": "RN902", "RN204": "RN904", "RN205": "RN905", "RN206": "RN906", "RN207": "RN907", "RN208": "RN908",
    "RN209": "RN909", "RN210": "RN910", "RN212": "RN912", "RQ301": "RQ901", "RQ302": "RQ902", "RQ303": "RQ903",
    "RQ304": "RQ904",
}  # fmt: skip
"""A shipped rule, and the code under which the same conditions are judged as a rule of the user's own."""


def rule(**changes: object) -> Rule:
    base = next(each for each in read_rules(checked=False).rules if each.code == "RN207")
    return replace(base, code="RN950", **changes)


def audited(export: Path, *own: Rule, policy: Path | None = None) -> Audit:
    prepared = prepare([export], policy, date(2031, 5, 1))
    rules = replace(prepared.rules, rules=(*prepared.rules.rules, *own))
    return run_audit(load([export]), rules, prepared.policy, prepared.options)


def told(audit: Audit, code: str) -> list[tuple[object, ...]]:
    return sorted(_words(finding) for finding in audit.findings if finding.rule == code)


def _words(finding: Finding) -> tuple[object, ...]:
    entries = tuple(entry.name for entry in finding.entries)
    return finding.subject.identity, str(finding.location), finding.possible, entries, len(finding.witness)


@pytest.mark.parametrize("folder", [FIXTURES / "demo", *CASES], ids=lambda path: path.name)
def test_the_same_conditions_find_the_same(folder: Path) -> None:
    export = folder / ("organisation" if folder.name == "demo" else "export")
    policy = folder / "auditor.toml"
    shipped = {each.code: each for each in read_rules(checked=False).rules}
    own = [replace(shipped[code], code=clone) for code, clone in PAIRS.items()]
    audit = audited(export, *own, policy=policy if policy.exists() else None)
    for code, clone in PAIRS.items():
        assert told(audit, clone) == told(audit, code), code


def test_every_shipped_rule_of_the_kind_is_among_them() -> None:
    about_all = {each.code for each in read_rules().rules if set(each.observations) <= set(SUMMARY_FACTS)}
    assert about_all - set(PAIRS) == {"RC105"}


def test_the_words_of_facts_are_those_of_the_analysis() -> None:
    assert set(SUMMARY_FACTS["entry-summary"]["kind"]) == {each.value for each in EntryKind}
    assert set(SUMMARY_FACTS["entry-summary"]["direction"]) == {each.value for each in Direction}
    assert set(SUMMARY_FACTS["point-summary"]["kind"]) == {each.value for each in PointKind}
    assert set(SUMMARY_FACTS["enable-summary"]["flow_type"]) == {each.value for each in FlowType}


BOTH = Told(frozenset({True, False}))


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        ({"asks": known(False), "connects": known(True)}, True),
        ({"asks": known(False, sure=False), "connects": known(True)}, False),
        ({"asks": BOTH, "connects": known(True)}, False),
        ({"asks": known(True), "connects": known(True)}, None),
        ({"connects": known(True)}, None),
    ],
)
def test_a_fact_that_is_open_makes_a_finding_possible(facts: dict[str, Told], result: bool | None) -> None:
    wanted = (Condition("asks", (False,)), Condition("connects", (True,)))
    assert holds(rule(when=wanted), facts) is result


def test_a_breach_found_by_an_own_rule_makes_the_verdict_violated() -> None:
    export = FIXTURES / "own-rules-of-entries" / "asked"
    unheard = (Condition("kind", ("route",)), Condition("connects_refused", (True,)))
    breach = replace(rule(when=unheard), code="RC950")
    assert {each.verdict for each in audited(export).verdicts} == {VerdictWord.PROVED}
    audit = audited(export, breach)
    assert {each.verdict for each in audit.verdicts} == {VerdictWord.VIOLATED}
    [found] = [finding for finding in audit.findings if finding.rule == "RC950"]
    assert (found.subject.kind, found.possible, found.twin) == ("route", False, None)
    assert found.witness[-1].state.consent == "refused"


@pytest.mark.parametrize(
    ("case", "possible"),
    [("RX903-ok-known-actions", False), ("RX903-bad-unknown-action", True)],
)
def test_what_is_not_understood_leaves_absence_open(case: str, possible: bool) -> None:
    """That nobody comes to an agent unasked is said of known runs only; one that is not understood may differ."""
    never = rule(when=(Condition("connects_unasked", (False,)),))
    [found] = [f for f in audited(FIXTURES / "cases" / case / "export", never).findings if f.rule == "RN950"]
    assert found.possible is possible


def test_a_line_that_is_unset_leaves_open_what_hangs_on_it() -> None:
    recorded = rule(when=(Condition("line", ("on",)),))
    [found] = [
        f
        for f in audited(FIXTURES / "cases" / "entry-orphan-flows-only-ok" / "export", recorded).findings
        if f.rule == "RN950"
    ]
    assert found.possible


def test_whether_a_call_is_captured_is_a_fact_of_its_entry() -> None:
    captured = rule(when=(Condition("captured", (True,)),))
    for case, named in (("RC101-bad-open-trunk", ["Hotline"]), ("RN202-bad-nothing-records", [])):
        found = [f for f in audited(FIXTURES / "cases" / case / "export", captured).findings if f.rule == "RN950"]
        assert [f.subject.name for f in found] == named, case


@pytest.mark.parametrize(
    ("case", "possible"),
    [("RX903-ok-known-actions", False), ("RX903-bad-unknown-action", True)],
)
def test_that_nobody_comes_to_a_queue_is_certain_where_all_is_understood(
    case: str, possible: bool, tmp_path: Path
) -> None:
    export = Path(shutil.copytree(FIXTURES / "cases" / case / "export", tmp_path / "export"))
    listing = json.loads((export / "queues.json").read_text(encoding="utf-8"))
    listing["entities"].append({**listing["entities"][0], "id": "11111111-2222-4333-8444-555555555555", "name": "Idle"})
    listing["total"] = len(listing["entities"])
    (export / "queues.json").write_text(json.dumps(listing), encoding="utf-8")
    idle = rule(observations=("queue-summary",), objects=("queue",), when=(Condition("connects", (False,)),))
    [found] = [f for f in audited(export, idle).findings if f.rule == "RN950"]
    assert (found.subject.name, found.possible) == ("Idle", possible)


def test_an_own_rule_that_is_switched_off_says_nothing() -> None:
    quiet = rule(when=(Condition("connects", (True,)),), on=False)
    assert told(audited(FIXTURES / "own-rules-of-entries" / "asked", quiet), "RN950") == []
