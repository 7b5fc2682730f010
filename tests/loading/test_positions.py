from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from auditor.loading.positions import with_lines
from auditor.model.location import Location

TEXT = """
{
  "entities": [
    {"id": "a", "properties": {
      "x~y/z": {"value": {"instance": true}},
      "text": "{ \\" ] \\n"
    }},
    {
      "id": "b"
    }
  ],
  "total": 2
}
"""


def lines(file: Path, *pointers: str) -> list[int | None]:
    wanted = [Location(str(file), None, p) for p in pointers]
    found = with_lines(wanted)
    return [found[w].line for w in wanted]


def test_lines_follow_the_pointers(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(TEXT, encoding="utf-8")
    pointers = ("", "/entities/0", "/entities/0/properties/x~0y~1z/value/instance", "/entities/1/id", "/total")
    assert lines(file, *pointers) == [2, 4, 5, 9, 12]


def test_what_is_not_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(TEXT, encoding="utf-8")
    assert lines(file, "/nothing", "/entities/7", "/total/3") == [None, None, None]
    assert lines(tmp_path / "gone.json", "/total") == [None]
    assert lines(tmp_path, "/total") == [None]


def test_a_changed_file_never_raises(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for text in ("", "{", '{"entities"', "[" * 5000, '{"entities": [1, 2', "{]", '{"a" 1}', "\ud7ff"):
        file.write_text(text, encoding="utf-8")
        lines(file, "/entities/1", "/a")
    file.write_bytes(b"\xff\xfe\x00")
    assert lines(file, "/a") == [None]


def test_what_was_found_before_the_break_counts(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"a":\n1, "b":\n[1,', encoding="utf-8")
    assert lines(file, "/a", "/b/0", "/b/9") == [2, 3, None]


def test_encoded_exports_have_one_line(tmp_path: Path) -> None:
    file = tmp_path / "a.i3InboundFlow"
    file.write_bytes(base64.b64encode(quote('{"name": 1}').encode()))
    assert lines(file, "/name") == [1]


def test_lines_that_are_known_are_kept(tmp_path: Path) -> None:
    known = Location(str(tmp_path / "a.yaml"), 7, "/x")
    assert with_lines([known]) == {known: known}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=4), v, max_size=3),
    max_leaves=15,
)


@given(values)
def test_every_pointer_of_a_pretty_printed_document_has_its_line(tmp_path_factory, value) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path_factory.mktemp("p") / "a.json"
    text = json.dumps(value, indent=1)
    file.write_text(text, encoding="utf-8")
    expected = dict(zip(pointers(value), range(1, 10**6), strict=False)) if flat(value) else {}
    for pointer in pointers(value):
        assert lines(file, pointer)[0] is not None
    for pointer, line in expected.items():
        assert lines(file, pointer) == [line]


def flat(value: object) -> bool:
    return isinstance(value, (dict, list)) and not any(
        isinstance(v, (dict, list)) for v in (value.values() if isinstance(value, dict) else value)
    )


def pointers(value: object, at: str = "") -> list[str]:
    result = [at]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        result += pointers(item, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return result
