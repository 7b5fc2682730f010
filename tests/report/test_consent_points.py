"""Consent points as a table and as entries of the policy file."""

from __future__ import annotations

import tomllib

from msgspec.structs import replace

from auditor.analysis.consent import Answer
from auditor.analysis.points import consent_points
from auditor.analysis.points_scene import Scene
from auditor.analysis.points_structure import structural_points
from auditor.graph.program import Program
from auditor.model.confidence import Confidence
from auditor.model.flows import Flow, Task
from auditor.model.organisation import Organisation
from auditor.model.policy import Declaration
from auditor.report.consent_points import found_points, to_table, to_toml
from tests.analysis.flows_in_words import (
    VOCABULARY,
    act,
    actions_flow,
    ask,
    choice,
    decide,
    enable,
    flow,
    menu,
)

CONSENT = "Do you agree that this call is recorded? Press 1 for yes, press 2 for no."
LOOKUP = act("getExternalContact", "Recording consent", {"found": [], "notFound": []})
MENU = menu("Ask", CONSENT, choice("menuDisconnect", "Yes", "1"), choice("menuDisconnect", "No", "2"))


def organisation(*flows: Flow) -> Organisation:
    return Organisation(flows=flows)


MIXED = organisation(
    actions_flow(ask(CONSENT), LOOKUP, name="First"),
    flow(MENU, name="Second"),
    actions_flow(ask("{Flow.X}", "Guess"), decide('Flow.Digit == "1"', [enable()]), name="Third"),
)
FOUND = consent_points(Scene(Program(MIXED), VOCABULARY), ())
POINTS = (*FOUND.points, *structural_points(Program(MIXED), FOUND.candidates, FOUND.points))


def declarations(text: str) -> list[Declaration]:
    return [
        Declaration(
            row["flow"],
            row["action"],
            tuple(row["granting"]) if "granting" in row else None,
            tuple(row["refusing"]) if "refusing" in row else None,
        )
        for row in tomllib.loads(text)["consent_point"]
    ]


def test_pasted_entries_pin_the_same_points() -> None:
    pinned = consent_points(Scene(Program(MIXED), VOCABULARY), declarations(to_toml(POINTS, MIXED)))
    assert pinned.mistakes == ()
    assert [(p.place, p.kind, p.granting, p.refusing, p.ignored) for p in pinned.points] == [
        (p.place, p.kind, p.granting, p.refusing, p.ignored) for p in FOUND.points
    ]
    assert {p.confidence for p in pinned.points} == {Confidence.HIGH}
    assert pinned.candidates == FOUND.candidates


def test_low_confidence_is_commented_out() -> None:
    text = to_toml(POINTS, MIXED)
    assert 'action = "Guess"' in text
    assert "Guess" not in [d.action for d in declarations(text)]
    assert f"# question: {CONSENT}" in text


def test_ids_stand_in_where_names_fit_several() -> None:
    actions = [ask(CONSENT), ask("Enter a number.")]
    alike = actions_flow(*actions)
    (task,) = alike.containers
    assert isinstance(task, Task)
    numbered = replace(task, block=tuple(replace(a, tracking_id=str(10 + i)) for i, a in enumerate(task.block)))
    twins = organisation(replace(alike, id="a-1", containers=(numbered,)), replace(alike, id="a-2", containers=()))
    points = consent_points(Scene(Program(twins), VOCABULARY), ()).points
    (found,) = found_points(points, twins)
    assert (found.flow, found.action) == ("a-1", "10")
    pinned = consent_points(Scene(Program(twins), VOCABULARY), declarations(to_toml(points, twins)))
    assert (pinned.mistakes, [p.place for p in pinned.points]) == ((), [p.place for p in points])


def test_table_shows_every_outcome_with_its_class() -> None:
    text = to_table(POINTS, MIXED, 300)
    for point in POINTS:
        assert f'"{point.name}"' in text
        for outcome in point.outcomes:
            rows = [line.split() for line in text.splitlines() if line.strip().startswith(outcome.text + "  ")]
            assert outcome.answer.value in [row[len(outcome.text.split())] for row in rows]
    assert {a.value for a in Answer} <= set(text.split())
    assert "First.yaml:1" in text
    assert text.endswith("4 consent points\n")


def test_table_fits_its_width_and_shows_hostile_text_harmlessly() -> None:
    assert max(len(line) for line in to_table(POINTS, MIXED, 60).splitlines()) <= 60
    bad = replace(POINTS[0], name="a\x1b[2J\u202e", question="b\x9b", reason="c\x07")
    assert not set("\x1b\x9b\x07\u202e") & set(to_table([bad], MIXED))


def test_nothing_found_says_how_to_declare() -> None:
    assert "[[consent_point]]" in to_table((), MIXED)
    assert "[[consent_point]]" in to_toml((), MIXED)
