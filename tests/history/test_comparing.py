from __future__ import annotations

from msgspec.structs import replace

from auditor.history.comparing import Change, age, changed, compare, step, tally
from auditor.history.records import Header, Run
from tests.builders import FULL, PROVED, VIOLATED
from tests.history.samples import BETTER, GATED, OPEN, run


def numbered(*runs: Run) -> list[Run]:
    return [replace(each, header=replace(each.header, number=index)) for index, each in enumerate(runs, 1)]


def history(*runs: Run) -> list[tuple[Header, frozenset[str]]]:
    return [(each.header, frozenset(found.fingerprint for found in each.found)) for each in runs]


def test_new_fixed_and_open_with_their_ages() -> None:
    runs = numbered(run(BETTER, GATED, 1), run(day=4), run(day=9))
    result = compare([runs[0], runs[2]], history(*runs))
    assert [each.found.rule for each in result.new] == ["RC103", "RC106"]
    assert [(each.age.first.number, each.age.days) for each in result.new] == [(2, 5), (2, 5)]
    assert [(each.found.rule, each.age.days) for each in result.open] == [("RN201", 8)]
    assert result.fixed == ()


def test_what_is_fixed_was_open_until_the_run_without_it() -> None:
    runs = numbered(run(day=1), run(day=4), run(BETTER, GATED, 9))
    result = compare(runs, history(*runs))
    assert [(each.found.rule, each.age.last.number, each.age.days) for each in result.fixed] == [
        ("RC103", 2, 8),
        ("RC106", 2, 8),
    ]


def test_a_finding_that_comes_back_is_open_since_then_and_first_seen_before() -> None:
    runs = numbered(run(day=1), run(BETTER, GATED, 3), run(day=5), run(day=6))
    found = age(runs[0].found[0].fingerprint, history(*runs))
    assert found is not None
    assert (found.first.number, found.since.number, found.last.number, found.days) == (1, 3, 4, 1)
    assert age("v1:never", history(*runs)) is None


def test_a_flip_names_the_setting_that_was_changed() -> None:
    runs = numbered(run(day=1), run(BETTER, GATED, 2))
    result = step(*runs)
    assert [(flip.call.trunk, flip.before, flip.after) for flip in result.flips] == [
        ("Trunk Berlin", "violated", "proved"),
        ("Trunk Hamburg", "violated", "proved"),
    ]
    berlin = next(flip for flip in result.flips if flip.call.trunk == "Trunk Berlin")
    assert berlin.causes == (Change("trunk:Trunk Berlin", "trunk_recording_consent_required", "false", "true"),)
    assert berlin.others == 0


def test_a_change_elsewhere_is_only_counted() -> None:
    runs = numbered(run(day=1), run(BETTER, replace(OPEN, queues=()), 2))
    assert {(flip.causes, flip.others) for flip in step(*runs).flips} == {((), 1)}


def test_other_rules_or_tools_are_said() -> None:
    before, after = numbered(run(day=1), run(day=2))
    after = replace(after, header=replace(after.header, tool="2.0", policy=""))
    assert step(before, after).used == ("tool 1.0 became 2.0", "the policy changed")
    assert step(before, before).used == ()


def test_of_two_verdicts_on_one_call_the_worse_counts() -> None:
    before, after = numbered(run(day=1), run(replace(FULL, verdicts=(PROVED, VIOLATED)), day=2))
    assert step(before, after).flips == ()


def test_things_that_come_and_go() -> None:
    before, after = run(of=OPEN), run(of=replace(OPEN, queues=()))
    assert changed(before.things, after.things) == (Change("queue:Sales", "", "there", None),)
    assert changed(after.things, before.things) == (Change("queue:Sales", "", None, "there"),)
    assert changed(before.things, before.things) == ()


def test_a_run_in_numbers_leaves_out_what_is_waived() -> None:
    numbers = tally(run(), frozenset({"v1:gone"}))
    assert dict(numbers.severities) == {"critical": 1, "high": 0, "medium": 1, "low": 0, "info": 0}
    assert (numbers.set_aside, numbers.new, numbers.fixed) == (1, 3, 1)
    assert tally(run(), None).new == 0
