"""The software bill of materials: `python -m tests.sbom FILE`, CycloneDX in JSON.

It lists what an installation with every optional part brings along, in the versions of constraints.txt. The same
versions and the same Python give the same bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditor import __version__

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
PARTS = ("collect", "fleet", "history")
"""The optional parts that are there for users."""
TOOLS = frozenset({"pip", "setuptools", "wheel"})
"""What an environment may hold of its own accord."""


def environment(folder: Path, parts: Sequence[str] = PARTS) -> Path:
    """An empty environment in the folder, and in it the tool with its parts as pinned."""
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--disable-pip-version-check"]
    asked = f"{ROOT}[{','.join(parts)}]"
    subprocess.run([*pip, "-c", str(CONSTRAINTS), asked], check=True, capture_output=True, text=True)
    return folder


def sbom(folder: Path, tools: Path) -> dict[str, Any]:
    """The bill of an environment; raises ValueError where it does not agree with constraints.txt.

    tools: an environment with the part "sbom".
    """
    command = [str(tools / "bin" / "python"), "-m", "cyclonedx_py", "environment", str(folder)]
    options = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--output-format", "JSON"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, encoding="utf-8", check=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    bill["metadata"]["component"]["version"] = __version__
    bill["components"] = [each for each in bill["components"] if each["name"] not in TOOLS]
    bill["dependencies"] = [each for each in bill["dependencies"] if each["ref"].partition("==")[0] not in TOOLS]
    wrong = unpinned(bill, CONSTRAINTS.read_text(encoding="utf-8"))
    if wrong:
        raise ValueError(f"not as in constraints.txt: {', '.join(wrong)}")
    return bill


def unpinned(bill: dict[str, Any], constraints: str) -> list[str]:
    """The components that constraints.txt does not name with their version."""
    pins = {_plain(line) for line in constraints.splitlines()}
    found = (f"{each['name']}=={each['version']}" for each in bill["components"])
    return [each for each in found if _plain(each) not in pins]


def missing(bill: dict[str, Any], pyproject: str) -> set[str]:
    """The names of dependencies for users that are not among the components."""
    project = tomllib.loads(pyproject)["project"]
    asked = [*project["dependencies"], *(each for part in PARTS for each in project["optional-dependencies"][part])]
    there = {_plain(each["name"]) for each in bill["components"]}
    return {name for each in asked if (name := _plain(each.partition(">")[0])) not in there}


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def main(args: Sequence[str]) -> int:
    """Writes the bill and says what it holds."""
    file = Path(args[0])
    with tempfile.TemporaryDirectory(prefix="sbom-") as folder:
        try:
            bill = sbom(environment(Path(folder, "auditor")), environment(Path(folder, "tools"), ("sbom",)))
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"no bill of materials: {error.stderr}")
            return 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{file}: {len(bill['components'])} components\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
