"""The wheel: built from the source distribution, installed into an empty environment, run outside the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from auditor import __version__
from auditor.resources import SCHEMAS, data_folder, schema_text
from tests.cases import Case
from tests.cases import run as audit
from tests.sbom import environment, missing, sbom

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "fixtures" / "demo"
UNREACHABLE = ("NewConnectionError", "ConnectionError", "ConnectTimeout", "Temporary failure in name resolution")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A process without this checkout on its path."""
    args = [str(part) for part in command]
    return subprocess.run(args, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=600)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by way of the source distribution, without fetching anything."""
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (commands / "python", "-m", "pip", "install", "--disable-pip-version-check", "--retries", "1")
    done = run(*pip, "-c", ROOT / "constraints.txt", wheel, cwd=folder)
    if done.returncode and any(word in done.stdout + done.stderr for word in UNREACHABLE):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stdout + done.stderr
    return commands


def test_the_wheel_holds_the_package_the_rules_and_the_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in data_folder().rglob("*"):
        if path.is_file():
            assert f"auditor/shipped_rules/{path.relative_to(data_folder()).as_posix()}" in names
    for path in (ROOT / "auditor").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT).as_posix() in names
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "fixtures/", "rules/")) for name in names)


def copied(folder: Path, mode: int, time: float) -> Path:
    """A copy of what is built, with other permissions and at another time."""
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "dist", "build")
    shutil.copytree(ROOT, folder, ignore=ignored)
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode | (0o100 if path.is_dir() else 0))
        os.utime(path, (time, time))
    return folder


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    one = copied(tmp_path / "one", 0o600, 1_500_000_000)
    other = copied(tmp_path / "another" / "place", 0o664, 1_900_000_000)
    built = []
    for folder, zone, seed in ((one, "UTC", "1"), (other, "Asia/Tokyo", "2")):
        out = folder.parent / f"dist-{seed}"
        env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C" if seed == "1" else "C.UTF-8"}
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(folder)]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        built.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()})
    assert len(built[0]) == 2
    assert built[0] == built[1]


def test_the_bill_of_materials_lists_what_is_installed(tmp_path: Path) -> None:
    folder, tools = tmp_path / "environment", tmp_path / "tools"
    try:
        environment(folder)
        environment(tools, ("sbom",))
    except subprocess.CalledProcessError as error:
        if any(word in str(error.stderr) for word in UNREACHABLE):
            pytest.skip("the package index cannot be reached")
        raise
    bill = sbom(folder, tools)
    assert missing(bill, (ROOT / "pyproject.toml").read_text(encoding="utf-8")) == set()
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"]) == ("recording-consent-auditor", __version__)
    text = json.dumps(bill)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert str(tmp_path) not in text
    assert sbom(folder, tools) == bill


def test_it_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    auditor = installed / "auditor"
    assert run(auditor, "--version", cwd=tmp_path).stdout == f"auditor {__version__}\n"
    where = run(installed / "python", "-c", "import auditor; print(auditor.__file__)", cwd=tmp_path).stdout
    assert not Path(where.strip()).is_relative_to(ROOT)
    for name in SCHEMAS:
        assert run(auditor, "schema", name, cwd=tmp_path).stdout == schema_text(name)
    rules = run(auditor, "rules", cwd=tmp_path)
    assert rules.returncode == 0
    assert "enabled-after-refusal" in rules.stdout
    assert run(auditor, "explain", "RC103", cwd=tmp_path).stdout.startswith("RC103 enabled-after-refusal")


def test_its_audit_is_that_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(DEMO, tmp_path / "demo")
    done = run(installed / "auditor", "audit", "organisation", "--format", "json", cwd=folder)
    page = run(installed / "auditor", "audit", "organisation", "--format", "html", cwd=folder)
    assert (page.returncode, page.stderr) == (1, "")
    assert page.stdout.startswith("<!DOCTYPE html>")
    here = audit(Case(DEMO, "organisation"))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == here.text
