from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from auditor.certificates.form import opened, sealed
from auditor.cli.main import app
from tests.certificates.mutations import certificate_of, tree_of
from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "fixtures" / "cases" / "RC102-ok-opt-in" / "export"
FLOW = Path("flows") / "Hotline flow_v1-0.yaml"


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    shutil.copytree(CASE, tmp_path / "export")
    return tmp_path / "export"


@pytest.fixture
def folder(export: Path, tmp_path: Path) -> Path:
    result = call("audit", export, "--certificates", tmp_path / "certificates")
    assert result.exit_code == 0, result.output
    assert f"auditor: 1 certificate written to {tmp_path / 'certificates'}\n" in result.output
    return tmp_path / "certificates"


def file_of(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_a_certificate_is_written_and_holds(folder: Path, export: Path) -> None:
    name = file_of(folder).name
    assert name.startswith("route-hotline-inbound-line-on-gate-on-") and name.endswith(".certificate.json")
    assert stat.S_IMODE(folder.stat().st_mode) & 0o500 == 0o500
    for argument in (folder, file_of(folder)):
        result = call("verify-certificate", argument, export)
        assert result.exit_code == 0
        assert result.output == (
            'holds: route "Hotline", inbound, line on, gate on (Carrier trunk): opt_in\n1 of 1 certificate holds\n'
        )
    quiet = call("verify-certificate", folder, export, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "1 of 1 certificate holds\n")


def test_a_certificate_of_another_day_says_so(folder: Path, export: Path) -> None:
    file = file_of(folder)
    certificate = opened(file.read_bytes())
    basis = msgspec.structs.replace(certificate.basis, as_of=date(2031, 5, 5))
    file.write_bytes(sealed(msgspec.structs.replace(certificate, basis=basis)))
    assert call("verify-certificate", folder, export).output.startswith(
        'holds: route "Hotline", inbound, line on, gate on (Carrier trunk): opt_in on 2031-05-05\n'
    )


def test_the_same_audit_writes_the_same_bytes(auditor: Run, folder: Path, export: Path, tmp_path: Path) -> None:
    for number, seed in enumerate(("1", "2")):
        again = tmp_path / f"again-{number}"
        assert auditor("audit", export, "--certificates", again, "-q", PYTHONHASHSEED=seed).returncode == 0
        assert file_of(again).name == file_of(folder).name
        assert file_of(again).read_bytes() == file_of(folder).read_bytes()


def test_it_does_not_matter_where_the_export_lies(folder: Path, export: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "copy"
    shutil.copytree(export, moved)
    assert call("verify-certificate", folder, moved).exit_code == 0


CHANGES: dict[str, tuple[str, str, str]] = {
    "the answer": (str(FLOW), '\\"1\\"', '\\"2\\"'),
    "a prompt": (str(FLOW), "We did not get", "We did really not get"),
    "the gate": ("trunkbasesettings.json", '"trunk_recording_consent_required"', '"trunk_recording_consent_requested"'),
    "white space": ("queues.json", "\n", " \n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_export_is_another_one(folder: Path, export: Path, change: tuple[str, str, str]) -> None:
    name, old, new = change
    text = (export / name).read_text(encoding="utf-8")
    assert old in text
    (export / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    result = call("verify-certificate", folder, export)
    assert result.exit_code == 1
    assert "does not hold: route-hotline-" in result.output and "basis: it was made with other inputs" in result.output
    assert result.output.endswith("0 of 1 certificate holds\n")


def test_a_file_more_or_less_or_of_another_name_is_another_export(folder: Path, export: Path) -> None:
    (export / "more.json").write_text((export / "queues.json").read_text(encoding="utf-8"), encoding="utf-8")
    assert call("verify-certificate", folder, export).exit_code == 1
    (export / "more.json").unlink()
    assert call("verify-certificate", folder, export).exit_code == 0
    (export / "queues.json").rename(export / "queue.json")
    assert call("verify-certificate", folder, export).exit_code == 1


def test_policy_and_rules_are_part_of_it(folder: Path, export: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[assumptions]\nA2 = "both"\n', encoding="utf-8")
    result = call("verify-certificate", folder, export, "--policy", policy)
    assert result.exit_code == 1 and "it was made with other policy" in result.output
    own = ROOT / "fixtures" / "own-rules"
    result = call("verify-certificate", folder, export, "--rules", own)
    assert result.exit_code == 1 and "it was made with other rule" in result.output


def test_the_policy_beside_the_export_is_found(export: Path, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text('[assumptions]\nA2 = "both"\n', encoding="utf-8")
    folder = tmp_path / "certificates"
    assert call("audit", export, "--certificates", folder).exit_code == 0
    assert opened(file_of(folder).read_bytes()).basis.policy is not None
    assert call("verify-certificate", folder, export).exit_code == 0
    (tmp_path / "auditor.toml").write_text('[assumptions]\nA2 = "no"\n', encoding="utf-8")
    assert call("verify-certificate", folder, export).exit_code == 1


def test_a_forged_hash_does_not_help(folder: Path, export: Path) -> None:
    """Whoever changes a flow and puts all hashes right is told where the proof breaks."""
    text = (export / FLOW).read_text(encoding="utf-8")
    (export / FLOW).write_text(text.replace('\\"1\\"', '\\"2\\"'), encoding="utf-8")
    fresh = folder.parent / "fresh"
    assert call("audit", export, "--certificates", fresh, "-q").exit_code == 1
    assert list(fresh.iterdir()) == []
    file = file_of(folder)
    tree = tree_of(opened(file.read_bytes()))
    tree["basis"]["inputs"]["sha256"] = _inputs(folder, export)
    file.write_bytes(sealed(certificate_of(tree)))
    result = call("verify-certificate", folder, export)
    assert result.exit_code == 1 and ": closure: " in result.output


def _inputs(folder: Path, export: Path) -> str:
    """The sum of the export as it is now, as the checker computes it."""
    from auditor.cli.audit import AuditRequest
    from auditor.cli.certificates import ground_of, sources
    from auditor.cli.pipeline import prepare
    from auditor.loading.load import load

    prepared = prepare((export,), None, date.max)
    return ground_of(load((export,)), prepared, sources(AuditRequest((export,)))).basis.inputs.sha256


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[:-20],
    "empty": lambda data: b"",
    "another state": lambda data: data.replace(b'"refused"', b'"granted"', 1),
    "no JSON": lambda data: b"PK\x03\x04",
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_damaged_certificate_is_told_and_the_others_are_checked(
    folder: Path, export: Path, change: Callable[[bytes], bytes]
) -> None:
    file = file_of(folder)
    (folder / f"a{file.name}").write_bytes(change(file.read_bytes()))
    result = call("verify-certificate", folder, export)
    assert result.exit_code == 1
    assert f"does not hold: a{file.name}: it " in result.output
    assert result.output.endswith("1 of 2 certificates hold\n")


def test_names_in_a_certificate_cannot_move_the_cursor(folder: Path, export: Path) -> None:
    file = file_of(folder)
    tree = tree_of(opened(file.read_bytes()))
    tree["claim"]["entry"]["name"] = "\x1b[2J\u202e"
    tree["places"].append(["\x1b[31m"])
    file.write_bytes(sealed(certificate_of(tree)))
    result = call("verify-certificate", folder, export)
    assert result.exit_code == 1 and "\x1b" not in result.output and "\u202e" not in result.output


def test_usage(folder: Path, export: Path, tmp_path: Path) -> None:
    assert call("verify-certificate", export).exit_code == 2
    assert "There is no certificate among the paths" in call("verify-certificate", export).output
    assert "There is no export among the paths" in call("verify-certificate", folder).output
    again = call("audit", export, "--certificates", folder)
    assert again.exit_code == 2 and "is not empty" in again.output
    assert call("audit", export, "--certificates", file_of(folder)).exit_code == 2


def test_nothing_is_left_where_nothing_can_be_written(export: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        blocked = tmp_path / "file"
        blocked.write_text("", encoding="utf-8")
    else:
        blocked = tmp_path / "read-only"
        blocked.mkdir(mode=0o500)
    result = call("audit", export, "--certificates", blocked / "certificates")
    assert result.exit_code == 3 and "cannot be written" in result.output
    assert not list(tmp_path.rglob("*.part"))


def test_an_entry_that_is_not_proved_has_none(tmp_path: Path) -> None:
    case = ROOT / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"
    result = call("audit", case, "--certificates", tmp_path / "certificates")
    assert result.exit_code == 1 and "auditor: 0 certificates written" in result.output
    assert list((tmp_path / "certificates").iterdir()) == []


def test_organisations_have_a_folder_each(tmp_path: Path) -> None:
    result = call("audit", "--org", f"Berlin={CASE}", "--org", f"Bonn={CASE}", "--certificates", tmp_path / "proofs")
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "proofs").iterdir()) == ["Berlin", "Bonn"]
    assert call("verify-certificate", tmp_path / "proofs" / "Bonn", CASE).exit_code == 0


def test_candidates_and_substitutions_are_part_of_it(export: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts.yaml"
    texts.write_text("greeting: Hello\n", encoding="utf-8")
    candidate = tmp_path / "candidate"
    candidate.mkdir()
    shutil.move(export / FLOW, candidate / "new.yaml")
    options = ("--candidate", candidate, "--substitutions", texts)
    folder = tmp_path / "certificates"
    assert call("audit", export, "--certificates", folder, *options).exit_code == 0
    assert call("verify-certificate", folder, export, *options).exit_code == 0
    assert call("verify-certificate", folder, export, *options[:2]).exit_code == 1
    assert call("verify-certificate", folder, export, *options[2:]).exit_code == 1


def test_it_is_in_the_schema(folder: Path) -> None:
    shown = json.loads(call("schema", "certificate").output)
    tree = json.loads(file_of(folder).read_bytes())
    assert set(shown["required"]) == set(tree)
