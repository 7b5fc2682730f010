"""How flows ask for consent: designs that are right, and the mistakes that people make."""

from __future__ import annotations

from benchmarks.pieces import Draft, collect, decide, keep, note, play
from benchmarks.plan import Act, Block, ChoicePlan, Lit, MenuPlan, Named, Op, TaskPlan, Var

RIGHT = ("inline", "task", "module", "menu", "late")
WRONG = ("first", "silence", "inverted", "ignored", "flawed module")
NONE = "never"
"""Asks nothing, records nothing."""

QUESTIONS = (
    "This call may be recorded to improve our service. Press 1 if you agree to the recording, or 2 if you do not.",
    "We would like to record this call for training. If you agree to the recording press 1, otherwise press 2.",
    "May we record this call? Press 1 if you agree. Press 2 if you do not agree to the recording.",
)
KEPT = "RecordingConsent"
"""The participant data in which the answer is kept."""


def question(draft: Draft, granted: Block, refused: Block, silent: Block) -> Act:
    """The question and what follows from its answers."""
    answer = draft.own("Answer")
    test = decide(f"Agreed {draft.next()}", Op("==", answer, Lit("1")), granted, refused)
    return collect(f"Ask for Consent {draft.next()}", answer, draft.random.choice(QUESTIONS), [test], silent)


def enable(draft: Draft) -> Act:
    """Enable Participant Recording."""
    return Act("enableParticipantRecord", f"Enable Recording {draft.next()}")


def kept(draft: Draft, value: str) -> Act:
    """The answer as evidence."""
    return note(f"Keep Answer {draft.next()}", (KEPT, value))


def asked(draft: Draft, recorded: Var, *, silence: str = "false") -> Act:
    """The question, its answer kept in a variable and as evidence. silence: what no answer counts as."""
    return question(
        draft,
        [keep(f"Granted {draft.next()}", (recorded, "true")), kept(draft, "yes")],
        [keep(f"Refused {draft.next()}", (recorded, "false")), kept(draft, "no")],
        [keep(f"No Answer {draft.next()}", (recorded, silence)), kept(draft, "none")],
    )


def if_recorded(draft: Draft) -> Act:
    """Enables if the variable of the flow says so."""
    no = [play(draft, "This call is not recorded.")]
    return decide(f"Recording Wanted {draft.next()}", draft.shared("Recorded", "bln"), [enable(draft)], no)


def read_back(draft: Draft) -> Block:
    """Enables if an earlier flow kept the answer yes."""
    value = draft.own("Kept")
    condition = Op("==", value, Lit("yes"))
    return [
        Act("getParticipantData", f"Read Answer {draft.next()}", stored=((KEPT, value),)),
        decide(f"Answer was Yes {draft.next()}", condition, [enable(draft)]),
    ]


def consent_task(draft: Draft) -> TaskPlan:
    """A task that asks and comes back."""
    number = draft.next()
    block = [asked(draft, draft.shared("Recorded", "bln")), Act("endTask", f"End Task {draft.next()}")]
    return TaskPlan("Recording Consent", number, block, draft.variables())


def consent_menu(draft: Draft, after: str) -> MenuPlan:
    """A menu that asks. after: reference of the menu that follows."""
    number = draft.next()
    choices = []
    for digit, name, term, value in (("1", "I agree", "yes", "yes"), ("2", "I do not agree", "no", "no")):
        own = draft.next()
        block = [kept(draft, value), *([enable(draft)] if digit == "1" else [])]
        block.append(Act("jumpToMenu", f"Jump to Menu {draft.next()}", target=Named(after)))
        choices.append(ChoicePlan("menuTask", name, digit, own, (term,), task=TaskPlan(name, draft.next(), block)))
    return MenuPlan("Recording Consent", number, draft.random.choice(QUESTIONS), choices, choices[1].number)


def call_consent_module(draft: Draft, module: Named) -> Block:
    """The common module that asks, then the variable it fills."""
    recorded = draft.shared("Recorded", "bln")
    call = Act("callCommonModule", f"Ask for Consent {draft.next()}", target=module,
               stored=(("Common.Agreed", recorded),))  # fmt: skip
    return [call, if_recorded(draft)]


def consent(draft: Draft, design: str, sound: Named, flawed: Named, tasks: list[TaskPlan]) -> Block:
    """What the start of a flow does about consent. sound, flawed: common modules; tasks: grows by what it needs."""
    recorded = draft.shared("Recorded", "bln")
    match design:
        case "inline":
            return [asked(draft, recorded), if_recorded(draft)]
        case "silence":
            return [asked(draft, recorded, silence="true"), if_recorded(draft)]
        case "task":
            outer, draft.task_variables = draft.task_variables, {}
            tasks.append(consent_task(draft))
            draft.task_variables = outer
            call = Act("callTask", f"Clear Consent {draft.next()}", target=Named(tasks[-1].ref))
            return [call, if_recorded(draft)]
        case "module":
            return call_consent_module(draft, sound)
        case "flawed module":
            return call_consent_module(draft, flawed)
        case "late":
            return [asked(draft, recorded)]
        case "first":
            return [enable(draft), play(draft, "This call is recorded.")]
        case "inverted":
            return [question(draft, [kept(draft, "yes")], [kept(draft, "no"), enable(draft)], [])]
        case "ignored":
            return [asked(draft, recorded), enable(draft)]
        case _:
            return []
