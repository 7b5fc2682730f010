"""Which mode holds for an entry, and when it is satisfied."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from msgspec.structs import replace

from auditor.loading.tables import read_jurisdictions
from auditor.model.policy import JurisdictionOverride, Mode, ModeRow, Policy, Scope
from auditor.policy.modes import EntryFacts, mode_for, reading_of, satisfied

TABLE = read_jurisdictions()
TODAY = date(2026, 6, 1)
ENTRY = EntryFacts(
    numbers=("+49305550100", "+12125550100"),
    routes=("Hotline", "route-1"),
    sites=("Berlin",),
    trunks=("Carrier A",),
    divisions=("Home",),
    flows=("Main", "flow-1"),
)


def _mode(policy: Policy, entry: EntryFacts = ENTRY, today: date = TODAY) -> Mode:
    return mode_for(entry, policy, TABLE, today).mode


def _row(scope: Scope, value: str, mode: Mode, since: date | None = None) -> ModeRow:
    return ModeRow(scope, (value,), mode=mode, since=since)


def _by_hand(mode: Mode, consent: str, noticed: bool) -> bool:
    table = {
        "opt_in": {"granted": (True, True)},
        "opt_out": {"granted": (True, True), "unanswered": (True, True), "unasked": (False, True)},
        "announcement": {"granted": (False, True), "unanswered": (False, True), "unasked": (False, True)},
        "none": dict.fromkeys(("granted", "refused", "unanswered", "unasked"), (True, True)),
    }
    return table[mode.value].get(consent, (False, False))[noticed]


@pytest.mark.parametrize(
    ("mode", "consent", "noticed"),
    list(product(Mode, ("unasked", "unanswered", "refused", "granted"), (False, True))),
)
def test_satisfaction_is_that_of_the_semantics(mode: Mode, consent: str, noticed: bool) -> None:
    assert satisfied(mode, consent, noticed) is _by_hand(mode, consent, noticed)


def test_without_any_row_the_default_holds() -> None:
    assert mode_for(ENTRY, Policy(), TABLE, TODAY).reason == "default mode of the auditor"
    policy = Policy(default_mode=Mode.NONE, default_mode_set=True)
    assert _mode(policy) is Mode.NONE
    assert mode_for(ENTRY, policy, TABLE, TODAY).reason == "default mode"


@pytest.mark.parametrize(
    ("scope", "value"),
    [
        (Scope.NUMBER_PREFIX, "+49 30"),
        (Scope.ROUTE, "HOTLINE"),
        (Scope.ROUTE, "route-1"),
        (Scope.SITE, "Berlin"),
        (Scope.TRUNK, "Carrier A"),
        (Scope.DIVISION, "Home"),
        (Scope.FLOW, "flow-1"),
    ],
)
def test_a_row_selects_by_its_scope(scope: Scope, value: str) -> None:
    policy = Policy(default_mode=Mode.OPT_IN, modes=(_row(scope, value, Mode.ANNOUNCEMENT),))
    assert _mode(policy, replace(ENTRY, numbers=ENTRY.numbers[:1])) is Mode.ANNOUNCEMENT
    assert _mode(policy, EntryFacts(numbers=("+44205550100",), flows=("Other",))) is Mode.OPT_IN


def test_a_number_of_which_no_row_speaks_has_the_default_mode() -> None:
    berlin = _row(Scope.NUMBER_PREFIX, "+49 30", Mode.ANNOUNCEMENT)
    chosen = mode_for(ENTRY, Policy(modes=(berlin,)), TABLE, TODAY)
    assert chosen.mode is Mode.OPT_IN
    assert chosen.reason.startswith("number +12125550100: default mode of the auditor; the strictest counts")
    york = _row(Scope.NUMBER, "+12125550100", Mode.OPT_OUT)
    assert _mode(Policy(modes=(berlin, york))) is Mode.OPT_OUT
    route = _row(Scope.ROUTE, "Hotline", Mode.NONE)
    assert _mode(Policy(modes=(berlin, route))) is Mode.ANNOUNCEMENT
    assert _mode(Policy(modes=(berlin,), default_mode=Mode.NONE)) is Mode.ANNOUNCEMENT


def test_the_strictest_of_several_rows_counts_and_the_reason_says_so() -> None:
    rows = (
        _row(Scope.ROUTE, "Hotline", Mode.NONE),
        ModeRow(Scope.TRUNK, ("Carrier A",), mode=Mode.OPT_OUT, citation="contract 7"),
        _row(Scope.FLOW, "Main", Mode.ANNOUNCEMENT),
    )
    choice = mode_for(ENTRY, Policy(modes=rows), TABLE, TODAY)
    assert choice.mode is Mode.OPT_OUT
    assert choice.reason == ("trunk Carrier A (contract 7); the strictest counts, other candidates: announcement, none")


def test_modes_are_ordered_by_strictness() -> None:
    assert sorted(Mode, key=lambda mode: mode.strictness) == [
        Mode.NONE,
        Mode.ANNOUNCEMENT,
        Mode.OPT_OUT,
        Mode.OPT_IN,
    ]


def test_a_row_holds_from_its_day_on_and_replaces_the_earlier_one() -> None:
    rows = (
        _row(Scope.ROUTE, "Hotline", Mode.OPT_IN),
        _row(Scope.ROUTE, "hotline", Mode.ANNOUNCEMENT, date(2026, 1, 1)),
        _row(Scope.ROUTE, "Hotline", Mode.OPT_OUT, date(2026, 7, 1)),
    )
    policy = Policy(modes=rows)
    assert _mode(policy, today=date(2025, 12, 31)) is Mode.OPT_IN
    assert _mode(policy, today=date(2026, 1, 1)) is Mode.ANNOUNCEMENT
    assert _mode(policy, today=date(2026, 6, 30)) is Mode.ANNOUNCEMENT
    assert _mode(policy, today=date(2026, 7, 1)) is Mode.OPT_OUT


def test_a_row_not_yet_in_effect_leaves_the_default() -> None:
    policy = Policy(default_mode=Mode.NONE, modes=(_row(Scope.ROUTE, "Hotline", Mode.OPT_IN, date(2027, 1, 1)),))
    assert _mode(policy) is Mode.NONE


def test_rows_of_the_same_day_all_count() -> None:
    day = date(2026, 1, 1)
    rows = (_row(Scope.SITE, "Berlin", Mode.NONE, day), _row(Scope.SITE, "berlin", Mode.OPT_OUT, day))
    assert _mode(Policy(modes=rows)) is Mode.OPT_OUT


def test_a_row_may_name_a_jurisdiction() -> None:
    rows = (ModeRow(Scope.ROUTE, ("Hotline",), jurisdiction="US-NY"),)
    choice = mode_for(ENTRY, Policy(modes=rows), TABLE, TODAY)
    assert choice.mode is Mode.ANNOUNCEMENT
    assert "jurisdiction US-NY (N.Y. Penal Law" in choice.reason


def test_jurisdictions_of_the_policy_hold_for_every_call() -> None:
    assert _mode(Policy(jurisdictions=("US-NY",))) is Mode.ANNOUNCEMENT
    assert _mode(Policy(jurisdictions=("US-NY", "CA-ON"))) is Mode.OPT_OUT
    assert _mode(Policy(jurisdictions=("US-NY", "DE"))) is Mode.OPT_IN


@pytest.mark.parametrize(
    ("numbers", "mode"),
    [
        (("+12125550100",), Mode.ANNOUNCEMENT),
        (("+14165550100",), Mode.OPT_OUT),
        (("+49305550100",), Mode.OPT_IN),
        (("+12125550100", "+14165550100"), Mode.OPT_OUT),
        (("+12125550100", "+18005550100"), Mode.OPT_IN),
        (("+85025550100",), Mode.OPT_IN),
        ((), Mode.OPT_IN),
    ],
)
def test_numbers_name_jurisdictions_and_unknown_ones_the_strictest(numbers: tuple[str, ...], mode: Mode) -> None:
    policy = Policy(default_mode=Mode.NONE, mode_from_numbers=True)
    assert _mode(policy, EntryFacts(numbers=numbers)) is mode


def test_the_policy_may_say_what_unknown_regions_mean() -> None:
    policy = Policy(mode_from_numbers=True, unknown_region=Mode.ANNOUNCEMENT)
    choice = mode_for(EntryFacts(numbers=("+18005550100",)), policy, TABLE, TODAY)
    assert choice.mode is Mode.ANNOUNCEMENT
    assert choice.reason == "number +18005550100: no known region: unknown_region"


def test_the_policys_own_reading_of_a_jurisdiction_wins() -> None:
    policy = Policy(mode_from_numbers=True, overrides=(JurisdictionOverride("US-NY", Mode.NONE, "counsel, 2026"),))
    choice = mode_for(EntryFacts(numbers=("+12125550100",)), policy, TABLE, TODAY)
    assert choice.mode is Mode.NONE
    assert "as the policy reads it (counsel, 2026)" in choice.reason


def test_a_reading_of_a_country_covers_its_states_without_a_row_of_their_own() -> None:
    policy = Policy(overrides=(JurisdictionOverride("CA", Mode.ANNOUNCEMENT), JurisdictionOverride("US", Mode.NONE)))
    ontario, quebec, texas = (reading_of(code, policy, TABLE) for code in ("CA-ON", "CA-QC", "US-TX"))
    assert ontario is not None and ontario.mode is Mode.ANNOUNCEMENT
    assert quebec is not None and quebec.mode is Mode.OPT_IN
    assert texas is not None and texas.mode is Mode.ANNOUNCEMENT
    assert reading_of("KP", policy, TABLE) is None
