"""Brute force: every run of the semantics over a small organisation, and what the rules say of them.

How this oracle reads the places where semantics.md can be read in two ways:

* Error handling. What can raise is what computes: decisions, switches, assignments, participant data and inputs
  with a NOT_SET operand or a function that is not known (built-in variables are set). The edge leaves with the
  state before the action. The handling is that of the flow in which the action stands; without any the call ends
  (no taint). A transfer by error handling that fails ends the call; the action that raised hands the call over.
* A decision on a condition that is NOT_SET as a whole takes "no" or raises. Conditions on built-in variables go
  either way each time they are read. A plain NOT_SET may be assigned, handed over and written.
* A queue exported without any member has nobody who answers.
* A jump inside a module or bot flow stays in it and abandons only the calls of tasks made there (A10).
* End Task in a task that nobody called is like falling off its end: the call ends, tainted.
* Falling off the end of a called task returns by the output "default", or straight on.
* A loop runs any number of rounds, none included unless its count is a number above 0.
* The initial greeting and audio before error handling are queued like Play Audio, not flushed at once.
* Only data actions (`callData...`) flush, other lookups do not. A lookup that fails leaves the variables of its
  good outputs alone (A11 speaks of inputs and bots). A found value may be NOT_SET; then it is no answer.
* Dialling an extension or saying a name at a consent point is no outcome: `consent` stays.
* A global choice pressed in a consent menu refuses, also when the point is declared by its refusing answers.
* Every choice with a digit or a phrase can be chosen, the default one too.
* Latent findings neither violate nor hinder *proved*.
* A finding on one leg: non-latent if the leg can enable under some value of what is unset; certain if it can
  under every value (or line and gate are both unset). Over all legs: certain if on one, non-latent if on one,
  each for itself. RC105 is put together from legs that can enable, and only when that fails from all.
* "A reachable station" is the station of any internal participant whom some run of the entry connects.
* No phone exported: a member's station is unset, can have no finding of its own, and keeps a verdict unknown.
* The taint of a transfer to a queue that is not in the export comes after its own hand-over.
* RN201 at a queue asks for the state when the queue is reached and again when an agent answers; the object is
  the transfer into the queue. A menu is the object when an extension is dialled in it.
* RC105 looks at `satisfied` when the enable runs, after its flush.
* RC112 needs that the station is held back: where it is not, the capture of an inbound call is RC113 already. An
  outbound call has RC111 in any case; it is held back only as a customer-first callback, under A4 no. RC107 on a
  phone stands for whichever of them occurs. The conference edge counts for the effect too: a run that becomes a
  conference has a capture at a station that records.
* RC131 does not depend on the mode: the third party was never asked. It needs that the line captures there.
* RC141: the object is what switched the copy on last. Queue settings apply when the queue is reached,
  and to campaigns and callbacks of its agents.
* A campaign without a reaction to a live party has its agents on the line (unless agentless); callbacks come
  from every Create Callback action, reached or not, and from queue settings with a mode.
* RN208: a flow could enable when it holds an enable action, whether or not a run reaches it.
* Internal calls are no part of this oracle (RC114 is off unless the policy asks).
* RC107 stands for RC101 only where RC101 would be: gate off. On legs that cannot enable it is latent, as the
  rules for which it stands.
* RN203 and RN207, RN208, RN210, RN212 on unset settings are possible findings, RN202 too when an unset line or
  station could record. RN206 and RN209 do not depend on legs.
* Findings of RN202, RN204, RN206 to RN208 are not certain when any run that was looked at is tainted.
* A verdict is unknown as soon as any run of the entry is tainted, unless it is violated.
* Effect: see `effects`. With taint, only *sometimes* is sure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint
from auditor.model.organisation import Organisation
from tests.oracle.endpoints import Endpoints
from tests.oracle.entries import Run, TooBig, runs_of
from tests.oracle.machine import Machine
from tests.oracle.program import compile_program, is_enable

EntryLeg = tuple[str, str, str, str, str, tuple[str, ...]]
"""Kind and name of the entry; direction, line and gate ("on", "off", "unset") and trunk names of the leg."""


class Found(NamedTuple):
    """A finding: kind and name are those of its object."""

    rule: str
    kind: str
    name: str
    certain: bool
    latent: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is claimed for an entry on a leg."""

    verdict: str
    effect: str


class OracleResult(Struct, frozen=True):
    """Findings, verdicts, and entries with a tainted run (for which certainty is not compared)."""

    findings: frozenset[Found]
    verdicts: dict[EntryLeg, Verdict]
    tainted: frozenset[tuple[str, str]] = frozenset()

    @property
    def keys(self) -> frozenset[tuple[str, str, str]]:
        """(rule, kind, name) of all findings."""
        return frozenset(f[:3] for f in self.findings)


@dataclass(frozen=True, slots=True)
class Options:
    """mode: for every entry; orphans: audit them; cap: configurations an entry; depth: of nested calls."""

    mode: str = "opt_in"
    orphans: bool = False
    cap: int = 4000
    depth: int = 5


@dataclass(slots=True)
class World:
    """An organisation explored from all of its entries."""

    organisation: Organisation
    points: tuple[ConsentPoint, ...]
    options: Options
    machine: Machine
    runs: list[Run]
    orphans: list[Run]
    audited: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.audited = [*self.runs, *(self.orphans if self.options.orphans or flows_only(self.organisation) else ())]

    @property
    def enables(self) -> frozenset[int]:
        """Flows that hold an enable action."""
        return frozenset(s.flow for s in self.machine.program.actions if is_enable(s))

    def point_object(self, index: int) -> tuple[str, str]:
        """Kind and name of a consent point."""
        point = self.points[index]
        return ("menu" if point.place.number is None else "action", point.name)


def flows_only(organisation: Organisation) -> bool:
    """Whether the export holds flows and nothing else that matters to calls."""
    o = organisation
    return not (o.routes or o.dids or o.trunk_bases or o.queues or o.users or o.phones or o.groups or o.campaigns)


def explore(organisation: Organisation, points: tuple[ConsentPoint, ...], options: Options, depth: int) -> World:
    """All configurations of all entries; raises TooBig."""
    machine = Machine(compile_program(organisation, points), Endpoints(organisation), depth)
    runs, orphans = runs_of(machine, options.cap)
    return World(organisation, points, options, machine, runs, orphans)


def interpret(
    organisation: Organisation, points: tuple[ConsentPoint, ...], options: Options | None = None
) -> OracleResult | None:
    """Findings and verdicts by brute force, or None when there is too much to enumerate.

    Recursion is cut at a depth; the result counts only if two more levels do not change it.
    """
    from tests.oracle.judge import judge

    options = options if options is not None else Options()
    try:
        world = explore(organisation, points, options, options.depth)
        result = judge(world)
        if world.machine.cut and judge(explore(organisation, points, options, options.depth + 2)) != result:
            return None
    except TooBig:
        return None
    return result


def satisfied_in(mode: str) -> Callable[[str, bool], bool]:
    """Whether the mode is satisfied, by consent and noticed (semantics, section 6)."""
    match mode:
        case "opt_in":
            return lambda consent, _: consent == "granted"
        case "opt_out":
            return lambda consent, noticed: consent in ("granted", "unanswered") or (consent == "unasked" and noticed)
        case "announcement":
            return lambda consent, noticed: noticed and consent != "refused"
        case _:
            return lambda _consent, _noticed: True
