"""Certificates in evidence packs: whether they are about what the pack is about, and whether they hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.model.pack import CERTIFICATES, Pack

if TYPE_CHECKING:
    from auditor.certificates.form import Certificate
    from auditor.cli.packing import Built


def strangers(read: Pack) -> Iterator[str]:
    """Files of a pack that are no certificates, and certificates of what its manifest and report do not say."""
    from auditor.certificates.form import BadForm, opened, sum_of

    if read.manifest is None:
        return
    manifest = read.manifest
    inputs, rules = (sum_of((file.name, file.sha256) for file in files) for files in (manifest.inputs, manifest.rules))
    proved = _proved(read)
    for name, data in _held(read):
        try:
            certificate = opened(data)
        except BadForm as error:
            yield f"{name}: {error}"
            continue
        basis = certificate.basis
        said = (manifest.version, manifest.as_of, inputs, rules, manifest.policy)
        if (basis.tool, basis.as_of, basis.inputs, basis.rule_files, basis.policy) != said:
            yield f"{name} rests on something else than manifest.json names"
        elif proved is not None and _claimed(certificate) not in proved:
            yield f"{name} is about a verdict that report.json does not call proved"


def unproved(read: Pack, made: Built) -> Iterator[str]:
    """Certificates that do not hold. Those that are as just made have just been tested and are passed over."""
    from auditor.certificates.check import fault
    from auditor.certificates.form import BadForm, opened
    from auditor.cli.certificates import ground_of

    others = [(name, data) for name, data in _held(read) if made.files.get(name) != data]
    if not others:
        return
    ground = ground_of(made.organisation, made.prepared, made.sources)
    for name, data in others:
        try:
            why = fault(opened(data), ground)
        except BadForm as error:
            why = str(error)
        if why is not None:
            yield f"{name}: {why}"


def _held(read: Pack) -> Iterator[tuple[str, bytes]]:
    return ((name, data) for name, data in sorted(read.files.items()) if name.startswith(CERTIFICATES))


def _claimed(certificate: Certificate) -> str:
    entry, leg = certificate.claim.entry, certificate.claim.leg
    trunks = [trunk.name for trunk in leg.trunks]
    return _key(entry.kind, entry.name, entry.id, leg.direction, leg.line, leg.gate, trunks, certificate.claim.mode)


def _proved(read: Pack) -> set[str] | None:
    """The proved verdicts of the report; None when something is wrong with it, which is told anyway."""
    if "report.json" not in read.files or any(fault.startswith("report.json ") for fault in read.faults):
        return None
    found = set()
    for row in json.loads(read.files["report.json"])["verdicts"]:
        if row["verdict"] == "proved":
            entry, leg = row["entry"], row["leg"]
            found.add(
                _key(
                    entry["kind"], entry["name"], entry["id"], leg["direction"], leg["line"], leg["gate"],
                    leg["trunks"], row["mode"],
                )
            )  # fmt: skip
    return found


def _key(*parts: object) -> str:
    return json.dumps(parts)
