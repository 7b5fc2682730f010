"""What recording policies keep of a queue, in words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.model.routing import Member, Queue, RetentionPolicy, User
from auditor.model.settings import UNSET, Known
from auditor.policy.retention import DIRECTIONS, INBOUND, Retention, kept

ON, OFF = Known(True), Known(False)
BOTH = frozenset(DIRECTIONS)
NONE = frozenset[str]()
SALES = Queue("q", "Sales", None, None, OFF, OFF, OFF, (Member("u"),), (), None, None, Location("queues.json"))
USERS = (
    User("u", "Uta", None, None, None, None, None, (), (), Location("users.json")),
    User("v", "Vic", None, None, None, None, None, (), (), Location("users.json")),
)
KEEP = RetentionPolicy(
    "k", "Keep", 2, ON, ("q",), None, ("INBOUND", "OUTBOUND"), ("CALL",), (), ON, OFF, OFF, Location("p.json")
)
PURGE = replace(KEEP, id="a", name="Purge", order=1, retain=OFF, always_delete=ON)
DROP = replace(KEEP, id="d", name="Drop", order=3, retain=OFF, delete=ON)


def of(*policies: RetentionPolicy, queue: Queue = SALES) -> Retention:
    return kept(queue, Organisation(queues=(queue,), users=USERS, policies=policies))


def test_without_any_policy_in_the_export_nothing_is_certain() -> None:
    assert of() == Retention("kept (no recording policy in the export)", deleted=NONE, certain=NONE)


@pytest.mark.parametrize(
    "policy",
    [
        replace(PURGE, enabled=OFF),
        replace(PURGE, queues=("other",)),
        replace(PURGE, media=("CHAT", "EMAIL")),
    ],
)
def test_policies_that_do_not_concern_the_queue_say_nothing(policy: RetentionPolicy) -> None:
    assert of(policy) == Retention("kept (no policy applies)", deleted=NONE, certain=BOTH)


@pytest.mark.parametrize(
    ("policy", "words", "deleted"),
    [
        (KEEP, 'kept (policy "Keep")', False),
        (replace(KEEP, days=1), 'kept 1 day (policy "Keep")', False),
        (replace(KEEP, delete=ON), 'kept (policy "Keep")', False),
        (PURGE, 'always deleted (policy "Purge")', True),
        (replace(PURGE, retain=ON), 'always deleted (policy "Purge")', True),
        (replace(PURGE, queues=None, directions=(), media=()), 'always deleted (policy "Purge")', True),
        (DROP, 'deleted (policy "Drop")', True),
        (replace(DROP, delete=OFF), "kept (no policy applies)", False),
    ],
)
def test_one_policy_for_every_call(policy: RetentionPolicy, words: str, deleted: bool) -> None:
    assert of(policy) == Retention(words, BOTH if deleted else NONE, certain=BOTH)


def test_a_policy_that_keeps_wins_over_one_that_deletes() -> None:
    assert of(KEEP, DROP) == Retention('kept (policy "Keep")', deleted=NONE, certain=BOTH)


def test_the_longest_retention_wins() -> None:
    short, long = replace(KEEP, name="Short", days=5), replace(KEEP, name="Long", order=9, days=90)
    assert of(short, long).words == 'kept 90 days (policy "Long")'
    assert of(short, long, KEEP).words == 'kept (policy "Keep")'


def test_keeping_against_always_deleting_is_not_documented() -> None:
    found = of(KEEP, PURGE)
    assert (found.deleted, found.certain) == (BOTH, NONE)
    assert found.words == 'always deleted (policy "Purge"), although policy "Keep" keeps them'


def test_directions_are_told_apart() -> None:
    found = of(replace(PURGE, directions=("INBOUND",)))
    assert (found.deleted, found.certain) == (frozenset({INBOUND}), BOTH)
    assert found.words == 'inbound calls: always deleted (policy "Purge"); outbound calls: kept (no policy applies)'
    both = of(replace(PURGE, directions=("INBOUND",)), replace(PURGE, name="Out", directions=("OUTBOUND",)))
    assert both.deleted == BOTH
    missing = of(replace(PURGE, directions=("INBOUND",)), replace(KEEP, directions=("OUTBOUND",), retain=UNSET))
    assert (missing.deleted, missing.certain) == (frozenset({INBOUND}),) * 2


def test_a_condition_limits_a_policy() -> None:
    found = of(replace(PURGE, conditions=("wrap-up codes: Sale",)))
    assert found.words == (
        'kept (no policy applies); always deleted for calls with certain wrap-up codes: Sale (policy "Purge")'
    )
    assert not found.deleted


def test_a_condition_on_users_limits_a_policy_unless_it_names_every_member() -> None:
    assert of(replace(PURGE, users=("u",))).deleted
    limited = of(replace(PURGE, users=("v",)))
    assert not limited.deleted
    assert "always deleted for calls of Vic" in limited.words
    assert not of(replace(PURGE, users=("u",)), queue=replace(SALES, members=None)).deleted
    assert not of(replace(PURGE, users=("u",)), queue=replace(SALES, groups=("g",))).deleted


@pytest.mark.parametrize(
    "policy",
    [replace(PURGE, enabled=UNSET), replace(KEEP, always_delete=UNSET), replace(KEEP, retain=UNSET)],
)
def test_a_setting_that_is_missing_makes_it_uncertain(policy: RetentionPolicy) -> None:
    found = of(policy)
    assert not found.certain
    assert found.words.endswith(f'settings of policy "{policy.name}" are missing')


def test_a_listing_that_is_cut_off_makes_it_uncertain() -> None:
    problem = Problem("RX905", "The listing ends.", Location("p.json"), "Export all pages.", "file:p.json")
    whole = Organisation(queues=(SALES,), policies=(PURGE,))
    assert kept(SALES, whole).certain == BOTH
    assert not kept(SALES, replace(whole, problems=(problem,))).certain
