"""`auditor rules`, `auditor explain` and `auditor schema`: what ships with the tool, offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.cli.around import Around
from auditor.errors import ExitCode, UsageError


def rules(around: Around, width: int | None, own: Sequence[Path] = ()) -> int:
    """Print the table of rules."""
    from auditor.loading.rules import read_rules
    from auditor.report.rules import rules_table

    around.emit(rules_table(read_rules(checked=False, own=own), around.width(width)))
    return ExitCode.CLEAN


def explain(code: str, around: Around, width: int | None, own: Sequence[Path] = ()) -> int:
    """Print why a rule, problem or assumption exists and what to do; its code or name, whatever its case."""
    from auditor.loading.rules import read_rules
    from auditor.loading.tables import read_assumptions
    from auditor.loading.toml_shape import did_you_mean
    from auditor.report.rules import explain_assumption, explain_problem, explain_rule

    columns = around.width(width)
    known = read_rules(checked=False, own=own)
    assumptions = read_assumptions(checked=False)
    assumption = next((each for each in assumptions if each.id.casefold() == code.casefold()), None)
    if rule := known.find(code):
        text = explain_rule(rule, columns)
    elif kind := known.find_problem(code):
        text = explain_problem(kind, columns)
    elif assumption:
        text = explain_assumption(assumption, columns)
    else:
        names = [name for rule in known.rules for name in (rule.code, rule.name)]
        names += [name for kind in known.problems for name in (kind.code, kind.name)]
        near = did_you_mean(code, [*names, *(each.id for each in assumptions)])
        raise UsageError(f'There is no rule "{code}"{near}.', hint="`auditor rules` lists all of them.")
    around.emit(text)
    return ExitCode.CLEAN


def schema(name: str, around: Around) -> int:
    """Print a JSON Schema that ships with the tool."""
    from auditor.resources import schema_text

    around.emit(schema_text(name))
    return ExitCode.CLEAN
