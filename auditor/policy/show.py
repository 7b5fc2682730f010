"""`auditor policy show`: each effective setting, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from auditor.model.assumptions import Assumption
from auditor.model.jurisdictions import Jurisdictions
from auditor.model.policy import Declaration, ModeRow, Policy
from auditor.model.rules import RuleSet
from auditor.policy.assumptions import effective_assumptions
from auditor.policy.effective import effective_rules
from auditor.policy.modes import reading_of, rows_in_effect

_DEFAULT = "default"


def show_policy(
    policy: Policy, rules: RuleSet, assumptions: Sequence[Assumption], jurisdictions: Jurisdictions, today: date
) -> str:
    """The whole policy in effect as text, a section a kind of setting; each line ends with its origin."""
    own = policy.source or _DEFAULT
    sections = (
        ("Policy file", [policy.source or "none: the defaults hold"]),
        ("Modes", [*_general(policy, own, jurisdictions), *_rows(policy, own, jurisdictions, today)]),
        ("Consent points", [_line(_point(each), own) for each in policy.declarations] or ["none declared"]),
        ("Trunk pins", _pins(policy, own) or ["none: every number is judged on every external trunk"]),
        ("Assumptions", _assumptions(policy, assumptions, own)),
        ("Rules", _rules(policy, rules, own)),
        ("Vocabulary additions", _vocabulary(policy, own) or ["none"]),
    )
    return "\n\n".join("\n".join([title, *(f"  {line}" for line in lines)]) for title, lines in sections) + "\n"


def _line(text: str, origin: str) -> str:
    return f"{text}  [{origin}]"


def _general(policy: Policy, own: str, jurisdictions: Jurisdictions) -> list[str]:
    region = "strictest" if policy.unknown_region is None else policy.unknown_region.value
    from_numbers = "yes" if policy.mode_from_numbers else "no"
    lines = [
        _line(f"default mode: {policy.default_mode.value}", own if policy.default_mode_set else _DEFAULT),
        _line(f"mode from numbers: {from_numbers}", own if policy.mode_from_numbers else _DEFAULT),
        _line(f"unknown region: {region}", _DEFAULT if policy.unknown_region is None else own),
        _line(f"fail on: {policy.fail_on or 'low'}", own if policy.fail_on else _DEFAULT),
    ]
    lines += [
        _line(f"jurisdiction {code} for every call: {_mode_of(code, policy, jurisdictions)}", own)
        for code in policy.jurisdictions
    ]
    lines += [
        _line(f"jurisdiction {row.code} reads: {row.mode.value}{_because(row.citation)}", own)
        for row in policy.overrides
    ]
    return lines


def _rows(policy: Policy, own: str, jurisdictions: Jurisdictions, today: date) -> list[str]:
    current = {(id(row), value) for row, value in rows_in_effect(policy.modes, today)}
    return [
        _line(_row(row, value, policy, jurisdictions, today, (id(row), value) in current), own)
        for row in policy.modes
        for value in row.values
    ]


def _row(row: ModeRow, value: str, policy: Policy, jurisdictions: Jurisdictions, today: date, current: bool) -> str:
    text = f"{row.scope.value} {value}: "
    text += (
        row.mode.value
        if row.mode
        else f"as {row.jurisdiction}, {_mode_of(row.jurisdiction or '', policy, jurisdictions)}"
    )
    if row.since:
        text += f", from {row.since.isoformat()}"
    if not current:
        later = row.since is not None and row.since > today
        text += ", not in effect yet" if later else ", replaced by a later row"
    return text + _because(row.citation)


def _mode_of(code: str, policy: Policy, jurisdictions: Jurisdictions) -> str:
    reading = reading_of(code, policy, jurisdictions)
    if reading is None:
        return "not in the table, counts as unknown region"
    return reading.mode.value + _because(reading.citation)


def _point(point: Declaration) -> str:
    kind, answers = ("refusing", point.refusing) if point.granting is None else ("granting", point.granting)
    return f"{point.action} in flow {point.flow}: {kind} {', '.join(answers or ())}"


def _pins(policy: Policy, own: str) -> list[str]:
    return [
        _line(f"{pin.scope.value} {value}: {', '.join(pin.trunks)}", own) for pin in policy.pins for value in pin.values
    ]


def _assumptions(policy: Policy, assumptions: Sequence[Assumption], own: str) -> list[str]:
    return [
        _line(f"{each.assumption.id} = {each.value}: {each.assumption.text}", own if each.chosen else _DEFAULT)
        for each in effective_assumptions(assumptions, policy)
    ]


def _rules(policy: Policy, rules: RuleSet, own: str) -> list[str]:
    changed = {code for code, _ in policy.severities} | {*policy.enabled, *policy.disabled, *policy.mandatory}
    lines: list[str] = []
    for rule in effective_rules(rules, policy).rules:
        state = (rule.severity if rule.on else "off") + (", mandatory" if rule.mandatory else "")
        lines.append(_line(f"{rule.code} {rule.name}: {state}", own if rule.code in changed else rule.source))
    return lines


def _vocabulary(policy: Policy, own: str) -> Iterable[str]:
    return [_line(f"{each.language} {each.category}: {', '.join(each.words)}", own) for each in policy.vocabulary]


def _because(citation: str) -> str:
    return f" ({citation})" if citation else ""
