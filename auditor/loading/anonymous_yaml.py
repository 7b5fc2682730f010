"""Other words in Archy YAML: the text keeps its form, only names, texts and numbers in it change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from auditor.errors import DocumentError
from auditor.loading.renaming import Renamer
from auditor.loading.templates import Templates

_STRUCTURE = re.compile(r"[a-z][A-Za-z0-9_]*|[a-z]{2,3}(?:-[A-Za-z]{2,4})+")
_NAMING = frozenset({"dataTable", "category", "dataAction", "commonModule", "foundOutputs", "successOutputs", "inputs"})
"""Keys below which other keys are names."""
_REFERENCE = re.compile(r"\.{0,2}/[\w/]+\[.*\]")
_INSIDE = re.compile(r"\[(.*?)\]")
_VERSION = "ver_"


def renamed_yaml(text: str, renamer: Renamer) -> str:
    """The document in other words. Raises DocumentError when it is no YAML."""
    templates = Templates(text)
    text = templates.text
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    made: list[str] = []
    done = 0
    for event, key in _scalars(text):
        begin = starts[event.start_mark.line] + event.start_mark.column
        end = starts[event.end_mark.line] + event.end_mark.column
        made += [text[done:begin], _scalar(text[begin:end], event, key, renamer)]
        done = end
    return templates.restore("".join(made) + text[done:])


def _scalars(text: str) -> Iterator[tuple[Any, bool]]:
    """The scalars that may change, in order; whether each is a key."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path: list[str] = []
    keyed: list[bool | None] = []  # of the collections that are open: whether a key is next, None in a list
    try:
        for event in yaml.parse(text, Loader=loader):
            match event:
                case ScalarEvent():
                    if keyed and keyed[-1]:
                        keyed[-1] = False
                        if not _structural(event.value, path):
                            yield event, True
                        path.append(event.value)
                        continue
                    yield event, False
                    _valued(keyed, path)
                case MappingStartEvent():
                    keyed.append(True)
                case SequenceStartEvent():
                    keyed.append(None)
                case MappingEndEvent() | SequenceEndEvent():
                    keyed.pop()
                    _valued(keyed, path)
    except yaml.YAMLError as error:
        raise DocumentError(f"This is not YAML: {error}") from error


def _valued(keyed: list[bool | None], path: list[str]) -> None:
    """A value has been read: in a mapping its key is done."""
    if keyed and keyed[-1] is False:
        keyed[-1] = True
        path.pop()


def _structural(key: str, path: list[str]) -> bool:
    """Whether a key belongs to the form of the document, rather than to the organisation."""
    above = path[-1] if path else ""
    if (above in _NAMING and len(path) > 1) or (above == "outputs" and len(path) > 1 and path[-2].startswith(_VERSION)):
        return False
    return _STRUCTURE.fullmatch(key) is not None


def _scalar(raw: str, event: Any, key: bool, renamer: Renamer) -> str:
    value = event.value
    if _REFERENCE.fullmatch(value):
        return _INSIDE.sub(lambda m: f"[{renamer.text(m[1])}]", raw)
    if event.style == '"' and "\\" in raw:
        made = renamer.text(value)
        return raw if made == value else json.dumps(made, ensure_ascii=False)
    return renamer.text(raw)
