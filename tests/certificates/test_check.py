"""What the checker tests, one thing at a time."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from auditor.certificates import check
from auditor.certificates.certify import certify
from auditor.certificates.check import fault
from auditor.certificates.form import Certificate
from auditor.cli.main import app
from auditor.findings import VerdictWord
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import ContainerKind, FlowType
from auditor.model.organisation import Organisation
from tests.cases import Case, cases
from tests.certificates.grounds import Audited, audited, demo
from tests.certificates.mutations import certificate_of, tree_of
from tests.oracle import build as b
from tests.oracle.generate import Sample
from tests.oracle.hand import ASK, org

EVERY = 1 if os.environ.get("AUDITOR_PROPERTIES") == "full" else 20
PROVED = re.compile(r'"verdict": "proved"')
TAKEN = ("--policy", "--rules", "--candidate", "--substitutions")


def judged(organisation: Organisation, mode: str = "opt_in") -> Audited:
    return audited(Sample(organisation, (ASK,), mode))


AGREED = b.decide("Agreed", b.equals("Task.Answer", "1"), (b.enable(),))
QUESTION = b.collect("Ask", (AGREED,), into="Task.Answer")
UNASKED = b.flow("F", b.task("Main", b.enable(), b.to_queue("To Q"), b.disconnect("End")))
SILENT = b.flow("F", b.task("Main", b.to_queue("To Q"), b.disconnect("End")))


def asking() -> Organisation:
    """A flow that asks, enables after a yes, and goes to the queue."""
    return org(b.flow("F", b.task("Main", QUESTION, b.to_queue("To Q"), b.disconnect("End"))))


def only(found: Audited) -> Certificate:
    [each] = [each for each in found.certified if each.verdict.entry.kind == "route"]
    assert each.certificate is not None and not each.fault
    return each.certificate


def said(certificate: Certificate, found: Audited) -> str:
    why = fault(certificate, found.ground)
    assert why is not None
    return why


def test_the_checker_is_short() -> None:
    assert Path(check.__file__).read_text(encoding="utf-8").count("\n") <= 150


def test_a_certificate_holds_for_what_it_was_made_of() -> None:
    found = judged(asking())
    assert fault(only(found), found.ground) is None


def test_initiation_the_beginning_of_the_call_must_be_in_the_set() -> None:
    found = judged(asking())
    tree = tree_of(only(found))
    start = len([label for form in tree["points"] for label in form["points"]]) + tree["places"].index(["start"])
    contexts = tree["invariants"][0]["contexts"]
    tree["invariants"][0]["contexts"] = [each for each in contexts if each["place"] != start]
    assert said(certificate_of(tree), found).startswith("initiation: the situation in which a call begins")


def test_closure_names_the_place_at_which_it_fails() -> None:
    found = judged(asking())
    tree = tree_of(only(found))
    context = next(each for each in tree["invariants"][0]["contexts"] if len(each["situations"]) > 5)
    entered = [[context["state"]], [context["place"], context["place"]]]
    context["situations"] = [entered]
    assert said(certificate_of(tree), found).startswith("closure: F / Main / Ask#0 leads out of it (")


@pytest.mark.parametrize(
    ("organisation", "rule"),
    [
        (org(UNASKED), "RC102 enabled-unasked"),
        (org(SILENT, trunks=(b.trunk(gate=False),)), "RC101"),
        (org(SILENT, recording=True), "RC112"),
    ],
)
def test_safety_names_the_rule_that_is_broken(organisation: Organisation, rule: str) -> None:
    faults = [each.fault for each in judged(organisation).claimed if each.verdict.entry.kind == "route"]
    assert faults and all(each.startswith(f"safety: {rule}") for each in faults)


def test_safety_goes_by_the_mode() -> None:
    found = judged(org(UNASKED), "none")
    assert fault(only(found), found.ground) is None
    opt_in = judged(org(UNASKED), "opt_in")
    assert said(only(found), opt_in) == "claim: the mode of these calls is opt_in"


def test_what_is_not_understood_is_not_safe() -> None:
    """Control falls off the end of a task that nobody called."""
    found = judged(org(b.flow("F", b.task("Main", b.play("Hello")))))
    [route] = [each for each in found.claimed if each.verdict.entry.kind == "route"]
    assert route.fault.startswith("safety: not understood: control falls off the end")


def test_every_value_of_an_unset_setting_must_be_covered() -> None:
    unset = judged(org(*asking().flows, trunks=(b.trunk(line=None, gate=True),)))
    tree = tree_of(only(unset))
    assert [len(each["regimes"]) for each in tree["invariants"]] == [2]
    tree["invariants"][0]["regimes"] = tree["invariants"][0]["regimes"][:1]
    assert said(certificate_of(tree), unset).startswith("claim: it does not cover what unset settings")


def counting() -> Organisation:
    """A flow that counts further than the search follows, and then asks."""
    count = b.assign("Count", "Flow.N", Apply("+", (Variable("Flow.N"), Literal(1, "int"))))
    enough = b.decide("Enough", Apply(">", (Variable("Flow.N"), Literal(40, "int"))), (), (b.jump("Again", "Main"),))
    task = b.task("Main", count, enough, QUESTION, b.to_queue("To Q"), b.disconnect("End"))
    return org(b.flow("F", task, variables=(b.variable("Flow.N", "integer", Literal(0, "int")),)))


def test_values_that_the_search_gives_up_are_covered_by_situations_that_know_less() -> None:
    found = judged(counting())
    certificate = only(found)
    known = {value for held in certificate.values for value in held.values}
    assert ("num", "7") in known and ("num", "40") not in known
    tree = tree_of(certificate)
    vague = [row for row, state in enumerate(tree["states"]) if not state.get("env") and state["place"] == "flow"]
    for context in tree["invariants"][0]["contexts"]:
        context["situations"] = [row for row in context["situations"] if row[0][0] not in vague]
    assert said(certificate_of(tree), found)


def test_own_rules_on_all_calls_together_have_no_certificate() -> None:
    found = judged(asking())
    rule = next(rule for rule in found.ground.rules if rule.code == "RC102")
    found.ground.rules = (*found.ground.rules, replace(rule, code="RC901", observations=("entry-summary",)))
    found.ground.about_all = ("RC901",)
    assert said(only(judged(asking())), found) == "safety: RC901 judges all calls together"


def test_verdicts_that_are_not_proved_are_passed_over() -> None:
    found = audited(Sample(asking(), (ASK,)))
    words = [each.verdict.verdict for each in certify(found.ground, found.verdicts)]
    assert words and set(words) == {VerdictWord.PROVED}


def with_proved() -> list[Case]:
    found = [case for case in cases() if PROVED.search(case.expected.read_text(encoding="utf-8"))]
    assert len(found) > 50
    return found[::EVERY]


@pytest.mark.parametrize("case", with_proved(), ids=lambda case: case.name)
def test_every_proved_verdict_of_the_cases_has_a_certificate_that_holds(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    shutil.copytree(case.folder, tmp_path / "case")
    monkeypatch.chdir(tmp_path / "case")
    proved = len(PROVED.findall(case.expected.read_text(encoding="utf-8")))
    folder = tmp_path / "certificates"
    audit = CliRunner().invoke(app, ["audit", case.export, "--certificates", str(folder), *case.args])
    assert audit.exit_code != 3 and "no certificate" not in audit.output
    assert len(list(folder.iterdir())) == proved
    pairs = zip(case.args, case.args[1:], strict=False)
    options = [word for pair in pairs if pair[0] in TAKEN for word in pair]
    result = CliRunner().invoke(app, ["verify-certificate", str(folder), case.export, *options, "--quiet"])
    assert result.output.startswith(f"{proved} of {proved} certificate"), result.output
    assert result.exit_code == 0


def test_a_task_that_starts_over_is_no_end() -> None:
    """In-queue flows go round: the set is finite all the same."""
    wait = b.task("Wait", b.play("Music"), kind=ContainerKind.LOOP_TASK)
    waiting = b.flow("W", wait, type=FlowType.IN_QUEUE_CALL)
    found = judged(org(*asking().flows, waiting, in_queue="W"))
    assert fault(only(found), found.ground) is None


def test_the_demonstration_has_many() -> None:
    assert len(demo().certificates) == 18
