"""The audit of the demonstration organisation, made once for all tests of reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.audit import run_audit
from auditor.cli.pipeline import prepare
from auditor.findings import Audit
from auditor.loading.load import load
from auditor.loading.positions import with_lines
from auditor.policy.locating import locations_of, relocated
from auditor.report.options import ReportOptions

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = ReportOptions(exit_code=1, version="9.9")


@pytest.fixture(scope="session")
def demo() -> Audit:
    """With matrix and settings; files are named as from the root of the checkout."""
    folder = Path("fixtures/demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        prepared = prepare((folder / "organisation",), folder / "auditor.toml", date(2026, 3, 1))
        options = replace(prepared.options, details=True)
        audit = run_audit(load((folder / "organisation",)), prepared.rules, prepared.policy, options)
        return relocated(audit, with_lines(locations_of(audit)))
