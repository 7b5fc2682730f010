"""Are there security advisories for what constraints.txt pins? `python -m tests.advisories`, with pip-audit.

An advisory service that does not answer, or not for every package, or that knows nothing of a package that is known to
be vulnerable, is told in a word that cannot be overlooked: NOT CHECKED. Exit codes: 0 no advisories, 1 there are some,
75 not checked (with --lenient 0: for those who go on without).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
SERVICES = ("pypi", "osv")
CANARY = "PyYAML==5.3"
"""Lets files run programs (CVE-2020-14343): a service that says nothing against it knows no advisories."""
CLEAN, VULNERABLE, NOT_CHECKED = 0, 1, 75


class Answer(Struct, frozen=True):
    """What a service says. vulnerable: a line each; answered: packages it knows; unanswered: those it does not know.

    fault: why it says nothing.
    """

    vulnerable: tuple[str, ...] = ()
    answered: int = 0
    unanswered: tuple[str, ...] = ()
    fault: str = ""


Ask = Callable[[str, Sequence[str]], Answer]


def ask(service: str, pins: Sequence[str]) -> Answer:
    """Runs pip-audit over some pins."""
    with tempfile.TemporaryDirectory(prefix="advisories-") as folder:
        file = Path(folder) / "pins.txt"
        file.write_text("\n".join(pins) + "\n", encoding="utf-8")
        options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
        command = [sys.executable, "-m", "pip_audit", "-r", str(file), "-s", service, *options]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return read(done.stdout, done.stderr)


def read(out: str, err: str) -> Answer:
    """The answer in what pip-audit prints."""
    try:
        found = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = err.strip().splitlines()
        return Answer(fault=lines[-1][:200] if lines else "pip-audit says nothing")
    known = [each for each in found if "skip_reason" not in each]
    return Answer(
        tuple(f"{each['name']} {each['version']}: {flaw['id']}" for each in known for flaw in each["vulns"]),
        len(known),
        tuple(each["name"] for each in found if "skip_reason" in each),
    )


def check(pins: Sequence[str], ask: Ask) -> tuple[int, list[str]]:
    """The exit code, and what is to be said."""
    said: list[str] = []
    for service in SERVICES:
        canary = ask(service, [CANARY])
        if not canary.vulnerable:
            why = canary.fault or f"it knows of no advisory for {CANARY}, which has one"
            said.append(f"advisory service {service}: {why}")
            continue
        answer = ask(service, pins)
        if answer.vulnerable:
            return VULNERABLE, [*said, *answer.vulnerable]
        if answer.fault or answer.answered != len(pins):
            left = f"no answer for {', '.join(answer.unanswered) or 'some'}"
            said.append(f"advisory service {service}: {answer.fault or left}")
            continue
        return CLEAN, [*said, f"no advisories for any of {len(pins)} packages (service {service})"]
    return NOT_CHECKED, [*said, "NOT CHECKED: no service could say whether there are advisories for the dependencies"]


def pinned(text: str) -> list[str]:
    """The requirements of a constraints file."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def main(args: Sequence[str]) -> int:
    """Checks constraints.txt and says what came of it."""
    code, said = check(pinned(CONSTRAINTS.read_text(encoding="utf-8")), ask)
    stream = sys.stdout if code == CLEAN else sys.stderr
    stream.write("".join(f"{line}\n" for line in said))
    return CLEAN if code == NOT_CHECKED and "--lenient" in args else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
