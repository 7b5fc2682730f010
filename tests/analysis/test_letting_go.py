"""An audit that keeps no situations says the same as one that does, also where it explores something again."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.analysis.exploring import Exploring
from auditor.audit import run_audit
from auditor.loading.load import load
from auditor.model.policy import Policy
from tests.views.looking import DEMO, exports, shipped

EXPORTS = pytest.mark.parametrize(
    "export", [DEMO, *exports()[::40]], ids=lambda path: f"{path.parent.name}-{path.name}"
)


@EXPORTS
def test_what_is_let_go_is_not_missed(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, options = load([export]), replace(shipped().options, details=False)
    detailed = run_audit(organisation, shipped().rules, Policy(), replace(options, details=True))
    let_go: list[Exploring] = []
    original = Exploring.let_go

    def told(group: Exploring) -> None:
        let_go.append(group)
        original(group)

    monkeypatch.setattr(Exploring, "let_go", told)
    audit = run_audit(organisation, shipped().rules, Policy(), options)
    assert bool(let_go) == bool(audit.coverage.entries)
    assert not any(group.kept for group in let_go)
    assert audit == replace(detailed, policy="", matrix=None, assumed=())


@EXPORTS
def test_runs_that_were_not_packed_are_explored_again(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, options = load([export]), replace(shipped().options, details=False)
    audit = run_audit(organisation, shipped().rules, Policy(), options)
    monkeypatch.setattr(Exploring, "_trail", lambda group, way, behaviour: None)
    assert run_audit(organisation, shipped().rules, Policy(), options) == audit
