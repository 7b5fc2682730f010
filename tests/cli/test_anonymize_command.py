from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import ROOT, Run

DEMO = ROOT / "fixtures" / "demo"


def test_a_copy_with_its_policy_is_written_and_checked(auditor: Run, tmp_path: Path) -> None:
    policy = ("--policy", DEMO / "auditor.toml")
    done = auditor("anonymize", DEMO / "organisation", *policy, "--output", tmp_path / "copy")
    assert (done.returncode, done.stdout) == (0, "")
    assert "the copy audits to the same verdicts" in done.stderr
    copy = ("--policy", tmp_path / "copy" / "auditor.toml")
    counts = [
        auditor("audit", path, *rules).stdout.splitlines()[-2:]
        for path, rules in ((DEMO / "organisation", policy), (tmp_path / "copy" / "export", copy))
    ]
    assert counts[0] == counts[1]
    assert auditor("anonymize", DEMO / "organisation", "--output", tmp_path / "copy").returncode == 2


def test_what_cannot_be_rewritten_is_left_out_and_said(auditor: Run, tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "main.tf").write_text('resource "genesyscloud_routing_queue" "q" {\n  name = "Q"\n}\n', encoding="utf-8")
    (export / "queues.json").write_text('{"entities": [{"id": "1", "name": "Elbtal", "acwSettings": {}}]}', "utf-8")
    done = auditor("anonymize", export, "--output", tmp_path / "copy")
    assert done.returncode == 5
    assert "left out: main.tf: Terraform configuration cannot be rewritten" in done.stderr
    assert [p.name for p in (tmp_path / "copy" / "export").iterdir()] == ["queues.json"]


def test_nothing_to_copy(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert auditor("anonymize", tmp_path / "empty", "--output", tmp_path / "copy").returncode == 4
