"""The files for other people's machines: what can be tried is run, the rest is linted."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
INTEGRATIONS = ROOT / "integrations"
CASES = ROOT / "fixtures" / "cases"
BAD, OK = CASES / "RC102-bad-enable-first" / "export", CASES / "RC102-ok-opt-in" / "export"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which `auditor` is this checkout."""
    programs = tmp_path / "bin"
    programs.mkdir()
    script = programs / "auditor"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "from auditor.cli.main import main; main()" "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    return f"{programs}:{os.environ['PATH']}"


def bash(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(("export", "code"), [(BAD, 1), (OK, 0)], ids=["bad", "ok"])
def test_the_action_audits_and_writes_sarif(tmp_path: Path, path: str, export: Path, code: int) -> None:
    action = read("action.yml")
    [step] = [step for step in action["runs"]["steps"] if step.get("id") == "audit"]
    inputs = {name: str(given.get("default", "")) for name, given in action["inputs"].items()}
    inputs |= {"path": f"\n{export}\n", "fail-on": "high"}
    env = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: inputs[match[1]], value)
        for name, value in step["env"].items()
    }
    output = tmp_path / "output"
    done = bash(step["run"], tmp_path, PATH=path, GITHUB_OUTPUT=str(output), **env)
    assert done.returncode == code, done.stderr
    assert output.read_text(encoding="utf-8").splitlines() == ["sarif-file=auditor.sarif", f"exit-code={code}"]
    sarif = json.loads((tmp_path / "auditor.sarif").read_text(encoding="utf-8"))
    assert (sarif["version"], bool(sarif["runs"][0]["results"])) == ("2.1.0", code == 1)
    assert ("::error" in done.stdout) == (code == 1)


def test_no_input_of_the_action_is_code() -> None:
    """Values reach the shell through the environment only: `${{ }}` in a script is an injection."""
    for step in read("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_workflow_uses_the_action_as_it_is() -> None:
    action, workflow = read("action.yml"), read("integrations/github/workflow.yml")
    steps = workflow["jobs"]["audit"]["steps"]
    [used] = [step for step in steps if "recording-consent-auditor" in step.get("uses", "")]
    assert set(used["with"]) <= set(action["inputs"])
    named = re.findall(r"steps\.audit\.outputs\.([a-z-]+)", json.dumps(steps))
    assert named and set(named) <= set(action["outputs"])
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}


def test_the_pre_commit_hook_runs(tmp_path: Path, path: str) -> None:
    hook = next(hook for hook in read(".pre-commit-hooks.yaml") if hook["id"] == "recording-consent-audit")
    assert hook["pass_filenames"] is False
    shutil.copytree(BAD, tmp_path / "export")
    done = bash(" ".join([hook["entry"], *hook["args"]]), tmp_path / "export", PATH=path)
    assert done.returncode == 1
    assert "RC102" in done.stdout


@pytest.mark.parametrize(("export", "code"), [(BAD, 1), (OK, 0)], ids=["bad", "ok"])
def test_the_gitlab_job_runs(tmp_path: Path, path: str, export: Path, code: int) -> None:
    job = read("integrations/gitlab/auditor.gitlab-ci.yml")["recording-consent"]
    variables = {**job["variables"], "AUDIT_PATH": str(export)}
    done = bash("\n".join(job["script"]), tmp_path, PATH=path, **variables)
    assert done.returncode == code, done.stderr
    reports = job["artifacts"]["reports"]
    assert all((tmp_path / file).is_file() for file in reports.values())
    assert bool(json.loads((tmp_path / reports["codequality"]).read_text(encoding="utf-8"))) == (code == 1)


def test_bash_completes_commands_after_the_documented_line(tmp_path: Path, path: str) -> None:
    page = (ROOT / "docs" / "how-to" / "editor-shell-container.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^(_AUDITOR_COMPLETE=source_bash auditor) >", page, re.MULTILINE)
    script = f"""{line} > completion
    source completion
    COMP_WORDS=(auditor verify-p) COMP_CWORD=1
    _auditor_completion auditor
    echo "${{COMPREPLY[@]}}"
    """
    done = bash(script, tmp_path, PATH=path)
    assert done.stdout.split() == ["verify-pack"], done.stderr


def test_the_dockerfile_is_linted() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [hadolint, "--no-fail", "--format", "json", ROOT / "Dockerfile"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_the_image_runs_as_nobody_and_holds_what_the_wheel_needs() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and line[0].isupper()]
    stages = [index for index, line in enumerate(words) if line[0] == "FROM"]
    final = words[stages[-1] :]
    assert len(stages) == 2
    [user] = [line[1] for line in final if line[0] == "USER"]
    assert all(part.isdigit() and int(part) >= 10000 for part in user.split(":"))
    assert all(":" in line[1] and not line[1].endswith(":latest") for line in words if line[0] == "FROM")
    assert [line[1] for line in final if line[0] == "COPY"] == ["--from=build"]
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"}
    copied = {name.removeprefix("./") for line in words[: stages[-1]] if line[0] == "COPY" for name in line[1:-1]}
    assert copied == kept
    assert all((ROOT / name).exists() for name in kept)


def auditor_commands(text: str) -> list[list[str]]:
    """The words of every call of auditor in a text."""
    return [match.split() for match in re.findall(r"(?:/usr/local/bin/|&& |auditor )auditor ([a-z][^&\n]*)", text)]


def assert_known(words: list[str]) -> None:
    """The command exists and has these options."""
    from typer.testing import CliRunner

    from auditor.cli.main import app

    names = words[: 2 if words[0] == "history" else 1]
    shown = CliRunner().invoke(app, [*names, "--help"])
    assert shown.exit_code == 0, words
    for option in (word for word in words if word.startswith("--")):
        assert option in shown.stdout, (words, option)


def test_the_cron_line_calls_what_there_is() -> None:
    text = (INTEGRATIONS / "cron" / "auditor").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if re.match(r"[0-9]", line)]
    minute, hour, *days, user, _ = line.split(maxsplit=6)
    assert (minute, hour, days, user) == ("30", "5", ["*", "*", "*"], "auditor")
    calls = auditor_commands(line)
    assert [words[0] for words in calls] == ["history", "report"]
    for words in calls:
        assert_known(words)


def test_the_service_calls_what_there_is() -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.read(INTEGRATIONS / "systemd" / "auditor.service")
    assert parser["Service"]["Type"] == "oneshot"
    calls = auditor_commands((INTEGRATIONS / "systemd" / "auditor.service").read_text(encoding="utf-8"))
    assert [words[0] for words in calls] == ["collect", "history", "report"]
    for words in calls:
        assert_known(words)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_service_and_timer(tmp_path: Path, path: str) -> None:
    for name in ("auditor.service", "auditor.timer"):
        text = (INTEGRATIONS / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("/usr/local/bin/auditor", shutil.which("true") or ""), encoding="utf-8"
        )
    units = [tmp_path / "auditor.service", tmp_path / "auditor.timer"]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "auditor." in line]) == (0, [])


def test_the_cron_job_of_kubernetes_calls_what_there_is() -> None:
    job = read("integrations/kubernetes/cronjob.yaml")
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    user = re.search(r"^USER (\d+):", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert user is not None and pod["securityContext"]["runAsUser"] == int(user[1])
    containers = [*pod["initContainers"], *pod["containers"]]
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in containers:
        assert_known(container["args"])
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        assert {"requests", "limits"} == set(container["resources"])
