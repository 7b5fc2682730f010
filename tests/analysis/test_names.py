"""Names of actions, prompts, variables, columns and choices are read word by word."""

from __future__ import annotations

import pytest

from auditor.analysis.consent import Answer
from auditor.analysis.names import read_name
from auditor.loading.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary()
YES, NO = Answer.GRANTED, Answer.REFUSED


@pytest.mark.parametrize(
    ("name", "recording", "consent", "opt_out", "answer"),
    [
        ("RecordingConsent", True, True, False, None),
        ("Rec_Consent", True, True, False, None),
        ("60 Recording", True, False, False, None),
        ("Flow.Recorded", True, False, False, None),
        ("Aufzeichnung_Einwilligung", True, True, False, None),
        ("Aufzeichnung erlaubt", True, True, False, YES),
        ("Recording_OptOut", True, True, True, NO),
        ("recordingoptout", True, True, True, NO),
        ("Recording>1~OptInYes", True, True, False, YES),
        ("Recording>F~OptOutNo", True, True, True, None),
        ("Recording>1~OptOutYes", True, True, True, NO),
        ("ConsentDeclined", False, True, True, NO),
        ("ConsentGranted", False, True, False, YES),
        ("NoConsent", False, True, False, NO),
        ("Keine Einwilligung", False, True, False, NO),
        ("Consent_EN", False, True, False, None),
        ("ConsentimientoGrabacion", True, True, False, None),
        ("Consentement_Enregistrement", True, True, False, None),
        ("录音同意", True, True, False, None),
        ("녹음 동의", True, True, False, None),
        ("agree", False, True, False, YES),
        ("decline", False, True, True, NO),
        ("Nicht einverstanden", False, True, False, NO),
        ("AMAZON.YesIntent", False, False, False, YES),
        ("1 - Yes", False, False, False, YES),
        ("2_Nein", False, False, False, NO),
        ("Ja", False, False, False, YES),
        ("true", False, False, False, YES),
        ("False", False, False, False, NO),
        ("oui", False, False, False, YES),
        ("いいえ", False, False, False, NO),
    ],
)
def test_names_about_recording_and_answers(
    name: str, recording: bool, consent: bool, opt_out: bool, answer: Answer | None
) -> None:
    found = read_name(name, VOCABULARY)
    assert (found.about_recording, found.about_consent, found.opt_out, found.answer) == (
        recording,
        consent,
        opt_out,
        answer,
    )
    assert name in found.reason


@pytest.mark.parametrize(
    "name",
    [
        "",
        "NoInput",
        "NoMatch",
        "CustomerRecord",
        "FindRecords",
        "Record Number",
        "Voicemail Recording",
        "Greeting Recording",
        "Main Menu",
        "Kundennummer",
        "Aufnahme",
        "Language",
        "1",
    ],
)
def test_names_about_other_things_say_nothing(name: str) -> None:
    found = read_name(name, VOCABULARY)
    assert (found.about_recording, found.answer, found.reason) == (False, None, "")


def test_a_name_that_repeats() -> None:
    found = read_name("Repeat question", VOCABULARY)
    assert found.repeats
    assert found.reason == 'the name "Repeat question" repeats'
