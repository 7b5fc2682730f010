from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from auditor.analysis.analysis import Analysis
from auditor.analysis.observations import Observer
from auditor.audit import explore, find_questions
from auditor.cli.pipeline import prepare
from auditor.errors import PolicyError
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.loading.policy_file import read_policy
from auditor.loading.rules import read_rules, rule_codes
from auditor.model.rules import FACTS, RUN_FACTS

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "fixtures" / "own-rules"
RULE = OWN / "RC901-recorded-unannounced.toml"


def folder(tmp_path: Path, **changes: str) -> Path:
    """The sample rule with some words replaced."""
    own = tmp_path / "own"
    shutil.copytree(OWN, own)
    file = own / RULE.name
    text = file.read_text(encoding="utf-8")
    for old, new in changes.items():
        key = old.replace("__", " ")
        assert key in text
        text = text.replace(key, new)
    file.write_text(text, encoding="utf-8")
    return own


def mistakes(own: Path) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        read_rules(own=[own], cases=True)
    return tuple(line.removeprefix(own.as_posix() + "/") for line in caught.value.details)


def test_own_rules_stand_beside_the_shipped_ones() -> None:
    rules = read_rules(own=[OWN])
    rule = rules.find("recorded-unannounced")
    assert rule is not None
    assert (rule.code, [case.name for case in rule.cases]) == (
        "RC901",
        ["a line that records at once", "the announcement is heard first"],
    )
    assert len(rules.rules) == len(read_rules().rules) + 1
    assert rule_codes(own=[OWN])[-1] == "RC901"


def test_a_fact_that_no_observation_has_is_told(tmp_path: Path) -> None:
    [told] = mistakes(folder(tmp_path, noticed="notised"))
    place, _, words = told.partition(": ")
    assert place == "RC901-recorded-unannounced.toml:23"
    assert words == 'when.notised: no such fact in these observations (did you mean "noticed"?)'


def test_a_value_that_never_occurs_is_told(tmp_path: Path) -> None:
    [told] = mistakes(folder(tmp_path, **{"[false]": '["no"]'}))
    assert told.endswith("when.noticed: no is none of false, true")


def test_an_observation_without_the_fact_is_told(tmp_path: Path) -> None:
    [told] = mistakes(folder(tmp_path, **{'"capture-starts"': '"entry-summary"'}))
    assert told.endswith("when.noticed: no such fact in these observations")
    [told] = mistakes(folder(tmp_path / "other", **{'"capture-starts"': '"entry-sumary"'}))
    assert "observation[1]" in told and 'did you mean "entry-summary"?' in told


def test_numbers_of_shipped_rules_are_not_for_own_ones(tmp_path: Path) -> None:
    own = folder(tmp_path, **{'"RC901"': '"RC101"'})
    (own / RULE.name).rename(own / "RC101-recorded-unannounced.toml")
    told = mistakes(own)
    assert any("own rules have the numbers 900 to 999, such as RC901" in line for line in told)
    assert any("RC101 is also the code of rules/RC101-line-capture-without-consent.toml" in line for line in told)


def test_a_case_without_its_export_and_a_folder_without_rules_are_told(tmp_path: Path) -> None:
    own = folder(tmp_path)
    shutil.rmtree(own / "heard-first")
    assert mistakes(own) == (
        "RC901-recorded-unannounced.toml:40: case[2].export: heard-first does not exist beside the rule",
    )
    assert read_rules(own=[own]).find("RC901") is not None
    (tmp_path / "empty").mkdir()
    assert "no rule file" in mistakes(tmp_path / "empty")[0]


def test_a_policy_may_name_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "auditor.toml"
    file.write_text('[severity]\nRC901 = "info"\n', encoding="utf-8")
    assert read_policy(file, own=[OWN]).severities == (("RC901", "info"),)
    with pytest.raises(PolicyError) as caught:
        read_policy(file)
    assert 'there is no rule "RC901"' in caught.value.details[0]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    export = ROOT / "fixtures" / "demo" / "organisation"
    prepared = prepare([export], ROOT / "fixtures" / "demo" / "auditor.toml", date(2031, 5, 1))
    program = Program(load([export]))
    questions = find_questions(program, prepared.policy, prepared.options.vocabulary)
    return explore(program, questions, prepared.rules, prepared.policy, prepared.options)


def test_the_table_of_facts_is_what_observations_say(analysis: Analysis) -> None:
    observer = Observer(analysis, analysis.stations)
    by_judge = {"mode", "mode_satisfied", "can_enable"}
    seen: set[str] = set()
    for case in analysis.cases:
        for world in case.worlds:
            for observation in observer.observations(case, world):
                known = RUN_FACTS[observation.kind]
                seen.add(observation.kind)
                assert set(observation.facts) | by_judge == set(known)
                assert all(value in known[fact] for fact, value in observation.facts.items())
    assert seen == set(RUN_FACTS)


def test_shipped_rules_fit_the_table_of_facts() -> None:
    for rule in read_rules().rules:
        if rule.code == "RC105":
            continue  # it asks for more than one fact about the runs behind each answer
        facts = {fact for kind in rule.observations for fact in FACTS[kind]}
        assert {condition.fact for condition in rule.when} <= facts, rule.code
