"""Random organisations: the search, the brute-force oracle and plain reachability must say the same.

`make properties` (AUDITOR_PROPERTIES=full) runs the full counts, `make test` a tenth of them. Every failure prints
its seed and the smallest organisation found that still shows the disagreement.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint
from auditor.model.organisation import Organisation
from tests.oracle.compare import RULES, differences, report
from tests.oracle.generate import Sample, sample, samples
from tests.oracle.interpret import Options, OracleResult, interpret
from tests.oracle.plain import unconsented
from tests.oracle.profile import FLOWS, ORGANISATION, PROFILES, STRAIGHT, Profile

pytestmark = pytest.mark.properties

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
COUNTS = {"flows": 2000, "values": 5000, "organisation": 3000, "straight": 2000}
CHUNKS = 10
# Samples shrink by their own means; hypothesis would shrink the random choices, which takes minutes.
# New examples each time only where many are wanted: a test run of every day does not change by chance.
QUICK = settings(
    derandomize=not FULL,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
ENABLED_WRONGLY = ("RC102", "RC103", "RC104")


def search(organisation: Organisation, points: tuple[ConsentPoint, ...], options: Options) -> OracleResult:
    """The engine under test."""
    from tests.oracle.search import audit, result_of

    return result_of(audit(organisation, points, options))


def seeds(profile: Profile, chunk: int) -> Iterator[tuple[int, Sample]]:
    """The samples of one of ten equal parts."""
    count = COUNTS[profile.name] // (1 if FULL else 10)
    for seed in range(chunk, count, CHUNKS):
        yield seed, sample(seed, profile)


def starts(organisation: Organisation) -> list[str]:
    """Flows in which calls begin."""
    slots = [s for r in organisation.routes for s in (r.open_flow, r.closed_flow, r.holiday_flow)]
    return [s.id for s in slots if s is not None and s.id is not None]


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("name", ["flows", "values", "organisation"])
def test_search_agrees_with_brute_force(name: str, chunk: int) -> None:
    enumerated = 0
    for seed, made in seeds(PROFILES[name], chunk):
        found = differences(made, search)
        assert not found, f"profile {name}, seed {seed}\n{report(made, search, found)}"
        enumerated += found is not None
    assert enumerated > 0.9 * COUNTS[name] / CHUNKS / (1 if FULL else 10)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_plain_reachability_agrees_with_brute_force_and_search(chunk: int) -> None:
    for seed, made in seeds(STRAIGHT, chunk):
        if not made.organisation.routes:
            continue
        options = Options(orphans=False)
        plain = unconsented(made.organisation, made.points, starts(made.organisation))
        for engine in (interpret, search):
            result = engine(made.organisation, made.points, options)
            if result is not None:
                names = {f.name for f in result.findings if f.rule in ENABLED_WRONGLY}
                assert names == plain, f"profile straight, seed {seed}: {engine.__name__}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("name", ["flows", "values", "organisation"])
def test_witnesses_replay_step_by_step(name: str, chunk: int) -> None:
    from tests.oracle.replay import Replayer
    from tests.oracle.search import audit

    replayed = 0
    for seed, made in seeds(PROFILES[name], chunk):
        if seed % 3 and not FULL:
            continue
        options = Options(made.mode, made.orphans)
        if interpret(made.organisation, made.points, options) is None:
            continue
        replayer = Replayer(made.organisation, made.points, options)
        for finding in audit(made.organisation, made.points, options).findings:
            if finding.witness:
                faults = replayer.faults(finding)
                assert not faults, f"profile {name}, seed {seed}, {finding.rule} {finding.subject.name}: {faults}"
                replayed += 1
    assert replayed > 0


@pytest.mark.parametrize("name", ["flows", "values", "organisation"])
def test_points_that_are_passed_over_change_nothing(name: str) -> None:
    from tests.oracle.search import audit

    for seed in range(300 if FULL else 60):
        made = sample(seed, PROFILES[name])
        options = Options(made.mode, made.orphans)
        short, whole = (audit(made.organisation, made.points, options, passing=passing) for passing in (True, False))
        assert short.verdicts == whole.verdicts, f"profile {name}, seed {seed}"
        # Actions of branches that are passed over count as reached, also where only values would rule them out.
        assert short.coverage.actions_reached >= whole.coverage.actions_reached, f"profile {name}, seed {seed}"
        assert replace(short.coverage, actions_reached=0) == replace(whole.coverage, actions_reached=0)
        told = [[replace(f, witness=(), twin=None) for f in each.findings] for each in (short, whole)]
        assert told[0] == told[1], f"profile {name}, seed {seed}"
        for one, other in zip(short.findings, whole.findings, strict=True):
            if [step.text for step in one.witness[-1:]] == [step.text for step in other.witness[-1:]]:
                lengths = len(one.witness), len(other.witness)
                assert lengths[0] == lengths[1], f"profile {name}, seed {seed}: another way is shorter"
            # Else two observations show it, and which one is told hangs on the distances before runs are looked up.


@settings(QUICK, max_examples=100 if FULL else 20)
@given(samples(FLOWS))
def test_search_agrees_on_flows_that_hypothesis_makes(made: Sample) -> None:
    found = differences(made, search)
    assert not found, report(made, search, found)


@settings(QUICK, max_examples=100 if FULL else 20)
@given(samples(ORGANISATION))
def test_search_agrees_on_organisations_that_hypothesis_makes(made: Sample) -> None:
    found = differences(made, search)
    assert not found, report(made, search, found)


def test_the_samples_show_every_rule_and_verdict() -> None:
    rules: set[str] = set()
    words: set[str] = set()
    for name in ("flows", "values", "organisation"):
        for seed in range(80):
            made = sample(seed, PROFILES[name])
            result = interpret(made.organisation, made.points, Options(made.mode, made.orphans))
            if result is not None:
                rules |= {f.rule for f in result.findings}
                words |= {w for v in result.verdicts.values() for w in (v.verdict, v.effect)}
    assert RULES - {"RN209"} <= rules
    assert {"proved", "violated", "unknown", "always", "sometimes", "never", "not_applicable"} <= words
