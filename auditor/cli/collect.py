"""`auditor collect`: a live organisation into a folder that `auditor audit` reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.progress import Progress
from auditor.collecting.client import Client, Credentials, Pace
from auditor.collecting.collect import Collector, begin
from auditor.collecting.kinds import BY_NAME, KINDS, Kind
from auditor.collecting.ledger import Ledger
from auditor.collecting.regions import REGIONS, Hosts, hosts_of
from auditor.collecting.store import Store
from auditor.collecting.transport import Transport
from auditor.errors import ExitCode, UsageError
from auditor.report.grid import grid
from auditor.report.text import counted, safe

ID, SECRET = "GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"
_MOST_GAPS = 10


class CollectRequest(Struct, frozen=True):
    """The options of `auditor collect`. only: kinds, all when empty; rate: requests a second."""

    region: str
    out: Path
    resume: bool = False
    rate: float = 4.0
    only: tuple[str, ...] = ()
    quiet: bool = False


class Rim(Struct, frozen=True):
    """The network, sleep and the time of day. hosts: of a region, None when there is no such region."""

    transport: Callable[[], Transport]
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    hosts: Callable[[str], Hosts | None]


def real_rim() -> Rim:
    """The real ones."""
    return Rim(_http, time.sleep, lambda: datetime.now(UTC), hosts_of)


def _http() -> Transport:
    try:
        from auditor.collecting.http import HttpTransport
    except ModuleNotFoundError as error:
        raise UsageError(
            "auditor collect needs an HTTP client, which is not installed.",
            hint="Install the extra: pip install 'recording-consent-auditor[collect]'",
        ) from error
    return HttpTransport()


def collect(request: CollectRequest, around: Around, rim: Rim) -> int:
    """Collect, print what there is now, and return 0, or 5 when something could not be read."""
    hosts = _hosts(request.region, rim)
    kinds = _kinds(request.only)
    credentials = _credentials(around)
    transport = rim.transport()
    pace = Pace(around.clock, rim.sleep, rim.now, request.rate)
    store = Store(request.out)
    client = Client(hosts, credentials, transport, pace)
    with store.alone():
        return _into(store, client, request, kinds, around, pace)


def _into(
    store: Store, client: Client, request: CollectRequest, kinds: tuple[Kind, ...], around: Around, pace: Pace
) -> int:
    ledger = begin(store, client.hosts.region, pace, resume=request.resume)
    progress = Progress(around, quiet=request.quiet)
    try:
        Collector(client, store, ledger, pace, __version__, progress).run(kinds)
    except KeyboardInterrupt:
        progress.clear()
        around.say(f"auditor: interrupted; what was collected is in {request.out}, go on with --resume.")
        return ExitCode.INTERRUPTED
    finally:
        progress.clear()
    around.emit(_summary(ledger, around.width(None)))
    if not request.quiet:
        _remark(ledger, request.out, around)
    return ExitCode.INCOMPLETE if ledger.gaps else ExitCode.CLEAN


def _hosts(region: str, rim: Rim) -> Hosts:
    hosts = rim.hosts(region)
    if hosts is None:
        near = _near(region, [*REGIONS, *REGIONS.values()])
        raise UsageError(f'There is no region "{region}"{near}', hint=f"Regions: {', '.join(REGIONS)}.")
    return hosts


def _kinds(words: tuple[str, ...]) -> tuple[Kind, ...]:
    for word in words:
        if word not in BY_NAME:
            near = _near(word, list(BY_NAME))
            raise UsageError(f'There is no kind "{word}"{near}', hint=f"Kinds: {', '.join(BY_NAME)}.")
    return tuple(kind for kind in KINDS if not words or kind.name in words)


def _near(word: str, known: list[str]) -> str:
    found = get_close_matches(word.lower(), known, 1)
    return f'; did you mean "{found[0]}"?' if found else "."


def _credentials(around: Around) -> Credentials:
    id, secret = around.environ.get(ID, "").strip(), around.environ.get(SECRET, "").strip()
    if not id or not secret:
        missing = " and ".join(name for name, value in ((ID, id), (SECRET, secret)) if not value)
        raise UsageError(
            f"{missing} not set in the environment.",
            hint="auditor collect logs in as an OAuth client of the grant type Client Credentials.",
        )
    return Credentials(id, secret)


def _summary(ledger: Ledger, width: int) -> str:
    """A row for each listing: how many objects, how many parts that could not be read."""
    missing: dict[str, int] = {}
    for gap in ledger.gaps.values():
        missing[gap.listing] = missing.get(gap.listing, 0) + 1
    names = [listing.name for kind in KINDS for listing in (kind.listing, kind.part) if listing is not None]
    rows = [
        (name, str(ledger.counts.get(name, 0)), str(missing.get(name, "")))
        for name in names
        if name in ledger.counts or name in missing
    ]
    return grid(("listing", "objects", "not read"), rows, width) + "\n"


def _remark(ledger: Ledger, out: Path, around: Around) -> None:
    whole = sum(ledger.counts.values())
    organisation = f'"{safe(ledger.organisation)}"' if ledger.organisation else "the organisation"
    around.say(f"auditor: {counted(whole, 'object')} of {organisation} ({ledger.region}) in {out}")
    gaps = list(ledger.gaps.values())
    for gap in gaps[:_MOST_GAPS]:
        of = f" of {gap.owner}" if gap.owner else ""
        around.say(f"  not read: {gap.listing}{of} ({gap.status or 'no status'}: {safe(gap.reason)})")
    if len(gaps) > _MOST_GAPS:
        around.say(f"  and {len(gaps) - _MOST_GAPS} more; manifest.json lists all of them")
    if gaps:
        around.say("  The audit counts this as incomplete; --resume asks for it again.")
