"""The policy file: where it is found, what it means, and all of its mistakes at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import ExitCode, PolicyError
from auditor.loading.policy_file import find_policy, read_policy
from auditor.model.policy import Declaration, Mode, ModeRow, Policy, Scope, TrunkPin, VocabularyAddition

FULL = """
default_mode = "opt_out"
jurisdictions = ["DE", "CA-ON"]
mode_from_numbers = true
unknown_region = "announcement"
fail_on = "medium"

[[consent_point]]
flow = "Main"
action = "Ask consent"
granting = ["1"]

[[consent_point]]
flow = "Main"
action = "Ask again"
refusing = ["2", "Flow.Answer=no"]

[[mode]]
number_prefix = ["+49", "+43 1"]
mode = "opt_in"
from = 2025-03-01
citation = "opinion of counsel"

[[mode]]
trunk = "Carrier B"
jurisdiction = "US-NY"

[jurisdiction.US-NY]
mode = "none"
citation = "one-party state"

[[trunk_pin]]
route = "Hotline"
trunks = ["Carrier A"]

[assumptions]
A10 = "no"
A2 = "both"

[severity]
RC131 = "high"

[rules]
enable = ["RC114"]
disable = ["RN212"]
mandatory = ["RC102"]

[vocabulary.de]
recording = ["Mitschnitt"]
"""

BAD = """
default_mod = "opt_in"
fail_on = "hgih"
jurisdictions = ["DE", "US-XX"]

[[consent_point]]
flow = "Main"
action = "Ask"
granting = ["1"]
refusing = ["2"]

[[consent_point]]
flow = "Main"
acton = "Ask"
granting = 1

[[mode]]
mode = "optin"
number_prefix = "49"

[[mode]]
mode = "opt_in"
route = "A"
site = "B"
from = "yesterday"

[assumptions]
A1 = true
A9 = "no"
A17 = "no"

[severity]
RC012 = "low"
RC102 = "critcal"

