"""The shipped rules and tables are well-formed, complete and say what the semantics say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from auditor.errors import PolicyError
from auditor.loading.rules import mandatory_among, read_rules, rule_codes
from auditor.loading.tables import read_assumptions, read_jurisdictions
from auditor.model.policy import Mode
from auditor.model.rules import PLACEHOLDERS, Fact
from auditor.resources import data_folder

# code: name, severity, objects (semantics, section 8)
EXPECTED = {
    "RC101": ("line-capture-without-consent", "high", ("trunk",)),
    "RC102": ("enabled-unasked", "high", ("action",)),
    "RC103": ("enabled-after-refusal", "critical", ("action",)),
    "RC104": ("enabled-without-answer", "high", ("action",)),
    "RC105": ("answer-has-no-effect", "high", ("consent_point",)),
    "RC106": ("refusal-after-enable", "high", ("consent_point",)),
    "RC107": ("notice-after-capture", "high", ("trunk", "phone", "action")),
    "RC111": ("station-capture-outbound", "high", ("phone",)),
    "RC112": ("station-capture-conference", "high", ("phone",)),
    "RC113": ("station-capture-inbound", "high", ("phone",)),
    "RC114": ("station-capture-internal", "medium", ("phone",)),
    "RC121": ("line-capture-outbound", "high", ("trunk",)),
    "RC131": ("third-party-captured", "medium", ("trunk",)),
    "RC141": ("ungated-copy", "medium", ("action", "queue")),
    "RN201": ("granted-never-enabled", "medium", ("action",)),
    "RN202": ("enabled-nothing-records", "medium", ("action",)),
    "RN203": ("gate-off", "medium", ("action",)),
    "RN204": ("enabled-never-captured", "medium", ("action",)),
    "RN205": ("captured-then-deleted", "low", ("queue",)),
    "RN206": ("enable-unreachable", "low", ("action",)),
    "RN207": ("gated-never-enabled", "medium", ("route",)),
    "RN208": ("never-recorded-without-flow", "medium", ("number", "user", "campaign")),
    "RN209": ("enable-where-not-allowed", "low", ("action",)),
    "RN210": ("asked-on-some-paths", "medium", ("route",)),
    "RN211": ("enabled-twice", "info", ("action",)),
    "RN212": ("legs-disagree", "medium", ("route", "number")),
    "RQ301": ("refusal-denied-service", "low", ("consent_point",)),
    "RQ302": ("no-evidence-kept", "low", ("consent_point",)),
    "RQ303": ("enable-unnamed", "info", ("action",)),
    "RQ304": ("question-silent", "low", ("consent_point",)),
}

PROBLEMS = {
    "RX901": "dangling-reference",
    "RX902": "setting-missing",
    "RX903": "action-without-model",
    "RX904": "dynamic-target",
    "RX905": "listing-cut-off",
    "RX906": "file-not-understood",
    "RX907": "ambiguous-name",
    "RX908": "kind-of-object-absent",
    "RX909": "forms-contradict",
}

RULES = read_rules()


def test_codes_names_severities_and_objects_are_those_of_the_semantics() -> None:
    assert {rule.code: (rule.name, rule.severity, rule.objects) for rule in RULES.rules} == EXPECTED
    assert rule_codes() == tuple(EXPECTED)


def test_problems_are_those_of_the_semantics() -> None:
    assert {kind.code: kind.name for kind in RULES.problems} == PROBLEMS


def test_only_internal_station_capture_is_off_by_default() -> None:
    assert [rule.code for rule in RULES.rules if not rule.on] == ["RC114"]


def test_recording_after_a_refusal_is_mandatory() -> None:
    assert [rule.code for rule in RULES.rules if rule.mandatory] == ["RC103"]
    assert mandatory_among(["RC102", "RC103"]) == ("RC103",)


@pytest.mark.parametrize("code", EXPECTED)
def test_texts_are_complete_sentences_without_addresses(code: str) -> None:
    rule = RULES.find(code)
    assert rule is not None
    sentences = re.findall(r"[.!?](?:\s|$)", rule.why)
    assert 3 <= len(sentences) <= 9, rule.why
    texts = [rule.message, rule.why, *rule.fix, rule.example.bad, rule.example.ok, *rule.references]
    assert all(not re.search(r"https?://|www\.", text) for text in texts)
    assert all(step.endswith(".") for step in rule.fix)
    assert rule.example.bad != rule.example.ok


@pytest.mark.parametrize("code", EXPECTED)
def test_messages_fill_in_their_placeholders(code: str) -> None:
    rule = RULES.find(code)
    assert rule is not None
    text = rule.text({name: f"<{name} {{x}}>" for name in PLACEHOLDERS})
    assert "<object {x}>" in text
    assert text.count("{") == text.count("{x}")


def test_assumptions_named_by_rules_exist_and_can_be_switched() -> None:
    switchable = {each.id for each in read_assumptions() if each.switchable}
    for rule in RULES.rules:
        assert {name for name in rule.assumptions if name != "A9"} <= switchable, rule.code


def test_assumptions_are_those_of_the_semantics() -> None:
    defaults = {each.id: each.default for each in read_assumptions()}
    both = {"A4", "A7", "A13", "A15"}
    expected = {f"A{n}": "both" if f"A{n}" in both else "no" if n == 16 else "yes" for n in range(1, 17)}
    assert defaults == expected
    assert [each.id for each in read_assumptions() if not each.switchable] == ["A9"]


def test_facts_tell_booleans_from_numbers_and_need_to_be_present() -> None:
    rule = RULES.find("enabled-unasked")
    assert rule is not None
    facts: dict[str, Fact] = {"consent": "unasked", "enabled": False, "mode": "opt_in", "mode_satisfied": False}
    assert rule.holds(facts)
    assert not rule.holds({**facts, "enabled": 0})
    assert not rule.holds({**facts, "consent": "refused"})
    assert not rule.holds({key: value for key, value in facts.items() if key != "enabled"})


def test_a_rule_is_found_by_code_and_by_name() -> None:
    assert RULES.find("rc103") == RULES.find("Enabled-After-Refusal")
    assert RULES.find("RC999") is None
    assert RULES.find_problem("rx906") == RULES.find_problem("file-not-understood")


def test_every_jurisdiction_has_a_reason_and_every_state_a_row() -> None:
    table = read_jurisdictions()
    codes = [row.code for row in table.rows]
    assert len(codes) == len(set(codes))
    states = {region for region in table.prefixes.values() if region.startswith("US-")}
    assert len(states) == 51
    assert states <= set(codes)
    assert all(len(row.reason) > 40 and row.mode is not Mode.NONE for row in table.rows)


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+49 30 5550100", "DE"),
        ("tel:+4530000000", "DK"),
        ("0041 44 555 01 00", "CH"),
        ("+1 (415) 555-0100", "US-CA"),
        ("+12125550100", "US-NY"),
        ("+14165550100", "CA-ON"),
        ("+19025550100", "CA"),
        ("+18095550100", "DO"),
        ("+77015550100", "KZ"),
        ("+74955550100", "RU"),
        ("+441534555010", "JE"),
        ("+442075550100", "GB"),
        ("+18005550100", None),
        ("+80012345678", None),
        ("2001", None),
        ("4930555", None),
        ("", None),
    ],
)
def test_numbers_belong_to_regions(number: str, region: str | None) -> None:
    assert read_jurisdictions().region_of(number) == region


@pytest.mark.parametrize(
    ("code", "found", "mode"),
    [
        ("DE", "DE", Mode.OPT_IN),
        ("US-CA", "US-CA", Mode.ANNOUNCEMENT),
        ("US-PA", "US-PA", Mode.OPT_IN),
        ("US-TX", "US-TX", Mode.ANNOUNCEMENT),
        ("CA-ON", "CA", Mode.OPT_OUT),
        ("CA-QC", "CA-QC", Mode.OPT_IN),
        ("GB", "GB", Mode.ANNOUNCEMENT),
    ],
)
def test_jurisdictions_are_looked_up_state_before_country(code: str, found: str, mode: Mode) -> None:
    row = read_jurisdictions().find(code)
    assert row is not None
    assert (row.code, row.mode) == (found, mode)


def test_a_country_without_a_row_is_unknown() -> None:
    assert read_jurisdictions().find("KP") is None


def _copy_of_rules(folder: Path) -> Path:
    for path in data_folder().glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_all_mistakes_of_all_rule_files_are_told_at_once(tmp_path: Path) -> None:
    folder = _copy_of_rules(tmp_path)
    first = folder / "RC101-line-capture-without-consent.toml"
    first.write_text(first.read_text("utf-8").replace('severity = "high"', 'severity = "hihg"'), "utf-8")
    second = folder / "RC102-enabled-unasked.toml"
    text = second.read_text("utf-8").replace("{flow}", "{folw}").replace("assumptions =", "assumption =")
    second.write_text(text, "utf-8")
    third = folder / "RN203-gate-off.toml"
    third.write_text(third.read_text("utf-8").replace("{flow}", "{folw}"), "utf-8")
    third.rename(folder / "RN203-gate-of.toml")
    with pytest.raises(PolicyError) as caught:
        read_rules(folder)
    details = caught.value.details
    assert details[0].startswith("rules/RC101-line-capture-without-consent.toml:3: severity: ")
    assert 'did you mean "high"?' in details[0]
    assert any('assumption: unknown key (did you mean "assumptions"?)' in line for line in details)
    assert any("rules/RN203-gate-of.toml:1: code: a file with this code" in line for line in details)
    assert any("{folw} is none of {object}" in line for line in details)
    assert len(details) == 4


def test_two_files_of_one_code_are_told(tmp_path: Path) -> None:
    folder = _copy_of_rules(tmp_path)
    text = (folder / "RC102-enabled-unasked.toml").read_text("utf-8")
    (folder / "RC102-other.toml").write_text(text.replace('name = "enabled-unasked"', 'name = "other"'), "utf-8")
    with pytest.raises(PolicyError) as caught:
        read_rules(folder)
    assert caught.value.details == (
        "rules/RC102-other.toml:1: code: RC102 is also the code of rules/RC102-enabled-unasked.toml",
    )


def test_rule_files_are_read_as_plain_toml_by_anybody() -> None:
    for path in data_folder().glob("*.toml"):
        assert tomllib.loads(path.read_text("utf-8")), path.name
