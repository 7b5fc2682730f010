"""Other words in JSON of the platform: everything that is text, but for what belongs to the form."""

from __future__ import annotations

import re
from typing import Any

from auditor.loading.renaming import Renamer

_KEPT_WORDS = """
__type type state selfUri firstUri lastUri nextUri previousUri trunkType ownerType provider dialingMode
campaignStatus status mediaType addressType actionType reactionType liveVoiceReactionType mode rrule start end
answeringMachineReactionType dateCreated dateModified dateLastModified datePublished version language
flowVersion defaultLanguage supportedLanguages format integration direction directions metaType objectType
skillEvaluationMethod selectionType digit dtmf types schedulingMethod $schema
"""
_KEPT = frozenset(_KEPT_WORDS.split())
"""Keys whose values say what something is, not whose."""
_ADDRESS = re.compile(r"(?:https?://[^/]*)?/api/v2/\S*|/platform/\S*|[a-z0-9_]+\.json")


def renamed_json(value: Any, renamer: Renamer, key: str = "", above: tuple[str, ...] = ()) -> Any:
    """The value in other words. Columns of tables are names too; every other key belongs to the form."""
    match value:
        case str():
            return _text(value, key, renamer)
        case list():
            return [renamed_json(item, renamer, key, above) for item in value]
        case dict():
            columns = _columns(value, key, above)
            return {
                _key(name, columns, renamer): renamed_json(item, renamer, name, (*above[-2:], key))
                for name, item in value.items()
            }
        case _:
            return value


def _columns(value: dict[str, Any], key: str, above: tuple[str, ...]) -> bool:
    """Whether the keys of an object are columns: of a row, or of the schema of a table."""
    if "key" in value or "KEY" in value:
        return not any(isinstance(item, dict | list) for item in value.values())
    return key == "properties" and "schema" in above


def _key(name: str, column: bool, renamer: Renamer) -> str:
    if column and name not in ("key", "KEY"):
        return renamer.text(name)
    return renamer.ids(name)


def _text(value: str, key: str, renamer: Renamer) -> str:
    if key in _KEPT or _ADDRESS.fullmatch(value):
        return renamer.ids(value)
    if value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
        made = _inner(value, renamer)
        if made is not None:
            return made
    return renamer.text(value)


def _inner(text: str, renamer: Renamer) -> str | None:
    """JSON inside a text; None when it is none."""
    import json

    try:
        return json.dumps(renamed_json(json.loads(text), renamer), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
