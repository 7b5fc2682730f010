"""Aliases in YAML: the events of the part they stand for, once more, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from auditor.errors import DocumentError

MAX_REPEATED = 100_000
"""Events that all aliases of a document together may stand for."""


class Expanded:
    """The events of a document with every alias replaced by the events of its part, which keep their lines.

    Raises DocumentError where an alias names nothing, a part that is not yet complete, or too much in all.
    """

    def __init__(self, get_event: Callable[[], Any]) -> None:
        self._given: list[Any] = []
        self._parts: dict[str, tuple[int, int]] = {}
        self._events = self._expand(get_event)

    def get_event(self) -> Any:
        """The next event; the last one is the end of the stream."""
        return next(self._events)

    def _expand(self, get_event: Callable[[], Any]) -> Iterator[Any]:
        open_parts: list[tuple[str | None, int]] = []
        event, repeated = None, 0
        while not isinstance(event, StreamEndEvent):
            event = get_event()
            if isinstance(event, AliasEvent):
                if isinstance(self._given[-1], ScalarEvent) and self._given[-1].value == "<<":
                    raise _refused(event, "merging mappings is no part of YAML 1.2")
                begin, end = self._part(event)
                repeated += end - begin
                if repeated > MAX_REPEATED:
                    raise _refused(event, f"all aliases stand for more than {MAX_REPEATED} texts, lists and mappings")
                again = self._given[begin:end]
                self._given += again
                yield from again
                continue
            at = len(self._given)
            self._given.append(event)
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                open_parts.append((event.anchor, at))
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                self._complete(*open_parts.pop())
            elif isinstance(event, ScalarEvent):
                self._complete(event.anchor, at)
            yield event

    def _complete(self, anchor: str | None, begin: int) -> None:
        if anchor is not None:
            self._parts[anchor] = (begin, len(self._given))

    def _part(self, event: Any) -> tuple[int, int]:
        if event.anchor not in self._parts:
            raise _refused(event, "it names no part that is complete before it")
        return self._parts[event.anchor]


def _refused(event: Any, why: str) -> DocumentError:
    return DocumentError(
        f"The alias *{event.anchor} is not followed: {why}.", event.start_mark.line + 1, "Write the part out."
    )
