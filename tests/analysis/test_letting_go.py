"""An audit that keeps no situations explores again what it is asked for, and comes to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.analysis import basis
from auditor.audit import run_audit
from auditor.loading.load import load
from auditor.model.policy import Policy
from tests.views.looking import DEMO, exports, shipped


@pytest.mark.parametrize("export", [DEMO, *exports()[::40]], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_is_let_go_is_explored_again(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, options = load([export]), shipped().options
    kept = run_audit(organisation, shipped().rules, Policy(), options)
    let_go: list[basis.Exploring] = []
    original = basis.Exploring.let_go
    monkeypatch.setattr(basis, "MOST_KEPT", 0)

    def told(group: basis.Exploring) -> None:
        let_go.append(group)
        original(group)

    monkeypatch.setattr(basis.Exploring, "let_go", told)
    again = run_audit(organisation, shipped().rules, Policy(), options)
    assert bool(let_go) == bool(kept.coverage.entries)
    assert not any(group.kept for group in let_go)
    assert again == kept
