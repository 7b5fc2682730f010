"""Files that nobody reads and that look as if they held a part of the export after all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from auditor.errors import DocumentError
from auditor.loading.flow_types import is_flow_type
from auditor.loading.kinds import by_address

_ADDRESS = re.compile(r'\\*"_?self_?[uU]ri\\*"\s*:\s*\\*"([^"\\]{1,200})')
_SETTINGS = re.compile(
    r'\\*"(?:trunk_recording_enabled|trunk_recording_consent_required|station_recording_enabled)\\*"\s*:\s*[{tf]'
    r'|\\*"flowSequenceItemList\\*"\s*:\s*[\[{]'
    r'|"JTd[CDabi-n]\w{40}'
    r'|\\*"suppress(?:InQueueCallRecording|_in_queue_call_recording)\\*"\s*:\s*[tf]'
)
"""Settings, flows, and `.i3` exports inside a text."""
_FLATTENED = re.compile(
    r'"(?:@\{\w+=|System\.Object\[\]"|System\.Collections\.\w+"|System\.Management\.Automation\.PSCustomObject'
    r'|\[object Object\]")'
)
"""What PowerShell and JavaScript write in place of an object that they do not look into."""
_FLAT = ('"@{', '"System.', '"[object Object]"')
_LOOKED_AT = 50
_PACKED = frozenset({".gz", ".bz2", ".xz", ".zst"})
_ARCHIVES = frozenset({".tgz", ".tar", ".7z", ".rar"})
_DATA = frozenset({".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".tf", ".tfstate", ".tofu", ".tar", ".zip"})
_PARTS = frozenset({"tasks", "menus", "startUpRef", "startUpTaskActions", "states", "bots"})
_HINT = "Give the objects as the platform API answers, alone or in lists, or as another form that is read."


def looks_like_export(text: str) -> bool:
    """Whether JSON in which nothing was recognised holds addresses, settings or flows of the platform all the same."""
    if _SETTINGS.search(text):
        return True
    found = (match[1] for _, match in zip(range(_LOOKED_AT), _ADDRESS.finditer(text), strict=False))
    return any(by_address(address) is not None for address in found)


def unrecognised() -> DocumentError:
    """What is said of such a file."""
    return DocumentError("The file holds objects of Genesys Cloud in a form that is not understood.", None, _HINT)


def flattened(text: str) -> DocumentError | None:
    """What is said of JSON in which texts stand in place of objects, at the first of them; None for any other."""
    signs = _FLAT if "@" in text else _FLAT[1:]  # most texts hold none, which is told much sooner
    found = _FLATTENED.search(text) if any(sign in text for sign in signs) else None
    if found is None:
        return None
    message = f"The file is not whole: a tool wrote {text[found.start() : found.end()]}... in place of an object."
    hint = "Write it again with all its depth, in PowerShell with `ConvertTo-Json -Depth 100`."
    return DocumentError(message, text.count("\n", 0, found.start()) + 1, hint)


def packed(name: str) -> DocumentError | None:
    """What is said of a packed file that is not looked into; None for one that is packed in no known way."""
    path = PurePosixPath(name.lower())
    data = path.suffix in _PACKED and PurePosixPath(path.stem).suffix in _DATA
    if not data and path.suffix not in _ARCHIVES:
        return None
    return DocumentError("The file is packed in a way that is not read.", None, "Unpack it, or make a zip archive.")


def stray_flow(tree: Mapping[str, object]) -> str | None:
    """The key of a YAML document below which a whole Archy flow stands; None when there is none."""
    for key, body in tree.items():
        if isinstance(body, Mapping):
            for type, flow in body.items():
                if is_flow_type(type) and isinstance(flow, Mapping) and flow.keys() & _PARTS:
                    return key
    return None
