"""What looks like a secret: an export may hold passwords and tokens, and no report, log or history shows them."""

from __future__ import annotations

import re

from auditor.model.expression_tools import to_text
from auditor.model.expressions import Expr

SECRET = re.compile(
    "passw|passphrase|secret(?!ar)|credential|token|(?:private|api|access)_?key|authorization|bearer", re.IGNORECASE
)
"""Words in the names of settings, variables and texts that hold a secret or say that one follows."""
HIDDEN = "(hidden)"
_TEXT = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def shown(expression: Expr) -> str:
    """The expression as administrators write it, without its texts when it is about a secret."""
    return without_texts(to_text(expression))


def without_texts(written: str) -> str:
    """What is written, without the texts in it when it mentions a secret."""
    return _TEXT.sub(f'"{HIDDEN}"', written) if SECRET.search(written) else written
