from __future__ import annotations

import time
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.loading.yaml_reader import MAX_DEPTH, MAX_SCALAR, Quoted, YamlList, YamlMap, read_yaml


def refused(source: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_yaml(source)
    assert caught.value.hint
    return caught.value


def test_scalars_stay_text() -> None:
    tree = read_yaml("yes: no\non: 010\nnumber: +15551234567\ntime: 12:30:45\nempty:\nnothing: ~\n")
    assert tree == {"yes": "no", "on": "010", "number": "+15551234567", "time": "12:30:45", "empty": "", "nothing": "~"}
    assert not any(isinstance(value, Quoted) for value in tree.values())


def test_quoted_text_is_told_from_plain() -> None:
    tree = read_yaml('a: true\nb: "true"\nc: \'true\'\nd: |\n  true\n"e": f\n')
    assert [isinstance(value, Quoted) for value in tree.values()] == [False, True, True, True, False]
    assert not isinstance(next(reversed(tree)), Quoted)


def test_every_mapping_list_and_key_has_its_line() -> None:
    tree = read_yaml(
        "# first\n\nflow:\n  name: A\n\n  tasks:\n    - task:\n        name: B\n    - menu: {}\n  last: C\n"
    )
    flow = tree["flow"]
    assert isinstance(flow, YamlMap)
    tasks = flow["tasks"]
    assert isinstance(tasks, YamlList)
    assert (tree.line, flow.line, tasks.line) == (3, 4, 7)
    assert [item.line for item in tasks if isinstance(item, YamlMap)] == [7, 9]
    assert (flow.line_of("name"), flow.line_of("tasks"), flow.line_of("last"), flow.line_of("none")) == (4, 6, 10, 4)


def test_a_key_twice_is_refused_with_its_line() -> None:
    error = refused("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n")
    assert (error.line, error.message) == (5, 'The key "c" stands twice in one mapping.')


def test_templates_make_the_text_readable_and_stay_in_names() -> None:
    tree = read_yaml('{{prefix}}-x:\n  name: {{ name }}\n  ${key}: "{{a}} and ${b}"\n  list: [{{name}}, ${a:b}]\n')
    assert tree == {"{{prefix}}-x": {"name": "{{ name }}", "${key}": "{{a}} and ${b}", "list": ["{{name}}", "${a:b}"]}}
    assert tree.templates == ("prefix", "name", "key", "a", "b", "a:b")


def test_two_templates_as_keys_are_two_keys() -> None:
    assert list(read_yaml("{{a}}: 1\n{{b}}: 2\n")) == ["{{a}}", "{{b}}"]
    assert refused("{{a}}: 1\n{{a}}: 2\n").line == 2


def test_characters_used_for_hiding_are_ordinary_in_a_file() -> None:
    assert read_yaml("a: \ue0007\ue001\nb: {{x}}\n") == {"a": "\ue0007\ue001", "b": "{{x}}"}


def test_tabs_are_spaces_and_a_byte_order_mark_is_nothing() -> None:
    assert read_yaml("\ufeffa:\n\tb: c\n") == {"a": {"b": "c"}}
    assert read_yaml(b"\xef\xbb\xbfa: b\n") == {"a": "b"}
    assert read_yaml("a: b\n".encode("utf-16")) == {"a": "b"}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a: &x {c: 1}\nb:\n  <<: *x\n", 3),
        ("a:\n  <<: *x\n", 2),
        ("? [a, b]\n: c\n", 1),
        ("- a\n- b\n", 1),
        ("just text\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: [1,\n", 3),
        ('a: 1\nb: "x\n', 2),
        ("a: 1\nb: \x07\n", 2),
        ("a: 1\n  b: 2\n", 2),
    ],
)
def test_what_is_no_export_is_refused_with_its_line(source: str, line: int) -> None:
    assert refused(source).line == line


@pytest.mark.parametrize("source", ["", "# only a comment\n", b"\xff\xfea: 1", b"a: \xc3\x28\n"])
def test_what_holds_nothing_readable_is_refused(source: str | bytes) -> None:
    assert refused(source).message


@pytest.mark.parametrize(
    "source",
    [
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 100_000,
        "".join(" " * depth + "k:\n" for depth in range(3_000)),
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in pairwise("abcdefghij")),
        "a: '" + "x" * (MAX_SCALAR + 1) + "'\n",
        "a: [" + "1," * 9_000_000 + "]\n",
    ],
    ids=["lists", "maps", "blocks", "aliases", "long text", "long file"],
)
def test_hostile_text_is_refused_at_once(source: str) -> None:
    begin = time.process_time()
    refused(source)
    assert time.process_time() - begin < 2


def test_an_alias_stands_for_its_part_with_the_lines_of_the_part() -> None:
    tree = read_yaml("first: &p\n  - &q one\n  - {inner: *q}\nsecond: *p\nthird: {again: *p}\n")
    assert tree["second"] == tree["first"] == ["one", {"inner": "one"}]
    second = tree["second"]
    assert isinstance(second, YamlList)
    assert second.line == 1
    assert tree["third"] == {"again": tree["first"]}


@pytest.mark.parametrize("source", ["a: &x [1, *x]\n", "a: *none\n", "a: {b: &x 1}\n*y : 2\n"])
def test_an_alias_of_nothing_complete_is_refused(source: str) -> None:
    assert "is not followed" in refused(source).message


def test_the_deepest_nesting_allowed_is_read() -> None:
    tree = read_yaml("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert isinstance(tree["a"], YamlList)
    assert refused("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).line == 1


@given(
    st.recursive(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Co")), max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abc: '\"#-", max_size=5), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_reads_what_yaml_writes(value: object) -> None:
    source = yaml.safe_dump({"root": value}, allow_unicode=True, sort_keys=False, default_style='"')
    if not any(mark in source for mark in ("{{", "${", "&id")):
        assert read_yaml(source) == {"root": value}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        read_yaml(source)
    except DocumentError as error:
        assert error.line is None or error.line >= 1


def test_reading_costs_less_than_the_usual_loader() -> None:
    item = "    - decision:\n        name: Is it {0}?\n        outputs:\n          yes: {{}}\n          no: {{}}\n"
    source = "flow:\n  actions:\n" + "".join(item.format(number) for number in range(1_500))

    def cost(read: object) -> float:
        assert callable(read)
        times = []
        for _ in range(3):
            begin = time.process_time()
            read(source)
            times.append(time.process_time() - begin)
        return min(times)

    assert cost(read_yaml) < cost(lambda s: yaml.load(s, yaml.CSafeLoader))


def test_without_the_c_parser_everything_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "a: true\nb: \"true\"\nlist: [1, {{x}}, 'y']\ntext: |\n  two\n  lines\n"
    fast = read_yaml(source)
    monkeypatch.delattr(yaml, "CSafeLoader")
    slow = read_yaml(source)
    assert slow == fast
    assert [isinstance(v, Quoted) for v in slow.values()] == [isinstance(v, Quoted) for v in fast.values()]
    assert (slow.lines, slow.templates) == (fast.lines, fast.templates)
    assert refused("a: " + "[" * 100_000).line == 1
    assert refused("a: 1\na: 2\n").line == 2
    assert refused("a: \x07\n").line == 1
