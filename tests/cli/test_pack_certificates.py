"""Certificates in evidence packs: they are in it, fit it, and are checked against the export."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from auditor.certificates.form import Certificate, SumForm, opened, sealed
from tests.certificates.mutations import certificate_of, tree_of
from tests.cli.test_pack_command import ROOT, call, contents, make, rewritten

CASE = ROOT / "fixtures" / "cases" / "RC102-ok-opt-in" / "export"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    (tmp_path / "auditor.toml").write_text('[assumptions]\nA2 = "both"\n', encoding="utf-8")
    return make(tmp_path, CASE)


def name_of(pack: Path) -> str:
    [name] = [name for name in contents(pack) if name.startswith("certificates/")]
    return name


def with_other(pack: Path, change: Callable[[Certificate], Certificate]) -> Path:
    """The pack with a changed certificate, all hashes put right."""
    name = name_of(pack)
    return rewritten(pack, lambda files: files.update({name: sealed(change(opened(files[name])))}), sums=True)


def test_a_pack_holds_a_certificate_for_each_proved_verdict(packed: Path) -> None:
    certificate = opened(contents(packed)[name_of(packed)])
    assert (certificate.claim.entry.name, certificate.basis.as_of) == ("Hotline", date(2031, 5, 1))
    assert call("verify-pack", packed).exit_code == 0
    assert call("verify-pack", packed, CASE).exit_code == 0


def test_what_is_in_the_pack_can_be_checked_by_itself(packed: Path, tmp_path: Path) -> None:
    name = name_of(packed)
    file = tmp_path / Path(name).name
    file.write_bytes(contents(packed)[name])
    result = call("verify-certificate", file, CASE, "--policy", tmp_path / "auditor.toml")
    assert (result.exit_code, "on 2031-05-01\n1 of 1 certificate holds\n" in result.output) == (0, True)


def test_a_forged_certificate_is_told_why_it_proves_nothing(packed: Path) -> None:
    def fewer(certificate: Certificate) -> Certificate:
        tree = tree_of(certificate)
        largest = max(tree["invariants"][0]["contexts"], key=lambda context: len(context["situations"]))
        largest["situations"] = [
            row for row in largest["situations"] if row == [[largest["state"]], [largest["place"]] * 2]
        ]
        return certificate_of(tree)

    result = call("verify-pack", with_other(packed, fewer), CASE)
    assert result.exit_code == 1
    assert f"{name_of(packed)} differs from a new audit" in result.stdout
    assert f"{name_of(packed)}: closure: " in result.stdout


def test_one_that_proves_the_same_otherwise_is_only_another_file(packed: Path) -> None:
    def more(certificate: Certificate) -> Certificate:
        tree = tree_of(certificate)
        tree["states"].append(tree["states"][0])
        return certificate_of(tree)

    result = call("verify-pack", with_other(packed, more), CASE)
    assert f"does not hold: {name_of(packed)} differs from a new audit" in result.stdout
    assert f"{name_of(packed)}: " not in result.stdout


def test_one_that_is_damaged_or_none_is_told_without_the_export(packed: Path) -> None:
    name = name_of(packed)
    damaged = rewritten(
        packed, lambda files: files.update({name: files[name].replace(b"opt_in", b"opt_out")}), sums=True
    )
    assert f"does not hold: {name}: it has been changed" in call("verify-pack", damaged).stdout
    more = rewritten(packed, lambda files: files.update({"certificates/x.txt": b"trust me"}), sums=True)
    assert call("verify-pack", more, CASE).exit_code == 1


@pytest.mark.parametrize(
    "other",
    [
        {"tool": "0.0.0"},
        {"as_of": date(2031, 5, 2)},
        {"policy": None},
        {"inputs": SumForm(0, "0" * 64)},
    ],
)
def test_one_that_rests_on_something_else_is_told(packed: Path, other: dict[str, object]) -> None:
    def changed(certificate: Certificate) -> Certificate:
        return msgspec.structs.replace(certificate, basis=msgspec.structs.replace(certificate.basis, **other))

    result = call("verify-pack", with_other(packed, changed))
    assert (result.exit_code, "rests on something else than manifest.json names" in result.stdout) == (1, True)


def test_one_of_what_is_not_proved_is_told(packed: Path) -> None:
    def unknown(files: dict[str, bytes]) -> None:
        for name in ("report.json", "matrix.json"):
            files[name] = files[name].replace(b'"verdict": "proved"', b'"verdict": "unknown"')

    result = call("verify-pack", rewritten(packed, unknown, sums=True))
    assert (
        result.stdout == f"does not hold: {name_of(packed)} is about a verdict that report.json does not call proved\n"
    )


def test_a_pack_without_its_certificates_is_not_what_an_audit_gives(packed: Path) -> None:
    name = name_of(packed)

    def none(files: dict[str, bytes]) -> None:
        del files[name]

    def unlisted(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = [row for row in manifest["files"] if row["name"] != name]
        files["manifest.json"] = json.dumps(manifest).encode()

    forged = rewritten(rewritten(packed, none, sums=True), unlisted, sums=True)
    assert call("verify-pack", forged).exit_code == 0
    result = call("verify-pack", forged, CASE)
    assert result.exit_code == 1 and f"does not hold: {name} differs from a new audit" in result.stdout
