"""Consent points that words tell: menus, collect input and the questions of bot flows; announcements."""

from __future__ import annotations

import pytest

from auditor.analysis.consent import Answer, PlaceKey, PointKind
from auditor.analysis.points import announcements
from auditor.analysis.points_scene import Scene
from auditor.graph.program import Program
from auditor.model.confidence import Confidence
from auditor.model.organisation import Organisation
from auditor.model.sites import action_sites
from tests.analysis.flows_in_words import (
    VOCABULARY,
    Yaml,
    act,
    actions_flow,
    ask,
    choice,
    flow,
    found,
    heard,
    menu,
    only,
    outcomes,
    prompt,
    say,
    terms,
)

CONSENT = "Do you agree that this call is recorded? Press 1 for yes, press 2 for no."
OBJECTION = "This call will be recorded. If you do not want to be recorded, press 9."


def test_collect_input_by_its_words() -> None:
    point = only(actions_flow(ask(CONSENT)))
    assert (point.kind, point.name, point.confidence) == (PointKind.COLLECT_INPUT, "Ask", Confidence.MEDIUM)
    assert (terms(point), point.question) == ((("1",), None), CONSENT)
    assert "agree" in point.reason
    assert outcomes(point) == {
        "caller enters 1": Answer.GRANTED,
        "caller enters 2": Answer.REFUSED,
        "caller enters something else": Answer.REFUSED,
        "no input or a wrong key (failure)": Answer.UNANSWERED,
    }


def test_opt_out_question_refuses_by_one_key_only() -> None:
    point = only(actions_flow(ask(OBJECTION)))
    assert terms(point) == (None, ("9",))
    assert outcomes(point)["caller enters something else"] is Answer.GRANTED


def two_keys(words: str) -> Yaml:
    question = ask(words)
    question["collectInput"]["digits"] = {"exact": "2"}
    return question


def test_two_keys_are_one_answer() -> None:
    point = only(actions_flow(two_keys("Calls are recorded. If you do not want that, press star 5.")))
    assert terms(point) == (None, ("*5",))
    assert outcomes(point)["caller enters *5"] is Answer.REFUSED


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(ask("Calls are recorded. If you do not want that, press star 5."), id="one key is taken"),
        pytest.param(two_keys("Calls are recorded. If you do not want that, press pound 9."), id="hash ends the input"),
        pytest.param(two_keys("Calls are recorded. If you do not want that, press #9."), id="hash or number"),
    ],
)
def test_two_keys_that_cannot_be_entered_leave_the_answer_open(question: Yaml) -> None:
    result = found(actions_flow(question))
    assert (result.points, len(result.candidates)) == ((), 1)


def test_a_number_sign_beside_the_key_that_refuses_names_a_number() -> None:
    point = only(actions_flow(ask("Do you agree that this call is recorded? Press #1 for yes, 2 for no.")))
    assert (outcomes(point)["caller enters 1"], outcomes(point)["caller enters 2"]) == (Answer.GRANTED, Answer.REFUSED)


def test_two_keys_are_no_choice_of_a_menu() -> None:
    words = "Calls are recorded. If you do not want that, press star 5."
    result = found(flow(menu("Main", words, choice("menuDisconnect", "Star", "star"))))
    assert (result.points, len(result.candidates)) == ((), 1)


@pytest.mark.parametrize(
    "words",
    [
        "Please enter your account number followed by the pound key.",
        "Für Deutsch drücken Sie die 1. For English press 2.",
        "How satisfied are you with this call? Press 1 for very satisfied, 5 for not at all.",
        "This call may be recorded for quality. For sales press 1, for support press 2.",
        "Would you like to take part in a survey? Press 1 for yes.",
        "Do you accept our terms and conditions? Press 1 for yes and 2 for no.",
        "You entered 4711. Is that correct? Press 1 for yes, 2 for no.",
        "If you agree to receive text messages press 1.",
        "To agree to the new tariff press 1, to refuse press 2.",
        "For sales say yes or press 1.",
        "Press 1 to continue.",
    ],
)
def test_other_questions_are_none_whatever_their_names_say(words: str) -> None:
    result = found(actions_flow(ask(words, "Ask recording consent")))
    assert (result.points, result.candidates) == ((), ())


