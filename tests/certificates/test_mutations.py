"""Whatever is changed in a certificate or in what it is about, the checker refuses it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from auditor.certificates.check import fault
from auditor.certificates.form import BadForm, Certificate, opened, sealed
from auditor.findings import VerdictWord
from tests.certificates.grounds import Audited, audited, demo
from tests.certificates.mutations import changed_samples, mutations
from tests.oracle.generate import Sample, sample
from tests.oracle.profile import PROFILES

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
SHARE = 1 if FULL else 50
SAMPLES = 300 // SHARE
STEP = 1 if FULL else 15
RANDOM = ("flows", "values", "organisation")


def samples(name: str, *, most: int = SAMPLES) -> Iterator[tuple[int, Sample]]:
    for seed in range(most):
        yield seed, sample(40_000 + seed, PROFILES[name])


@pytest.mark.parametrize("index", range(len(demo().certificates)))
def test_any_change_of_a_certificate_is_refused(index: int) -> None:
    certificate, ground = demo().certificates[index], demo().ground
    assert fault(opened(sealed(certificate)), ground) is None
    found = list(mutations(certificate))
    assert len(found) > 30
    for name, made in found[index % STEP :: STEP]:
        assert fault(made(), ground) is not None, name


def test_any_change_of_its_bytes_is_refused_before_it_is_read() -> None:
    random = Random(1)
    for certificate in demo().certificates:
        data = sealed(certificate)
        for _ in range(600 // SHARE):
            at, byte = random.randrange(len(data)), random.randrange(256)
            changed = data[:at] + bytes([byte]) + data[at + random.choice((0, 1)) :]
            if changed != data:
                with pytest.raises(BadForm):
                    opened(changed)


@pytest.mark.properties
@pytest.mark.parametrize("name", RANDOM)
def test_any_change_of_certificates_of_random_organisations_is_refused(name: str) -> None:
    tried = 0
    for seed, made in samples(name):
        found, random = audited(made), Random(seed)
        for each in found.certified:
            assert each.certificate is not None
            changes = list(mutations(each.certificate))
            for what, change in random.sample(changes, min(15, len(changes))):
                tried += 1
                assert fault(change(), found.ground) is not None, f"profile {name}, seed {seed}: {what}"
    assert tried > 5 * SAMPLES


@pytest.mark.properties
@pytest.mark.parametrize("name", RANDOM)
def test_what_is_proved_has_a_certificate_and_nothing_else_can_have_one(name: str) -> None:
    proved = 0
    for seed, made in samples(name):
        found = audited(made)
        for each in found.certified:
            proved += 1
            assert not each.fault, f"profile {name}, seed {seed}: {each.verdict.entry.name}: {each.fault}"
        for each in found.claimed:
            assert each.fault, f"profile {name}, seed {seed}: {each.verdict.entry.name}, {each.verdict.leg}"
    assert proved > SAMPLES // 2


@pytest.mark.properties
@pytest.mark.parametrize("name", RANDOM)
def test_leaving_out_what_breaks_a_rule_does_not_help(name: str) -> None:
    """Without any situation, exit or context that it lists, what is not proved stays so."""
    for seed, made in samples(name, most=max(SAMPLES // 3, 5)):
        found, random = audited(made), Random(seed)
        for each in found.claimed:
            assert each.certificate is not None
            smaller = [change for what, change in mutations(each.certificate) if what.startswith("without")]
            for change in random.sample(smaller, min(40, len(smaller))):
                assert fault(change(), found.ground) is not None, f"profile {name}, seed {seed}"


@pytest.mark.properties
@pytest.mark.parametrize("name", RANDOM)
def test_a_certificate_holds_for_a_changed_organisation_only_where_that_is_proved_too(name: str) -> None:
    """The hashes are put right, as a forger would: closure and safety alone must notice what matters."""
    outcomes = {True: 0, False: 0}
    for seed, made in samples(name):
        certificates = [each.certificate for each in audited(made).certified if each.certificate is not None]
        if not certificates:
            continue
        for what, changed in changed_samples(made, Random(seed), 6):
            after = audited(changed)
            proved = _proved(after)
            for certificate in certificates:
                holds = fault(certificate, after.ground) is None
                outcomes[holds] += 1
                if holds:
                    assert _identity(certificate) in proved, f"profile {name}, seed {seed}: {what}"
    assert all(outcomes.values())


def _proved(found: Audited) -> set[object]:
    return {
        (v.entry.kind, v.entry.name, v.leg.direction, v.leg.line, v.leg.gate, v.leg.trunks, v.mode)
        for v in found.verdicts
        if v.verdict is VerdictWord.PROVED
    }


def _identity(certificate: Certificate) -> object:
    entry, leg = certificate.claim.entry, certificate.claim.leg
    trunks = tuple(trunk.name for trunk in leg.trunks)
    return (entry.kind, entry.name, leg.direction, leg.line, leg.gate, trunks, certificate.claim.mode)
