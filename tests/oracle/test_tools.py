"""The tools around the oracle can themselves tell right from wrong."""

from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from auditor.analysis.consent import PointKind
from auditor.findings import Confidence, EntryName, Finding, Severity, Step, StepState, Subject
from auditor.model.flows import Action
from auditor.model.location import NOWHERE
from auditor.model.organisation import Organisation
from auditor.model.sites import action_sites
from tests.oracle import build as b
from tests.oracle.compare import differences, report
from tests.oracle.entries import TooBig
from tests.oracle.generate import Sample, sample
from tests.oracle.interpret import Found, Options, OracleResult, explore, interpret
from tests.oracle.plain import unconsented
from tests.oracle.profile import FLOWS, ORGANISATION, PROFILES, VALUES, Profile
from tests.oracle.program import compile_program
from tests.oracle.replay import Replayer
from tests.oracle.shrink import describe, shrink

ASK = b.Ask("Ask", PointKind.COLLECT_INPUT)


def organisation(*block: Action) -> Organisation:
    main = b.task("Main", *block, b.to_queue("To Q"), b.disconnect("Bye"))
    return Organisation(
        flows=(b.flow("F", main),), trunk_bases=(b.trunk(),), phones=(b.phone("P"),), queues=(b.queue("Q"),),
        routes=(b.route("R", "F"),),
    )  # fmt: skip


# -- samples ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_samples_are_repeatable_and_their_names_unique(profile: Profile) -> None:
    for seed in range(30):
        made = sample(seed, profile)
        assert made == sample(seed, profile)
        names = Counter(s.action.name for f in made.organisation.flows for s in action_sites(f))
        assert all(count == 1 for count in names.values())
        assert len({p.place for p in made.points}) == len(made.points)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_own_numbering_is_that_of_the_model(profile: Profile) -> None:
    for seed in range(30):
        made = sample(seed, profile)
        spots = compile_program(made.organisation, made.points).actions
        ours = {(s.flow, s.number, s.action.name) for s in spots if s.action is not None}
        theirs = {(i, s.number, s.action.name) for i, f in enumerate(made.organisation.flows) for s in action_sites(f)}
        assert ours == theirs


def test_too_many_configurations_are_no_result() -> None:
    made = next(s for s in (sample(seed, VALUES) for seed in range(50)) if len(s.organisation.flows) > 1)
    with pytest.raises(TooBig):
        explore(made.organisation, made.points, Options(cap=3), 5)
    assert interpret(made.organisation, made.points, Options(cap=3)) is None


# -- plain reachability -----------------------------------------------------------------------------------------


def test_plain_rule_needs_a_grant_on_every_way() -> None:
    granted = organisation(b.bot("Ask", {"Yes": (b.enable(),), "No": ()}))
    points = b.points_of(granted, (b.Ask("Ask", PointKind.BOT, ("Yes",)),))
    assert unconsented(granted, points, ["F"]) == frozenset()
    fallen = organisation(b.bot("Ask", {"Yes": (), "No": (b.disconnect("No"),)}), b.enable())
    points = b.points_of(fallen, (b.Ask("Ask", PointKind.BOT, ("Yes",)),))
    assert unconsented(fallen, points, ["F"]) == {"Enable"}


def test_plain_rule_counts_refusals_after_a_grant_and_nothing_after_an_enable() -> None:
    first = b.bot("Ask", {"Yes": (), "No": (b.disconnect("No"),)}, (b.disconnect("None"),))
    again = b.bot("Again", {"Yes": (b.disconnect("Yes"),), "No": ()}, (b.disconnect("None again"),))
    asked = organisation(first, again, b.enable("Enable 1"), b.enable("Enable 2"))
    points = b.points_of(asked, [b.Ask(n, PointKind.BOT, ("Yes",)) for n in ("Ask", "Again")])
    assert unconsented(asked, points, ["F"]) == {"Enable 1"}


# -- replaying --------------------------------------------------------------------------------------------------


def step(subject: Subject, consent: str, noticed: bool, enabled: bool, place: str = "flow") -> Step:
    return Step(subject, NOWHERE, subject.name, StepState(consent, noticed, enabled, place))


