"""The file: one form byte for byte, and nothing that is read is believed."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from auditor.analysis.state import Regime
from auditor.certificates.check import fault
from auditor.certificates.form import BadForm, Certificate, opened, sealed, sum_of
from auditor.certificates.names import Names, distinct, plain
from auditor.certificates.spelling import MOST_SITUATIONS
from auditor.resources import schema_text
from tests.certificates.grounds import demo
from tests.certificates.mutations import Tree, certificate_of, tree_of

SCHEMA = Draft202012Validator(json.loads(schema_text("certificate")))


@pytest.mark.parametrize("index", range(len(demo().certificates)))
def test_certificates_fit_their_schema_and_come_back_as_they_were(index: int) -> None:
    certificate = demo().certificates[index]
    data = sealed(certificate)
    assert not list(SCHEMA.iter_errors(json.loads(data)))
    assert sealed(opened(data)) == data
    assert data.endswith(b"}\n") and data.count(b"\n") == 1


def test_the_schema_names_what_is_read() -> None:
    """A field that the schema does not know, or that is not read, would be noticed."""
    schema: Any = json.loads(schema_text("certificate"))
    defs = schema["$defs"]
    pairs = [
        (schema, "Certificate"),
        (defs["context"], "ContextForm"),
        (defs["state"], "StateForm"),
        (defs["files"], "SumForm"),
        (schema["properties"]["claim"], "Claim"),
        (schema["properties"]["claim"]["properties"]["leg"], "LegForm"),
        (schema["properties"]["basis"], "Basis"),
    ]
    made = msgspec.json.schema(Certificate)["$defs"]
    for part, name in pairs:
        assert set(part["properties"]) == set(made[name]["properties"]), name


SEARCH = ("service", "evidence")
"""Parts of regimes of the search alone."""


def test_the_schema_names_every_part_of_a_regime() -> None:
    schema: Any = json.loads(schema_text("certificate"))
    words = schema["properties"]["invariants"]["items"]["properties"]["regimes"]["items"]["items"]["enum"]
    assert words == [name for name in Regime.__struct_fields__ if name not in SEARCH]


BAD = {
    "nothing": b"",
    "no JSON": b"{",
    "another thing": b"{}",
    "a list": b"[]",
    "not UTF-8": b'{"claim": "\xff"}',
    "half a character": b'{"claim": "\\ud800"}',
    "deep": b'{"claim":' * 200_000,
    "lists": b"[" * 200_000,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_certificate_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(BadForm, match=r"^it is no certificate: "):
        opened(data)


def test_rows_are_not_counted_from_the_end() -> None:
    tree = tree_of(demo().certificates[0])
    _context(tree).update(state=-1)
    with pytest.raises(msgspec.ValidationError, match="`int` >= 0"):
        certificate_of(tree)


def test_another_version_of_the_form_is_not_guessed_at() -> None:
    certificate = msgspec.structs.replace(demo().certificates[0], schema_version="2.0")
    with pytest.raises(BadForm, match=r"its form has the version 2\.0; this is 1\.0"):
        opened(sealed(certificate))


def test_more_than_is_read_is_a_change() -> None:
    tree = json.loads(sealed(demo().certificates[0]))
    tree["note"] = "trust me"
    with pytest.raises(BadForm, match="unknown field"):
        opened(json.dumps(tree).encode())


@pytest.mark.parametrize("space", [" ", "\n"])
def test_white_space_is_a_change(space: str) -> None:
    with pytest.raises(BadForm, match="it has been changed"):
        opened(sealed(demo().certificates[0]) + space.encode())


def _states(tree: Tree, **fields: object) -> None:
    tree["states"][0].update(fields)


def _context(tree: Tree) -> Tree:
    context: Tree = tree["invariants"][0]["contexts"][0]
    return context


FORGED = {
    "a place that is not listed": lambda tree: _context(tree).update(place=10_000),
    "a state that is not listed": lambda tree: _context(tree).update(state=10_000),
    "half a run": lambda tree: _context(tree).update(situations=[[[0], [0]]]),
    "a consent that there is not": lambda tree: _states(tree, consent="maybe"),
    "a queue that there is not": lambda tree: _states(tree, queue="nobody"),
    "an answer that there is not": lambda tree: _states(tree, last=[0, "perhaps"]),
    "a value twice": lambda tree: _states(tree, env=[0, 0]),
    "a value that there is not": lambda tree: _states(tree, env=[10_000]),
    "a flow that there is not": lambda tree: tree["points"].append({"flow": "x", "container": "y", "points": ["z"]}),
    "a place that there is not": lambda tree: tree["places"].append(["nowhere"]),
    "a place without a name": lambda tree: tree["places"].append([]),
    "a number that is none": lambda tree: tree["values"].append(
        {"variable": "flow.n", "negated": False, "values": [["num", "many"]]}
    ),
    "a regime that there is not": lambda tree: tree["invariants"][0]["regimes"].append(["luck"]),
    "regimes that do not belong together": lambda tree: tree["invariants"][0]["regimes"].append(["acts"]),
    "no regime": lambda tree: tree["invariants"][0].update(regimes=[]),
    "an exit to nowhere": lambda tree: _context(tree)["exits"].append(["\u2192", 10_000, 0]),
    "an exit that is none": lambda tree: _context(tree)["exits"].append(["\u2192nonsense", -1, 0]),
    "more situations than are read": lambda tree: _context(tree)["situations"].append([[0], [0, MOST_SITUATIONS]]),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_forged_parts_are_refused_in_words(forge: Any) -> None:
    certificate, ground = demo().certificates[-1], demo().ground
    tree = tree_of(certificate)
    forge(tree)
    why = fault(opened(sealed(certificate_of(tree))), ground)
    assert why is not None and "\n" not in why


def test_files_are_summed_as_sha256sum_lists_them() -> None:
    pairs = [("b.json", "22"), ("a.json", "11")]
    assert sum_of(pairs) == sum_of(reversed(pairs))
    assert sum_of(pairs).files == 2
    assert sum_of(pairs) != sum_of([("a.json", "22"), ("b.json", "11")])


def test_names_are_told_apart() -> None:
    assert distinct(["a", "b", "a", "a~2", "a"]) == ["a", "b", "a~2", "a~2~2", "a~3"]
    assert plain("\ud800") == "\\ud800"


def test_every_point_of_the_demonstration_has_a_name_of_its_own() -> None:
    ground = demo().ground
    names = Names(ground.program, ground.places)
    points = list(ground.program.points)
    assert [names.number(names.point(point)) for point in points] == list(points)
