"""Rules as data: an observation, the facts under which it is wrong, why, and what to do (semantics, section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from auditor.model.flows import FlowType

PLACEHOLDERS = ("object", "flow", "entry", "consent", "mode")
"""What a message may name in braces."""

Fact = str | bool | int

_ALWAYS: Mapping[str, tuple[Fact, ...]] = MappingProxyType(
    {
        "direction": ("inbound", "outbound", "internal"),
        "line": ("on", "off"),
        "gate": ("on", "off"),
        "consent": ("unasked", "unanswered", "refused", "granted"),
        "noticed": (True, False),
        "enabled": (True, False),
        "mode": ("opt_in", "opt_out", "announcement", "none"),
        "mode_satisfied": (True, False),
        "can_enable": (True, False),
    }
)
RUN_FACTS: Mapping[str, Mapping[str, tuple[Fact, ...]]] = MappingProxyType(
    {
        "recording-enabled": {**_ALWAYS, "stands_in": (True, False)},
        "consent-asked": {**_ALWAYS, "answer": ("granted", "refused", "unanswered")},
        "capture-starts": {
            **_ALWAYS,
            "part": ("line", "station"),
            "exempt": ("none", "conference"),
            "stands_in": (True, False),
        },
        "agent-connected": _ALWAYS,
        "copy-on": _ALWAYS,
        "third-party-captured": {**_ALWAYS, "third_party_asked": (True, False)},
    }
)
"""What each observation of a run says, and the values that occur."""

_YES_NO = (True, False)
SUMMARY_FACTS: Mapping[str, Mapping[str, tuple[Fact, ...]]] = MappingProxyType(
    {
        "entry-summary": {
            "kind": ("route", "number", "manual", "campaign", "callback", "internal", "orphan"),
            "direction": _ALWAYS["direction"],
            "line": _ALWAYS["line"],
            "gate": _ALWAYS["gate"],
            "recording_gated_leg": _YES_NO,
            "mode": _ALWAYS["mode"],
            "asks": _YES_NO,
            "enables": _YES_NO,
            "flow_could_enable": _YES_NO,
            "connects": _YES_NO,
            "connects_unasked": _YES_NO,
            "connects_unannounced": _YES_NO,
            "connects_refused": _YES_NO,
            "captured": _YES_NO,
            "legs_disagree": _YES_NO,
        },
        "enable-summary": {
            "flow_type": tuple(each.value for each in FlowType),
            "named": _YES_NO,
            "runs": _YES_NO,
            "recording_gated_leg": _YES_NO,
            "records": _YES_NO,
            "captured": _YES_NO,
        },
        "point-summary": {
            "kind": ("menu", "collect_input", "bot", "ask", "stored"),
            "every_class_enables": _YES_NO,
            "refused_reaches_service": _YES_NO,
            "evidence_kept": _YES_NO,
            "silent_language": _YES_NO,
        },
        "queue-summary": {"connects": _YES_NO, "captured": _YES_NO, "always_deleted": _YES_NO},
    }
)
"""What all runs together say of an entry on a leg, of an enable action, of a consent point, of a queue."""

FACTS: Mapping[str, Mapping[str, tuple[Fact, ...]]] = MappingProxyType({**RUN_FACTS, **SUMMARY_FACTS})
"""Everything that rules of one's own may judge."""


class Condition(Struct, frozen=True, gc=False):
    """A row of `[when]`: the fact must have one of the allowed values."""

    fact: str
    allowed: tuple[Fact, ...]


class Example(Struct, frozen=True, gc=False):
    """A short wrong case and the right one, as text or YAML."""

    bad: str
    ok: str


class RuleCase(Struct, frozen=True, gc=False):
    """A `[[case]]` of a rule: an export, and the names of the objects for which the rule must find something there.

    export, policy: paths beside the file of the rule.
    """

    name: str
    export: str
    expect: tuple[str, ...]
    policy: str | None = None


class Rule(Struct, frozen=True, gc=False):
    """One file of `rules/`. severity: a word; fix: one step each; source: the file's name; cases: its own tests.

    on: whether the rule runs unless the policy file says otherwise; mandatory: it cannot be switched off or waived.
    """

    code: str
    name: str
    severity: str
    objects: tuple[str, ...]
    observations: tuple[str, ...]
    when: tuple[Condition, ...]
    message: str
    why: str
    fix: tuple[str, ...]
    example: Example
    references: tuple[str, ...]
    assumptions: tuple[str, ...]
    mandatory: bool = False
    on: bool = True
    source: str = ""
    cases: tuple[RuleCase, ...] = ()

    @property
    def remediation(self) -> str:
        """The steps as one text, numbered when there are several."""
        if len(self.fix) == 1:
            return self.fix[0]
        return " ".join(f"{number}. {step}" for number, step in enumerate(self.fix, 1))

    @property
    def own(self) -> bool:
        """Whether it is a rule of the user's own, by its number."""
        return self.code[2] == "9"

    def text(self, names: Mapping[str, str]) -> str:
        """The message with its placeholders filled in; names: see PLACEHOLDERS."""
        return self.message.format_map(dict(names))

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Whether an observation with these facts is wrong; a fact that is absent allows nothing."""
        return all(each.fact in facts and _among(facts[each.fact], each.allowed) for each in self.when)


def _among(value: Fact, allowed: tuple[Fact, ...]) -> bool:
    # True == 1 in Python; a rule that allows 1 does not allow true.
    return any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in allowed)


class ProblemKind(Struct, frozen=True, gc=False):
    """A row of `problems.toml`: a kind of thing that could not be read or resolved (RX9xx)."""

    code: str
    name: str
    meaning: str
    fix: str


class RuleSet(Struct, frozen=True, gc=False):
    """Every rule and every kind of problem, by code."""

    rules: tuple[Rule, ...]
    problems: tuple[ProblemKind, ...] = ()

    def find(self, code: str) -> Rule | None:
        """The rule of that code or name, whatever its case."""
        wanted = code.casefold()
        return next((rule for rule in self.rules if wanted in (rule.code.casefold(), rule.name)), None)

    def find_problem(self, code: str) -> ProblemKind | None:
        """The kind of problem of that code or name, whatever its case."""
        wanted = code.casefold()
        return next((kind for kind in self.problems if wanted in (kind.code.casefold(), kind.name)), None)
