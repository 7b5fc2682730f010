"""Every file of docs/ as the program makes it now: whole files, made sections, outputs of commands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from typer.core import TyperGroup
from typer.main import get_command

from auditor.cli.main import app
from auditor.loading.rules import read_rules
from auditor.model.rules import Rule
from auditor.resources import SCHEMAS, schema_text
from tests.docs.pictures import PICTURES, drawings
from tests.docs.sections import MAKERS, filled
from tests.docs.walk import executed, kept
from tests.score.page import PAGE, load, page

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def written() -> list[Path]:
    """The documents that people write; parts of them may be made."""
    whole = {path for path, _ in wholes()}
    return [path for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))] if path not in whole]


def refreshed(path: Path) -> dict[Path, str]:
    """A written document as it should be, and files its commands write. The README's commands have their own test."""
    text = filled(path.read_text(encoding="utf-8"))
    if path == ROOT / "README.md":
        return {path: text}
    with tempfile.TemporaryDirectory(prefix="auditor-docs-") as name:
        folder = Path(name)
        return {path: executed(text, folder), **dict(kept(text, folder))}


def wholes() -> Iterator[tuple[Path, str]]:
    """Files that are made from the first line to the last."""
    yield DOCS / "reference" / "commands.md", commands()
    pictures = dict(drawings())
    yield from pictures.items()
    for rule in read_rules().rules:
        shown = PICTURES / "rules" / f"{rule.code}.svg" in pictures
        yield DOCS / "reference" / "rules" / f"{rule.code}.md", rule_page(rule, shown)
    yield PAGE, page(load())
    for name in SCHEMAS:
        yield DOCS / "schemas" / f"{name}.schema.json", schema_text(name)


def commands() -> str:
    """The reference of commands: the help of each."""
    parts = ["# Commands", "", "What `--help` says. Every command takes `-h`.", ""]
    for words in command_names():
        parts += [f"## auditor {' '.join(words)}".rstrip(), "", MAKERS["help"]("/".join(words)), ""]
    return "\n".join(parts)


def command_names() -> list[list[str]]:
    """The words of every command, the root first."""
    root = get_command(app)
    names: list[list[str]] = [[]]
    assert isinstance(root, TyperGroup)
    for name, command in sorted(root.commands.items()):
        names.append([name])
        if isinstance(command, TyperGroup):
            names += [[name, inner] for inner in sorted(command.commands)]
    return names


def rule_page(rule: Rule, shown: bool) -> str:
    """The page of a rule. shown: whether there is a picture of a call that shows it."""
    state = "" if rule.on else ", off unless the policy file asks"
    about = f"Severity: {rule.severity}{state}. About: {', '.join(rule.objects)}."
    lines = [f"# {rule.code} {rule.name}", "", about, ""]
    lines += [rule.why, "", "## Wrong", "", "```text", rule.example.bad, "```", ""]
    if shown:
        image = f"![A call that shows {rule.code}](../../pictures/rules/{rule.code}.svg)"
        lines += ["In the demonstration organisation:", "", image, ""]
    lines += ["## Right", "", "```text", rule.example.ok, "```", "", "## What to do", ""]
    lines += [f"{number}. {step}" for number, step in enumerate(rule.fix, 1)]
    if rule.assumptions:
        links = ", ".join(f"[{each}](../../explanation/assumptions.md)" for each in rule.assumptions)
        lines += ["", f"Rests on the assumptions {links}."]
    lines += ["", "## See also", "", *(f"- {text}" for text in rule.references)]
    return "\n".join(lines) + "\n"
