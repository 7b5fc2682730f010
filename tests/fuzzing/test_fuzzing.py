"""Random and changed documents for all that reads; `make properties` tries many, `make fuzz` goes on for minutes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.loading.expressions import parse
from auditor.model.expression_tools import to_text
from auditor.model.expressions import Unparsed
from tests.fuzzing.mutating import NASTY, mutated
from tests.fuzzing.seeds import drawn, found_before, seeds
from tests.fuzzing.targets import EXPORTS, OTHERS, TARGETS, WHOLE

pytestmark = pytest.mark.properties

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
SHARE = 1 if FULL else 100
EVERY = settings(deadline=None, derandomize=not FULL, suppress_health_check=list(HealthCheck))
AUDITED = settings(EVERY, max_examples=200 // SHARE)
READ = settings(EVERY, max_examples=1000 // SHARE)

_KEYS = st.sampled_from(
    ("entities", "id", "name", "selfUri", "properties", "type", "value", "instance", "flowSequenceItemList",
     "actionList", "manifest", "nextAction", "paths", "config", "text", "total", "resources", "values",
     "root_module", "x")
)  # fmt: skip
DOCUMENTS = st.recursive(
    st.sampled_from(NASTY) | st.text(max_size=5) | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)
"""JSON with the keys of exports, in no order that one has."""

_NAMES = st.sampled_from(
    ("Flow.a", "Task.b", "Call.Ani", 'Flow."a b"', "x", "{{t}}", "${t}", "NOT_SET", "Flow.l[0]", "true")
)
_LITERALS = st.integers().map(str) | st.floats(0, allow_infinity=False).map(str) | st.text(max_size=5).map(json.dumps)
_OPERATORS = st.sampled_from(
    ("+", "-", "*", "/", "%", "^", "==", "!=", ">=", "<", "and", "or", "AND", ".", "?", ":", "", "==")
)
_CALLS = st.sampled_from(("Append", "ToString", "if", "IsSet", "Substring", "GetAt", "replace", "nothing"))
EXPRESSIONS = st.recursive(
    _NAMES | _LITERALS,
    lambda inner: st.one_of(
        st.tuples(inner, _OPERATORS, inner).map(" ".join),
        st.tuples(st.sampled_from(("!", "-", "not ", "(", "[")), inner).map("".join),
        inner.map("({})".format),
        st.tuples(_CALLS, st.lists(inner, max_size=4)).map(lambda call: f"{call[0]}({', '.join(call[1])})"),
        st.tuples(inner, inner, inner).map(lambda parts: "{} ? {} : {}".format(*parts)),
    ),
    max_leaves=20,
)
"""Expressions of Architect, most of them right."""


@pytest.mark.parametrize("target", EXPORTS)
@AUDITED
@given(number=st.integers(0, 2**32))
def test_a_changed_export_is_audited(target: str, number: int) -> None:
    random = Random(number)
    EXPORTS[target](mutated(drawn(target, random), random))


@pytest.mark.parametrize("target", WHOLE)
@AUDITED
@given(number=st.integers(0, 2**32))
def test_one_file_of_several_is_changed(target: str, number: int) -> None:
    random = Random(number)
    WHOLE[target](mutated(drawn(target, random), random))


@pytest.mark.parametrize("target", OTHERS)
@READ
@given(number=st.integers(0, 2**32))
def test_a_changed_document_is_read_or_refused(target: str, number: int) -> None:
    random = Random(number)
    OTHERS[target](mutated(drawn(target, random), random))


@pytest.mark.parametrize("target", ["x.json", "x.tf.json", "x.tfstate"])
@AUDITED
@given(document=DOCUMENTS)
def test_any_json_is_audited(target: str, document: object) -> None:
    EXPORTS[target](json.dumps(document).encode())


@READ
@given(document=DOCUMENTS)
def test_any_tree_is_an_expression(document: object) -> None:
    OTHERS["expression tree"](json.dumps(document).encode())


@READ
@given(text=EXPRESSIONS | st.text())
def test_what_is_read_of_an_expression_reads_the_same_again(text: str) -> None:
    tree = parse(text)
    if not isinstance(tree, Unparsed):
        written = to_text(tree)
        assert to_text(parse(written)) == written


@pytest.mark.parametrize("path", found_before(), ids=lambda path: path.name)
def test_what_was_found_once(path: Path) -> None:
    TARGETS[path.name.partition("--")[0]](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_something_to_start_from(target: str) -> None:
    assert seeds(target)
    for seed in seeds(target)[:2]:
        TARGETS[target](seed)
