"""A small organisation around flows, and what the oracle says of it in short words."""

from __future__ import annotations

from auditor.analysis.consent import PointKind
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from auditor.model.routing import Did
from auditor.model.telephony import TrunkBase
from tests.oracle import build as b
from tests.oracle.interpret import Options, OracleResult, interpret

ASK = b.Ask("Ask", PointKind.COLLECT_INPUT)
ASK_MENU = b.Ask("Consent?", PointKind.MENU)


def org(
    *flows: Flow,
    trunks: tuple[TrunkBase, ...] = (b.trunk(),),
    recording: bool | None = False,
    suppress: bool | None = True,
    in_queue: str | None = None,
    dids: tuple[Did, ...] = (),
    routed: bool = True,
) -> Organisation:
    """Flows with a route to the first, a queue Q with one agent at one phone, and one trunk.

    The agent is no active user, so that nobody dials out.
    """
    return Organisation(
        flows=flows,
        trunk_bases=trunks,
        phones=(b.phone("P", recording),),
        stations=(b.station("S", "P", "U"),),
        users=(b.user("U", "S", active=False),),
        queues=(b.queue("Q", ("U",), suppress=suppress, in_queue=in_queue),),
        routes=(b.route("R", flows[0].name),) if routed and flows else (),
        dids=dids,
    )


def run(organisation: Organisation, *asks: b.Ask, mode: str = "opt_in", orphans: bool = False) -> OracleResult:
    result = interpret(organisation, b.points_of(organisation, asks), Options(mode, orphans))
    assert result is not None
    return result


def shown(result: OracleResult) -> set[str]:
    """Findings as "RC102 Enable", with " possible" and " latent" where it is so."""
    words = set()
    for f in result.findings:
        words.add(f"{f.rule} {f.name}" + ("" if f.certain else " possible") + (" latent" if f.latent else ""))
    return words


def verdict(result: OracleResult) -> tuple[str, str]:
    (only,) = result.verdicts.values()
    return only.verdict, only.effect
