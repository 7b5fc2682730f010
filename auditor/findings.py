"""Findings, verdicts and the audit as a whole: what judgement yields and every report reads."""

from __future__ import annotations

import hashlib
from enum import IntEnum, StrEnum

from msgspec import Struct

from auditor.model.assumptions import Assumption
from auditor.model.confidence import Confidence as Confidence
from auditor.model.location import NOWHERE, Location
from auditor.model.problems import InputFile, Problem
from auditor.model.rules import RuleSet


class Severity(IntEnum):
    """How bad a finding is; comparable, so that a threshold is a comparison."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word users type and read."""
        return self.name.lower()


class VerdictWord(StrEnum):
    """The verdict on an entry on a leg (semantics, section 1)."""

    PROVED = "proved"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """Where consent is given, does it lead to a recording? (semantics, section 1)"""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Subject(Struct, frozen=True):
    """The object of a finding or step.

    kind: action, flow, menu, trunk, phone, queue, user, group, site, number, route, campaign, policy, file.
    flow, container, ordinal: for actions, where they stand (ordinal among equal names in the container).
    """

    kind: str
    name: str
    id: str | None = None
    flow: str | None = None
    division: str | None = None
    container: str | None = None
    ordinal: int = 0

    @property
    def identity(self) -> tuple[str, ...]:
        """What the fingerprint is made of: the same in every export form."""
        if self.kind in ("action", "menu"):
            flow, container = self.flow or "", self.container or ""
            return (self.kind, flow, container, self.name, str(self.ordinal), self.division or "")
        return (self.kind, self.name, self.division or "")


class StepState(Struct, frozen=True):
    """The state of the call after a step of a witness; consent, place: words of semantics section 4."""

    consent: str
    noticed: bool
    enabled: bool
    place: str


class Step(Struct, frozen=True):
    """One step of a witness. text: a plain English sentence; state: after the step.

    what, why, event: the parts of the text: where the call is, why it goes on, what begins at the end.
    """

    subject: Subject
    location: Location
    text: str
    state: StepState
    what: str = ""
    why: str = ""
    event: str = ""


class EntryName(Struct, frozen=True):
    """An entry as named in lists. kind: route, number, orphan, campaign, manual, callback, internal."""

    kind: str
    name: str


class Waiver(Struct, frozen=True):
    """Why a finding does not count."""

    reason: str
    owner: str
    expires: str


class Twin(Struct, frozen=True):
    """The nearest compliant twin of a witness. parting: index of the last step before the two part.

    taken, instead: why each branch is taken; steps: those of the twin behind the branch; after: the state of the
    twin right behind the branch, None when the call ends there.
    """

    parting: int
    taken: str
    instead: str
    steps: tuple[Step, ...]
    after: StepState | None = None


class Finding(Struct, frozen=True):
    """A rule and the object for which it is wrong, with the shortest run that shows it."""

    rule: str
    name: str
    severity: Severity
    confidence: Confidence
    latent: bool
    mode: str
    message: str
    remediation: str
    subject: Subject
    location: Location
    entries: tuple[EntryName, ...]
    witness: tuple[Step, ...]
    hangs_on: tuple[str, ...] = ()
    twin: Twin | None = None
    waived: Waiver | None = None
    baselined: bool = False

    @property
    def possible(self) -> bool:
        """Reported with low confidence, because it hangs on something not known."""
        return self.confidence is Confidence.LOW

    @property
    def fingerprint(self) -> str:
        """`v1:` and a hash of rule and object identity: stable over export forms, moves and renumbering."""
        text = "\x1f".join((self.rule, *self.subject.identity))
        return "v1:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def counts(self) -> bool:
        """Whether the finding counts for the threshold of the exit code."""
        return self.waived is None and not self.baselined


class LegName(Struct, frozen=True):
    """A leg as reported. line, gate: "on", "off" or "unset"; trunks: names of its trunk bases."""

    direction: str
    line: str
    gate: str
    trunks: tuple[str, ...]


class Entry(Struct, frozen=True):
    """An entry as reported: one way in which a call can begin."""

    kind: str
    name: str
    id: str | None
    numbers: tuple[str, ...]


class EntryVerdict(Struct, frozen=True):
    """The verdict on one entry on one leg. findings: fingerprints; reasons: why not proved, or what is in doubt.

    location: of the entry.
    """

    entry: Entry
    leg: LegName
    mode: str
    verdict: VerdictWord
    effect: Effect
    findings: tuple[str, ...]
    reasons: tuple[str, ...]
    location: Location = NOWHERE


class Asked(StrEnum):
    """Whether calls that reach somebody, or voicemail, have passed a consent point on the way."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    UNKNOWN = "unknown"


class Recorded(StrEnum):
    """Whether callers who have said the same are recorded."""

    RECORDED = "recorded"
    NOT_RECORDED = "not_recorded"
    DEPENDS = "depends"
    DOES_NOT_OCCUR = "does_not_occur"
    UNKNOWN = "unknown"


class Row(Struct, frozen=True):
    """One number, or one entry without numbers, on one leg. doubts: why something in it is unknown."""

    number: str | None
    entry: Entry
    leg: LegName
    asked: Asked
    granted: Recorded
    refused: Recorded
    unanswered: Recorded
    not_asked: Recorded
    mode: str
    verdict: VerdictWord
    doubts: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """What happens to the caller, for comparison."""
        words = (self.asked, self.granted, self.refused, self.unanswered, self.not_asked)
        return (*(w.value for w in words), self.mode, self.verdict.value)


class Matrix(Struct, frozen=True):
    """Rows in the order of entries, numbers and legs. unread: files that were not understood."""

    rows: tuple[Row, ...]
    unread: int


class Coverage(Struct, frozen=True):
    """What the verdicts rest on. objects: (kind, count); unmodelled: (action type, count)."""

    objects: tuple[tuple[str, int], ...]
    entries: int
    flows: int
    flows_reached: int
    actions: int
    actions_reached: int
    unmodelled: tuple[tuple[str, int], ...]


NO_RULES = RuleSet(())


class Audit(Struct, frozen=True):
    """The whole result. assumptions: ("A1", "yes") ...; incomplete: exit code 5 applies when nothing else does.

    organisation: its name; rules: those that were in effect. Only when they were asked for: policy: every setting in
    effect, as text; matrix; assumed: what the assumptions say.
    """

    inputs: tuple[InputFile, ...]
    coverage: Coverage
    assumptions: tuple[tuple[str, str], ...]
    verdicts: tuple[EntryVerdict, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    incomplete: bool
    notes: tuple[str, ...] = ()
    organisation: str = ""
    rules: RuleSet = NO_RULES
    policy: str = ""
    matrix: Matrix | None = None
    assumed: tuple[Assumption, ...] = ()


def exit_code(audit: Audit, fail_on: Severity, *, allow_incomplete: bool = False) -> int:
    """The exit code for an audit: 0 clean, 1 findings at or above fail_on, 4 nothing to audit, 5 incomplete."""
    if any(f.counts and f.severity >= fail_on for f in audit.findings):
        return 1
    unreadable = any(p.unread for p in audit.problems)
    if not audit.verdicts and not audit.coverage.flows and not unreadable:
        return 4
    return 5 if audit.incomplete and not allow_incomplete else 0
