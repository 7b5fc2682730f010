"""What an earlier audit of the same files came to. Looked up before rules and analysis are loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from auditor.caching.audits import Days, packed, unpacked
from auditor.caching.canonical import canonical
from auditor.caching.inputs import Inputs, look
from auditor.caching.program import program_digest
from auditor.caching.store import Store
from auditor.cli.audit import AuditRequest
from auditor.cli.policy import shown
from auditor.errors import UsageError
from auditor.findings import Audit
from auditor.loading.limits import limits
from auditor.loading.own_rules import own_rule_files
from auditor.loading.policy_file import find_policy
from auditor.report.formats import DETAILED


class Place(Struct, frozen=True):
    """The place of an audit in a cache. inputs: the files as they are; trouble: why the cache is not used."""

    store: Store
    inputs: Inputs
    key: str
    trouble: str = ""

    def recall(self, day: date) -> Audit | None:
        """The audit as it would come out on this day, but for rules and assumptions; None when it is not known."""
        data = None if self.trouble else self.store.get(self.key)
        return None if data is None else unpacked(data, day)

    def still(self, request: AuditRequest) -> bool:
        """Whether the files, the policy and the rules are what they were."""
        return _key(look_at(request), request) == self.key

    def keep(self, audit: Audit, days: Days) -> None:
        """Has the audit recalled from now on, on these days."""
        value = packed(audit, days)
        if value is not None:
            self.store.put(self.key, value)


def place_of(folder: Path, request: AuditRequest) -> Place:
    """Where an audit is kept; raises a usage error for a folder among the files."""
    _check_apart(folder, (*request.paths, *request.candidates))
    store = Store(folder)
    if trouble := store.trouble:
        return Place(store, Inputs((), (), None), "", trouble)
    inputs = look_at(request)
    return Place(store, inputs, _key(inputs, request))


def look_at(request: AuditRequest) -> Inputs:
    """The files that an audit reads, as they are now."""
    return look(request.paths, request.candidates, request.substitutions)


def days_around(day: date, changes: Iterable[date]) -> Days:
    """The days that are on the same side of each change as this one."""
    known = sorted(changes)
    before, behind = [each for each in known if each <= day], [each for each in known if each > day]
    return Days(before[-1] if before else None, behind[0] if behind else None)


def _check_apart(folder: Path, paths: Sequence[Path]) -> None:
    """A cache among the files that are audited would be one of them, another one in every run."""
    real = folder.resolve()
    for path in paths:
        if real.is_relative_to(path.resolve()):
            raise UsageError(f"--cache {folder} lies in {path}, which is audited.", hint="Name a folder elsewhere.")


def _key(inputs: Inputs, request: AuditRequest) -> str:
    """Everything that an audit depends on but the day: program with rules and tables, files, limits, policy, own rules,

    what is audited, and whether details are.
    """
    policy = request.policy or find_policy(request.paths)
    details = any(target.format in DETAILED for target in request.targets)
    texts = [_text(path) for path in (*([policy] if policy else ()), *own_rule_files(request.rules))]
    parts = (program_digest(), inputs, limits(), policy is not None, texts, request.include_orphans, details)
    return hashlib.sha256(canonical(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _text(path: Path) -> tuple[str, str]:
    """A file by name and hash; one that cannot be read is told by whoever needs it."""
    try:
        return shown(path.absolute()), hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return shown(path.absolute()), ""
