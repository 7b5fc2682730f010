"""Where actions stand in the text of an Archy flow: by lines and how far they are indented."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from msgspec import Struct

_ITEM = re.compile(r"( *)- +\S")
_ACTIONS = re.compile(r"( *)actions:\s*")
DASH = 2


class Unpatchable(Exception):
    """The text is not laid out as exports are; the message says in what."""


class Span(Struct, frozen=True):
    """Lines of a list item: from start up to end. indent: of its dash."""

    start: int
    end: int
    indent: int


@dataclass(slots=True)
class Text:
    """Lines of a YAML text without their ends. dash: how far the items of a list stand behind its key."""

    whole: str
    lines: list[str] = field(init=False)
    dash: int = field(init=False)

    def __post_init__(self) -> None:
        """Parts the text into lines."""
        if "\t" in self.whole:
            raise Unpatchable("the text holds tabs")
        self.lines = [line.removesuffix("\r") for line in self.whole.split("\n")]
        self.dash = self._dash()

    def joined(self, lines: list[str]) -> str:
        """Lines as a text with the line ends of this one."""
        return ("\r\n" if "\r\n" in self.whole else "\n").join(lines)

    def item(self, line: int | None) -> Span:
        """The list item that begins in a line (1-based)."""
        found = _ITEM.match(self.lines[line - 1]) if line is not None else None
        if line is None or found is None:
            raise Unpatchable("an action does not begin a line of its own")
        indent = len(found[1])
        return Span(line - 1, self.end(line - 1, indent), indent)

    def end(self, line: int, indent: int) -> int:
        """The line behind all that stands deeper than the indent; blank lines and comments before it stay behind."""
        end = line + 1
        for index in range(line + 1, len(self.lines)):
            text = self.lines[index].strip()
            if text and not text.startswith("#"):
                if self._indent(index) <= indent:
                    break
                end = index + 1
        return end

    def end_of_list(self, line: int, indent: int) -> int:
        """The same for a key whose list may stand as deep as the key itself."""
        end = self.end(line, indent)
        while end < len(self.lines) and self.lines[end].startswith(" " * indent + "- "):
            end = self.end(end, indent)
        return end

    def moved(self, span: Span, indent: int) -> list[str]:
        """The lines of an item, at another depth."""
        by = indent - span.indent
        return [_shifted(line, by) for line in self.lines[span.start : span.end]]

    def block_key(self, line: int, key: str) -> int:
        """How deep a key stands that begins its line."""
        text = self.lines[line]
        if not re.match(rf' *"?{re.escape(key)}"?\s*:', text):
            raise Unpatchable(f'"{key}" does not begin a line of its own')
        return self._indent(line)

    def only_key(self, line: int, key: str) -> int:
        """The same for a key with nothing, or an empty value, behind it."""
        if not re.fullmatch(rf' *"?{re.escape(key)}"?\s*:\s*(\[\]|\{{\}}|)\s*(#.*)?', self.lines[line]):
            raise Unpatchable(f'"{key}" does not stand in a line by itself')
        return self._indent(line)

    def _indent(self, line: int) -> int:
        text = self.lines[line]
        return len(text) - len(text.lstrip(" "))

    def _dash(self) -> int:
        for index, line in enumerate(self.lines[:-1]):
            found, item = _ACTIONS.fullmatch(line), _ITEM.match(self.lines[index + 1])
            if found and item:
                return len(item[1]) - len(found[1])
        return DASH


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return line
    return " " * by + line if by >= 0 else line[-by:]
