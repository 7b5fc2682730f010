"""Parts of the demonstration organisation: what is missing is named, and nothing is falsely proved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from tests.cases import Case, run
from tests.declared import FIXTURES

DEMO = FIXTURES / "demo"
PHONES = ("phones.json", "lines.json", "stations.json", "phonebasesettings.json", "linebasesettings.json")
TRUNKS = ("trunkbasesettings.json", "trunks.json")
FLOWS = ("flows", "flows.json", "prompts.json", "datatables.json", "datatable_rows")
STATION_RULES = {"RC111", "RC112", "RC113", "RC114"}
LINE_RULES = {"RC101", "RC121", "RC131", "RN212"}

Report = dict[str, Any]
Key = tuple[str, str, str]


def audited(folder: Path, leave: Callable[[str], bool], policy: str) -> Report:
    """The report on what is left of the demonstration organisation. leave: whether a file or folder is left out."""
    target = folder / "export"
    shutil.copytree(DEMO / "organisation", target)
    for path in list(target.iterdir()):
        if leave(path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (folder / "auditor.toml").write_text(policy, encoding="utf-8")
    done = run(Case(folder, "export"))
    assert done.text, done.errors
    found: Report = json.loads(done.text)
    return found


def policy() -> str:
    return (DEMO / "auditor.toml").read_text(encoding="utf-8")


def unpinned() -> str:
    """The policy without its pins, which name trunks."""
    before, _, after = policy().partition("[[trunk_pin]]")
    return before + "[rules]" + after.split("[rules]")[1]


@pytest.fixture(scope="module")
def whole() -> Report:
    done = run(Case(DEMO, "organisation"))
    found: Report = json.loads(done.text)
    return found


@pytest.fixture(scope="module")
def no_phones(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return audited(tmp_path_factory.mktemp("phones"), PHONES.__contains__, policy())


@pytest.fixture(scope="module")
def no_trunks(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return audited(tmp_path_factory.mktemp("trunks"), TRUNKS.__contains__, unpinned())


@pytest.fixture(scope="module")
def only_flows(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return audited(tmp_path_factory.mktemp("flows"), lambda name: name not in FLOWS, unpinned())


def verdicts(report: Report) -> dict[Key, str]:
    """Verdict by kind and name of the entry and by trunk; "" on a leg without any."""
    return {
        (each["entry"]["kind"], each["entry"]["name"], trunk): each["verdict"]
        for each in report["verdicts"]
        for trunk in each["leg"]["trunks"] or ("",)
    }


def worst(report: Report) -> dict[tuple[str, str], set[str]]:
    """The verdicts of an entry over all its legs."""
    found: dict[tuple[str, str], set[str]] = {}
    for (kind, name, _), word in verdicts(report).items():
        found.setdefault((kind, name), set()).add(word)
    return found


def certain(report: Report, *, but: Collection[str] = ()) -> set[tuple[str, str]]:
    """Certain RC1xx findings by rule and object. but: rules that are left out."""
    return {
        (each["rule"], each["object"]["name"])
        for each in report["findings"]
        if each["rule"].startswith("RC") and each["confidence"] != "low" and each["rule"] not in but
    }


def breaches(report: Report) -> dict[Key, set[str]]:
    """The certain RC1xx rules that each entry breaks on each trunk."""
    rules = {each["fingerprint"]: each for each in report["findings"]}
    return {
        (each["entry"]["kind"], each["entry"]["name"], trunk): {
            rules[mark]["rule"] for mark in each["findings"] if rules[mark]["rule"].startswith("RC")
        }
        for each in report["verdicts"]
        for trunk in each["leg"]["trunks"] or ("",)
    }


def absent(report: Report) -> str:
    return "\n".join(each["message"] for each in report["problems"] if each["code"] == "RX908")


# -- without phones ---------------------------------------------------------------------------------------------


def test_without_phones_nothing_is_falsely_proved(whole: Report, no_phones: Report) -> None:
    before, after = verdicts(whole), verdicts(no_phones)
    assert {key: before[key] for key, word in after.items() if word == "proved" and before.get(key) != "proved"} == {}


def test_without_phones_what_phones_do_not_decide_is_violated_still(whole: Report, no_phones: Report) -> None:
    determined = {key for key, rules in breaches(whole).items() if rules - STATION_RULES}
    assert determined
    assert {key: verdicts(no_phones)[key] for key in determined} == dict.fromkeys(determined, "violated")


def test_without_phones_the_findings_on_flows_and_trunks_stay(whole: Report, no_phones: Report) -> None:
    assert certain(no_phones, but=STATION_RULES) == certain(whole, but=STATION_RULES)
    assert {rule for rule, _ in certain(no_phones)} & STATION_RULES == set()


def test_without_phones_what_only_phones_decide_is_unknown(whole: Report, no_phones: Report) -> None:
    only = {key for key, rules in breaches(whole).items() if rules and rules <= STATION_RULES}
    assert only
    after = verdicts(no_phones)
    assert {after[key] for key in only if key in after} == {"unknown"}


def test_without_phones_their_absence_is_named(no_phones: Report) -> None:
    assert "The export holds no phones." in absent(no_phones)
    doubts = [reason for each in no_phones["verdicts"] if each["verdict"] == "unknown" for reason in each["reasons"]]
    assert any("phones that are not in the export" in reason for reason in doubts)


# -- without trunks ---------------------------------------------------------------------------------------------


def test_without_trunks_nothing_is_falsely_proved(whole: Report, no_trunks: Report) -> None:
    after = verdicts(no_trunks)
    proved = {(kind, name) for (kind, name, _), word in after.items() if word == "proved"}
    before = worst(whole)
    assert {entry: before[entry] for entry in proved if before[entry] != {"proved"}} == {}


def test_without_trunks_there_is_one_leg_with_nothing_known(no_trunks: Report) -> None:
    legs = [each["leg"] for each in no_trunks["verdicts"] if each["leg"]["direction"] != "internal"]
    assert legs
    assert {(leg["line"], leg["gate"], tuple(leg["trunks"])) for leg in legs} == {("unset", "unset", ())}


def test_without_trunks_what_flows_do_wrong_is_violated_still(whole: Report, no_trunks: Report) -> None:
    flows = {f"RC{number}" for number in range(102, 107)}
    wrong = {(kind, name) for (kind, name, _), rules in breaches(whole).items() if rules & flows}
    assert {name for _, name in wrong} == {"Geschäftskunden", "Zählerstand"}
    assert all(worst(no_trunks)[entry] == {"violated"} for entry in wrong)
    kept = {key for key in certain(whole) if key[0] in flows}
    assert kept <= certain(no_trunks)


def test_without_trunks_nothing_is_said_for_certain_about_lines(no_trunks: Report) -> None:
    assert {rule for rule, _ in certain(no_trunks)} & LINE_RULES == set()
    assert "The export holds no trunk base settings." in absent(no_trunks)
    doubts = [reason for each in no_trunks["verdicts"] if each["verdict"] == "unknown" for reason in each["reasons"]]
    assert any("no trunk is in the export" in reason for reason in doubts)


# -- flows only -------------------------------------------------------------------------------------------------


def test_flows_alone_are_entries_themselves(only_flows: Report) -> None:
    assert {each["entry"]["kind"] for each in only_flows["verdicts"]} == {"orphan"}
    names = {each["entry"]["name"] for each in only_flows["verdicts"]}
    assert {"Kundenservice", "Zählerstand", "Geschäftskunden", "Gewinnspiel 2019", "Zufriedenheitsanruf"} <= names


def test_flows_alone_prove_only_what_no_trunk_could_record(only_flows: Report) -> None:
    proved = {each["entry"]["name"] for each in only_flows["verdicts"] if each["verdict"] == "proved"}
    assert proved == {"Gewinnspiel 2019"}  # suppressed, and it connects nobody


def test_flows_alone_show_what_is_wrong_in_them(whole: Report, only_flows: Report) -> None:
    flows = {f"RC{number}" for number in range(102, 107)}
    wanted = {key for key in certain(whole) if key[0] in flows}
    assert wanted
    assert wanted <= certain(only_flows)
    violated = {each["entry"]["name"] for each in only_flows["verdicts"] if each["verdict"] == "violated"}
    assert {"Geschäftskunden", "Zählerstand"} <= violated
    assert violated.isdisjoint({"Kundenservice", "Vertragsservice", "English Service Line", "Forderungsmanagement"})


def test_flows_alone_are_incomplete_and_say_of_what(only_flows: Report) -> None:
    missing = absent(only_flows)
    for what in ("call routes", "campaigns", "direct numbers", "phones", "queues", "trunk base settings", "users"):
        assert f"The export holds no {what}." in missing


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    def spared(name: str) -> bool:
        return name in PHONES

    report = audited(tmp_path, spared, policy())
    trunks = tmp_path / "export" / "trunkbasesettings.json"
    text = json.loads(trunks.read_text(encoding="utf-8"))
    for entity in text["entities"]:
        entity.get("properties", {}).pop("trunk_recording_consent_required", None)
    trunks.write_text(json.dumps(text), encoding="utf-8")
    done = run(Case(tmp_path, "export"))
    without = json.loads(done.text)
    named = [each["message"] for each in without["problems"] if each["code"] == "RX902"]
    assert len(named) > len([each for each in report["problems"] if each["code"] == "RX902"])
    assert any("trunk_recording_consent_required" in message for message in named)
    before, after = verdicts(report), verdicts(without)
    assert {key for key, word in after.items() if word == "proved" and before.get(key, "proved") != "proved"} == set()
