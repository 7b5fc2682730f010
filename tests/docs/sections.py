"""Parts of documents that are made from the program: `<!-- made: NAME -->` up to `<!-- end -->`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from auditor.cli.main import app
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.rules import RUN_FACTS, SUMMARY_FACTS, Fact
from auditor.resources import SCHEMAS, schema_text
from tests.docs.facts import MEANINGS

ROOT = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"(<!-- made: ([a-z-]+)(?: ([^ ]+))? -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str) -> str:
    """The document with its made sections as they are now."""
    return SECTION.sub(lambda match: f"{match[1]}\n{_made(match[2], match[3])}\n\n{match[4]}", text)


def _made(name: str, argument: str | None) -> str:
    return MAKERS[name](argument or "").strip("\n")


def table(headers: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in (headers, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(headers), *lines[1:]])


def _file(path: str) -> str:
    kinds = {".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".service": "ini", ".timer": "ini"}
    text = (ROOT / path).read_text(encoding="utf-8").strip("\n")
    return f"```{kinds.get(Path(path).suffix, 'text')}\n{text}\n```"


def _help(command: str) -> str:
    """As in a terminal of 80 columns; the runner of the tests would force its own width."""
    words = [*filter(None, command.split("/")), "--help"]
    stream = io.StringIO()
    with patch.dict(os.environ, {"COLUMNS": "80"}), contextlib.redirect_stdout(stream):
        app(words, prog_name="auditor", standalone_mode=False)
    return f"```text\n{stream.getvalue().strip()}\n```"


def _assumptions(_: str) -> str:
    rows = ((a.id, a.text, a.default, a.no_means or "cannot be switched") for a in read_assumptions())
    return table(("id", "assumption", "default", '"no" means'), rows)


def _rules(_: str) -> str:
    rules = read_rules()
    rows = ((f"[{r.code}](rules/{r.code}.md)", r.name, r.severity, "" if r.on else "off") for r in rules.rules)
    problems = ((kind.code, kind.name, "problem", "") for kind in rules.problems)
    return table(("code", "name", "severity", ""), (*rows, *problems))  # type: ignore[arg-type]


def _problems(_: str) -> str:
    return "\n\n".join(f"### {k.code} {k.name}\n\n{k.meaning}\n\nWhat to do: {k.fix}" for k in read_rules().problems)


def _facts(which: str) -> str:
    """Facts of runs (those that every observation has first) or of all runs together, with what they mean."""
    table_of = RUN_FACTS if which == "runs" else SUMMARY_FACTS
    shared = [fact for fact in RUN_FACTS["agent-connected"] if which == "runs"]

    def rows() -> Iterator[tuple[str, ...]]:
        for fact in shared:
            yield "every one", *_fact("every", fact, RUN_FACTS["agent-connected"][fact])
        for kind, facts in table_of.items():
            for fact, values in facts.items():
                if fact not in shared:
                    yield f"`{kind}`", *_fact(kind, fact, values)

    return table(("observation", "fact", "values", "meaning"), rows())


def _fact(kind: str, fact: str, values: tuple[Fact, ...]) -> tuple[str, ...]:
    return f"`{fact}`", ", ".join(f"`{json.dumps(value)}`" for value in values), MEANINGS[kind][fact]


def _schemas(_: str) -> str:
    rows = ((f"[{name}](../schemas/{name}.schema.json)", json.loads(schema_text(name))["title"]) for name in SCHEMAS)
    return table(("schema", "of what"), rows)


def _policy(_: str) -> str:
    schema = json.loads(schema_text("policy"))
    return table(("key", "meaning"), _properties(schema, schema, ""))


def _properties(node: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[tuple[str, ...]]:
    for key, value in node.get("properties", {}).items():
        value = _resolved(value, schema)
        inner = _resolved(value.get("items", {}), schema) if value.get("type") == "array" else value
        shown = f"[[{path}{key}]]" if "properties" in inner and inner is not value else f"{path}{key}"
        yield f"`{shown}`", " ".join(str(value.get("description", inner.get("description", ""))).split())
        yield from _properties(inner, schema, f"{path}{key}.")


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    found: Any = schema
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return {**found, **{key: value for key, value in node.items() if key != "$ref"}}


MAKERS: dict[str, Callable[[str], str]] = {
    "file": _file,
    "help": _help,
    "assumptions": _assumptions,
    "rules": _rules,
    "problems": _problems,
    "facts": _facts,
    "schemas": _schemas,
    "policy": _policy,
}
