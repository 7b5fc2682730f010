"""What a file is, by its content; the name only decides whether something unreadable was meant to be an export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePosixPath

from auditor.loading.files import looks_binary
from auditor.loading.flow_types import is_flow_type


class Form(Enum):
    """What the content looks like."""

    EMPTY = "empty file"
    ENCODED = "i3 flow export"
    JSON = "JSON"
    JSON_LINES = "JSON lines"
    ARCHY = "Archy YAML flow"
    YAML = "YAML"
    TERRAFORM = "Terraform configuration"
    BINARY = "binary file"
    TEXT = "text"


_JSON_NAMES = frozenset({".json", ".tfstate"})
_LINES_NAMES = frozenset({".jsonl", ".ndjson"})
_YAML_NAMES = frozenset({".yaml", ".yml"})
_TERRAFORM_NAMES = frozenset({".tf", ".tofu", ".tfvars", ".hcl"})

_ENCODED = re.compile(rb"\s*JTd[Ci]")  # Base64 of "%7B" or "%7b", an encoded "{"
_JSON = re.compile(r'\{\s*(?:"|\}|\Z)|\[\s*(?:[{"\]]|\Z)')
_BLANK = re.compile(r"[ \t\r\n]*+")
_COMMENTS = ("#", "---", "%")
_FIRST_KEY = re.compile(r"""["']?([A-Za-z]++)["']?[ \t]*+:(?:[ \t\r\n]|\Z)""")
_BLOCK = re.compile(r'^(?:resource|data|variable|provider|module|output|terraform|locals)\b[ \t\w"-]*\{', re.MULTILINE)
_STATE_KEYS = {"terraform_version", "resources"}
_PLAN_KEYS = {"planned_values", "values", "resource_changes"}
_CONFIGURATION_KEYS = {"terraform", "resource", "data", "provider", "variable", "output", "module", "locals", "import"}


def detect_bytes(data: bytes, name: str) -> Form | None:
    """The form where bytes decide; None: decode the text and ask `detect_text`."""
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return Form.EMPTY
    named = PurePosixPath(name).suffix.lower().startswith(".i3") and not data.lstrip().startswith(b"{")
    if _ENCODED.match(data) or named:
        return Form.ENCODED
    return Form.BINARY if looks_binary(data) and not _meant_as_export(name) else None


def detect_text(text: str, name: str) -> Form:
    """The form of a text."""
    suffix = PurePosixPath(name).suffix.lower()
    start = text.lstrip("\ufeff \t\r\n")
    if suffix in _LINES_NAMES:
        return Form.JSON_LINES
    if suffix in _JSON_NAMES or (_JSON.match(start) and suffix not in _TERRAFORM_NAMES):
        return Form.JSON
    if suffix in _TERRAFORM_NAMES:
        return Form.TERRAFORM
    key = _first_key(text)
    if key is not None and is_flow_type(key):
        return Form.ARCHY
    if suffix in _YAML_NAMES:
        return Form.YAML
    return Form.TERRAFORM if _BLOCK.search(text) and _is_plain(suffix) else Form.TEXT


def _first_key(text: str) -> str | None:
    """The key with which the first line that is no comment begins; a pattern for all lines takes their square."""
    begin = position = len(text) - len(text.lstrip("\ufeff"))
    while True:
        position = _BLANK.match(text, position).end()  # type: ignore[union-attr]  # it always matches
        if not text.startswith(_COMMENTS, position):
            break
        position = text.find("\n", position) + 1
        if position == 0:
            return None
    key = _FIRST_KEY.match(text, position) if position == begin or text[position - 1] in "\r\n" else None
    return key[1] if key else None


def may_be_empty(name: str) -> bool:
    """Whether an empty file of this name is nothing that was cut off: a place holder, or code without a word in it."""
    path = PurePosixPath(name)
    return bool(path.suffix or path.name.startswith(".")) and not (
        _meant_as_export(name) or path.suffix.lower().startswith(".i3")
    )


def terraform_json(document: object, name: str) -> bool:
    """Whether a JSON document is Terraform: configuration in JSON, a state, a plan that was shown, or variables."""
    if not isinstance(document, Mapping):
        return False
    if name.endswith((".tf.json", ".tofu.json", ".tfstate", ".tfvars.json")):
        return True
    if installs_modules(document):
        return True
    keys = document.keys()
    if "format_version" in keys and keys & _PLAN_KEYS:
        return True
    return keys >= _STATE_KEYS or (bool(keys & {"resource", "terraform"}) and keys <= _CONFIGURATION_KEYS)


def installs_modules(document: Mapping[str, object]) -> bool:
    """Whether this is the list of modules that Terraform has fetched (`.terraform/modules/modules.json`)."""
    held = document.get("Modules")
    return isinstance(held, list) and all(isinstance(item, Mapping) and {"Key", "Dir"} <= item.keys() for item in held)


def archy_json(document: object) -> bool:
    """Whether a JSON document is an Archy flow written as JSON (YAML that happens to be JSON)."""
    return isinstance(document, Mapping) and len(document) == 1 and is_flow_type(str(next(iter(document))))


def _is_plain(suffix: str) -> bool:
    return suffix in ("", ".tftpl", ".txt")


def _meant_as_export(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _JSON_NAMES | _LINES_NAMES | _YAML_NAMES
