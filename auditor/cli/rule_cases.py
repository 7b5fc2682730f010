"""`auditor rules test`: each case of a rule is audited, and what the rule finds is compared with what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from auditor.cli.around import Around
from auditor.errors import ExitCode
from auditor.report.text import counted, safe

if TYPE_CHECKING:
    from auditor.model.rules import Rule, RuleCase


class Difference(Struct, frozen=True):
    """What a case shows beside what it says, as names of objects."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def words(self) -> str:
        """The difference in words, empty when there is none."""
        parts = [("not found: ", self.missing), ("not expected: ", self.surplus)]
        return "; ".join(start + ", ".join(f'"{safe(name)}"' for name in names) for start, names in parts if names)


def test_rules(folders: Sequence[Path], today: date, around: Around) -> int:
    """Run every case of every rule in the folders; a rule without a bad and an ok case has not been tried."""
    from auditor.loading.rules import read_rules

    rules = [rule for rule in read_rules(own=folders, cases=True).rules if Path(rule.source).parent in folders]
    passed = failed = 0
    for rule in rules:
        for case in rule.cases:
            difference = _difference(rule, case, folders, today)
            around.emit(f"{rule.code} {rule.name}: {safe(case.name)}: {difference.words or 'as expected'}\n")
            passed, failed = passed + (not difference.words), failed + bool(difference.words)
        for lack in _lacking(rule):
            around.emit(f"{rule.code} {rule.name}: {lack}\n")
            failed += 1
    around.emit(f"{counted(len(rules), 'rule')}: {passed} passed, {failed} failed\n")
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


def _lacking(rule: Rule) -> Iterator[str]:
    if not any(case.expect for case in rule.cases):
        yield "has no case in which it finds something"
    if all(case.expect for case in rule.cases):
        yield "has no case in which it finds nothing"


def _difference(rule: Rule, case: RuleCase, folders: Sequence[Path], today: date) -> Difference:
    from auditor.audit import run_audit
    from auditor.cli.pipeline import prepare
    from auditor.loading.load import load

    beside = Path(rule.source).parent
    export = beside / case.export
    policy = beside / case.policy if case.policy else None
    prepared = prepare([], policy, today, own=tuple(folders))
    audit = run_audit(load([export]), prepared.rules, prepared.policy, prepared.options)
    found = {finding.subject.name for finding in audit.findings if finding.rule == rule.code}
    wanted = set(case.expect)
    return Difference(tuple(sorted(wanted - found)), tuple(sorted(found - wanted)))
