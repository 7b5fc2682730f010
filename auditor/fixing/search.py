"""The smallest set of edits that clears the findings: proposed, tried by a new audit each, pruned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from msgspec import Struct

from auditor.editing.apply import apply
from auditor.editing.edits import Delete, Edit, EditFlow, SetDefault, SetSetting
from auditor.editing.plan import Chosen, Proposal, Weighed
from auditor.findings import Audit, Finding
from auditor.fixing.for_flows import LOSS, flow_changes_for
from auditor.fixing.for_settings import settings_for
from auditor.fixing.world import World
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.report.text import counted

Auditing = Callable[[Organisation], Audit]
MOST = 400
"""Audits after which no more alternatives are tried."""


class Fixed(Struct, frozen=True):
    """What was found. open: findings for which no proposal helped; before, after: the audits; audits: how many ran."""

    chosen: tuple[Chosen, ...]
    open: tuple[Finding, ...]
    before: Audit
    after: Audit
    audits: int

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits of the plan."""
        return tuple(edit for chosen in self.chosen for edit in chosen.proposal.edits)


NEW = 15
"""What a finding costs that was not there before."""


class _Tried(Struct, frozen=True):
    """A proposal with what comes of it. rest: what it leaves of the plan; price: for each finding cleared."""

    proposal: Proposal
    rest: tuple[Chosen, ...]
    audit: Audit
    cleared: int
    new: int

    @property
    def price(self) -> float:
        """Weighted set cover: what is given up for each finding that is gone."""
        return (self.proposal.cost + NEW * self.new) / self.cleared

    @property
    def order(self) -> tuple[float, int, int]:
        """Less is better."""
        return (self.price, self.new, self.proposal.cost)


class Search:
    """One run of the search. rules: whose findings are to be cleared; empty: all of consent (RC)."""

    def __init__(self, world: World, audit: Auditing, rules: Sequence[str], progress: Callable[[str, int, int], None]):
        self.world, self._audit, self._rules, self._progress = world, audit, rules, progress
        self.audits = 0
        self.before = self._run(())
        world.serving = frozenset(_serving(self.before))
        self._known = {finding.fingerprint for finding in self.before.findings}

    def run(self) -> Fixed:
        """Clear finding after finding, the worst first; then leave out what the others make needless."""
        plan: tuple[Chosen, ...] = ()
        audit, done = self.before, set[str]()
        while target := next((f for f in self._targets(audit) if f.fingerprint not in done), None):
            done.add(target.fingerprint)
            tried = self._tried(target, plan, audit)
            if tried:
                best = min(tried, key=lambda each: each.order)
                plan = (*best.rest, _chosen(best, tried, audit, self._known))
                audit = best.audit
        plan, audit = self._pruned(plan, audit)
        return Fixed(plan, self._targets(audit), self.before, audit, self.audits)

    def _targets(self, audit: Audit) -> tuple[Finding, ...]:
        """Findings to clear: those asked for, and those of consent that a proposal has brought."""
        return tuple(f for f in audit.findings if self._wanted(f))

    def _wanted(self, finding: Finding) -> bool:
        if not self._rules or finding.fingerprint not in self._known:
            return finding.rule.startswith("RC")
        return finding.rule in self._rules

    def _tried(self, target: Finding, plan: Sequence[Chosen], audit: Audit) -> list[_Tried]:
        """The proposals that clear the target, each with a new audit."""
        found = []
        present = {f.fingerprint for f in audit.findings}
        wanted = {f.fingerprint for f in self._targets(audit)}
        for proposal in _distinct((*settings_for(target, self.world), *flow_changes_for(target, self.world))):
            if self.audits >= MOST or any(chosen.proposal == proposal for chosen in plan):
                continue
            rest = tuple(chosen for chosen in plan if not _replaces(proposal, chosen.proposal))
            after = self._run([*(chosen.proposal for chosen in rest), proposal])
            left = {f.fingerprint for f in after.findings}
            if target.fingerprint not in left:
                found.append(_Tried(proposal, rest, after, len(wanted - left), len(left - present)))
        return found

    def _pruned(self, plan: tuple[Chosen, ...], audit: Audit) -> tuple[tuple[Chosen, ...], Audit]:
        for chosen in reversed(plan):
            rest = tuple(other for other in plan if other is not chosen)
            without = self._run([other.proposal for other in rest])
            if len(self._targets(without)) <= len(self._targets(audit)):
                plan, audit = rest, without
        return plan, audit

    def _run(self, proposals: Sequence[Proposal]) -> Audit:
        self.audits += 1
        self._progress("audits of proposals", self.audits, 0)
        edits = [edit for proposal in proposals for edit in proposal.edits]
        return self._audit(apply(self.world.organisation, edits))


def _distinct(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """Each once, the cheapest first."""
    found: dict[tuple[Edit, ...], Proposal] = {}
    for proposal in proposals:
        found.setdefault(proposal.edits, proposal)
    yield from sorted(found.values(), key=lambda p: p.cost)


def _serving(audit: Audit) -> Iterator[Location]:
    """What the twins of findings pass while recording is enabled with consent."""
    for finding in audit.findings:
        for step in finding.twin.steps if finding.twin else ():
            if step.state.enabled and step.state.consent == "granted":
                yield step.location


def _replaces(proposal: Proposal, earlier: Proposal) -> bool:
    """Whether both say something about the same action or the same setting."""
    return bool(_touched(proposal) & _touched(earlier))


def _touched(proposal: Proposal) -> set[tuple[str, str, str]]:
    found = set()
    for edit in proposal.edits:
        match edit:
            case SetSetting(kind=kind, id=id, key=key):
                found.add((kind, id, key))
            case EditFlow(flow=flow, changes=changes):
                found |= {("flow", str(flow), str(c.number)) for c in changes if isinstance(c, Delete)}
                found |= {("menu", str(flow), c.container) for c in changes if isinstance(c, SetDefault)}
    return found


def _chosen(best: _Tried, tried: Sequence[_Tried], before: Audit, known: Set[str]) -> Chosen:
    """known: fingerprints of the findings that were there before any edit."""
    left = {f.fingerprint for f in best.audit.findings}
    gone = (f for f in before.findings if f.rule.startswith("RC") and f.fingerprint not in left)
    clears = tuple(_words(f) + ("" if f.fingerprint in known else " (which an edit above would bring)") for f in gone)
    others = tuple(Weighed(t.proposal, _against(t, best)) for t in tried if t is not best)
    return Chosen(best.proposal, clears, others)


def _words(finding: Finding) -> str:
    inside = f' in flow "{finding.subject.flow}"' if finding.subject.flow else ""
    return f'{finding.rule} of {finding.subject.kind} "{finding.subject.name}"{inside}'


def _against(tried: _Tried, best: _Tried) -> str:
    """What speaks against an alternative."""
    if tried.proposal.cost >= LOSS > best.proposal.cost:
        return "gives up recording"
    if tried.new > best.new:
        return f"brings {counted(tried.new, 'new finding')} instead of {best.new}"
    if tried.cleared < best.cleared:
        return f"clears {counted(tried.cleared, 'finding')} instead of {best.cleared}"
    return "changes more of what calls do" if tried.proposal.cost > best.proposal.cost else "is as good"
