"""References to other objects, by id, by name or computed at run time."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.expressions import Expr


class Reference(Struct, frozen=True, gc=False):
    """A reference to another object: by id (JSON forms), by name (YAML), or both. kind: see Kind."""

    kind: str
    id: str | None = None
    name: str | None = None


class Dynamic(Struct, frozen=True, gc=False):
    """A target computed at run time. kind as in Reference."""

    kind: str
    expression: Expr


Target = Reference | Dynamic | None
