"""The delivered expression tree, alone and against the parser on real exports."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.loading.expression_tree import from_config
from auditor.loading.expressions import parse
from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real exports is not here")


def _lit(text: str, kind: str) -> dict[str, Any]:
    return {"lit": {"pos": 1, "text": text, "type": kind}}


def _ref(text: str) -> dict[str, Any]:
    return {"ref": {"pos": 1, "text": text, "type": "str", "val": "c4895bfe"}}


@pytest.mark.parametrize(
    ("config", "tree"),
    [
        (_lit("TRUE", "bln"), Literal(True, "bln")),
        (_lit("12", "int"), Literal(12, "int")),
        (_lit("0.5", "dec"), Literal(0.5, "dec")),
        (_lit("1", "str"), Literal("1", "str")),
        (_lit("P0D0H0M8S0F", "dur"), Literal("P0D0H0M8S0F", "dur")),
        ({"emp": {"pos": 1, "text": "", "type": "que"}}, Empty()),
        ({"nul": {"pos": 1, "text": "NOT_SET"}}, NotSet()),
        (_ref("Flow.Recorded"), Variable("Flow.Recorded")),
        ({"sysref": {"text": "Call.Ani", "val": "__CALL_ANI__"}}, Variable("Call.Ani")),
        (
            {".": {"operands": [_lit("id", "str"), _ref("Task.Queue")]}},
            Apply(".", (Variable("Task.Queue"), Literal("id", "str"))),
        ),
        ({"[": {"operands": [_lit("0", "int"), _ref("Flow.l")]}}, Apply("[", (Variable("Flow.l"), Literal(0, "int")))),
        ({"OR": {"operands": [_ref("Flow.a"), _ref("Flow.b")]}}, Apply("or", (Variable("Flow.a"), Variable("Flow.b")))),
        ({"Not": {"operands": [_ref("Flow.a")]}}, Apply("!", (Variable("Flow.a"),))),
        ({"-": {"operands": [_ref("Flow.a")]}}, Apply("neg", (Variable("Flow.a"),))),
        ({"?": {"operands": [_ref("a"), _ref("b"), _ref("c")]}}, parse("a ? b : c")),
        ({"GetCurrentDateTimeUtc": {"operands": []}}, Apply("getcurrentdatetimeutc", ())),
        (
            {"lit": {"text": "", "type": "str_coll", "items": [{"config": _lit("a", "str"), "text": "a"}]}},
            Apply("makelist", (Literal("a", "str"),)),
        ),
        ({"text": "1 + 1", "type": "int", "config": {"strange": 1}}, parse("1 + 1")),
        ({"text": "Flow.a", "config": _ref("Flow.a")}, Variable("Flow.a")),
        ({"text": "a =", "config": None}, Unparsed("a =")),
        (_lit("twelve", "int"), Literal("twelve", "int")),
        (None, Unparsed("")),
        ([], Unparsed("")),
        ({"a": {}, "b": {}}, Unparsed("")),
        ({"f": {"operands": [7]}}, Apply("f", (Unparsed(""),))),
    ],
)
def test_tree_of_config(config: object, tree: Expr) -> None:
    assert from_config(config) == tree


def test_depth_is_bounded() -> None:
    node: dict[str, Any] = _ref("Flow.a")
    for _ in range(100_000):
        node = {"!": {"operands": [node]}}
    assert from_config({"text": "!!! Flow.a", "config": node}) == Unparsed("!!! Flow.a", ("Flow.a",))


CASTS = {"toint", "tostring", "tocommunication", "todecimal", "tobool", "todatetime", "tophonenumber", "toaudio"}


def same(parsed: Expr, delivered: Expr) -> bool:
    """Whether text and delivered tree agree.

    Allowed: casts that Architect added, and properties resolved to their inner name: `Format.Date.shortYear` is
    delivered as dateShortYear, `Message.Message.ID` as id.
    """
    if parsed == delivered:
        return True
    match parsed, delivered:
        case (
            Apply(function=".", operands=(a, Literal(value=str(x)))),
            Apply(function=".", operands=(b, Literal(value=str(y)))),
        ):
            return same(a, b) and y.casefold().endswith(x.casefold())
        case Apply(function=f, operands=xs), Apply(function=g, operands=ys) if f == g and len(xs) == len(ys):
            return all(map(same, xs, ys))
        case _, Apply(function=cast, operands=(inner,)) if cast in CASTS:
            return same(parsed, inner)
        case _:
            return False


def _values(node: Any) -> Iterator[dict[str, Any]]:
    """Every expression value (`{text, config, ...}`) of a document."""
    if isinstance(node, dict):
        if "text" in node and "config" in node:
            yield node
        for child in node.values():
            yield from _values(child)
    elif isinstance(node, list):
        for child in node:
            yield from _values(child)


def _json_values() -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = []
    for path in sorted(CORPUS.rglob("*.i3*")):
        text = urllib.parse.unquote(base64.b64decode(path.read_bytes()).decode("latin-1"))
        values.extend(_values(json.loads(text)))
    return values


@needs_corpus
def test_text_equals_delivered_tree() -> None:
    """Of 3,214 values 695 are expressions: 677 are identical as they stand, 18 differ by casts and property names."""
    values = _json_values()
    trees = [(value["text"], parse(value["text"]), from_config(value["config"])) for value in values if _is_text(value)]
    assert len(values) > 3_000
    assert [text for text, parsed, _ in trees if isinstance(parsed, Unparsed)] == []
    assert [text for text, parsed, delivered in trees if not same(parsed, delivered)] == []
    assert sum(parsed == delivered for _, parsed, delivered in trees) > 0.95 * len(trees) > 600


def _is_text(value: dict[str, Any]) -> bool:
    """Whether the text is an expression, not a literal as typed or nothing."""
    (kind,) = value["config"]
    return kind not in ("lit", "emp")


@needs_corpus
def test_every_delivered_tree_is_read() -> None:
    unread = [value["text"] for value in _json_values() if isinstance(from_config(value), Unparsed)]
    assert unread == []


def _texts(node: Any) -> Iterator[str]:
    """Every `exp:` text of a YAML document."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key == "exp" and isinstance(child, str):
                yield child
            yield from _texts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _texts(child)


def _yaml_texts(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8").replace("\t", "  ")
    plain = re.sub(r"\{\{([^{}\n]*)\}\}|\$\{([^{}\n]*)\}", "TEMPLATE", text)
    try:
        yield from _texts(yaml.load(plain, yaml.BaseLoader))
    except yaml.YAMLError:
        return


@needs_corpus
def test_every_yaml_expression_parses() -> None:
    texts = [text for path in sorted(CORPUS.rglob("*.y*ml")) for text in _yaml_texts(path)]
    assert len(texts) > 300
    assert [text for text in texts if isinstance(parse(text), Unparsed)] == []
