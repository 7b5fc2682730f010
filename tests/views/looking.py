"""Exports loaded, explored and judged for tests of views; the demonstration organisation only once."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from auditor.audit import find_questions, judge
from auditor.cli.pipeline import Prepared, prepare
from auditor.cli.policy import policy_for
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.policy.effective import effective_rules
from auditor.policy.judgement import Judgement
from auditor.views.inventory import Inventory, inventory

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
DEMO = FIXTURES / "demo" / "organisation"
TODAY = date(2030, 1, 1)
SAXONY, CHEMNITZ = "SIP Telko Sachsen", "SIP Altanschluss Chemnitz"


@cache
def shipped() -> Prepared:
    """Rules and tables as they are without a policy file; read once."""
    return prepare([FIXTURES / "cases"], None, TODAY)


def judged(folder: Path) -> Judgement:
    """The judgement under the policy beside the export."""
    policy = policy_for([folder], None)
    options = shipped().options if not policy.vocabulary else prepare([folder], None, TODAY).options
    program = Program(load([folder]))
    questions = find_questions(program, policy, options.vocabulary)
    return judge(program, questions, effective_rules(shipped().rules, policy), policy, options)


@cache
def demo() -> Judgement:
    """The demonstration organisation, judged."""
    return judged(DEMO)


@cache
def demo_inventory() -> Inventory:
    """The inventory of the demonstration organisation under the default assumptions."""
    program = Program(load([DEMO]))
    questions = find_questions(program, policy_for([DEMO], None), shipped().options.vocabulary)
    return inventory(program, questions.points, {a.id: a.default for a in shipped().options.assumptions})


def exports() -> list[Path]:
    """Every export among the fixtures."""
    groups = ("cases", "consent-design")
    return [DEMO, *sorted(path for group in groups for path in (FIXTURES / group).glob("*/export"))]
