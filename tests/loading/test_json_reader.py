from __future__ import annotations

import json
import time

import pytest

from auditor.errors import DocumentError
from auditor.loading.json_reader import DEPTH, read_json
from auditor.loading.json_reader import _deeper_than as deeper_than
from auditor.loading.json_reader import _without_escapes as without_escapes

GOOD = (
    "{}",
    "[]",
    '{"a": [1, 2.5, true, false, null, "x"]}',
    ' \n\t{"a": {"a": 1}, "b": {"a": 2}}\n',
    '"text"',
    '{"a": "\\ud83d\\ude00"}',
    '{"\\u0022": "\\"a\\\\", "\\\\": "\\u005c\\"", "": "\\u0022\\/\\t"}',
    "[1e400, -1e400, 1e-400, -0, -0.0, 12345678901234567890123, 0.1, 5e-324, 1.7976931348623157e308]",
)


@pytest.mark.parametrize("text", GOOD)
def test_good_documents_are_read_as_the_standard_library_reads_them(text: str) -> None:
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"\\"": 1,\n"\\u0022": 2}', 2, "stands twice"),
        ('{"a": {"b": "c"}, "d": "",\n"a": {"b": "c"}}', 2, "stands twice"),
        ('{\n"a": 1,\n"a": 2}', 3, "stands twice"),
        ('{"x": "\\"a\\": {", "b": {"c": 1,\n\n"\\u0063": 2}}', 3, "stands twice"),
        ('[\n{"a": 1},\n', 2, "ends in the middle"),
        ('{"a": "text', 1, "not valid JSON"),
        ('{"a": 1\n"b": 2}', 2, "not valid JSON"),
        ("{'a': 1}", 1, "not valid JSON"),
        ('{"a":\nNaN}', 2, "NaN"),
        ('["NaN",\n\n-Infinity]', 3, "-Infinity"),
        ("", 1, "ends in the middle"),
    ],
)
def test_bad_documents_say_where_and_what(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_json(text)
    assert caught.value.line == line
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": [1, 2,\n]}', "comma before the closing bracket"),
        ('{"a": 1,\n}', "comma before the closing bracket"),
        ('// all queues\n{"a": 1}', "no comments"),
        ('{"a": 1, # none\n"b": 2}', "no comments"),
        ("{'a': True}", "double quotes"),
        ("<html><body>502</body></html>", "proxy or a login"),
        ('Using profile DEFAULT\n{"a": 1}', "before the JSON"),
        ('{"a": 1\n"b": 2}', "at this line"),
    ],
)
def test_bad_documents_say_what_helps(text: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_json(text)
    assert words in (caught.value.hint or "")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused_quickly(opening: str) -> None:
    started = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        read_json("\n" + opening * 100_000)
    assert "nested" in caught.value.message
    assert caught.value.line == 2
    assert time.perf_counter() - started < 2


def test_the_depth_limit_is_exact() -> None:
    assert read_json("[" * DEPTH + "]" * DEPTH)
    with pytest.raises(DocumentError):
        read_json("[" * (DEPTH + 1) + "]" * (DEPTH + 1))


def test_brackets_in_texts_are_no_nesting() -> None:
    assert read_json(json.dumps({"a": "[" * 5000})) == {"a": "[" * 5000}


def test_huge_numbers_are_read() -> None:
    assert read_json('{"a": ' + "9" * 100 + "}") == {"a": int("9" * 100)}
    assert read_json('{"a": ' + "9" * 5000 + "}") == {"a": "9" * 5000}


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert read_json('{"a": "\\ud800x \\\\ud800 \\ud83d\\ude00"}') == {"a": "\ufffdx \\ud800 \U0001f600"}


@pytest.mark.parametrize(
    "text", ['["[[[", "]", "\\"[", "\\\\", ["]"]]', '{"}": {"{": ""}, "": [[]]}', '["", "", "\\\\\\"[["]']
)
def test_the_depth_is_counted_outside_of_texts(text: str) -> None:
    depth = max_depth(json.loads(text))
    bare = without_escapes(text.encode())
    assert not deeper_than(bare, depth)
    assert deeper_than(bare, depth - 1)


def max_depth(value: object) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(max_depth, inner), default=0)
