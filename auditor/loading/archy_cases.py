"""Cases of switches and of loops with conditions in Archy YAML."""

from __future__ import annotations

from msgspec import Struct

from auditor.loading.archy_values import as_text, items_of, to_expr
from auditor.loading.yaml_reader import YamlList, YamlMap, YamlValue
from auditor.model.expressions import Empty, Expr
from auditor.model.operations import Case, SwitchStyle

_DEEPEST = 3
_SUBJECT = ("value", "expression")


class CaseSource(Struct, frozen=True):
    """Cases, and where their actions stand. bodies: of each case, in order; pointer: below the action's."""

    style: SwitchStyle = SwitchStyle.FIRST_TRUE
    cases: tuple[Case, ...] = ()
    subject: Expr | None = None
    bodies: tuple[YamlMap, ...] = ()
    default: YamlValue | None = None
    pointer: str = ""


NO_CASES = CaseSource()
CASES = frozenset({"evaluate", "until", "cases"})
"""Keys of an action below which cases stand; without one of them it has none."""


def case_key(number: int) -> str:
    """The key of the output of a case; cases count from 1."""
    return f"case{number}"


def cases_of(body: YamlMap) -> CaseSource:
    """The cases of `evaluate: {firstTrue: {cases}}`, `{firstMatch: {string: {value, cases}}}`, `until: {cases}`."""
    for key in ("evaluate", "until"):
        if isinstance(inner := body.get(key), YamlMap):
            return _find(inner, f"/{key}", (), 0)
    return _find(body, "", (), _DEEPEST) if isinstance(body.get("cases"), YamlList) else NO_CASES


def _find(body: YamlMap, pointer: str, path: tuple[str, ...], depth: int) -> CaseSource:
    if isinstance(body.get("cases"), YamlList):
        return _read(body, pointer, path)
    for key, inner in body.items():
        if isinstance(inner, YamlMap) and depth < _DEEPEST and key not in _SUBJECT:
            found = _find(inner, f"{pointer}/{key}", (*path, key), depth + 1)
            if found is not NO_CASES:
                return found
    default = body.get("default")
    return CaseSource(default=default, pointer=pointer) if isinstance(default, YamlMap) else NO_CASES


def _read(body: YamlMap, pointer: str, path: tuple[str, ...]) -> CaseSource:
    kind = path[-1] if len(path) > 1 else ""
    subject = next((to_expr(body[key], kind) for key in _SUBJECT if key in body), None)
    bodies = tuple(inner for _, inner in items_of(body["cases"]))
    cases = tuple(
        Case(case_key(number), to_expr(inner.get("value", inner.get("condition")), kind), case_name(inner, number))
        for number, inner in enumerate(bodies, 1)
    )
    if isinstance(subject, Empty):
        subject = None
    return CaseSource(_style(path, subject), cases, subject, bodies, body.get("default"), pointer)


def _style(path: tuple[str, ...], subject: Expr | None) -> SwitchStyle:
    if path and "all" in path[0].lower():
        return SwitchStyle.ALL_TRUE
    return SwitchStyle.FIRST_TRUE if subject is None else SwitchStyle.MATCH


def case_name(body: YamlMap, number: int) -> str | None:
    """The name an administrator gave to the case; None for the automatic one."""
    name = as_text(body.get("name"))
    return None if name == f"Case {number}" else name