def action(name: str) -> Subject:
    return Subject("action", name, flow="F", container="Main")


def witnessed(rule: str, *steps: Step) -> Finding:
    return Finding(
        rule, rule, Severity.HIGH, Confidence.HIGH, False, "opt_in", "", "", steps[-1].subject, NOWHERE,
        (EntryName("route", "R"),), steps,
    )  # fmt: skip


START = step(Subject("route", "R"), "unasked", False, False)
REFUSED = step(action("Ask"), "refused", True, False)
ENABLED = step(action("Enable"), "refused", True, True)


def faults(*steps: Step, rule: str = "RC103") -> list[str]:
    asked = organisation(b.collect("Ask"), b.enable())
    return Replayer(asked, b.points_of(asked, (ASK,)), Options()).faults(witnessed(rule, *steps))


def test_a_true_witness_replays() -> None:
    assert faults(START, REFUSED, ENABLED) == []
    handed = step(action("To Q"), "refused", True, True, "waiting in queue")
    assert faults(START, REFUSED, ENABLED, handed, rule="RN207") == []


@pytest.mark.parametrize(
    ("steps", "rule"),
    [
        ((START, ENABLED), "RC103"),
        ((START, step(action("Ask"), "granted", False, False), ENABLED), "RC103"),
        ((START, REFUSED, ENABLED), "RC104"),
        ((START, step(action("Ask"), "granted", True, False), step(action("Enable"), "granted", True, True)), "RC103"),
        ((START, REFUSED, step(action("Ask"), "refused", True, True)), "RC106"),
        ((START, REFUSED, step(action("To Q"), "refused", True, False)), "RN201"),
        ((step(Subject("route", "R"), "unasked", True, False), REFUSED, ENABLED), "RC103"),
    ],
    ids=["step left out", "wrong state", "wrong rule", "no violation", "wrong action", "not the next action", "start"],
)
def test_a_false_witness_does_not_replay(steps: tuple[Step, ...], rule: str) -> None:
    assert faults(*steps, rule=rule)


def test_a_witness_that_contradicts_itself_does_not_replay() -> None:
    test = b.decide("Is 1", b.equals("Task.A", "1"), (b.enable(),))
    asked = organisation(b.collect("Ask", (test,), into="Task.A"))
    replayer = Replayer(asked, b.points_of(asked, (ASK,)), Options())
    granted = [step(action(n), "granted", True, False) for n in ("Ask", "Is 1")]
    assert not replayer.faults(witnessed("RN202", START, *granted, step(action("Enable"), "granted", True, True)))
    refused = [step(action(n), "refused", True, False) for n in ("Ask", "Is 1")]
    assert replayer.faults(witnessed("RC103", START, *refused, ENABLED))


# -- comparing and shrinking ------------------------------------------------------------------------------------


def blind(organisation: Organisation, points: tuple[object, ...], options: Options) -> OracleResult:
    """An engine that misses RC102."""
    result = interpret(organisation, points, options)  # type: ignore[arg-type]
    assert result is not None
    return replace(result, findings=frozenset(f for f in result.findings if f.rule != "RC102"))


def test_a_missed_finding_is_a_difference_and_shrinks_to_its_core() -> None:
    made = next(s for s in (sample(seed, FLOWS) for seed in range(99)) if differences(s, blind))
    found = differences(made, blind)
    assert found
    words = report(made, blind, found)
    assert "only the oracle finds ('RC102'" in words
    small = shrink(made, lambda s: bool(differences(s, blind)))
    assert describe(small).count("[Enable") == 1
    assert len(describe(small).splitlines()) < len(describe(made).splitlines())


def test_an_invented_finding_is_a_difference() -> None:
    def inventive(organisation: Organisation, points: tuple[object, ...], options: Options) -> OracleResult:
        result = interpret(organisation, points, options)  # type: ignore[arg-type]
        assert result is not None
        return replace(result, findings=result.findings | {Found("RC101", "trunk", "Nowhere", True, False)})

    made: Sample = sample(1, ORGANISATION)
    assert any("Nowhere" in words for words in differences(made, inventive) or ())
