"""Bot calls as consent points, and what the policy file declares."""

from __future__ import annotations

import pytest

from auditor.analysis.consent import Answer, PointKind
from auditor.model.confidence import Confidence
from auditor.model.policy import Declaration
from tests.analysis.flows_in_words import (
    Yaml,
    act,
    actions_flow,
    ask,
    choice,
    decide,
    flow,
    found,
    heard,
    menu,
    only,
    outcomes,
    say,
    terms,
)


def lex(*intents: str, name: str = "Ask", bot: str = "Bot", words: str = "") -> Yaml:
    """A Lex V2 bot with these intents and a failure."""
    fields: Yaml = {"lexV2Bot": {bot: {"ver_1": {}}}}
    if words:
        fields["inputAudio"] = heard(words)
    return act("callLexV2Bot", name, {intent: [] for intent in (*intents, "failure")}, **fields)


QUESTION = "Do you agree that this call is recorded?"


@pytest.mark.parametrize(
    "actions",
    [
        [lex("Yes", "No", name="Ask recording consent")],
        [lex("Yes", "No", bot="RecordingConsentBot")],
        [lex("AgreeToRecording", "Other")],
        [lex("Yes", "Other", words=QUESTION)],
        [say(QUESTION), lex("Yes", "No")],
    ],
    ids=["name of the action", "name of the bot", "intent", "words", "words before"],
)
def test_bot_by_names_and_words(actions: list[Yaml]) -> None:
    point = only(actions_flow(*actions))
    granting = "AgreeToRecording" if "Agree" in str(actions[0]) else "Yes"
    assert (point.kind, point.confidence, terms(point)) == (PointKind.BOT, Confidence.MEDIUM, ((granting,), None))
    assert outcomes(point)[f"intent {granting}"] is Answer.GRANTED
    assert outcomes(point)["it fails"] is Answer.UNANSWERED
    assert set(outcomes(point).values()) == set(Answer)


def test_what_the_policy_does_not_name_is_any_other_answer() -> None:
    point = only(actions_flow(lex("Yes", "No")), declared=[Declaration("Main", "Ask", ("Yes",), None)])
    assert {o.text: o.reason for o in point.outcomes}["intent No"] == "any answer but Yes"


def test_a_bot_without_outputs_has_the_intents_that_the_policy_names() -> None:
    bare = act("callBotFlow", "Bot", botFlow={"Consent bot": {"ver_1": {}}})
    point = only(actions_flow(bare), declared=[Declaration("Main", "Bot", ("Yes",), None)])
    first, *others = point.outcomes
    assert (first.text, first.answer, first.reason) == ("intent Yes", Answer.GRANTED, "declared in the policy file")
    assert [o.text for o in others] == ["any other intent", "no intent"]


def test_the_question_of_a_bot_is_shown() -> None:
    assert only(actions_flow(lex("Yes", "No", words=QUESTION))).question == QUESTION
    assert only(actions_flow(say(QUESTION), lex("Yes", "No"))).question == QUESTION


def test_welcome_before_a_bot_does_not_speak_for_it() -> None:
    assert terms(only(actions_flow(say("Welcome."), lex("Yes", "No", bot="Recording consent")))) == (("Yes",), None)


def test_bots_for_other_things() -> None:
    result = found(actions_flow(lex("Yes", "No", name="Order status")))
    assert (result.points, len(result.candidates)) == ((), 1)
    asked = found(actions_flow(lex("Yes", "No", name="Recording consent", words="How can I help you?")))
    assert (asked.points, asked.candidates) == ((), ())
    downloads = found(actions_flow(lex("GetCallRecordings", "Other")))
    assert (downloads.points, len(downloads.candidates)) == ((), 1)


def bot_call(bot: str, slot: str = "", intent: str = "") -> Yaml:
    outputs: Yaml = {slot: {"var": "Flow.Slot"}} if slot else {}
    fields: Yaml = {"intent": {"var": intent}} if intent else {}
    return act("callBotFlow", "Ask", botFlow={bot: {"ver_1": {"outputs": outputs}}}, **fields)


def test_bot_flow_outside_the_export_by_its_slot_or_intent() -> None:
    slot = only(actions_flow(bot_call("Recording consent", slot="answer"), decide('Flow.Slot == "yes"')))
    assert terms(slot) == (("Flow.Slot=yes",), None)
    intent = only(actions_flow(bot_call("Recording consent", intent="Flow.Intent"), decide('Flow.Intent == "Agree"')))
    assert terms(intent) == (("Agree",), None)
    assert outcomes(intent) == {
        "intent Agree": Answer.GRANTED,
        "any other intent": Answer.REFUSED,
        "no intent": Answer.UNANSWERED,
    }


def bot_flow(words: str, name: str = "Recording consent") -> Yaml:
    boolean = act("askForBoolean", "Inner", {k: [] for k in ("yes", "no", "maxNoInputs")}, question=heard(words))
    return {"task": {"name": "Bot", "refId": "Bot", "actions": [boolean]}}


def test_question_inside_an_exported_bot_flow_stands_for_the_call() -> None:
    main = actions_flow(bot_call("Recording consent", slot="answer"), decide('Flow.Slot == "yes"'))
    asking = flow(bot_flow(QUESTION), kind="bot", name="Recording consent")
    assert [p.kind for p in found(main, asking).points] == [PointKind.ASK]
    taxi = flow(bot_flow("Do you need a taxi?"), kind="bot", name="Recording consent")
    assert found(main, taxi).points == ()
    unknown = flow(bot_flow("{Flow.Q}"), kind="bot", name="Recording consent")
    assert [p.kind for p in found(main, unknown).points] == [PointKind.BOT]
    declared = [Declaration("Recording consent", "Inner", ("yes",), None)]
    assert [p.kind for p in found(main, unknown, declared=declared).points] == [PointKind.ASK]


