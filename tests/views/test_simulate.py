"""One call played step by step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from auditor.analysis.observations import Observer
from auditor.errors import UsageError
from auditor.report.runs import ending_text, opening_text, played_text
from auditor.report.words import UNASKED
from auditor.views.choosing import Question
from auditor.views.finding import case_over, ways_named
from auditor.views.options import Option
from auditor.views.replay import Replay
from auditor.views.simulate import Played, Simulation, check_names, not_known, simulation, worst
from tests.views.looking import CHEMNITZ, SAXONY, demo

ANALYSIS = demo().analysis
OBSERVER = Observer(ANALYSIS, ANALYSIS.stations)
QUESTION = "Einwilligung erfragen"


def of(
    begin: str, trunk: str | None, *given: tuple[str, str], ask: Callable[[Question], Option] | None = None
) -> Simulation:
    case = case_over(ANALYSIS, ways_named(ANALYSIS, begin)[0], trunk)
    return simulation(ANALYSIS, OBSERVER, case, given, ask)


def played(it: Simulation) -> tuple[list[Played], str]:
    steps = list(it.run())
    assert it.ending is not None
    return steps, ending_text(it.ending, 200)


def events(steps: list[Played]) -> list[str]:
    return [event for step in steps for event in step.events]


@pytest.mark.parametrize(
    ("answer", "said", "recorded"),
    [("1", "granted", True), ("2", "refused", False), ("none", "unanswered", False), ("granted", "granted", True)],
)
def test_what_the_caller_answers_decides(answer: str, said: str, recorded: bool) -> None:
    steps, end = played(of("+493515550110", SAXONY, (QUESTION, answer)))
    assert f"consent: {said}" in end
    assert ("The line recorded from step" in end) is recorded
    assert ("Nothing was recorded." in end) is not recorded
    assert steps[-1].step.state.place == "ended"


def test_why_the_line_records_is_said_at_the_step_at_which_it_begins() -> None:
    steps, _ = played(of("Kundenservice", SAXONY, (QUESTION, "1")))
    (step,) = [s for s in steps if any("line recording starts" in e for e in s.events)]
    assert "Enable Participant Recording has run" in step.events[0]
    assert "enables recording" in step.step.text
    steps, _ = played(of("Kundenservice", CHEMNITZ, (QUESTION, "2")))
    assert "does not wait for consent (gate off)" in steps[0].events[0]


def test_what_phones_do_is_said_when_they_answer() -> None:
    steps, end = played(of("manual:Hannes Roth", None))
    assert any("outbound calls are exempt from the consent gate" in e for e in events(steps))
    assert "Recorded by phone Tischtelefon Hannes Roth." in end
    steps, end = played(of("+493515550180", SAXONY))
    assert any("once the call is a conference" in e for e in events(steps))
    assert "As a conference it would be recorded by" in end
    steps, _ = played(of("+493515550180", CHEMNITZ))
    assert any("the trunk has no consent gate" in e for e in events(steps))


def test_what_a_queue_copies_is_said() -> None:
    steps, _ = played(of("Geschäftskunden", SAXONY, ask=first_likely))
    assert 'queue "Geschäftskunden": transcription on' in events(steps)


def test_closed_hours_are_chosen_by_a_word() -> None:
    steps, _ = played(of("Kundenservice", SAXONY, ("Kundenservice", "closed")))
    assert "closed hours" in steps[0].step.text
    assert any("voicemail" in s.step.text for s in steps)


def test_an_open_decision_without_anybody_to_ask_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as error:
        played(of("Kundenservice", SAXONY))
    assert QUESTION in error.value.message
    assert f'--answer "{QUESTION}=..."' in error.value.hint
    assert any(detail.startswith("1, granted: ") for detail in error.value.details)


def test_an_answer_that_cannot_be_given_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as error:
        played(of("English Service", SAXONY, ("Consent menu", "7")))
    assert '"7" is nothing that can happen here' in error.value.message
    assert any(detail.startswith("1, agree") for detail in error.value.details)


def first_likely(question: Question) -> Option:
    return next(option for option in question.options if option.likely)


def test_whoever_is_asked_decides_and_sees_the_unlikely_last() -> None:
    asked: list[Question] = []

    def ask(question: Question) -> Option:
        asked.append(question)
        return first_likely(question)

    played(of("Kundenservice", SAXONY, ask=ask))
    assert asked[0].what.startswith("a call comes in on route")
    assert QUESTION in [name for q in asked for name in q.names]
    assert all([o.likely for o in q.options] == sorted((o.likely for o in q.options), reverse=True) for q in asked)


def test_the_next_answer_is_for_the_next_time() -> None:
    it = of("Kundenservice", SAXONY, (QUESTION, "none"), (QUESTION, "1"))
    _, end = played(it)
    assert "consent: unanswered" in end  # the flow does not ask twice
    assert it.chooser.used == {QUESTION}


def test_a_transfer_fails_only_when_asked_to() -> None:
    given = ((QUESTION, "2"), ("Zum Kundenservice", "failure"))
    steps, _ = played(of("Kundenservice", SAXONY, *given))
    assert any("the transfer fails" in s.step.text for s in steps)
    steps, _ = played(of("Kundenservice", SAXONY, given[0]))
    assert not any("fails" in s.step.text for s in steps)


def test_an_agent_answers_after_the_in_queue_flow_was_heard_or_at_once_when_asked_to() -> None:
    steps, _ = played(of("Kundenservice", SAXONY, (QUESTION, "2")))
    heard = [s.step.text for s in steps]
    assert any('"Wartemusik" plays' in text for text in heard)
    again = of("English Service", SAXONY, ("Consent menu", "2"), ("English Desk", "answer"))
    texts = [s.step.text for s in played(again)[0]]
    assert 'waiting in queue "English Desk": an agent answers' in texts


def test_a_name_that_a_route_and_a_queue_share_is_for_the_one_that_it_fits() -> None:
    given = {"Kundenservice": ("open", "answer"), "queue:Kundenservice": ("answer",)}
    for name, value in [(name, value) for name, values in given.items() for value in values]:
        steps, _ = played(of("Kundenservice", SAXONY, (QUESTION, "2"), (name, value)))
        at_once = 'waiting in queue "Kundenservice": an agent answers' in [s.step.text for s in steps]
        assert at_once is (value == "answer")


def test_a_played_call_is_a_run() -> None:
    replays = Replay(ANALYSIS)
    for answer in ("1", "2", "none"):
        steps, _ = played(of("Kundenservice", SAXONY, (QUESTION, answer)))
        till = next(n for n, s in enumerate(steps) if s.step.text.endswith("an agent answers"))
        run = [s.step for s in steps[: till + 1]]
        last = replace(run[-1], text=run[-1].text.partition(":")[0])
        assert replays.end((*run[:-1], last)) is not None


def test_a_call_that_goes_round_in_circles_ends() -> None:
    steps, end = played(of("Kundenservice", SAXONY, (QUESTION, "2"), ("In-Queue Task", "goes on")))
    assert len(steps) < 100
    assert "End: " in end


def test_names_are_checked_beforehand() -> None:
    check_names(ANALYSIS, [QUESTION, "Consent menu", "English Desk", "+493515550110", f"Kundenservice/{QUESTION}"])
    with pytest.raises(UsageError) as error:
        check_names(ANALYSIS, ["Einwilligung erfragn", "nowhere at all"])
    assert 'did you mean "Einwilligung erfragen"?' in error.value.details[0]
    assert len(error.value.details) == 2


def test_what_is_not_known_counts_against_the_caller_and_is_said() -> None:
    case = case_over(ANALYSIS, ways_named(ANALYSIS, "internal calls")[0], None)
    assert any("A15" in words for words in not_known(OBSERVER, case))
    assert worst(case).internal
    known = case_over(ANALYSIS, ways_named(ANALYSIS, "Kundenservice")[0], SAXONY)
    assert not_known(OBSERVER, known) == ()


def test_text_fits_the_width() -> None:
    steps, end = played(of("Kundenservice", SAXONY, (QUESTION, "1")))
    text = "".join(played_text(step, UNASKED, 70) for step in steps)
    assert max(map(len, text.splitlines())) <= 70
    leg = demo().verdicts[0].leg
    opening = opening_text('call route "X"', leg, ("A", "B"), ("whether it rains",), 70)
    assert '"A", "B"' in opening
    assert "whether it rains" in " ".join(opening.split())
    assert end.startswith("\nEnd: ")
