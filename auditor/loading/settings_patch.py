"""The recording setting of a flow in the text of its Archy YAML."""

from __future__ import annotations

import re

from auditor.loading.archy_places import Text, Unpatchable
from auditor.model.flows import Flow
from auditor.model.settings import Unset

_KEY, _SECTION = "suppressRecording", "settingsSpeechRec"


def with_flow_setting(text: str, flow: Flow, value: bool) -> str:
    """The text with `suppressRecording` set; raises Unpatchable when there is no place for it."""
    whole = Text(text)
    word = "true" if value else "false"
    if isinstance(flow.suppress_recording, Unset):
        return _added(whole, word)
    pattern = re.compile(rf"( *{_KEY}: *)\S+(.*)")
    lines = [pattern.sub(rf"\g<1>{word}\g<2>", line) if pattern.fullmatch(line) else line for line in whole.lines]
    if lines == whole.lines and not any(pattern.fullmatch(line) for line in lines):
        raise Unpatchable(f"{_KEY} does not stand in a line by itself")
    return whole.joined(lines)


def _added(whole: Text, word: str) -> str:
    for index, line in enumerate(whole.lines):
        if line.strip() == f"{_SECTION}:":
            indent = len(line) - len(line.lstrip()) + 2
            return whole.joined([*whole.lines[: index + 1], f"{' ' * indent}{_KEY}: {word}", *whole.lines[index + 1 :]])
    raise Unpatchable(f"there is no {_SECTION}")
