from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.loading.load import load
from auditor.loading.substitutions import read_substitutions
from tests.loading.exports import write
from tests.loading.terraform_source import ARCHY


def test_templates_are_replaced_as_text_never_as_yaml(tmp_path: Path) -> None:
    body = ARCHY.replace("name: Main", "name: {{flow_name}}").replace("Good bye", "${bye} {{unknown}}")
    write(tmp_path, "Main.yaml", body.replace("suppressRecording: false", "suppressRecording: {{quiet}}"))
    said = {"flow_name": "a: {b} # c", "bye": "Auf Wiedersehen", "quiet": "true"}
    (flow,) = load([tmp_path], substitutions=said).flows
    assert (flow.name, flow.templates) == ("a: {b} # c", ("unknown",))
    assert flow.suppress_recording.value is True  # type: ignore[union-attr]
    (plain,) = load([tmp_path]).flows
    assert (plain.name, plain.templates) == ("{{flow_name}}", ("flow_name", "quiet", "bye", "unknown"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.yaml", "a: x\nb: 12\n"),
        ("s.json", '{"a": "x", "b": 12}'),
        ("options.yaml", "substitutions:\n  a: x\n  b: 12\nother: 1\n"),
    ],
)
def test_yaml_json_and_options_files(tmp_path: Path, name: str, text: str) -> None:
    assert read_substitutions(write(tmp_path, name, text)) == {"a": "x", "b": "12"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1]\nb:\n  c: 1\n", "a is no text (line 1)"),
        ("a: 1\na: 2\n", "twice"),
        ("- a\n", "no mapping"),
        ("", "nothing"),
    ],
)
def test_what_is_wrong_is_the_fault_of_the_command_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_substitutions(write(tmp_path, "s.yaml", text))
    assert words in "\n".join((caught.value.message, *caught.value.details))
