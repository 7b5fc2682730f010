"""Changes to an organisation as values: a setting set, an action taken out, put elsewhere, or guarded by a test."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.expressions import Expr


class SetSetting(Struct, frozen=True):
    """A setting of an object. kind: see settings.KINDS; key: as the platform calls it; id: of flows the index."""

    kind: str
    id: str
    name: str
    key: str
    value: bool


class Copy(Struct, frozen=True):
    """The action of this number in the flow as loaded, with all that it holds."""

    number: int


class Guard(Struct, frozen=True):
    """A decision that was not there: what happens only where the condition holds. text: the condition as written."""

    name: str
    condition: Expr
    text: str
    then: tuple[Copy, ...]


Item = Copy | Guard


class Before(Struct, frozen=True):
    """In front of an action."""

    number: int


class After(Struct, frozen=True):
    """Behind an action, in the same list."""

    number: int


class Inside(Struct, frozen=True):
    """At the end of an output of an action."""

    number: int
    output: str


Anchor = Before | After | Inside


class Delete(Struct, frozen=True):
    """An action is taken out, with all that it holds."""

    number: int


class Insert(Struct, frozen=True):
    """Actions are put somewhere."""

    anchor: Anchor
    items: tuple[Item, ...]


class SetDefault(Struct, frozen=True):
    """Another choice is the default of a menu. container: id of the menu; choice: id of the choice."""

    container: str
    choice: str


Change = Delete | Insert | SetDefault


class EditFlow(Struct, frozen=True):
    """Changes to a flow. flow: index in the organisation as loaded; all numbers are those of that flow."""

    flow: int
    changes: tuple[Change, ...]


Edit = SetSetting | EditFlow
