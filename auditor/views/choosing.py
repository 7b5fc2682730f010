"""Who decides what happens next in a simulated call: what was given, else somebody who is asked, else a default.

Defaults: nothing goes wrong (no errors, no failing transfers), the hours are the first that the route names, a loop
goes round once, an in-queue flow is heard once before an agent answers. What the caller says, and what schedules,
data and conditions in flows yield, has no default.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from msgspec import Struct, field

from auditor.analysis.calls import Call
from auditor.analysis.places import Connected, Start, Wait
from auditor.errors import UsageError
from auditor.graph.points import Point
from auditor.model.operations import Loop
from auditor.views.options import Option, Options

Ask = Callable[["Question"], Option]
"""Somebody at a terminal: what happens at this place?"""


class Question(Struct, frozen=True):
    """What has to be decided. what: the place in words; names: by which it can be given; options: likely ones first;
    usual: the default.
    """

    call: Call
    what: str
    names: tuple[str, ...]
    options: tuple[Option, ...]
    usual: Option | None


class Chooser(Struct):
    """Decides. given: (name of a place, what happens there), the nth for the nth time; ask: None without a terminal.

    shared: names, in lower case, that places of several kinds have; used: the names that came up; misfits: values
    that did not fit a place with a shared name.
    """

    options: Options
    given: Sequence[tuple[str, str]] = ()
    ask: Ask | None = None
    shared: Container[str] = frozenset()
    used: set[str] = field(default_factory=set)
    misfits: dict[str, str] = field(default_factory=dict)
    _passes: dict[str, int] = field(default_factory=dict)
    _rounds: dict[tuple[int, int], int] = field(default_factory=dict)

    def choose(self, call: Call, what: str, names: Sequence[str], options: Sequence[Option]) -> tuple[Option, bool]:
        """What happens, and whether the next time may be different: it was asked, or is not the last one given."""
        known = {name.casefold() for name in names}
        ordered = sorted(options, key=lambda o: not o.likely)
        for name in dict.fromkeys(name for name, _ in self.given):
            if name.casefold() in known and len(options) > 1:
                given = self._given(call, what, name, ordered)
                if given is not None:
                    return given
        likely = [o for o in ordered if o.likely] or ordered
        if len(likely) == 1:
            return likely[0], False
        usual = self._usual(call, likely)
        question = Question(call, what, tuple(names), tuple(ordered), usual)
        if self.ask is not None:
            return self.ask(question), True
        if usual is None:
            raise open_question(question)
        return usual, False

    def _given(self, call: Call, what: str, name: str, options: Sequence[Option]) -> tuple[Option, bool] | None:
        """What was given for a name; None when it is meant for another place of this name."""
        values = [value for other, value in self.given if other.casefold() == name.casefold()]
        turn = self._passes.get(name.casefold(), 0)
        value = values[min(turn, len(values) - 1)]
        found = self.options.matching(call, options, value)
        if not found and name.casefold() in self.shared:
            self.misfits[name] = value
            return None
        if not found:
            raise UsageError(
                f'"{value}" is nothing that can happen here: {what}.',
                details=tuple(_told(o) for o in options),
                hint="Give one of these words.",
            )
        self._passes[name.casefold()] = turn + 1
        self.used.add(name)
        return found[0], turn + 1 < len(values)

    def _usual(self, call: Call, options: Sequence[Option]) -> Option | None:
        place = self.options.calls.analysis.places.at(call.point)
        match place:
            case Start() | Connected():
                return options[0]
            case Wait():
                flows = [o for o in options if "flow" in o.labels]
                return (flows or [o for o in options if "answer" in o.labels] or list(options))[0]
        point = self.options.point(call)
        return self._round(call, point, options) if point is not None else None

    def _round(self, call: Call, point: Point, options: Sequence[Option]) -> Option | None:
        """A loop whose rounds are not known goes round once."""
        if point.site is None or not isinstance(point.site.action.operation, Loop):
            return None
        key = (call.point, len(call.stack))
        self._rounds[key] = self._rounds.get(key, 0) + 1
        again = [o for o in options if ("loop" in o.labels) is (self._rounds[key] % 2 == 1)]
        return again[0] if len(again) == 1 else None


def open_question(question: Question) -> UsageError:
    """What is not decided, told with everything that can happen."""
    name = next(iter(question.names), question.what)
    return UsageError(
        f"What happens here is left open: {question.what}.",
        details=tuple(_told(o) for o in question.options if o.likely),
        hint=f'Give it: --answer "{name}=..." for the caller, --choose "{name}=..." for schedules, data and the rest.',
    )


def _told(option: Option) -> str:
    names = ", ".join(label for label in option.labels if label)
    return f"{names}: {option.words}" if names else option.words
