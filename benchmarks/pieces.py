"""What flows are made of: the runs of actions that are found in every contact centre."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from msgspec import Struct, field

from benchmarks.plan import NOT_KEPT, Act, Block, Lit, Named, Op, Var, Variable, every, guid

THANKS = (
    "Thank you. One moment please while we look up the details of your contract with us.",
    "Thank you for your patience. We are connecting you with the right team for your request.",
    "Please have your customer number ready. You find it at the top of each of our letters to you.",
    "Did you know that you can change your address and your bank details at any time on our website?",
    "At the moment we are receiving more calls than usual. We apologise for the longer waiting time.",
    "Our opening hours are Monday to Friday from eight in the morning until six in the evening.",
)
SORRY = (
    "I am sorry, we did not understand your entry. Please try again.",
    "I am sorry, that number is not known to us. Please check it and enter it once more.",
    "We could not look up your details just now. A colleague will ask you for them.",
)
TIERS = ("gold", "silver", "business")
SYSTEMS = ("Customer Relations", "Billing System", "Ticket System", "Order Management", "Identity Service")
FIELDS = (
    "firstName", "lastName", "dateOfBirth", "street", "postalCode", "city", "country", "emailAddress", "mobileNumber",
    "contractNumber", "contractStart", "contractEnd", "tariffName", "meterNumber", "lastOrderDate", "lastOrderState",
)  # fmt: skip
"""What data actions return and most flows do not keep."""

LOOKUPS = ("Get Customer By Number", "Get Open Invoices", "Find Ticket", "Get Last Order", "Get Delivery Window")


class Draft(Struct):
    """A flow while it is drawn up. scope: of its own variables; modules, queues: what it may use."""

    random: Random
    seed: str
    scope: str
    modules: tuple[Named, ...]
    queues: tuple[Named, ...]
    number: int = 10
    drawn: int = 0
    task_variables: dict[str, Variable] = field(default_factory=dict)

    def next(self) -> int:
        """A tracking id."""
        self.number += 1
        return self.number

    def own(self, name: str, type: str = "str") -> Var:
        """A variable of the task at hand."""
        variable = Variable(f"Task.{name}", type)
        self.task_variables[variable.name] = variable
        return Var(variable.name, type)

    def shared(self, name: str, type: str = "str") -> Var:
        """A variable of the flow."""
        return Var(f"{self.scope}.{name}", type)

    def variables(self) -> tuple[Variable, ...]:
        """The variables of the task at hand, which is then done."""
        found = tuple(sorted(self.task_variables.values(), key=lambda v: v.name))
        self.task_variables = {}
        return found

    def queue(self) -> Named:
        """A queue calls go to."""
        return self.random.choice(self.queues)


FLOW_VARIABLES = (
    ("CustomerNumber", "str", ""),
    ("Tier", "str", ""),
    ("Verified", "bln", "false"),
    ("OpenInvoices", "int", "0"),
    ("Topic", "str", ""),
    ("Recorded", "bln", "false"),
)
"""Name, type and initial value of the variables that the pieces use."""


def play(draft: Draft, words: str = "", name: str = "") -> Act:
    """Words for the caller."""
    return Act("playAudio", name or f"Play Audio {draft.next()}", words or draft.random.choice(THANKS))


def sorry(draft: Draft) -> Act:
    """Words for when something failed."""
    return play(draft, draft.random.choice(SORRY))


def keep(name: str, *pairs: tuple[Var, str]) -> Act:
    """Update Data."""
    return Act("updateData", name, given=tuple((var.name, Lit(value, var.type)) for var, value in pairs))


def note(name: str, *pairs: tuple[str, str]) -> Act:
    """Set Participant Data."""
    return Act("setParticipantData", name, given=tuple((key, Lit(value)) for key, value in pairs))


def decide(name: str, condition: Op | Var, yes: Block, no: Block | None = None) -> Act:
    """A decision."""
    return Act("decision", name, given=(("", condition),), outputs={"yes": yes, "no": no or []})


def collect(name: str, stored: Var, words: str, success: Block, failure: Block, count: int = 1) -> Act:
    """Collect Input."""
    outputs = {"success": success, "failure": failure}
    return Act("collectInput", name, words, stored=(("", stored),), count=count, outputs=outputs)


def seen(draft: Draft, state: str, system: str) -> Act:
    """What came of a lookup, for agents and reports."""
    step = f"{state} {draft.next()}"
    about = (("Customer State", state), ("Customer Source", system), ("Lookup Step", step), ("Lookup Version", "v3"))
    return note(f"Customer {step}", *about)


def look_up(draft: Draft) -> Block:
    """A data action with all of its ways out."""
    found, tier, invoices = draft.own("Found", "bln"), draft.shared("Tier"), draft.shared("OpenInvoices", "int")
    system, name = draft.random.choice(SYSTEMS), draft.random.choice(LOOKUPS)
    known = [seen(draft, "known", system), play(draft)]
    unknown = [seen(draft, "unknown", system)]
    return [
        Act(
            "callData",
            f"{name} {draft.next()}",
            target=Named(f"{system}/{name}", guid(draft.seed, "action", system, name)),
            given=(
                ("CUSTOMER_NUMBER", draft.shared("CustomerNumber")),
                ("CALLER_NUMBER", Var("Call.Ani")),
                ("CALLED_NUMBER", Var("Call.CalledAddress")),
                ("INCLUDE_CLOSED_CONTRACTS", Lit("false", "bln")),
                ("LANGUAGE", Lit("en-us")),
            ),
            stored=(
                ("customer.found", found),
                ("customer.tier", tier),
                ("customer.openInvoices", invoices),
                *((f"customer.{name}", NOT_KEPT) for name in draft.random.sample(FIELDS, 9)),
            ),
            outputs={
                "success": [decide(f"Customer Known {draft.next()}", found, known, unknown)],
                "failure": [seen(draft, "failed", system), sorry(draft)],
                "timeout": [seen(draft, "timeout", system)],
            },
        )
    ]


def identify(draft: Draft) -> Block:
    """Three attempts to enter a number that is checked."""
    number, valid = draft.own("Entered"), draft.own("Valid", "bln")
    check = Act(
        "callData",
        f"Check Customer Number {draft.next()}",
        target=Named("Identity Service/Check Customer Number", guid(draft.seed, "action", "check")),
        given=(("NUMBER", number),),
        stored=(("valid", valid),),
        outputs={
            "success": [
                decide(
                    f"Number Valid {draft.next()}",
                    valid,
                    [
                        keep(f"Verified {draft.next()}", (draft.shared("Verified", "bln"), "true")),
                        Act("loopExit", f"Exit Loop {draft.next()}"),
                    ],
                    [sorry(draft)],
                )
            ],
            "failure": [sorry(draft)],
            "timeout": [],
        },
    )
    words = "Please enter your eight digit customer number using the keypad of your telephone."
    ask = collect(f"Customer Number {draft.next()}", number, words, [check], [sorry(draft)], 8)
    return [Act("loop", f"Attempts {draft.next()}", stored=(("", draft.own("Attempt", "int")),), count=3,
                outputs={"loop": [ask]})]  # fmt: skip


def by_tier(draft: Draft) -> Block:
    """A switch over what kind of customer it is."""
    tier = draft.shared("Tier")
    cases = tuple((f"case{i}", Op("==", tier, Lit(value))) for i, value in enumerate(TIERS, 1))
    outputs: dict[str, Block] = {"default": [play(draft)]}
    for key, _ in cases:
        kept = ((draft.own("Priority"), key), (draft.own("Greeting"), f"greeting {key}"), (draft.own("Team"), "first"))
        outputs[key] = [keep(f"Priority {draft.next()}", *kept)]
    return [Act("switch", f"Kind of Customer {draft.next()}", given=cases, outputs=outputs)]


def from_table(draft: Draft) -> Block:
    """A message that is kept in a data table."""
    shown = draft.own("MessageActive", "bln")
    return [
        Act(
            "dataTableLookup",
            f"Special Message {draft.next()}",
            target=Named("Special Messages", guid(draft.seed, "table")),
            given=(("", Var("Call.CalledAddress")),),
            stored=(("Active", shown), ("Text", draft.own("MessageText"))),
            outputs={
                "found": [decide(f"Message Active {draft.next()}", shown, [play(draft)])],
                "notFound": [],
                "failure": [sorry(draft)],
            },
        )
    ]


def by_hours(draft: Draft) -> Block:
    """What happens when nobody is there."""
    closed = [
        play(draft, "You are calling outside of our opening hours."),
        note(f"Closed {draft.next()}", ("Reason", "closed"), ("Line", f"line {draft.next()}"), ("Handled", "no")),
        Act("disconnect", f"Disconnect {draft.next()}"),
    ]
    return [
        Act(
            "evaluateScheduleGroup",
            f"Opening Hours {draft.next()}",
            target=Named("Opening Hours", guid(draft.seed, "schedule group", 0)),
            outputs={"open": [], "closed": closed, "holiday": [play(draft)], "emergency": []},
        )
    ]


def offer(draft: Draft) -> Block:
    """A question that has nothing to do with recording."""
    answer = draft.own("Wish")
    pairs = (("TextMessage", "wanted"), ("TextMessage Language", "en-us"), ("TextMessage Template", "address"))
    agreed = [note(f"Text Message {draft.next()}", *pairs), play(draft)]
    sms = decide(f"Wants Text Message {draft.next()}", Op("==", answer, Lit("1")), agreed, [play(draft)])
    words = "Press 1 to have the address of our website sent to you, or 2 to go on."
    return [collect(f"Offer {draft.next()}", answer, words, [sms], [])]


def store(draft: Draft) -> Block:
    """Values that later systems read."""
    pairs = (
        ("Topic", f"topic {draft.next()}"),
        ("Origin", "hotline"),
        ("Step", f"step {draft.next()}"),
        ("Language", "en-us"),
        ("Skill Needed", "general"),
        ("Screen Pop", "https://crm.contact.example/customer?source=hotline"),
    )
    topic = (draft.shared("Topic"), draft.random.choice(("other", "invoice", "moving")))
    kept = keep(f"Topic {draft.next()}", topic, (draft.own("Step"), "stored"), (draft.own("Line"), "hotline"))
    return [note(f"Set Data {draft.next()}", *pairs), kept]


def call_module(draft: Draft) -> Block:
    """A common module that is shared by many flows."""
    module = draft.random.choice(draft.modules)
    result = draft.own("Result")
    done = decide(f"Module Done {draft.next()}", Op("==", result, Lit("done")), [play(draft)], [sorry(draft)])
    return [
        Act(
            "callCommonModule",
            f"{module.name} {draft.next()}",
            target=module,
            given=(("Common.CustomerNumber", draft.shared("CustomerNumber")),),
            stored=(("Common.Result", result),),
        ),
        done,
    ]


def wait(draft: Draft) -> Block:
    """Words that depend on a number."""
    many = Op(">", draft.shared("OpenInvoices", "int"), Lit("3", "int"))
    return [decide(f"Many Invoices {draft.next()}", many, [play(draft), *store(draft)], [play(draft)])]


PIECES: tuple[Callable[[Draft], Block], ...] = (
    look_up, look_up, look_up, look_up, identify, by_tier, from_table, by_hours, offer, store, store, wait,
)  # fmt: skip


def body(draft: Draft, wanted: int) -> Block:
    """A run of pieces of at least this many actions; some stand inside decisions, as they do in real flows."""
    found: Block = []
    have = 0
    while have < wanted:
        piece: Block
        if draft.modules and draft.random.random() < 0.12:
            piece = call_module(draft)
        elif draft.random.random() < 0.25 and wanted - have > 24:
            verified = draft.shared("Verified", "bln")
            inner = [*draft.random.choice(PIECES)(draft), *draft.random.choice(PIECES)(draft)]
            piece = [decide(f"Verified {draft.next()}", verified, inner, [play(draft)])]
        else:
            piece = draft.random.choice(PIECES)(draft)
        found += piece
        have += sum(1 for _ in every(piece))
    return found
