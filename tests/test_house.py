"""The house rules that no linter checks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for folder in ("auditor", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
LONGEST_FILE = 350
LONGEST_FUNCTION = 50
LONG_FOR_A_REASON: dict[str, str] = {}
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield node.name, node.end_lineno - node.lineno + 1


def test_there_is_a_house() -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_are_short_and_finished(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if name(path) not in LONG_FOR_A_REASON:
        assert text.count("\n") <= LONGEST_FILE
    assert [function for function, lines in functions(path) if lines > LONGEST_FUNCTION] == []
    assert UNFINISHED.search(text) is None


@pytest.mark.parametrize("long", LONG_FOR_A_REASON)
def test_exceptions_are_still_needed(long: str) -> None:
    assert (ROOT / long).read_text(encoding="utf-8").count("\n") > LONGEST_FILE


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "auditor")], ids=name)
def test_every_file_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
