"""Sample audits for tests of reports and of the command line."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.findings import (
    Audit,
    Confidence,
    Coverage,
    Effect,
    Entry,
    EntryName,
    EntryVerdict,
    Finding,
    LegName,
    Severity,
    Step,
    StepState,
    Subject,
    VerdictWord,
    Waiver,
)
from auditor.model.location import Location
from auditor.model.problems import InputFile, Problem

ENTRY = Entry("route", "Support", "11111111-1111-4111-8111-111111111111", ("+49 30 1234", "+49 30 1235"))
LEG = LegName("inbound", "on", "on", ("Trunk Berlin", "Trunk Hamburg"))
ENABLE = Subject("action", "Enable Participant Recording", "a1", "Main", "Home", "Ask", 0)
NO_COVERAGE = Coverage((), 0, 0, 0, 0, 0, ())
EMPTY = Audit((), NO_COVERAGE, (), (), (), (), incomplete=False)


def state(consent: str = "unasked", place: str = "flow", *, noticed: bool = False, enabled: bool = False) -> StepState:
    return StepState(consent, noticed, enabled, place)


def step(text: str, line: int, after: StepState, subject: Subject = ENABLE) -> Step:
    return Step(subject, Location("export/main.yaml", line, f"/inboundCall/tasks/{line}"), text, after)


WITNESS = (
    step("Caller dials +49 30 1234 and reaches the flow Main.", 3, state(), Subject("route", "Support")),
    step("Caller presses 2 in the menu Consent.", 14, state("refused", noticed=True), Subject("menu", "Consent")),
    step("Recording is enabled.", 31, state("refused", noticed=True, enabled=True)),
)

FINDING = Finding(
    rule="RC103",
    name="enabled-after-refusal",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    latent=False,
    mode="opt_in",
    message="Recording is enabled although the caller refused.",
    remediation="1. Open the flow in Architect. 2. Enable recording only on the branch on which the caller agreed.",
    subject=ENABLE,
    location=Location("export/main.yaml", 31, "/inboundCall/tasks/0"),
    entries=(EntryName("route", "Support"), EntryName("number", "+49 30 77")),
    witness=WITNESS,
)

POSSIBLE = replace(
    FINDING,
    rule="RN201",
    name="granted-never-enabled",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    message="The call is handed over with consent granted and recording not enabled.",
    remediation="Enable recording before the transfer.",
    subject=Subject("action", "Transfer to ACD", None, "Main", None, "Ask", 1),
    hangs_on=("suppressRecording of flow Main is not exported",),
)

WAIVED = replace(
    FINDING,
    rule="RC106",
    name="refusal-after-enable",
    severity=Severity.HIGH,
    waived=Waiver("old flow, switched off in May", "Compliance", "2031-05-01"),
)

PROBLEM = Problem(
    "RX906",
    "The file is not valid YAML: a mapping is not closed.",
    Location("export/broken.yaml", 7),
    "Export the flow again.",
    "file:export/broken.yaml",
)

VIOLATED = EntryVerdict(
    ENTRY, LEG, "opt_in", VerdictWord.VIOLATED, Effect.SOMETIMES, (FINDING.fingerprint,), ("a file was not understood",)
)
PROVED = replace(VIOLATED, verdict=VerdictWord.PROVED, effect=Effect.ALWAYS, findings=(), reasons=())

INPUTS = (
    InputFile("export/broken.yaml", "0" * 64, "unknown", "not", 0, "not YAML"),
    InputFile("export/main.yaml", "a" * 64, "archy yaml flow", "understood", 1),
)

ASSUMPTIONS = tuple((f"A{number}", "both" if number in (4, 7, 13, 15) else "yes") for number in range(1, 17))

FULL = Audit(
    inputs=INPUTS,
    coverage=Coverage((("flow", 1), ("queue", 2)), 1, 1, 1, 9, 8, (("callRobot", 1),)),
    assumptions=ASSUMPTIONS,
    verdicts=(VIOLATED, replace(PROVED, leg=replace(LEG, gate="unset"))),
    findings=(FINDING, POSSIBLE, WAIVED),
    problems=(PROBLEM,),
    incomplete=True,
    notes=("No phones in the export.",),
)

CLEAN = replace(FULL, findings=(), problems=(), verdicts=(PROVED,), incomplete=False)
"""Something was audited and nothing found."""

HOSTILE_TEXT = "\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066 \x9b31m\r\n\t\x00\x7f\ufeff\U000e0041 \ud800 あいう"


def hostile() -> Audit:
    """Every text that can come from an export holds escape sequences, control characters and bidi marks."""
    bad = HOSTILE_TEXT
    subject = Subject("action", bad, bad, bad, bad, bad)
    where = Location(bad, 1, "/" + bad)
    taken = Step(subject, where, bad, StepState(bad, noticed=True, enabled=True, place=bad))
    finding = replace(
        FINDING,
        name=bad,
        mode=bad,
        message=bad,
        remediation=bad,
        subject=subject,
        location=where,
        entries=(EntryName("route", bad), EntryName(bad, bad)),
        witness=(taken,),
        waived=Waiver(bad, bad, bad),
        hangs_on=(bad + "!",),
    )
    verdict = EntryVerdict(
        Entry("route", bad, bad, (bad,)),
        LegName(bad, bad, bad, (bad,)),
        bad,
        VerdictWord.UNKNOWN,
        Effect.UNKNOWN,
        (finding.fingerprint, bad),
        (bad,),
    )
    return Audit(
        inputs=(InputFile(bad, "", bad, "not", 0, bad),),
        coverage=Coverage(((bad, 1),), 1, 1, 1, 1, 1, ((bad, 1),)),
        assumptions=((bad, bad),),
        verdicts=(verdict,),
        findings=(finding,),
        problems=(Problem("RX906", bad, where, bad, bad),),
        incomplete=True,
        notes=(bad,),
    )
