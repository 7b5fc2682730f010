"""Audits in which every text that can come from an export tries to be markup."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.findings import Audit
from auditor.model.rules import Rule, RuleSet

MARKUP = (
    '"><img src=x onerror="window.owned=1">',
    "<script>window.owned=1</script>",
    "</script></style></title></svg><svg onload=window.owned=1>",
    "javascript:window.owned=1//",
    "{{ 7*7 }}{% raw %}",
    "' onmouseover=window.owned=1 x='",
    "&lt;b&gt;&#60;script&#62;",
    "]]><!-- -->",
)
_WORDS = {
    "Finding": ("rule", "mode"),
    "StepState": ("consent", "place"),
    "Row": ("mode",),
    "EntryVerdict": ("mode", "findings"),
    "Subject": ("kind",),
    "Entry": ("kind",),
    "EntryName": ("kind",),
    "InputFile": ("sha256", "status"),
    "Problem": ("code",),
}
"""Fields that hold words of the tool itself."""
T = TypeVar("T")


def hostile_copy(audit: Audit) -> Audit:
    """Every text of the audit with markup behind it, also what the tool itself may put into words."""
    return replace(_Tainting().of(audit), rules=audit.rules)


def hostile_rules(rules: RuleSet) -> RuleSet:
    """Rules of a user with markup in their texts."""
    return RuleSet(tuple(_hostile_rule(rule) for rule in rules.rules), rules.problems)


def _hostile_rule(rule: Rule) -> Rule:
    return replace(rule, why=rule.why + MARKUP[1], fix=tuple(step + MARKUP[0] for step in rule.fix))


class _Tainting:
    def __init__(self) -> None:
        self._turn = 0

    def of(self, value: T) -> T:
        return self._of(value)  # type: ignore[return-value]  # of the type of value in every branch

    def _of(self, value: object) -> object:
        if type(value) is str:
            self._turn += 1
            return value + MARKUP[self._turn % len(MARKUP)] if value else value
        if isinstance(value, tuple):
            return tuple(self._of(each) for each in value)
        if isinstance(value, Struct) and not isinstance(value, RuleSet):
            kept = _WORDS.get(type(value).__name__, ())
            changes = {name: self._of(getattr(value, name)) for name in value.__struct_fields__ if name not in kept}
            return replace(value, **changes)
        return value
