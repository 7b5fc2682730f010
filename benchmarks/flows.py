"""The flows of an organisation, one after the other: groups that share a number, common modules, in-queue flows.

A group is one call route: a flow that answers in opening hours, one for closed hours, and departments that the first
transfers to. Most groups ask for consent as they should, some make one of the usual mistakes, some never record.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from msgspec import Struct

from benchmarks.designs import NONE, RIGHT, WRONG, asked, consent, consent_menu, read_back
from benchmarks.pieces import FLOW_VARIABLES, Draft, body, from_table, play, store
from benchmarks.plan import Act, Block, ChoicePlan, FlowPlan, MenuPlan, Named, TaskPlan, Variable, guid

GROUP = 5
"""Flows a group: one for open hours, one for closed hours, three departments."""

FEWEST, MOST = 100, 300
TOPICS = ("Billing", "Claims", "Sales", "Support", "Contracts", "Orders", "Delivery", "Repairs", "Tariffs", "Moving")
CITIES = ("Dresden", "Leipzig", "Chemnitz", "Berlin", "Hamburg", "Munich", "Cologne", "Vienna", "Zurich", "London")
UTILITIES = ("Customer Lookup", "Language", "Opening Hours", "Waiting Time", "Authentication", "Special Messages")


class Shape(Struct, frozen=True):
    """How many of each there are. flows: those that calls begin in or are transferred to."""

    flows: int
    seed: str = "1"

    @property
    def groups(self) -> int:
        return self.flows // GROUP

    @property
    def modules(self) -> int:
        return max(self.flows // 10, 3)

    @property
    def consent_modules(self) -> int:
        """The first of the modules ask for consent; of these the last is flawed."""
        return max(self.modules // 25, 2)

    @property
    def in_queue(self) -> int:
        return max(self.flows // 50, 1)

    @property
    def queues(self) -> int:
        return max(self.flows // 2, 5)

    def name(self, number: int) -> str:
        """The name of a flow."""
        group, place = divmod(number, GROUP)
        city, topic = CITIES[group % len(CITIES)], TOPICS[number * 7 % len(TOPICS)]
        return (f"{city} Hotline {group}", f"{city} Closed {group}")[place] if place < 2 else f"{topic} {city} {number}"

    def flow(self, number: int) -> Named:
        """A flow of a group."""
        return Named(self.name(number), guid(self.seed, "flow", number))

    def module(self, number: int) -> Named:
        """A common module."""
        kind = "Recording Consent" if number < self.consent_modules else UTILITIES[number % len(UTILITIES)]
        return Named(f"{kind} {number}", guid(self.seed, "module", number))

    def waiting(self, number: int) -> Named:
        """An in-queue flow."""
        return Named(f"Waiting Music {number}", guid(self.seed, "in-queue", number))

    def queue(self, number: int) -> Named:
        """A queue."""
        return Named(f"{TOPICS[number % len(TOPICS)]} Team {number}", guid(self.seed, "queue", number))

    def design(self, group: int) -> str:
        """How a group goes about consent."""
        random = Random(f"{self.seed}/design/{group}")
        kind = random.random()
        return random.choice(RIGHT) if kind < 0.65 else random.choice(WRONG) if kind < 0.85 else NONE


def _draft(shape: Shape, kind: str, number: int, scope: str, modules: tuple[Named, ...]) -> Draft:
    random = Random(f"{shape.seed}/{kind}/{number}")
    first = random.randrange(shape.queues)
    queues = tuple(shape.queue((first + i) % shape.queues) for i in range(4))
    return Draft(random, shape.seed, scope, modules, queues)


def _utilities(shape: Shape, kind: str, number: int, below: int, count: int = 6) -> tuple[Named, ...]:
    """Modules to call: the low numbers are the popular ones, used by hundreds of flows."""
    first = shape.consent_modules
    if below <= first:
        return ()
    random = Random(f"{shape.seed}/uses/{kind}/{number}")
    return tuple(shape.module(first + int((below - first) * random.random() ** 2.5)) for _ in range(count))


def flow(shape: Shape, number: int) -> FlowPlan:
    """Flow `number` of the organisation."""
    group, place = divmod(number, GROUP)
    draft = _draft(shape, "flow", number, "Flow", _utilities(shape, "flow", number, shape.modules))
    wanted = int(draft.random.triangular(FEWEST, MOST, FEWEST))
    tasks: list[TaskPlan] = []
    menu_number = draft.next()
    main_menu = f"Main Menu_{menu_number}"
    block = _beginning(draft, shape, group, place, tasks)
    menus: list[MenuPlan] = []
    if shape.design(group) == "menu" and place == 0:
        menus.append(consent_menu(draft, main_menu))
    start = menus[0].ref if menus else main_menu
    block.append(Act("jumpToMenu", f"Jump to Menu {draft.next()}", target=Named(start)))
    main = TaskPlan("Main", draft.next(), block, draft.variables())
    departments = _departments(draft, wanted - 30, _goodbye if place == 1 else _to_queue)
    menus.append(_main_menu(draft, shape, group, place, menu_number, departments))
    named = shape.flow(number)
    return FlowPlan(
        named.name,
        named.id,
        "inboundCall",
        ("tasks/task", main.ref),
        description=f"Answers calls about {named.name}.",
        variables=tuple(Variable(f"Flow.{n}", t, i) for n, t, i in FLOW_VARIABLES),
        tasks=[main, *tasks, *departments],
        menus=menus,
    )


def _beginning(draft: Draft, shape: Shape, group: int, place: int, tasks: list[TaskPlan]) -> Block:
    design = shape.design(group)
    block = [play(draft, "Welcome. Thank you for calling.")]
    if place == 1:
        design = NONE
    if place == 0:
        sound, flawed = _consent_modules(shape, group)
        block += consent(draft, design, sound, flawed, tasks)
    elif design == "late" and place > 1:
        block += read_back(draft)
    return block + body(draft, 20)


def _consent_modules(shape: Shape, group: int) -> tuple[Named, Named]:
    last = shape.consent_modules - 1
    return shape.module(int(last * Random(f"{shape.seed}/consent/{group}").random() ** 2)), shape.module(last)


def _departments(draft: Draft, wanted: int, end: Callable[[Draft], Block]) -> list[TaskPlan]:
    """Reusable tasks, some of which call one of the others first. end: what they end with."""
    helper = TaskPlan("Common Details", draft.next(), [], ())
    helper.block = [*body(draft, 14), Act("endTask", f"End Task {draft.next()}")]
    helper.variables = draft.variables()
    found = [helper]
    count = max(wanted // 40, 1)
    for topic in draft.random.sample(TOPICS, min(count, 6)):
        number = draft.next()
        block = [play(draft)]
        if draft.random.random() < 0.6:
            block.append(Act("callTask", f"Details {draft.next()}", target=Named(helper.ref)))
        block += body(draft, max(wanted - 16, 10) // min(count, 6) - 6)
        block += end(draft)
        found.append(TaskPlan(topic, number, block, draft.variables()))
    return found


def _to_queue(draft: Draft) -> Block:
    queue = draft.queue()
    failed = [play(draft, "I am sorry, nobody can take your call right now."), Act("disconnect", "Disconnect")]
    return [
        play(draft, "We are connecting you now."),
        Act("transferToAcd", f"To {queue.name}", "Please hold the line.", queue, outputs={"failure": failed}),
        Act("disconnect", f"Disconnect {draft.next()}"),
    ]


def _goodbye(draft: Draft) -> Block:
    return [play(draft, "Thank you for calling. Goodbye."), Act("disconnect", f"Disconnect {draft.next()}")]


def _main_menu(
    draft: Draft, shape: Shape, group: int, place: int, number: int, departments: list[TaskPlan]
) -> MenuPlan:  # fmt: skip
    choices = []
    for digit, task in enumerate(departments[1:], 1):
        terms = (task.name.lower(), f"talk about {task.name.lower()}")
        choices.append(ChoicePlan("menuJumpToTask", task.name, str(digit), draft.next(), terms, Named(task.ref)))
    if place == 0:
        for other in range(2, GROUP):
            target = shape.flow(group * GROUP + other)
            inner = [play(draft), _to_flow(draft, target), Act("disconnect", f"Disconnect {draft.next()}")]
            choices.append(_with_task(draft, target.name, len(choices) + 1, inner))
    elif place > 1 and draft.random.random() < 0.03:
        target = shape.flow(draft.random.randrange(shape.groups) * GROUP + 2)
        choices.append(ChoicePlan("menuTransferToFlow", target.name, "9", draft.next(), target=target))
    default = choices[0].number
    choices.append(_with_task(draft, "Anything else", 0, _goodbye(draft) if place == 1 else _to_queue(draft)))
    choices.append(ChoicePlan("menuRepeatMenu", "Repeat", "*", draft.next(), ("repeat",)))
    names = ", ".join(f"for {c.name} press {c.digit}" for c in choices)
    return MenuPlan("Main Menu", number, f"Please tell us what your call is about: {names}.", choices, default)


def _with_task(draft: Draft, name: str, digit: int, block: Block) -> ChoicePlan:
    return ChoicePlan("menuTask", name, str(digit), draft.next(), task=TaskPlan(name, draft.next(), block))


def _to_flow(draft: Draft, target: Named) -> Act:
    outputs = {"failure": [play(draft, "I am sorry, that did not work.")]}
    return Act("transferToFlow", f"To {target.name}", "One moment please.", target, outputs=outputs)


def module(shape: Shape, number: int) -> FlowPlan:
    """Common module `number`."""
    named = shape.module(number)
    draft = _draft(shape, "module", number, "Common", _utilities(shape, "module", number, number, 2))
    if number < shape.consent_modules:
        flawed = "true" if number == shape.consent_modules - 1 else "false"
        block = [asked(draft, draft.shared("Agreed", "bln"), silence=flawed)]
        out = Variable("Common.Agreed", "bln", "false", is_output=True)
    else:
        block = body(draft, draft.random.randint(15, 60))
        out = Variable("Common.Result", "str", "done", is_output=True)
    block.append(Act("endTask", f"End Task {draft.next()}"))
    task = TaskPlan("Main", draft.next(), block, draft.variables())
    own = tuple(Variable(f"Common.{n}", t, i, is_input=n == "CustomerNumber") for n, t, i in FLOW_VARIABLES)
    return FlowPlan(named.name, named.id, "commonModule", ("tasks/task", task.ref), variables=(*own, out), tasks=[task])


def waiting(shape: Shape, number: int) -> FlowPlan:
    """In-queue flow `number`."""
    named = shape.waiting(number)
    draft = _draft(shape, "in-queue", number, "Flow", ())
    block: Block = []
    for _ in range(draft.random.randint(2, 6)):
        block += [play(draft), *draft.random.choice((from_table, store))(draft)]
        block.append(Act("holdMusic", f"Hold Music {draft.next()}", words="PromptSystem.on_hold_music"))
    task = TaskPlan("In-Queue Task", draft.next(), block, draft.variables())
    own = tuple(Variable(f"Flow.{n}", t, i) for n, t, i in FLOW_VARIABLES)
    return FlowPlan(named.name, named.id, "inqueueCall", ("tasks/task", task.ref), variables=own, tasks=[task])
