"""Changes to an organisation as values: a setting set, an action taken out, put elsewhere, or guarded by a test."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.expressions import Expr


@dataclass(frozen=True, slots=True)
class SetSetting:
    """A setting of an object. kind: see settings.KINDS; key: as the platform calls it; id: of flows the index."""

    kind: str
    id: str
    name: str
    key: str
    value: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """The action of this number in the flow as loaded, with all that it holds."""

    number: int


@dataclass(frozen=True, slots=True)
class Guard:
    """A decision that was not there: what happens only where the condition holds. text: the condition as written."""

    name: str
    condition: Expr
    text: str
    then: tuple[Copy, ...]


Item = Copy | Guard


@dataclass(frozen=True, slots=True)
class Before:
    """In front of an action."""

    number: int


@dataclass(frozen=True, slots=True)
class After:
    """Behind an action, in the same list."""

    number: int


@dataclass(frozen=True, slots=True)
class Inside:
    """At the end of an output of an action."""

    number: int
    output: str


Anchor = Before | After | Inside


@dataclass(frozen=True, slots=True)
class Delete:
    """An action is taken out, with all that it holds."""

    number: int


@dataclass(frozen=True, slots=True)
class Insert:
    """Actions are put somewhere."""

    anchor: Anchor
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SetDefault:
    """Another choice is the default of a menu. container: id of the menu; choice: id of the choice."""

    container: str
    choice: str


Change = Delete | Insert | SetDefault


@dataclass(frozen=True, slots=True)
class EditFlow:
    """Changes to a flow. flow: index in the organisation as loaded; all numbers are those of that flow."""

    flow: int
    changes: tuple[Change, ...]


Edit = SetSetting | EditFlow
