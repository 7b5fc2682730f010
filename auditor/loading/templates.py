"""Unresolved templates in YAML: `{{name}}` of Archy and Terraform substitutions, `${name}` of templatefile.

Unquoted they are no YAML. They are hidden before the text is parsed and put back into every scalar and key,
so that names keep the text that a user can search for. Source: reference of formats, section 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_OPEN, _CLOSE = "\ue000", "\ue001"  # of the private use area: YAML allows them, exports do not hold them
_TEMPLATE = re.compile(r"\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}")
_HIDDEN = re.compile(f"{_OPEN}([0-9]{{1,9}}){_CLOSE}")


class Templates:
    """The templates of one document. text: the document with placeholders, each on its line.

    substitutions: what stands in the place of a template, by its key; it is put into scalars as text, never parsed.
    """

    def __init__(self, text: str, substitutions: Mapping[str, str] | None = None) -> None:
        self._originals: list[str] = []
        self._substitutions = substitutions or {}
        self.text = text
        if "{{" in text or "${" in text:
            self.text = _TEMPLATE.sub(self._hide, text)

    def __bool__(self) -> bool:
        return bool(self._originals)

    @property
    def names(self) -> tuple[str, ...]:
        """What stands inside the braces and is not substituted, each once, in the order of the document."""
        names = dict.fromkeys(map(_key, self._originals))
        return tuple(name for name in names if name not in self._substitutions)

    def restore(self, scalar: str) -> str:
        """The scalar with its templates replaced, or as they stand in the file."""
        return _HIDDEN.sub(self._original, scalar) if _OPEN in scalar else scalar

    def _hide(self, match: re.Match[str]) -> str:
        self._originals.append(match.group())
        return f"{_OPEN}{len(self._originals) - 1}{_CLOSE}"

    def _original(self, match: re.Match[str]) -> str:
        index = int(match.group(1))
        if index >= len(self._originals):
            return match.group()
        original = self._originals[index]
        return self._substitutions.get(_key(original), original)


def _key(template: str) -> str:
    return template.strip("${} ")
