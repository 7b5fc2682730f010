"""Writes an organisation of any size as it would be exported: python -m benchmarks.organisation OUT --flows 1000

The same options give the same bytes. Nothing is kept but the flow at hand, so size costs disk and time only.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from msgspec import Struct

from benchmarks import archy_form, configuration_form
from benchmarks.flows import GROUP, Shape, flow, module, waiting
from benchmarks.plan import FlowPlan
from benchmarks.settings_files import Listing, Settings

PAGE = 100
"""Objects a page."""

_TYPES = {"inboundCall": "INBOUNDCALL", "commonModule": "COMMONMODULE", "inqueueCall": "INQUEUECALL"}


class Written(Struct, frozen=True):
    """What was written. bytes: of the flows alone."""

    flows: int
    actions: int
    bytes: int
    lines: int


def plans(shape: Shape) -> Iterator[FlowPlan]:
    """Every flow, one at a time."""
    return chain(
        (flow(shape, number) for number in range(shape.groups * GROUP)),
        (module(shape, number) for number in range(shape.modules)),
        (waiting(shape, number) for number in range(shape.in_queue)),
    )


def write(folder: Path, flows: int, form: str, seed: str = "1") -> Written:
    """Writes an organisation. form: of its flows, yaml or json. Raises FileExistsError when the folder exists."""
    shape = Shape(flows, seed)
    folder.mkdir(parents=True)
    for listing in Settings(shape).listings():
        _pages(folder, listing)
    return _flows(folder, shape, form)


def _flows(folder: Path, shape: Shape, form: str) -> Written:
    target = folder / ("flows" if form == "yaml" else "flowconfigurations")
    target.mkdir(exist_ok=True)
    listed: list[tuple[str, str, str]] = []
    actions = size = lines = 0
    for plan in plans(shape):
        text = archy_form.write(plan) if form == "yaml" else configuration_form.write(plan)
        name = f"{plan.name}_v3-0.yaml" if form == "yaml" else f"flowconfigurations-{plan.id}.json"
        data = text.encode("utf-8")
        (target / name).write_bytes(data)
        listed.append((plan.id, plan.name, _TYPES[plan.root]))
        actions, size, lines = actions + plan.actions(), size + len(data), lines + data.count(b"\n")
    _pages(folder, Listing("flows", "/api/v2/flows", len(listed), lambda i: _listed_flow(*listed[i])))
    return Written(len(listed), actions, size, lines)


def _listed_flow(id: str, name: str, type: str) -> dict[str, object]:
    version = {"id": "3.0", "name": "3.0", "commitVersion": "3", "datePublished": "2024-09-15T08:15:00.000Z"}
    return {
        "id": id,
        "name": name,
        "selfUri": f"/api/v2/flows/{id}",
        "division": {"id": "home", "name": "Home"},
        "type": type,
        "active": True,
        "deleted": False,
        "publishedVersion": version,
    }


def _pages(folder: Path, listing: Listing) -> None:
    """The pages of a listing, as `auditor collect` keeps them."""
    target = folder / listing.name
    target.mkdir(exist_ok=True)
    count = max(-(-listing.count // PAGE), 1)
    parts = listing.address.split("/")
    name = f"{listing.name}-{parts[-2]}" if parts[-1] in ("members", "outboundroutes") else listing.name
    for page in range(1, count + 1):
        numbers = range((page - 1) * PAGE, min(page * PAGE, listing.count))
        document = {
            "entities": [listing.make(number) for number in numbers],
            "pageSize": PAGE,
            "pageNumber": page,
            "total": listing.count,
            "selfUri": f"{listing.address}?pageSize={PAGE}&pageNumber={page}",
            "pageCount": count,
        }
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        (target / f"{name}-{page}.json").write_text(text, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.organisation", description=(__doc__ or "").strip())
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--flows", type=int, default=1000)
    parser.add_argument("--form", choices=("yaml", "json"), default="yaml")
    parser.add_argument("--seed", default="1")
    given = parser.parse_args()
    written = write(given.out, given.flows, given.form, given.seed)
    per = max(written.actions, 1)
    message = (
        f"{written.flows} flows, {written.actions} actions, {written.bytes} bytes,"
        f" {written.bytes / per:.0f} bytes and {written.lines / per:.1f} lines an action\n"
    )
    parser.exit(0, message)


if __name__ == "__main__":
    main()
