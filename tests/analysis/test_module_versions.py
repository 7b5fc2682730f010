"""Whether a common module is newer than what its caller was published with (A12 no)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.analysis.versions import newer_than_caller
from auditor.graph.program import Program
from auditor.loading.values import instant
from auditor.model.flows import Flow
from auditor.model.operations import CallModule, Reference
from auditor.model.organisation import Organisation
from tests.analysis.flows_in_words import act, actions_flow

CALLER = actions_flow(act("disconnect", "End"), name="Main")
MODULE = actions_flow(act("endTask", "End"), name="Ask", kind="commonModule")
MAY_BE = "the module may be newer than what the flow was published with (A12)"
AFTER = "the module was published after the flow that calls it (A12)"
EARLY, LATE = instant("2024-03-01T09:00:00Z"), instant("2024-03-01T10:00:00Z")


def newer(caller: Flow, module: Flow, version: str | None = None) -> str | None:
    program = Program(Organisation(flows=(caller, module)))
    return newer_than_caller(program, 0, 1, CallModule(Reference("module", None, "Ask"), version=version))


@pytest.mark.parametrize(
    ("caller", "module", "said"),
    [
        (LATE, EARLY, None),
        (LATE, LATE, None),
        (EARLY, LATE, AFTER),
        (None, EARLY, MAY_BE),
        (LATE, None, MAY_BE),
        (None, None, MAY_BE),
    ],
)
def test_dates_decide_where_both_are_known(caller: str | None, module: str | None, said: str | None) -> None:
    assert newer(replace(CALLER, published_at=caller), replace(MODULE, published_at=module)) == said


def test_the_version_that_the_flow_names_goes_before_dates() -> None:
    caller, module = replace(CALLER, published_at=EARLY), replace(MODULE, published_at=LATE, version="3.0")
    assert newer(caller, module, "3.0") is None
    told = newer(caller, module, "2.0")
    assert told == "the flow was published with version 2.0 of the module, but version 3.0 is exported (A12)"
    assert newer(caller, replace(module, version=None), "2.0") == AFTER


def test_a_module_that_is_not_exported_is_told_elsewhere() -> None:
    program = Program(Organisation(flows=(CALLER,)))
    assert newer_than_caller(program, 0, None, CallModule(Reference("module", None, "Ask"))) is None


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("2024-03-01T10:30:00.000+01:00", "2024-03-01T09:30:00.000000+00:00"),
        ("2024-03-01T09:30:00.5Z", "2024-03-01T09:30:00.500000+00:00"),
        ("2024-03-01T09:30:00", "2024-03-01T09:30:00.000000+00:00"),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_instants_sort_as_text(words: str | None, same: str | None) -> None:
    assert instant(words) == same
