"""Certificates of a whole organisation, written and checked: python -m benchmarks.proofs FOLDER prints what it cost.

Seconds of CPU, each part by itself: loading, the audit behind it, writing certificates (each is tested before it is
handed out), loading again with what the checker must know (ground), and checking alone, reading the files included.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from auditor.audit import run_audit
from auditor.certificates.certify import certify
from auditor.certificates.check import fault
from auditor.certificates.form import opened, sealed
from auditor.certificates.ground import Ground
from auditor.cli.audit import AuditRequest
from auditor.cli.certificates import ground_of, sources
from auditor.cli.pipeline import prepare
from auditor.findings import VerdictWord
from auditor.loading.load import load

DAY = date(2031, 5, 5)
Figures = dict[str, float]


def proofs(folder: Path) -> Figures:
    """Figures of an export. proved: verdicts; certificates: written; held: those that the checker accepts."""
    with tempfile.TemporaryDirectory() as name:
        figures = _write(folder, Path(name))
        return figures | _check(folder, Path(name))


def _write(folder: Path, target: Path) -> Figures:
    figures: Figures = {}
    with _timed(figures, "load"):
        organisation = load([folder])
    with _timed(figures, "audit"):
        prepared = prepare((folder,), None, DAY)
        verdicts = run_audit(organisation, prepared.rules, prepared.policy, prepared.options).verdicts
    figures["proved"] = sum(verdict.verdict is VerdictWord.PROVED for verdict in verdicts)
    size = 0
    with _timed(figures, "write"):
        ground = ground_of(organisation, prepared, sources(AuditRequest((folder,), today=DAY)))
        for number, each in enumerate(certify(ground, verdicts)):
            if each.certificate is not None and not each.fault:
                size += (target / f"{number}.json").write_bytes(sealed(each.certificate))
    return figures | {"certificates": len(list(target.iterdir())), "bytes": size}


def _check(folder: Path, target: Path) -> Figures:
    figures: Figures = {}
    with _timed(figures, "ground"):
        ground = _ground(folder)
    with _timed(figures, "check"):
        faults = [fault(opened(path.read_bytes()), ground) for path in sorted(target.iterdir())]
    return figures | {"held": faults.count(None)}


def _ground(folder: Path) -> Ground:
    return ground_of(load([folder]), prepare((folder,), None, DAY), sources(AuditRequest((folder,), today=DAY)))


@contextmanager
def _timed(figures: Figures, name: str) -> Iterator[None]:
    begin = time.process_time()
    yield
    figures[name] = round(time.process_time() - begin, 2)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(proofs(Path(sys.argv[1]))) + "\n")
