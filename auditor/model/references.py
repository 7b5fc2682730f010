"""References to other objects, by id, by name or computed at run time."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.expressions import Expr


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to another object: by id (JSON forms), by name (YAML), or both. kind: see Kind."""

    kind: str
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A target computed at run time. kind as in Reference."""

    kind: str
    expression: Expr


Target = Reference | Dynamic | None
