"""What random organisations contain."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace


class Profile(Struct, frozen=True):
    """How large random organisations are and what they use. weights: by the name of a maker in `blocks`.

    values: variables, participant data and conditions over them; the other numbers are probabilities.
    """

    name: str
    weights: dict[str, float]
    actions: int = 12
    flows: int = 3
    values: bool = False
    recursion: bool = False
    abandoning: bool = True
    stored: bool = True
    handlers: float = 0.25
    unset: float = 0.15
    menus: float = 0.35
    modules: float = 0.35
    secure: float = 0.1
    in_queue: float = 0.25
    flows_only: float = 0.04
    dials: float = 0.06
    directory: float = 0.04
    orphans: float = 0.3
    direct: float = 0.2
    unmodelled: float = 0.0
    active: float = 0.3
    consult: float = 0.1
    routed: float = 0.0
    campaigns: float = 0.0
    callbacks: float = 0.0
    copies: float = 0.0
    modes: tuple[str, ...] = ("opt_in",)
    extra: dict[str, float] = field(default_factory=dict)

    def of(self, maker: str) -> float:
        """The weight of a kind of action."""
        return self.extra.get(maker, self.weights.get(maker, 0.0))


_PLAIN = {
    "enable": 3.0,
    "ask": 3.0,
    "ask_bot": 0.8,
    "ask_table": 0.8,
    "maybe": 2.5,
    "schedule": 0.5,
    "play": 0.6,
    "notice": 0.6,
    "flush": 0.4,
    "language": 0.3,
    "other_question": 0.5,
    "loop": 0.8,
    "call": 1.5,
    "module": 1.0,
    "jump": 1.0,
    "queue": 1.5,
    "user": 0.6,
    "group": 0.4,
    "number": 0.3,
    "voicemail": 0.4,
    "flow": 0.8,
    "extension": 0.15,
    "hang_up": 0.7,
}

FLOWS = Profile("flows", _PLAIN, recursion=True, modes=("opt_in",))
"""Flows as they are without values that travel: answers are tested in the container in which they were given."""

VALUES = Profile(
    "values",
    {
        **_PLAIN,
        "keep": 2.0,
        "ask_value": 1.5,
        "ask_data": 0.8,
        "assign": 2.5,
        "test": 3.5,
        "switch": 1.0,
        "write": 0.8,
        "read": 0.8,
        "maybe": 1.0,
        "loop": 0.5,
    },
    values=True,
    modes=("opt_in", "opt_out", "announcement"),
)
"""Variables, participant data and stored answers that travel over tasks, modules and flows."""

ORGANISATION = Profile(
    "organisation",
    {**_PLAIN, "enable": 2.0, "copy": 0.8, "callback": 0.6, "post_flow": 0.4},
    actions=7,
    flows=2,
    in_queue=0.4,
    active=0.6,
    consult=0.3,
    routed=0.5,
    campaigns=0.5,
    callbacks=0.4,
    copies=0.3,
    modes=("opt_in", "opt_out", "announcement"),
)
"""What is around flows: calls that begin inside, third parties, copies, stations."""

STRAIGHT = replace(FLOWS, name="straight", recursion=False, stored=False)
"""Without recursion: what the plain reachability engine can put in line."""

PROFILES = {p.name: p for p in (FLOWS, VALUES, ORGANISATION, STRAIGHT)}
