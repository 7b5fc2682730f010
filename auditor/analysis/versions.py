"""Whether a common module is newer than what its caller was published with (semantics, section 7, A12 no)."""

from __future__ import annotations

from auditor.graph.program import Program
from auditor.model.operations import CallModule
from auditor.model.versions import version_parts


def newer_than_caller(program: Program, caller: int, module: int | None, operation: CallModule) -> str | None:
    """Why the module as exported may not be the one that runs, in words; None when it is.

    caller, module: indexes of flows. A module is fixed when its caller is published; so one that was published before
    has not changed since. What the export does not say, neither by version nor by date, may be so.
    """
    if module is None:
        return None  # that it is not exported is said anyway
    flows = program.organisation.flows
    used, exported = version_parts(operation.version), version_parts(flows[module].version)
    if used and exported:
        if used == exported:
            return None
        return (
            f"the flow was published with version {operation.version} of the module, but version"
            f" {flows[module].version} is exported (A12)"
        )
    before, after = flows[module].published_at, flows[caller].published_at
    if before is None or after is None:
        return "the module may be newer than what the flow was published with (A12)"
    return None if before <= after else "the module was published after the flow that calls it (A12)"
