"""Shortest runs from an entry to an object."""

from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.report.runs import paths_text
from auditor.views.finding import case_over, number_of, usual_ways, ways_named
from auditor.views.paths import Path, Paths
from auditor.views.replay import Replay
from auditor.views.targets import target_named
from tests.views.looking import CHEMNITZ, SAXONY, demo

ANALYSIS = demo().analysis


def found(begin: str | None, goal: str, most: int = 5) -> tuple[Path, ...]:
    ways = usual_ways(ANALYSIS) if begin is None else ways_named(ANALYSIS, begin)
    return Paths(ANALYSIS).find(ways, target_named(ANALYSIS, goal), most)


def ends(paths: tuple[Path, ...]) -> list[str]:
    return [path.steps[-1].text for path in paths]


def test_paths_to_a_queue_end_differently_first_and_are_sorted() -> None:
    paths = found("+493515550110", "queue:Kundenservice")
    assert {path.steps[-1].state.consent for path in paths[:3]} == {"unanswered", "granted", "refused"}
    assert [len(path.steps) for path in paths[:3]] == sorted(len(path.steps) for path in paths[:3])
    assert set(ends(paths)) == {'waiting in queue "Kundenservice"'}
    assert {leg.trunks for leg in paths[0].legs} == {(SAXONY,), (CHEMNITZ,)}


def test_no_more_paths_than_asked_for() -> None:
    assert len(found(None, "recording", 1)) == 1
    assert len(found(None, "recording", 3)) == 3


@pytest.mark.parametrize(
    ("begin", "goal", "text"),
    [
        ("Kundenservice", "Aufzeichnung aktivieren", '"Aufzeichnung aktivieren" enables recording'),
        ("Kundenservice", "Kundenservice/Aufzeichnung aktivieren", '"Aufzeichnung aktivieren" enables recording'),
        ("English Service", "menu:Consent menu", 'menu "Consent menu" in flow "English Service Line"'),
        ("Kundenservice", "user:Anna Blum", 'connected with queue "Kundenservice"'),
        ("+49 (351) 555-0180", "Teamleitung", 'connected with group "Teamleitung"'),
        ("tel:+493515550190", "phone:Pforte Dresden", 'connected with phone "Pforte Dresden"'),
        ("manual:Hannes Roth", "Tischtelefon Hannes Roth", 'connected with user "Hannes Roth"'),
        ("campaign:Zufriedenheit Netzkunden", "flow:Zufriedenheitsanruf", '"Vorstellung" plays'),
    ],
)
def test_anything_can_be_named(begin: str, goal: str, text: str) -> None:
    paths = found(begin, goal)
    assert paths
    assert text in paths[0].steps[-1].text


@pytest.mark.parametrize("goal", ["recording", "queue:Vertrag", "queue:Geschäftskunden"])
def test_paths_are_runs(goal: str) -> None:
    replays = Replay(ANALYSIS)
    paths = found(None, goal, 20)
    assert len(paths) > 1
    assert all(replays.end(path.steps) == path.steps[-1].state for path in paths)


def test_the_start_of_a_recording_can_be_asked_for_by_trunk() -> None:
    everywhere = found("Kundenservice", "recording", 50)
    over = found("Kundenservice", SAXONY, 50)
    assert {leg.trunks for path in over for leg in path.legs} == {(SAXONY,)}
    assert {leg.trunks for path in everywhere for leg in path.legs} == {(SAXONY,), (CHEMNITZ,)}
    assert all(path.steps[-1].state.enabled for path in over)
    assert all(text.endswith("line recording starts") for text in ends(everywhere))


def test_what_cannot_be_reached_has_no_path() -> None:
    assert found("Kundenservice", "queue:Forderung") == ()
    text = paths_text((), '"Forderung" (queue)', 80, doubt=True)
    assert text.startswith('No run leads to "Forderung" (queue).\nNot everything on the way was understood')


@pytest.mark.parametrize(
    ("begin", "goal", "near"),
    [
        ("Kundenservise", "recording", 'did you mean "Kundenservice"?'),
        ("+493515550111", "recording", "did you mean"),
        ("Kundenservice", "Aufzeichnung aktiviren", 'did you mean "Aufzeichnung aktivieren"?'),
        ("Kundenservice", "recordng", 'did you mean "recording"?'),
        ("campaign:Kundenservice", "recording", "No call begins"),
        ("Kundenservice", "user:Kundenservice", "Nothing is called"),
    ],
)
def test_unknown_names_are_usage_errors_with_a_suggestion(begin: str, goal: str, near: str) -> None:
    with pytest.raises(UsageError) as error:
        found(begin, goal)
    assert near in error.value.message


def test_a_leg_is_chosen_by_its_trunk() -> None:
    (way, *_) = ways_named(ANALYSIS, "Kundenservice")
    assert case_over(ANALYSIS, way, SAXONY.upper()) is not case_over(ANALYSIS, way, CHEMNITZ)
    with pytest.raises(UsageError, match="did you mean"):
        case_over(ANALYSIS, way, "SIP Telko Sachse")


@pytest.mark.parametrize("text", ["+49 351 5555", "tel:+493515555", "+49 (351) 55-55", "+49.351.5555"])
def test_numbers_are_compared_without_their_form(text: str) -> None:
    assert number_of(text) == "+493515555"


def test_the_text_numbers_paths_and_steps() -> None:
    paths = found("Kundenservice", "Aufzeichnung aktivieren", 2)
    lines = paths_text(paths, '"Aufzeichnung aktivieren" (action)', 90, doubt=False).splitlines()
    assert lines[0].startswith('1. call route "Kundenservice", ')
    assert max(map(len, lines)) <= 90
    assert lines[-1].startswith(f"{len(paths)} path")
