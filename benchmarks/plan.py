"""Flows as plans: what a flow does, before it is written as Archy YAML or as configuration JSON."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from uuid import UUID

from msgspec import Struct, field


class Lit(Struct, frozen=True):
    """A constant. type: as in configuration JSON (str, int, bln)."""

    text: str
    type: str = "str"


class Var(Struct, frozen=True):
    """A variable, with its scope."""

    name: str
    type: str = "str"


class Op(Struct, frozen=True):
    """Two values and an operator; the result is true or false."""

    symbol: str
    left: Exp
    right: Exp
    type: str = "bln"


Exp = Lit | Var | Op

NOT_KEPT = Var("")
"""Where a result goes that nobody needs."""


def text_of(exp: Exp) -> str:
    """The expression as an administrator writes it."""
    match exp:
        case Lit(text, "str"):
            return f'"{text}"'
        case Lit(text):
            return text
        case Var(name):
            return name
        case Op(symbol, left, right):
            return f"{text_of(left)} {symbol} {text_of(right)}"


class Named(Struct, frozen=True):
    """An object or a container that is referred to."""

    name: str
    id: str = ""


class Act(Struct):
    """An action. kind: its YAML key; words: what is heard; target: what it goes to or asks.

    given: inputs, attributes, conditions, cases; stored: what it fills; count: digits or rounds.
    """

    kind: str
    name: str
    words: str = ""
    target: Named = Named("")
    given: tuple[tuple[str, Exp], ...] = ()
    stored: tuple[tuple[str, Var], ...] = ()
    count: int = 1
    outputs: dict[str, list[Act]] = field(default_factory=dict)


Block = list[Act]


class Variable(Struct, frozen=True):
    """A declared variable. initial: as text, "" for none."""

    name: str
    type: str = "str"
    initial: str = ""
    is_input: bool = False
    is_output: bool = False


class TaskPlan(Struct):
    """A task. number: its tracking id."""

    name: str
    number: int
    block: Block
    variables: tuple[Variable, ...] = ()

    @property
    def ref(self) -> str:
        """What references name."""
        return f"{self.name}_{self.number}"


class ChoicePlan(Struct):
    """A menu choice. kind: its YAML key; target: where it leads; task: number and body of a menuTask."""

    kind: str
    name: str
    digit: str
    number: int
    terms: tuple[str, ...] = ()
    target: Named = Named("")
    task: TaskPlan | None = None


class MenuPlan(Struct):
    """A menu. default: number of the default choice."""

    name: str
    number: int
    words: str
    choices: list[ChoicePlan]
    default: int | None = None

    @property
    def ref(self) -> str:
        """What references name."""
        return f"{self.name}_{self.number}"


class FlowPlan(Struct):
    """A flow. root: its YAML root; start: "tasks/task" or "menus/menu" and the ref of the first container."""

    name: str
    id: str
    root: str
    start: tuple[str, str]
    language: str = "en-us"
    division: str = "Home"
    description: str = ""
    variables: tuple[Variable, ...] = ()
    tasks: list[TaskPlan] = field(default_factory=list)
    menus: list[MenuPlan] = field(default_factory=list)

    def actions(self) -> int:
        """How many actions it has, menu choices included."""
        inline = [c.task for menu in self.menus for c in menu.choices if c.task is not None]
        return sum(len(list(every(t.block))) for t in (*self.tasks, *inline)) + sum(len(m.choices) for m in self.menus)


def every(block: Block) -> Iterator[Act]:
    """All actions of a block and of what is inside."""
    for act in block:
        yield act
        for inner in act.outputs.values():
            yield from every(inner)


def guid(*parts: object) -> str:
    """An id that depends on nothing but what it is the id of."""
    digest = md5("/".join(map(str, parts)).encode(), usedforsecurity=False).digest()
    return str(UUID(bytes=digest, version=4))
