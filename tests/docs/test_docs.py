"""docs/ is what the program makes, and what its commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.loading.rules import read_rules
from auditor.report.formats import FORMATS
from tests.docs.generate import DOCS, ROOT, command_names, refreshed, wholes, written
from tests.docs.walk import BLOCK, commands_of

MADE = dict(wholes())
WRITTEN = written()
MARKDOWN = sorted({*WRITTEN, *(path for path in MADE if path.suffix == ".md")})


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MADE, ids=name)
def test_made_files_are_as_made(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == MADE[path], "run `make docs`"


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_walk_throughs_print_what_they_show(path: Path) -> None:
    for target, text in refreshed(path).items():
        assert target.read_text(encoding="utf-8").splitlines() == text.splitlines(), "run `make docs`"


def test_nothing_else_lies_where_files_are_made() -> None:
    for folder in (DOCS / "reference" / "rules", DOCS / "schemas", DOCS / "pictures" / "rules"):
        assert set(folder.iterdir()) <= set(MADE)


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, heading = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}, target


def test_the_walk_throughs_are_many() -> None:
    texts = [path.read_text(encoding="utf-8") for path in WRITTEN if path.is_relative_to(DOCS)]
    commands = [command for text in texts for block in BLOCK.finditer(text) for command in commands_of(block[1])]
    assert len([command for command in commands if "auditor " in command]) >= 20


def test_every_page_is_reached_from_the_first() -> None:
    seen, waiting = set[Path](), [DOCS / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.suffix != ".md":
            continue
        seen.add(path)
        targets = re.findall(r"\]\(([^)\s#]+)", path.read_text(encoding="utf-8"))
        waiting += [(path.parent / target).resolve() for target in targets]
    assert set(DOCS.rglob("*.md")) <= seen


def test_every_command_and_rule_has_its_place() -> None:
    text = MADE[DOCS / "reference" / "commands.md"]
    assert all(f"## auditor {' '.join(words)}".rstrip() in text for words in command_names())
    assert {f"{rule.code}.md" for rule in read_rules().rules} == {
        path.name for path in (DOCS / "reference" / "rules").glob("*.md")
    }


def test_every_format_is_told() -> None:
    text = (DOCS / "reference" / "formats.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z]+)` \|", text, re.MULTILINE)) == set(FORMATS)
