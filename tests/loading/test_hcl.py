from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.loading.hcl import HclBlock, blocks_of, read_expression, read_hcl

TEXT = """\
# a comment
resource "genesyscloud_routing_queue" "Q" {
  name          = "A \\"q\\" ${var.x} $${kept} \\u00e9"
  queue_flow_id = genesyscloud_flow.f[0].id
  numbers       = [1, 2.5, -3, true, null]
  properties = jsonencode({
    "trunk_recording_enabled" = { "value" : { "instance" = true } }
  })
  members {
    user_id = "u1"
  }
  members {
    user_id = "u2"
  }
  dynamic "media_settings_call" {
    for_each = var.list
    content {}
  }
  text = <<-EOT
      two
    lines
  EOT
}
"""


def only(text: str) -> HclBlock:
    (block,) = blocks_of(read_hcl(text))
    return block


def test_a_block_reads_as_the_json_syntax_has_it() -> None:
    block = only(TEXT)
    assert (block.type, block.labels, block.line) == ("resource", ("genesyscloud_routing_queue", "Q"), 2)
    assert block.values == {
        "name": 'A "q" ${var.x} $${kept} é',
        "queue_flow_id": "${genesyscloud_flow.f[0].id}",
        "numbers": [1, 2.5, -3, True, None],
        "properties": {"trunk_recording_enabled": {"value": {"instance": True}}},
        "members": [{"user_id": "u1"}, {"user_id": "u2"}],
        "text": "  two\nlines\n",
    }
    assert block.dynamic == {"media_settings_call": [{"for_each": "${var.list}", "content": [{}]}]}


def test_everything_has_its_line() -> None:
    lines = only(TEXT).lines
    assert lines["/name"] == 3
    assert lines["/properties/trunk_recording_enabled/value/instance"] == 7
    assert lines["/members/1/user_id"] == 13


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a"', "a"),
        ("-1.5e3", -1500.0),
        ("(1)", 1),
        ("a.b.c", "${a.b.c}"),
        ("var.x ? 1 : 2", "${var.x ? 1 : 2}"),
        ('file("x")', '${file("x")}'),
        ('{ a = 1, "b" : 2, (c) = 3, "${d}" = 4 }', {"a": 1, "b": 2, "c": 3, "${d}": 4}),
        ('jsonencode(["${x}"])', ["${x}"]),
        ('"\\ud800 \\U0001F600"', "\ufffd 😀"),
        ("[for x in y : x]", "${[for x in y : x]}"),
        ('"%{ if x }a%{ endif }"', "%{ if x }a%{ endif }"),
    ],
)
def test_expressions(text: str, value: object) -> None:
    assert read_expression(text) == value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('x = 1\ny = "', 2, "not valid HCL"),
        ("x = 1\n\n}", 3, "not valid HCL"),
        ("a = 1\na = 2", 2, "stands twice"),
        ('a "b" {\n  c = 1\n  c = 2\n}', 3, "stands twice"),
        ("a {\n  b = 1\n  b {}\n}", 3, "attribute and a block"),
        ("x = " + "[" * 2000 + "]" * 2000, 1, "nested"),
        ("a {" * 2000 + "}" * 2000, 1, "nested"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_hcl(text)
    assert caught.value.line == line
    assert words in caught.value.message


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12).filter(
    lambda text: "${" not in text and "%{" not in text
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), inner),
    max_leaves=12,
)


@given(values)
@settings(max_examples=60, deadline=None)
def test_json_is_an_expression_that_reads_as_itself(value: Any) -> None:
    assert read_expression(f"jsonencode({json.dumps(value, ensure_ascii=False)})") == value


@given(st.text(max_size=80) | st.text(st.sampled_from('{}[]()"=$%\n<-EOT a.1,#/*'), max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        read_hcl(text)
    except DocumentError as error:
        assert error.message