@pytest.mark.parametrize(
    ("words", "granting"),
    [
        ("Press 1 for yes and 2 for no.", ("1",)),
        ("Press 1 if you agree, 2 if you do not.", ("1",)),
        ("Drücken Sie 3 für ja, 4 für nein.", ("3",)),
    ],
)
def test_a_question_without_a_subject_is_about_what_its_name_says(words: str, granting: tuple[str, ...]) -> None:
    point = only(actions_flow(ask(words, "Ask recording consent")))
    assert (point.confidence, point.granting) == (Confidence.MEDIUM, granting)
    assert "Ask recording consent" in point.reason
    assert not found(actions_flow(ask(words, "Ask"))).points
    assert not found(actions_flow(ask(words, "Recording opt-out"))).points


def test_words_played_before_belong_to_the_question() -> None:
    before = say("Do you agree that this call is recorded?")
    point = only(actions_flow(before, act("setParticipantData", "Note"), ask("Press 1 for yes or 2 for no.")))
    assert terms(point) == (("1",), None)
    assert point.question == "Do you agree that this call is recorded? Press 1 for yes or 2 for no."
    assert [p.granting for p in found(actions_flow(say(CONSENT), ask())).points] == [("1",)]


@pytest.mark.parametrize(
    "between", [act("flushAudio", "Flush"), act("disconnect", "Stop"), act("callTask", "Go", {"Done": []})]
)
def test_what_is_heard_earlier_does_not(between: Yaml) -> None:
    result = found(actions_flow(say("Do you agree that this call is recorded?"), between, ask("Press 1 or 2.")))
    assert (result.points, result.candidates) == ((), ())


@pytest.mark.parametrize("between", [act("flushAudio", "Flush"), act("callTask", "Go", {"Done": []})])
def test_a_question_without_a_subject_may_ask_for_what_was_said_earlier(between: Yaml) -> None:
    before = say("We would like to record this call.")
    result = found(actions_flow(before, between, ask("Press 1 if you agree, 2 if you do not.")))
    assert (result.points, len(result.candidates)) == ((), 1)
    other = found(actions_flow(before, between, ask("Do you accept our terms? Press 1 for yes, 2 for no.")))
    assert (other.points, other.candidates) == ((), ())


def test_announcement_before_another_question_makes_no_point() -> None:
    notice = say("This call may be recorded.")
    assert found(actions_flow(notice, ask("Press 1 if you are a new customer."))).points == ()
    assert found(actions_flow(notice, ask("Please enter your account number."))).points == ()


def test_question_of_unknown_words_is_a_candidate() -> None:
    asked = [ask("{Flow.Prompt}"), ask("Prompt.Missing", "Two"), ask("", "Three"), ask("Ako sa máte dnes?", "Four")]
    result = found(actions_flow(*asked))
    assert result.points == ()
    assert [key.number for key in result.candidates] == [0, 1, 2, 3]


def test_prompt_in_several_languages() -> None:
    german = "Dürfen wir das Gespräch aufzeichnen? Drücken Sie die 1 für ja."
    point = only(actions_flow(ask("Prompt.Q")), prompts=[prompt("Q", de_de=german, en_us=CONSENT)])
    assert terms(point) == (("1",), None)


def test_flows_without_voice_ask_no_callers() -> None:
    assert (
        found(flow({"task": {"name": "M", "refId": "M", "actions": [ask(CONSENT)]}}, kind="inboundEmail")).points == ()
    )


YES, NO = choice("menuDisconnect", "Yes", "1"), choice("menuDisconnect", "No", "2")


def test_menu_by_the_keys_of_its_words() -> None:
    again = choice("menuRepeatMenu", "Again", "9")
    sales = choice("menuDisconnect", "Sales", "5")
    point = only(flow(menu("Consent", CONSENT, YES, NO, sales, again)))
    assert (point.kind, point.place, terms(point)) == (PointKind.MENU, PlaceKey(0, "Consent", None), (("1",), None))
    assert outcomes(point) == {
        "caller presses 1": Answer.GRANTED,
        "caller presses 2": Answer.REFUSED,
        "caller presses 5": Answer.REFUSED,
        "no input or no match": Answer.UNANSWERED,
    }
    assert point.ignored == ("choice Again 9",)


def test_each_key_of_a_menu_has_its_reason() -> None:
    point = only(flow(menu("Consent", CONSENT, YES, NO)))
    reasons = {o.text: o.reason for o in point.outcomes}
    assert reasons["caller presses 1"] == 'key 1 means yes: "1 for yes"'
    assert reasons["caller presses 2"] == 'key 2 means no: "2 for no"'


