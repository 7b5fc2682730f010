"""Unresolved templates in YAML: `{{name}}` of Archy and Terraform substitutions, `${name}` of templatefile.

Unquoted they are no YAML. They are hidden before the text is parsed and put back into every scalar and key,
so that names keep the text that a user can search for. Source: reference of formats, section 1.1.
"""

from __future__ import annotations

import re

_OPEN, _CLOSE = "\ue000", "\ue001"  # of the private use area: YAML allows them, exports do not hold them
_TEMPLATE = re.compile(r"\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}")
_HIDDEN = re.compile(f"{_OPEN}([0-9]{{1,9}}){_CLOSE}")


class Templates:
    """The templates of one document. text: the document with placeholders, each on its line."""

    def __init__(self, text: str) -> None:
        self._originals: list[str] = []
        self.text = text
        if "{{" in text or "${" in text:
            self.text = _TEMPLATE.sub(self._hide, text)

    def __bool__(self) -> bool:
        return bool(self._originals)

    @property
    def names(self) -> tuple[str, ...]:
        """What stands inside the braces, each once, in the order of the document."""
        return tuple(dict.fromkeys(original.strip("${} ") for original in self._originals))

    def restore(self, scalar: str) -> str:
        """The scalar with its templates as they stand in the file."""
        return _HIDDEN.sub(self._original, scalar) if _OPEN in scalar else scalar

    def _hide(self, match: re.Match[str]) -> str:
        self._originals.append(match.group())
        return f"{_OPEN}{len(self._originals) - 1}{_CLOSE}"

    def _original(self, match: re.Match[str]) -> str:
        index = int(match.group(1))
        return self._originals[index] if index < len(self._originals) else match.group()
