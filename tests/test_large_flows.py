"""Work grows with the size of a flow, not with its paths or with the callers of a module: counted, not timed."""

from __future__ import annotations

from pathlib import Path

from auditor.analysis.analysis import Analysis
from auditor.audit import explore, find_questions
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.policy import Policy
from auditor.policy.options import AuditOptions
from tests.large_flows import callers, diamonds, module


def explored(folder: Path, **flows: str) -> Analysis:
    """The analysis of an export of these flows, every entry explored in every world."""
    for name, text in flows.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    program = Program(load([folder]))
    policy, options = Policy(), AuditOptions(read_assumptions(), read_vocabulary())
    analysis = explore(program, find_questions(program, policy, options.vocabulary), read_rules(), policy, options)
    for case in analysis.cases:
        for world in case.worlds:
            analysis.explored(case.way, world.regime)
    return analysis


def per_point(analysis: Analysis) -> float:
    """Situations visited for each program point and each regime that was explored."""
    return analysis.visits / (len(analysis.program.points) * len({w.regime for c in analysis.cases for w in c.worlds}))


def test_sixty_diamonds_cost_as_much_each_as_ten(tmp_path: Path) -> None:
    (tmp_path / "ten").mkdir()
    (tmp_path / "sixty").mkdir()
    ten, sixty = explored(tmp_path / "ten", flow=diamonds(10)), explored(tmp_path / "sixty", flow=diamonds(60))
    assert per_point(sixty) <= 1.1 * per_point(ten)
    assert per_point(sixty) <= 2


def test_a_module_is_analysed_once_for_four_hundred_callers(tmp_path: Path) -> None:
    visits = {}
    for count in (40, 80, 400):
        folder = tmp_path / str(count)
        folder.mkdir()
        visits[count] = explored(folder, flow=callers(count), module=module(100)).visits
    # Each caller costs what the one before it cost, and the module nothing more.
    assert visits[400] - visits[40] <= 1.05 * 9 * (visits[80] - visits[40])


def test_announcements_in_a_row_are_passed_over(tmp_path: Path) -> None:
    visits = {}
    for count in (10, 1000):
        folder = tmp_path / str(count)
        folder.mkdir()
        visits[count] = explored(folder, flow=callers(1), module=module(count)).visits
    assert visits[10] == visits[1000]
