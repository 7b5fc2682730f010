"""YAML text -> maps, lists and raw text, with the line of everything, strictly and at the price of the events.

PyYAML's event stream and a builder of our own: no YAML 1.1 types (`yes:` stays a word, a phone number stays
text), duplicate keys refused, aliases, nesting and sizes bounded, so that hostile input costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from auditor.errors import DocumentError
from auditor.loading.files import decode
from auditor.loading.templates import Templates
from auditor.loading.yaml_aliases import Expanded

MAX_DEPTH = 200
MAX_TEXT = 16 * 1024 * 1024
MAX_SCALAR = 1024 * 1024
_QUOTED_PART = 60


class Quoted(str):
    """Text that stood in quotes or in a block, so never `true`, a number or nothing."""

    __slots__ = ()


class YamlMap(dict[str, "YamlValue"]):
    """A mapping. line: of its first key, 1-based; lines: of each key, in order."""

    __slots__ = ("line", "lines")
    line: int
    lines: list[int]

    def line_of(self, key: str) -> int:
        """The line of a key; the line of the mapping when it has no such key."""
        for known, line in zip(self, self.lines, strict=False):
            if known == key:
                return line
        return self.line


class YamlList(list["YamlValue"]):
    """A sequence. line: of its first item, 1-based."""

    __slots__ = ("line",)
    line: int


class YamlDocument(YamlMap):
    """The mapping that is the whole document. templates: names of unresolved templates in it."""

    __slots__ = ("templates",)
    templates: tuple[str, ...]


class _AliasMet(Exception):
    """The document has aliases, which exports do not hold: it is read once more, with care for them."""


YamlValue: TypeAlias = str | YamlMap | YamlList
"""Plain scalars are str as written, other scalars Quoted; nothing at all is ''."""


def read_yaml(source: str | bytes, substitutions: Mapping[str, str] | None = None) -> YamlDocument:
    """The mapping of a YAML document. Raises DocumentError with the line where it goes wrong.

    substitutions: texts for templates, by key; the other templates stay as they stand.
    """
    text = decode(source) if isinstance(source, bytes) else source.removeprefix("\ufeff")
    if len(text) > MAX_TEXT:
        raise DocumentError(
            f"The YAML text is longer than {MAX_TEXT // 2**20} MiB.", None, "Export each flow into a file of its own."
        )
    if "\t" in text:
        text = text.replace("\t", "  ")
    templates = Templates(text, substitutions)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        try:
            document = _build(loader(templates.text).get_event, _careful(templates))
        except _AliasMet:
            document = _build(Expanded(loader(templates.text).get_event).get_event, _careful(templates))
    except yaml.YAMLError as error:
        raise _broken(error, templates.text) from error
    except RecursionError as error:
        raise _too_deep(None) from error
    document.templates = templates.names
    return document


def _careful(templates: Templates) -> Callable[[Any], str] | None:
    """How to read a scalar when plain `event.value` will not do: in long documents and with templates."""

    def value(event: Any) -> str:
        if len(event.value) > MAX_SCALAR:
            line = _line(event)
            raise DocumentError(f"A text is longer than {MAX_SCALAR} characters.", line, "No flow holds such a text.")
        return templates.restore(event.value)

    return value if templates or len(templates.text) > MAX_SCALAR else None


def _build(get_event: Callable[[], Any], careful: Callable[[Any], str] | None) -> YamlDocument:
    """One pass over the events. Long for a function, because a call for each event would double its time."""
    document = _root(get_event)
    stack: list[tuple[Any, str | None]] = []
    node: Any = document
    lines: list[int] | None = document.lines  # None: the node is a list
    key = None
    while True:
        event = get_event()
        kind = type(event)
        if kind is ScalarEvent:
            value: Any = event.value if careful is None else careful(event)
            if lines is not None and key is None:
                if value in node:
                    _twice(value, event)
                key = value
                lines.append(event.start_mark.line + 1)
                continue
            if event.style:
                value = Quoted(value)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if lines is not None and key is None:
                _key_is_no_text(event)
            stack.append((node, key))
            if len(stack) > MAX_DEPTH:
                raise _too_deep(event.start_mark.line + 1)
            if kind is MappingStartEvent:
                node = YamlMap()
                lines = node.lines = []
            else:
                node = YamlList()
                lines = None
            node.line = event.start_mark.line + 1
            key = None
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            if not stack:
                _ends_here(get_event)
                return document
            value = node
            node, key = stack.pop()
            lines = None if key is None else node.lines
        else:
            raise _AliasMet  # libyaml itself reports whatever else is out of place
        if lines is None:
            node.append(value)
        else:
            node[key] = value
            key = None


def _root(get_event: Callable[[], Any]) -> YamlDocument:
    """The empty document, after the start of its mapping."""
    while True:
        event = get_event()
        kind = type(event)
        if kind is MappingStartEvent:
            document = YamlDocument()
            document.line, document.lines, document.templates = event.start_mark.line + 1, [], ()
            return document
        if kind is StreamEndEvent:
            raise DocumentError("The file holds nothing.", None, "Export it again.")
        if kind in (ScalarEvent, SequenceStartEvent, AliasEvent):
            line = _line(event)
            raise DocumentError("The text is no mapping of keys.", line, "A flow begins with its type, `inboundCall:`.")


def _ends_here(get_event: Callable[[], Any]) -> None:
    event = get_event()
    while type(event) is not StreamEndEvent:
        if type(event) is DocumentStartEvent:
            line = _line(event)
            raise DocumentError("The file holds several YAML documents.", line, "Put each flow into a file of its own.")
        event = get_event()


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _too_deep(line: int | None) -> DocumentError:
    return DocumentError(f"The YAML text is nested deeper than {MAX_DEPTH} levels.", line, "Split the task in two.")


def _twice(key: str, event: Any) -> NoReturn:
    shown = key if len(key) <= _QUOTED_PART else key[:_QUOTED_PART] + "..."
    raise DocumentError(
        f'The key "{shown}" stands twice in one mapping.',
        _line(event),
        "Which of the two counts is not defined; export the flow again or remove one.",
    )


def _key_is_no_text(event: Any) -> NoReturn:
    raise DocumentError("A key is no text.", _line(event), "Put quotes around it.")


def _broken(error: yaml.YAMLError, text: str) -> DocumentError:
    """What PyYAML says, with its line. Readers of control characters give a position in place of a line."""
    hint = "Export the flow again, or mend the line by hand."
    if isinstance(error, yaml.MarkedYAMLError):
        at_end = "end of stream" in (error.problem or "")  # then where it began tells more
        mark = (error.context_mark if at_end else None) or error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return DocumentError(f"This is not YAML: {said}.", mark.line + 1 if mark else None, hint)
    position = getattr(error, "position", None)
    line = text.encode().count(b"\n", 0, position) + 1 if isinstance(position, int) else None
    return DocumentError(f"This is not YAML: {getattr(error, 'reason', error)}.", line, hint)
