"""The named assumptions of semantics section 7: choices made where Genesys Cloud's behaviour is not documented."""

from __future__ import annotations

from msgspec import Struct


class Assumption(Struct, frozen=True, gc=False):
    """A row of `rules/assumptions.toml`. default: yes, no or both; no_means: empty when it cannot be switched."""

    id: str
    text: str
    default: str
    no_means: str
    switchable: bool = True
