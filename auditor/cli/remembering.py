"""`--cache`: what has not changed since an earlier audit is not worked out again; it never decides otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from auditor.caching.audits import packed, unpacked
from auditor.caching.canonical import canonical
from auditor.caching.explorations import Explorations
from auditor.caching.hearings import Hearings, vocabulary_digest
from auditor.caching.inputs import Inputs, look
from auditor.caching.parts import Parts
from auditor.caching.program import program_digest
from auditor.caching.readings import Readings
from auditor.caching.store import Store
from auditor.cli.audit import AuditRequest, Outcome
from auditor.errors import UsageError
from auditor.loading.limits import limits
from auditor.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from auditor.cli.pipeline import Prepared
    from auditor.model.assumptions import Assumption


_NO_WORDS = Vocabulary(())


class Memories(Struct, frozen=True):
    """What earlier audits know of files, of groups of entries, and of words; None: nothing is asked or kept."""

    readings: Readings | None = None
    explorations: Explorations | None = None
    hearings: Hearings | None = None


def remembered(
    folder: Path, request: AuditRequest, prepared: Prepared, made: Callable[[Memories], Outcome]
) -> Outcome:  # fmt: skip
    """The audit from the cache, or made of what is there and kept if nothing changed meanwhile; raises a usage error.

    Both without the organisation, so that nothing can depend on which of them it was.
    """
    _check_apart(folder, (*request.paths, *request.candidates))
    store = Store(folder)
    if trouble := store.trouble:
        return replace(made(Memories()), organisation=None, unused=trouble)
    inputs = _look(request)
    key = _key(inputs, prepared)
    data = store.get(key)
    kept = None if data is None else unpacked(data, prepared.rules, _assumed(prepared))
    if kept is not None:
        return Outcome(kept)
    with Parts.of(store) as parts:
        readings = Readings(parts, inputs)
        hearings = None if request.substitutions else Hearings(parts)  # texts for templates may be secrets
        memories = Memories(readings, Explorations(parts, readings.mark), hearings)
        outcome = replace(made(memories), organisation=None)
    if inputs.are(outcome.audit.inputs) and _look(request) == inputs:
        value = packed(outcome.audit)
        if value is not None:
            store.put(key, value)
    return outcome


def _check_apart(folder: Path, paths: Sequence[Path]) -> None:
    """A cache among the files that are audited would be one of them, another one in every run."""
    real = folder.resolve()
    for path in paths:
        if real.is_relative_to(path.resolve()):
            raise UsageError(f"--cache {folder} lies in {path}, which is audited.", hint="Name a folder elsewhere.")


def _look(request: AuditRequest) -> Inputs:
    return look(request.paths, request.candidates, request.substitutions)


def _assumed(prepared: Prepared) -> tuple[Assumption, ...]:
    return prepared.options.assumptions if prepared.options.details else ()


def _key(inputs: Inputs, prepared: Prepared) -> str:
    """Everything that an audit depends on: program, files, limits, policy, rules, tables, and rows begun by today."""
    options = replace(prepared.options, today=date.max, progress=None, hands=None, memory=None, heard=None)
    begun = [row.since is None or row.since <= prepared.options.today for row in prepared.policy.modes]
    words, options = vocabulary_digest(options.vocabulary), replace(options, vocabulary=_NO_WORDS)
    parts = (program_digest(), inputs, limits(), prepared.policy, prepared.rules, options, words, begun)
    return hashlib.sha256(canonical(parts).encode("utf-8", "surrogatepass")).hexdigest()