[rules]
disable = ["RC103", "RC188"]
enable = ["RC188"]
"""

TOLD = (
    'auditor.toml:2: default_mod: unknown key (did you mean "default_mode"?)',
    'auditor.toml:3: fail_on: "hgih" is none of critical, high, medium, low, info (did you mean "high"?)',
    'auditor.toml:4: jurisdictions: "US-XX" is not in the table of jurisdictions (did you mean "US-TX"?)',
    "auditor.toml:6: consent_point[1]: exactly one of granting and refusing is needed",
    'auditor.toml:12: consent_point[2]: "action" is missing',
    'auditor.toml:14: consent_point[2].acton: unknown key (did you mean "action"?)',
    "auditor.toml:15: consent_point[2].granting: must be a list in brackets, not 1",
    'auditor.toml:18: mode[1].mode: "optin" is none of none, announcement, opt_out, opt_in (did you mean "opt_in"?)',
    'auditor.toml:19: mode[1].number_prefix: "49" does not look like "+49"',
    "auditor.toml:21: mode[2]: exactly one of number_prefix, route, site, trunk, division and flow is needed",
    'auditor.toml:25: mode[2].from: "yesterday" is no date such as 2025-01-31',
    'auditor.toml:28: assumptions.A1: true is none of yes, no, both (did you mean "yes"?)',
    "auditor.toml:29: assumptions.A9: cannot be switched: "
    "schedules, data and untracked conditions may always go either way",
    'auditor.toml:30: assumptions.A17: unknown key (did you mean "A7"?)',
    'auditor.toml:33: severity.RC012: there is no rule "RC012" (did you mean "RC121"?)',
    'auditor.toml:34: severity.RC102: "critcal" is none of critical, high, medium, low, info '
    '(did you mean "critical"?)',
    "auditor.toml:37: rules.disable: RC103 is mandatory and cannot be switched off",
    "auditor.toml:37: rules.disable: RC188 is enabled and disabled",
    'auditor.toml:37: rules.disable: there is no rule "RC188" (did you mean "RC141"?)',
    'auditor.toml:38: rules.enable: there is no rule "RC188" (did you mean "RC141"?)',
)


def _written(folder: Path, text: str) -> Path:
    path = folder / "auditor.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _mistakes(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        read_policy(_written(folder, text), name="auditor.toml")
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint
    return caught.value.details


def test_without_a_file_the_defaults_hold() -> None:
    assert read_policy(None) == Policy()
    assert Policy().default_mode is Mode.OPT_IN


def test_an_empty_file_changes_nothing_but_the_source(tmp_path: Path) -> None:
    assert read_policy(_written(tmp_path, ""), name="auditor.toml") == Policy(source="auditor.toml")


def test_every_key_is_read(tmp_path: Path) -> None:
    policy = read_policy(_written(tmp_path, FULL), name="auditor.toml")
    assert policy.declarations == (
        Declaration("Main", "Ask consent", ("1",), None),
        Declaration("Main", "Ask again", None, ("2", "Flow.Answer=no")),
    )
    assert policy.modes == (
        ModeRow(
            Scope.NUMBER_PREFIX,
            ("+49", "+43 1"),
            mode=Mode.OPT_IN,
            since=date(2025, 3, 1),
            citation="opinion of counsel",
        ),
        ModeRow(Scope.TRUNK, ("Carrier B",), jurisdiction="US-NY"),
    )
    assert (policy.default_mode, policy.default_mode_set) == (Mode.OPT_OUT, True)
    assert (policy.jurisdictions, policy.mode_from_numbers) == (("DE", "CA-ON"), True)
    assert policy.unknown_region is Mode.ANNOUNCEMENT
    assert [(row.code, row.mode) for row in policy.overrides] == [("US-NY", Mode.NONE)]
    assert policy.pins == (TrunkPin(Scope.ROUTE, ("Hotline",), ("Carrier A",)),)
    assert policy.assumptions == (("A2", "both"), ("A10", "no"))
    assert policy.severities == (("RC131", "high"),)
    assert (policy.enabled, policy.disabled, policy.mandatory) == (("RC114",), ("RN212",), ("RC102",))
    assert policy.vocabulary == (VocabularyAddition("de", "recording", ("Mitschnitt",)),)
    assert (policy.fail_on, policy.source) == ("medium", "auditor.toml")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert _mistakes(tmp_path, BAD) == TOLD


def test_a_point_declared_twice_is_told(tmp_path: Path) -> None:
    row = '[[consent_point]]\nflow = "A"\naction = "B"\ngranting = ["1"]\n'
    assert _mistakes(tmp_path, row + row) == ('auditor.toml:5: consent_point[2]: "B" of flow "A" is declared twice',)


def test_wrong_kinds_of_values_do_not_hide_each_other(tmp_path: Path) -> None:
    text = 'severity = "high"\nrules = 3\nmode = "opt_in"\njurisdictions = "DE"\nconsent_point = ["x"]\n'
    assert _mistakes(tmp_path, text) == (
        'auditor.toml:1: severity: must be a table, not "high"',
        "auditor.toml:2: rules: must be a table, not 3",
        'auditor.toml:3: mode: must be a list in brackets, not "opt_in"',
        'auditor.toml:4: jurisdictions: must be a list in brackets, not "DE"',
        'auditor.toml:5: consent_point[1]: must be a table, not "x"',
    )


def test_a_rule_the_policy_itself_calls_mandatory_cannot_be_put_off(tmp_path: Path) -> None:
    told = _mistakes(tmp_path, '[rules]\nmandatory = ["RN212"]\ndisable = ["RN212"]\n')
    assert told == ("auditor.toml:3: rules.disable: RN212 is mandatory and cannot be switched off",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a = ", "auditor.toml: is not valid TOML: Invalid value (at end of document)"),
        (b"a = 1\na = 2\n", "auditor.toml: is not valid TOML: Cannot overwrite a value (at line 2, column 6)"),
        (b"\xff\xfe", "auditor.toml: is not UTF-8 text (byte 0)"),
    ],
)
def test_files_that_are_no_toml_are_told(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "auditor.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        read_policy(path, name="auditor.toml")
    assert caught.value.details == (told,)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy(tmp_path / "none.toml")
    assert "none.toml: cannot be read: No such file" in caught.value.details[0]


def test_the_policy_is_found_upwards_from_the_common_parent(tmp_path: Path) -> None:
    one, two = tmp_path / "org" / "flows", tmp_path / "org" / "trunks"
    one.mkdir(parents=True)
    two.mkdir()
    (one / "main.yaml").write_text("x", encoding="utf-8")
    inner = _written(one, "")
    outer = _written(tmp_path, "")
    assert find_policy([one]) == inner
    assert find_policy([one / "main.yaml"]) == inner
    assert find_policy([one, two]) == outer
    assert find_policy([two]) == outer
    outer.unlink()
    assert find_policy([two]) is None
    assert find_policy([]) is None


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "auditor.toml"
    path.write_bytes(b'\xef\xbb\xbfdefault_mode = "none"\n')
    assert read_policy(path).default_mode is Mode.NONE
