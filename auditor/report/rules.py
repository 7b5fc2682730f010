"""Rules for people: the table of all of them, and one explained."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.assumptions import Assumption
from auditor.model.rules import ProblemKind, Rule, RuleSet
from auditor.report.wrap import wrapped


def rules_table(rules: RuleSet, width: int) -> str:
    """Every rule with its severity, then every kind of problem."""
    from auditor.report.grid import grid

    rows = [(rule.code, rule.severity if rule.on else f"{rule.severity} (off)", rule.name) for rule in rules.rules]
    rows += [(kind.code, "problem", kind.name) for kind in rules.problems]
    return grid(("code", "severity", "name"), rows, width) + "\n"


def explain_rule(rule: Rule, width: int) -> str:
    """Why a rule exists, an example, and what to do."""
    lines = [f"{rule.code} {rule.name} ({rule.severity}{'' if rule.on else ', off unless the policy file asks'})", ""]
    lines += [*_paragraphs(rule.why, width), "", "Wrong:", "", *_block(rule.example.bad)]
    lines += ["", "Right:", "", *_block(rule.example.ok), "", "What to do:"]
    for number, step in enumerate(rule.fix, 1):
        lines += wrapped(step, width, f"  {number}. ", "     ")
    if rule.assumptions:
        names = ", ".join(rule.assumptions)
        lines += ["", *wrapped(f"Rests on the assumptions {names} (`auditor explain {rule.assumptions[0]}`).", width)]
    if rule.references:
        lines += ["", "See also:", *(line for text in rule.references for line in wrapped(text, width, "  ", "    "))]
    return "\n".join(lines) + "\n"


def explain_problem(kind: ProblemKind, width: int) -> str:
    """What a kind of problem means and what to do about it."""
    lines = [f"{kind.code} {kind.name} (problem: no finding, but verdicts may rest on it)", ""]
    lines += [*_paragraphs(kind.meaning, width), "", "What to do:", *wrapped(kind.fix, width, "  ", "  ")]
    return "\n".join(lines) + "\n"


def explain_assumption(assumption: Assumption, width: int) -> str:
    """What is assumed, the default, and what the other answer means."""
    lines = [f"{assumption.id} (assumption, default {assumption.default})", "", *_paragraphs(assumption.text, width)]
    if assumption.switchable:
        lines += ["", *wrapped(f"With no: {assumption.no_means}", width)]
        text = f'The policy file switches it under [assumptions]: {assumption.id} = "yes", "no" or "both".'
    else:
        text = "It cannot be switched."
    return "\n".join([*lines, "", *wrapped(text, width)]) + "\n"


def _paragraphs(text: str, width: int) -> Iterator[str]:
    for index, part in enumerate(text.split("\n\n")):
        if index:
            yield ""
        yield from wrapped(part, width)


def _block(text: str) -> Iterator[str]:
    yield from (f"    {line}".rstrip() for line in text.splitlines())