def test_question_of_a_bot_flow_by_the_names_of_its_outputs() -> None:
    asked = act("askForIntent", "Inner", {k: [] for k in ("I agree", "I do not agree", "maxNoInputs")},
                question=heard(QUESTION))  # fmt: skip
    point = only(flow({"task": {"name": "Bot", "refId": "Bot", "actions": [asked]}}, kind="bot"))
    assert (point.kind, terms(point)) == (PointKind.ASK, (("I agree",), None))


def test_slot_of_a_bot_flow_by_the_values_it_is_compared_with() -> None:
    slot = act("askForSlot", "Inner", {"default": [], "maxNoInputs": []}, slot={"name": "Answer"},
               question=heard(QUESTION))  # fmt: skip
    task = {"task": {"name": "Bot", "refId": "Bot", "actions": [slot, decide('Slot.Answer == "agree"')]}}
    point = only(flow(task, kind="bot"))
    assert terms(point) == (("Slot.Answer=agree",), None)
    assert outcomes(point)["the caller says nothing"] is Answer.UNANSWERED


MAIN = flow(
    {
        "task": {
            "name": "T",
            "refId": "T",
            "actions": [
                ask("Enter anything.", "Ask"),
                ask("Enter more.", "Twice"),
                ask("Enter more.", "Twice"),
                say("x", "Play"),
                lex("Yes", name="Bot"),
            ],
        }
    },
    menu("Choose", "Prompt.X", choice("menuDisconnect", "First", "1"), choice("menuDisconnect", "Second", "2")),
)


def test_declaration_is_exact() -> None:
    point = only(MAIN, declared=[Declaration("main", "ask", ("1",), None)])
    assert (point.name, terms(point), point.confidence) == ("Ask", (("1",), None), Confidence.HIGH)
    assert (point.reason, point.question) == ("declared in the policy file", "Enter anything.")
    assert outcomes(point)["caller enters something else"] is Answer.REFUSED


def test_a_name_as_it_is_written_goes_before_one_in_other_case() -> None:
    made = actions_flow(ask("Enter anything.", "Ask"), ask("Enter more.", "ASK"))
    result = found(made, declared=[Declaration("Main", "ASK", ("1",), None)])
    assert ([p.name for p in result.points], result.mistakes) == (["ASK"], ())


def test_declaration_goes_before_words() -> None:
    asking = actions_flow(ask(QUESTION + " Press 1 for yes. Press 9 to hear this again."))
    assert terms(only(asking)) == (("1",), None)
    declared = only(asking, declared=[Declaration("Main", "Ask", None, ("2",))])
    assert (terms(declared), declared.ignored) == ((None, ("2",)), ("9",))


def test_declared_menu_by_name_of_its_choice() -> None:
    point = only(MAIN, declared=[Declaration("Main", "Choose", ("first",), None)])
    assert (point.kind, outcomes(point)["caller presses 1"]) == (PointKind.MENU, Answer.GRANTED)
    assert outcomes(point)["caller presses 2"] is Answer.REFUSED


@pytest.mark.parametrize(
    ("flow_name", "action", "term", "mistake"),
    [
        ("Mian", "Ask", "1", 'there is no such flow (did you mean "Main"?)'),
        ("Main", "Aks", "1", 'there is no such action (did you mean "Ask"?)'),
        ("Main", "Something else", "1", "there is no such action"),
        ("Main", "Twice", "1", "2 actions have this name"),
        ("Main", "Play", "1", "cannot be a consent point"),
        ("Main", "Choose", "7", 'there is no answer "7"; there are 1, First'),
    ],
)
def test_declarations_that_mean_nothing(flow_name: str, action: str, term: str, mistake: str) -> None:
    result = found(MAIN, declared=[Declaration(flow_name, action, (term,), None)])
    assert len(result.mistakes) == 1
    assert mistake in result.mistakes[0]
    assert ("did you mean" in result.mistakes[0]) == ("did you mean" in mistake)
    assert f'flow = "{flow_name}", action = "{action}"' in result.mistakes[0]


def test_each_declaration_that_means_nothing_is_told() -> None:
    named = (("Mian", "Ask"), ("Main", "Aks"), ("Main", "Ask"), ("Main", "Ask"), ("Main", "Play"))
    result = found(MAIN, declared=[Declaration(flow_name, action, ("1",), None) for flow_name, action in named])
    assert len(result.mistakes) == 4
    assert "declared twice" in result.mistakes[2]


def test_action_declared_twice() -> None:
    twice = [Declaration("Main", "Ask", ("1",), None), Declaration("MAIN", "ASK", ("2",), None)]
    result = found(MAIN, declared=twice)
    assert [p.granting for p in result.points] == [("1",)]
    assert "declared twice" in result.mistakes[0]


def test_an_intent_named_after_consent_agrees_beside_a_refusal() -> None:
    point = only(actions_flow(lex("Zustimmung", "Ablehnung", name="Ask recording consent")))
    assert (point.confidence, terms(point)) == (Confidence.MEDIUM, (("Zustimmung",), None))
    alone = found(actions_flow(lex("RecordingConsent", "Help", name="Ask recording consent")))
    assert alone.points == ()