def test_menu_answered_by_speech() -> None:
    spoken = [choice("menuDisconnect", "A", terms=["yes", "sure"]), choice("menuDisconnect", "B", terms=["no"])]
    assert terms(only(flow(menu("Consent", "May we record this call? Say yes or no.", *spoken)))) == (("A",), None)
    assert terms(only(flow(menu("Consent", "Do you object to recording? Say yes or no.", *spoken)))) == (("B",), None)


def test_menu_of_unknown_words_with_clear_names() -> None:
    point = only(flow(menu("Recording consent", "Prompt.X", YES, NO)))
    assert (terms(point), point.confidence) == ((("1",), None), Confidence.MEDIUM)
    assert "Recording consent" in point.reason
    vague = found(flow(menu("Main menu", "Prompt.X", YES, NO)))
    assert (vague.points, len(vague.candidates)) == ((), 1)
    nameless = found(flow(menu("Recording consent", "Prompt.X", choice("menuDisconnect", "First", "1"))))
    assert (nameless.points, len(nameless.candidates)) == ((), 1)


def test_default_and_global_choices_in_words() -> None:
    elsewhere = menu("Other", "For the operator press 0.", choice("menuDisconnect", "Op", "0", globalDtmf=True))
    consent = menu("Consent", CONSENT, YES, NO)
    consent["menu"]["defaultChildMenuRef"] = "choice No 2"
    point = only(flow(consent, elsewhere))
    by_text = {o.text: o for o in point.outcomes}
    assert by_text["no input or no match"].reason == 'the default choice "No" is fallen into, not chosen'
    pressed = next(o for text, o in by_text.items() if "works in every menu" in text)
    assert (pressed.text.split(" (")[0], pressed.answer) == ("caller presses 0", Answer.REFUSED)


def bot_flow(*actions: Yaml) -> Yaml:
    return {"task": {"name": "Bot", "refId": "Bot", "actions": list(actions)}}


def question(kind: str, words: str, name: str = "Q", outputs: tuple[str, ...] = (), **fields: object) -> Yaml:
    return act(kind, name, {key: [] for key in outputs}, question=heard(words), **fields)


BOOLEAN = ("yes", "no", "maxNoInputs", "maxNoMatches")


@pytest.mark.parametrize(
    ("words", "granting"),
    [("Do you agree that we record this call?", "yes"), ("Do you object to the recording of this call?", "no")],
)
def test_yes_or_no_in_a_bot_flow(words: str, granting: str) -> None:
    point = only(flow(bot_flow(question("askForBoolean", words, outputs=BOOLEAN)), kind="bot"))
    assert (point.kind, terms(point)) == (PointKind.ASK, ((granting,), None))
    assert outcomes(point)[f'answer "{granting.capitalize()}"'] is Answer.GRANTED
    assert outcomes(point)["the caller says nothing"] is Answer.UNANSWERED


def test_other_and_unknown_questions_of_a_bot_flow() -> None:
    other = flow(bot_flow(question("askForBoolean", "Do you need a taxi?", "Recording consent", BOOLEAN)), kind="bot")
    assert (found(other).points, found(other).candidates) == ((), ())
    named = flow(bot_flow(question("askForBoolean", "{Flow.Q}", "Recording opt-out", BOOLEAN)), kind="bot")
    assert terms(only(named)) == (("no",), None)


def test_announcements_wherever_they_are_heard() -> None:
    notice = "This call is recorded for training."
    main = flow(
        {
            "task": {
                "name": "T",
                "refId": "T",
                "actions": [say("Welcome."), say(notice, "Notice"), ask(CONSENT), ask("Enter 1.", "No")],
            }
        },
        menu("M", notice, YES),
        menu("Plain", "For sales press 1.", YES),
        initialGreeting={"tts": notice},
    )
    places = announcements(Scene(Program(Organisation(flows=(flow(menu("X", "Hello.", YES)), main))), VOCABULARY))
    names = {site.number: site.action.name for site in action_sites(main)}
    assert {(key.flow, key.container, names.get(key.number or -1)) for key in places} == {
        (1, "", None),
        (1, "M", None),
        (1, "T", "Notice"),
        (1, "T", "Ask"),
    }
