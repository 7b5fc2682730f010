"""Effective rules and assumptions, `auditor policy show` and `auditor init`."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor.errors import PolicyError
from auditor.loading.policy_file import read_policy
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions, read_jurisdictions
from auditor.model.confidence import Confidence
from auditor.model.policy import Declaration, JurisdictionOverride, Mode, ModeRow, Policy, Scope, TrunkPin
from auditor.policy.assumptions import assumption_values, effective_assumptions
from auditor.policy.effective import effective_rules
from auditor.policy.init import FoundPoint, FoundRoute, init_policy
from auditor.policy.show import show_policy

RULES, ASSUMPTIONS, TABLE = read_rules(), read_assumptions(), read_jurisdictions()
TODAY = date(2026, 6, 1)

POINT = FoundPoint("Main", "Ask consent", ("1",), None, Confidence.MEDIUM, "Press 1 to agree", "words of the question")
GUESS = FoundPoint("Side", 'Menu "A"', None, ("2",), Confidence.LOW, "", "structure alone")


def _show(policy: Policy) -> list[str]:
    return show_policy(policy, RULES, ASSUMPTIONS, TABLE, TODAY).splitlines()


def test_the_policy_switches_assumptions() -> None:
    policy = Policy(assumptions=(("A4", "no"),))
    values = dict(assumption_values(ASSUMPTIONS, policy))
    assert (values["A4"], values["A7"], values["A1"], len(values)) == ("no", "both", "yes", 16)
    assert [each.assumption.id for each in effective_assumptions(ASSUMPTIONS, policy) if each.chosen] == ["A4"]


def test_the_policy_changes_severities_and_switches() -> None:
    policy = Policy(severities=(("RC131", "high"),), enabled=("RC114",), disabled=("RN212",), mandatory=("RC102",))
    rules = {rule.code: rule for rule in effective_rules(RULES, policy).rules}
    assert (rules["RC131"].severity, rules["RC114"].on, rules["RN212"].on) == ("high", True, False)
    assert [code for code, rule in rules.items() if rule.mandatory] == ["RC102", "RC103"]
    untouched = [rule for rule in RULES.rules if rule.code not in ("RC131", "RC114", "RN212", "RC102")]
    assert all(rules[rule.code] == rule for rule in untouched)


def test_a_mandatory_rule_cannot_be_put_off() -> None:
    with pytest.raises(PolicyError) as caught:
        effective_rules(RULES, Policy(source="auditor.toml", disabled=("RC103",)))
    assert caught.value.details == ("auditor.toml: rules.disable: RC103 is mandatory",)


def test_show_names_the_origin_of_every_default() -> None:
    lines = _show(Policy())
    assert "  default mode: opt_in  [default]" in lines
    assert "  fail on: low  [default]" in lines
    assert "  unknown region: strictest  [default]" in lines
    assert "  RC102 enabled-unasked: high  [rules/RC102-enabled-unasked.toml]" in lines
    assert "  RC114 station-capture-internal: off  [rules/RC114-station-capture-internal.toml]" in lines
    assert sum(line.startswith("  A") for line in lines) == 16
    assert sum(line.startswith("  R") for line in lines) == len(RULES.rules)


def test_show_names_the_policy_file_for_what_it_sets() -> None:
    policy = Policy(
        source="org/auditor.toml",
        declarations=(Declaration("Main", "Ask", None, ("2", "3")),),
        default_mode=Mode.OPT_OUT,
        default_mode_set=True,
        modes=(
            ModeRow(Scope.ROUTE, ("Hotline",), jurisdiction="US-NY", citation="letter"),
            ModeRow(Scope.SITE, ("Berlin",), mode=Mode.NONE),
            ModeRow(Scope.SITE, ("Berlin",), mode=Mode.OPT_IN, since=date(2026, 1, 1)),
            ModeRow(Scope.SITE, ("Berlin",), mode=Mode.NONE, since=date(2027, 1, 1)),
        ),
        jurisdictions=("US-NY",),
        overrides=(JurisdictionOverride("US-NY", Mode.NONE, "counsel"),),
        pins=(TrunkPin(Scope.NUMBER, ("+4930",), ("A", "B")),),
        assumptions=(("A7", "yes"),),
        severities=(("RC131", "high"),),
    )
    lines = _show(policy)
    for expected in (
        "  default mode: opt_out  [org/auditor.toml]",
        "  jurisdiction US-NY for every call: none (counsel)  [org/auditor.toml]",
        "  jurisdiction US-NY reads: none (counsel)  [org/auditor.toml]",
        "  route Hotline: as US-NY, none (counsel) (letter)  [org/auditor.toml]",
        "  site Berlin: none, replaced by a later row  [org/auditor.toml]",
        "  site Berlin: opt_in, from 2026-01-01  [org/auditor.toml]",
        "  site Berlin: none, from 2027-01-01, not in effect yet  [org/auditor.toml]",
        "  Ask in flow Main: refusing 2, 3  [org/auditor.toml]",
        "  number +4930: A, B  [org/auditor.toml]",
        "  RC131 third-party-captured: high  [org/auditor.toml]",
    ):
        assert expected in lines
    assert any(line.startswith("  A7 = yes: ") and line.endswith("[org/auditor.toml]") for line in lines)


def _read(text: str, folder: Path) -> Policy:
    path = folder / "auditor.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path, name="auditor.toml")


def test_init_writes_a_policy_that_validates_and_pins_what_is_sure(tmp_path: Path) -> None:
    text = init_policy([POINT, GUESS], ["Carrier A", "Carrier B"], [FoundRoute("Hotline", ("+49305550100",))])
    policy = _read(text, tmp_path)
    assert policy.declarations == (Declaration("Main", "Ask consent", ("1",), None),)
    expected = Policy(source="auditor.toml", default_mode_set=True, fail_on="low")
    assert replace(policy, declarations=()) == expected
    assert "# question: Press 1 to agree" in text
    assert '# action = "Menu \\"A\\""' in text


def test_what_init_comments_out_is_right_when_the_signs_are_taken_away(tmp_path: Path) -> None:
    text = init_policy([POINT, GUESS], ["Carrier A", "Carrier B"], [FoundRoute("Hotline", ("+49305550100",))])
    starts = (
        "# [",
        "# flow =",
        "# action =",
        "# refusing =",
        "# route =",
        "# trunk",
        "# mode =",
        "# from =",
        "# citation =",
    )
    keys = ("# A7", "# RC131", "# enable =", "# jurisdictions =", "# mode_from", "# unknown_region")
    lines = [line[2:] if line.startswith(starts + keys) else line for line in text.splitlines()]
    policy = _read("\n".join(lines), tmp_path)
    assert [point.flow for point in policy.declarations] == ["Main", "Side"]
    assert [row.scope for row in policy.modes] == [Scope.ROUTE, Scope.TRUNK]
    assert policy.pins == (TrunkPin(Scope.ROUTE, ("Hotline",), ("Carrier A", "Carrier B")),)
    assert policy.enabled == ("RC114",)
    assert policy.jurisdictions == ("DE", "US-CA")


def test_init_of_an_empty_export_validates(tmp_path: Path) -> None:
    assert _read(init_policy([], [], []), tmp_path).declarations == ()


@given(st.text(), st.text(), st.lists(st.text(min_size=1), min_size=1, unique=True), st.text())
def test_init_survives_any_name(flow: str, action: str, answers: list[str], question: str) -> None:
    point = FoundPoint(flow, action, tuple(answers), None, Confidence.MEDIUM, question, question)
    text = init_policy(
        [point, replace(point, confidence=Confidence.LOW)], [flow, action], [FoundRoute(flow, (question,))]
    )
    data = tomllib.loads(text)
    assert [row["flow"] for row in data["consent_point"]] == [flow]
    assert data["consent_point"][0]["action"] == action
    assert data["consent_point"][0]["granting"] == answers
