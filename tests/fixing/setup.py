"""What tests of `fix` share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditor.audit import find_questions, run_audit
from auditor.cli.pipeline import Prepared, prepare
from auditor.findings import Audit
from auditor.fixing.search import Fixed, Search
from auditor.fixing.world import World
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.policy.differences import Differences, differences
from auditor.policy.snapshots import snapshot

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "fixtures" / "cases"
DEMO = ROOT / "fixtures" / "demo"


@dataclass(frozen=True)
class Bench:
    """An organisation with its policy."""

    path: Path
    prepared: Prepared
    organisation: Organisation

    def audit(self, organisation: Organisation) -> Audit:
        return run_audit(organisation, self.prepared.rules, self.prepared.policy, self.prepared.options)

    def fixed(self, organisation: Organisation | None = None, rules: tuple[str, ...] = ()) -> Fixed:
        program = Program(organisation or self.organisation)
        questions = find_questions(program, self.prepared.policy, self.prepared.options.vocabulary)
        return Search(World(program, questions, line_first=True), self.audit, rules, lambda *_: None).run()

    def compared(self, old: Organisation, new: Organisation) -> Differences:
        return differences(snapshot(self.audit(old), old), snapshot(self.audit(new), new))


def bench(path: Path, policy: Path | None = None) -> Bench:
    return Bench(path, prepare([path], policy, date(2026, 1, 1)), load([path]))


def case(name: str) -> Bench:
    folder = CASES / name
    policy = folder / "auditor.toml"
    return bench(folder / "export", policy if policy.exists() else None)
