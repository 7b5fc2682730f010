from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from auditor.cli.main import app
from auditor.report.pack import zip_bytes

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"
OWN = ROOT / "fixtures" / "own-rules"
WAIVER = """
[[waiver]]
rule = "RC102"
object = "Enable recording"
reason = "the line is switched off in June"
owner = "Compliance"
expires = 2031-06-30
"""


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def make(tmp_path: Path, export: Path, name: str = "pack.zip", *more: object) -> Path:
    policy = tmp_path / "auditor.toml"
    if not policy.exists():
        policy.write_text(WAIVER, encoding="utf-8")
    args = ("pack", export, "--policy", policy, "--as-of", "2031-05-01", "--output", tmp_path / name, *more)
    result = call(*args)
    assert result.exit_code == 0, result.output
    return tmp_path / name


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    return make(tmp_path, CASE)


def contents(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(pack: Path, change: Callable[[dict[str, bytes]], None], *, sums: bool) -> Path:
    """The pack with a change; sums: as somebody who also computes the hashes anew would make it."""
    files = contents(pack)
    change(files)
    if sums:
        manifest = json.loads(files["manifest.json"])
        for row in manifest["files"]:
            if row["name"] in files:
                row["sha256"] = hashlib.sha256(files[row["name"]]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()
        rows = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items() if name != "SHA256SUMS"]
        files["SHA256SUMS"] = "".join(rows).encode()
    changed = pack.with_name("changed.zip")
    changed.write_bytes(zip_bytes(files))
    return changed


def test_a_pack_holds_what_an_auditor_asks_for(packed: Path) -> None:
    files = contents(packed)
    assert {"report.json", "matrix.csv", "matrix.json", "waivers.json", "policy/auditor.toml", "manifest.json"} <= set(
        files
    )
    [waiver] = json.loads(files["waivers.json"])["waivers"]
    assert (waiver["rule"], waiver["approved_by"], waiver["expires"]) == ("RC102", "Compliance", "2031-06-30")
    manifest = json.loads(files["manifest.json"])
    inputs = {row["name"]: row["sha256"] for row in manifest["inputs"]}
    assert inputs["ivrs.json"] == hashlib.sha256((CASE / "ivrs.json").read_bytes()).hexdigest()
    assert any(row["name"].startswith("rules/RC102-") for row in manifest["rules"])
    assert (manifest["as_of"], manifest["exit_code"]) == ("2031-05-01", 0)


def test_the_same_audit_gives_the_same_bytes_wherever_it_runs(packed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "moved" / "to" / "export"
    shutil.copytree(CASE, elsewhere)
    assert make(tmp_path, elsewhere, "again.zip").read_bytes() == packed.read_bytes()
    assert str(tmp_path).encode() not in packed.read_bytes()


def test_the_sums_can_be_checked_without_the_tool(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "unpacked")
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "unpacked", check=False)
    assert done.returncode == 0


def test_a_pack_is_verified_with_and_without_the_export(packed: Path) -> None:
    alone, audited = call("verify-pack", packed), call("verify-pack", packed, CASE)
    assert (alone.exit_code, alone.stdout) == (0, "pack.zip holds in itself; the export was not given\n")
    assert (audited.exit_code, audited.stdout) == (0, "pack.zip holds\n")


@pytest.mark.parametrize("name", ["report.json", "matrix.csv", "waivers.json", "policy/auditor.toml", "README.txt"])
def test_no_file_can_be_changed_unnoticed(packed: Path, name: str) -> None:
    changed = rewritten(packed, lambda files: files.update({name: files[name] + b" "}), sums=False)
    result = call("verify-pack", changed)
    assert result.exit_code == 1
    assert f"does not hold: {name} has been changed" in result.stdout


def test_files_that_are_missing_or_new_are_told(packed: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        del files["matrix.csv"]
        files["extra.txt"] = b"x"

    told = call("verify-pack", rewritten(packed, change, sums=False)).stdout
    assert "matrix.csv is missing" in told
    assert "extra.txt is not listed in SHA256SUMS" in told


def test_with_new_hashes_the_files_must_still_agree(packed: Path) -> None:
    def no_waivers(files: dict[str, bytes]) -> None:
        files["waivers.json"] = b'{"schema_version": "1.0", "waivers": []}'

    def all_proved(files: dict[str, bytes]) -> None:
        files["matrix.json"] = files["matrix.json"].replace(b'"violated"', b'"proved"')

    def other_code(files: dict[str, bytes]) -> None:
        files["report.json"] = files["report.json"].replace(b'"exit_code": 0', b'"exit_code": 1')

    for change, words in (
        (no_waivers, "waivers.json and report.json disagree"),
        (all_proved, "matrix.json and report.json disagree on the verdict"),
        (other_code, "report.json has another exit code"),
    ):
        result = call("verify-pack", rewritten(packed, change, sums=True))
        assert (result.exit_code, words in result.stdout) == (1, True), result.stdout


def test_a_consistent_forgery_is_found_with_the_export(packed: Path) -> None:
    def milder(files: dict[str, bytes]) -> None:
        files["report.json"] = files["report.json"].replace(b'"severity": "high"', b'"severity": "low"')

    forged = rewritten(packed, milder, sums=True)
    assert call("verify-pack", forged).exit_code == 0
    result = call("verify-pack", forged, CASE)
    assert result.exit_code == 1
    assert "report.json differs from a new audit" in result.stdout


def test_another_export_is_told(packed: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    shutil.copytree(CASE, export)
    (export / "ivrs.json").write_text((export / "ivrs.json").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (export / "queues.json").unlink()
    (export / "new.json").write_text("{}", encoding="utf-8")
    told = call("verify-pack", packed, export).stdout
    assert "input ivrs.json has been changed" in told
    assert "input queues.json is missing" in told
    assert "input new.json was not audited" in told


def test_another_version_is_said_and_no_fault(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.cli.packing.__version__", "99.0")
    result = call("verify-pack", packed, CASE)
    assert result.exit_code == 0
    assert "this is 99.0: reports of other versions may differ" in result.stdout
    assert "report.json differs from a new audit" in result.stdout


def test_own_rules_go_into_the_pack(tmp_path: Path) -> None:
    export = OWN / "recorded-at-once"
    (tmp_path / "auditor.toml").write_text("", encoding="utf-8")
    pack = make(tmp_path, export, "own.zip", "--rules", OWN)
    assert "own-rules-1/RC901-recorded-unannounced.toml" in contents(pack)
    assert call("verify-pack", pack, export).exit_code == 0


def test_what_is_attached_goes_in_as_it_is_and_is_guarded(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "hotline.json").write_bytes(b"{}\r\n")
    (folder / "link").symlink_to(tmp_path)
    (tmp_path / "minutes.pdf").write_bytes(b"\0pdf")
    pack = make(tmp_path, CASE, "a.zip", "--attach", folder, "--attach", tmp_path / "minutes.pdf")
    held = {name: data for name, data in contents(pack).items() if name.startswith("attached/")}
    assert held == {"attached/certificates/inner/hotline.json": b"{}\r\n", "attached/minutes.pdf": b"\0pdf"}
    assert (call("verify-pack", pack).exit_code, call("verify-pack", pack, CASE).exit_code) == (0, 0)
    changed = rewritten(pack, lambda files: files.update({"attached/minutes.pdf": b"other"}), sums=False)
    assert "attached/minutes.pdf has been changed" in call("verify-pack", changed).stdout


def test_what_cannot_be_attached_is_told(tmp_path: Path) -> None:
    (tmp_path / "a" / "same").mkdir(parents=True)
    (tmp_path / "b" / "same").mkdir(parents=True)
    for folder in ("a", "b"):
        (tmp_path / folder / "same" / "x.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "two\nlines").write_text("x", encoding="utf-8")
    for paths, words in (
        (("a/same", "b/same"), "two files attached/same/x.txt"),
        (("empty",), "there is no file in it"),
        (("odd",), "no name for a file in a pack"),
    ):
        options = [word for path in paths for word in ("--attach", tmp_path / path)]
        result = call("pack", CASE, "--output", tmp_path / "p.zip", *options)
        assert (result.exit_code, words in " ".join(result.stderr.split())) == (2, True), result.stderr
        assert not (tmp_path / "p.zip").exists()


def test_texts_of_templates_go_into_the_pack(tmp_path: Path) -> None:
    export = shutil.copytree(CASE, tmp_path / "export")
    (flow,) = (export / "flows").glob("*.yaml")
    text = flow.read_text(encoding="utf-8").replace("name: Hotline flow", "name: '{{line}}'")
    flow.write_text(text, encoding="utf-8")
    (tmp_path / "texts.json").write_text('{"line": "Hotline flow"}', encoding="utf-8")
    pack = make(tmp_path, export, "t.zip", "--substitutions", tmp_path / "texts.json")
    assert contents(pack)["policy/substitutions.yaml"] == b'{"line": "Hotline flow"}'
    assert call("verify-pack", pack, export).exit_code == 0


def test_nothing_to_audit_and_no_pack(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert call("pack", tmp_path / "empty", "--output", tmp_path / "p.zip").exit_code == 4
    assert not (tmp_path / "p.zip").exists()
    (tmp_path / "text.zip").write_text("no archive", encoding="utf-8")
    assert call("verify-pack", tmp_path / "text.zip").exit_code == 2
