"""`--substitutions FILE`: what stands in place of `{{key}}` and `${key}` in Archy flows, from YAML or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from auditor.errors import DocumentError, UsageError
from auditor.loading.files import Found, decode, read
from auditor.loading.yaml_reader import YamlMap, read_yaml

_HINT = "The file holds one key and one text a line, such as `flow_name: Main`."
_INSIDE = "substitutions"


def read_substitutions(path: Path) -> Mapping[str, str]:
    """Key -> text. The options file of Archy has them below `substitutions`. Raises UsageError."""
    try:
        tree = read_yaml(decode(read(Found(path.as_posix(), path)).data))
    except DocumentError as error:
        line = f", line {error.line}" if error.line else ""
        raise UsageError(f"--substitutions {path}{line}: {error.message}", hint=_HINT) from error
    inner = tree.get(_INSIDE)
    held = inner if isinstance(inner, YamlMap) else tree
    wrong = [
        f"{key} is no text (line {held.line_of(key)})" for key, value in held.items() if not isinstance(value, str)
    ]
    if wrong:
        raise UsageError(f"--substitutions {path}: every value must be a text.", hint=_HINT, details=tuple(wrong))
    return {key: str(value) for key, value in held.items()}
