"""What files gave when they were read before, by name and content."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from auditor.caching.canonical import canonical
from auditor.caching.inputs import Inputs
from auditor.caching.parts import Parts
from auditor.caching.program import program_digest
from auditor.loading.files import Found
from auditor.loading.harvest import Harvest
from auditor.loading.limits import limits
from auditor.loading.sources import Reading
from auditor.model.flows import Flow
from auditor.model.problems import Problem


class _Kept(Struct, frozen=True):
    """A reading without what belongs to this run."""

    harvest: Harvest
    kind: str
    reason: str
    problems: list[Problem]


class Readings:
    """Readings in the cache; a `Memory` of `read_files`."""

    def __init__(self, parts: Parts, inputs: Inputs) -> None:
        """inputs: the files as they are hashed already."""
        self._parts = parts
        names = Counter(seen.name for seen in inputs.files)
        self._hashes = {seen.name: seen.sha256 for seen in inputs.files if seen.sha256 and names[seen.name] == 1}
        self._bodies: dict[int, tuple[object, str]] = {}

    def recall(
        self, files: Sequence[Found], substitutions: Mapping[str, str]
    ) -> dict[Found, Reading]:  # fmt: skip
        """What these files gave before, as far as it is known."""
        hashed = ((file, self._hashes[file.name]) for file in files if file.name in self._hashes)
        keys = {_key(file.name, sha256, substitutions): (file, sha256) for file, sha256 in hashed}
        found = {}
        for key, value in self._parts.get(keys).items():
            if isinstance(value, _Kept):
                file, sha256 = keys[key]
                found[file] = Reading(
                    file, value.harvest, substitutions, value.kind, value.reason, sha256, value.problems
                )
                self._mark(key, value.harvest)
        return found

    def mark(self, flow: Flow) -> str | None:
        """Where the body of a flow comes from, a text that stands for its content; None when it is not known."""
        body, mark = self._bodies.get(id(flow.containers), (None, None))
        return mark if body is flow.containers else None

    def _mark(self, key: str, harvest: Harvest) -> None:
        for number, flow in enumerate(harvest.flows):
            if flow.containers:
                self._bodies[id(flow.containers)] = (flow.containers, f"{key} {number}")

    def keep(self, reading: Reading) -> Reading:
        """Has a reading kept; as it will be recalled, so that nothing can depend on which of both it is.

        What Terraform says is not kept before it is understood, nor are texts for templates: both may be secrets.
        """
        if reading.harvest.terraform is not None or reading.substitutions:
            return reading
        if reading.sha256 != self._hashes.get(reading.name):
            return reading
        key = _key(reading.name, reading.sha256, reading.substitutions)
        kept = self._parts.put(key, _Kept(reading.harvest, reading.kind, reading.reason, reading.problems))
        if not isinstance(kept, _Kept):
            return reading
        self._mark(key, kept.harvest)
        return Reading(
            reading.found, kept.harvest, reading.substitutions, kept.kind, kept.reason, reading.sha256, kept.problems
        )


def _key(name: str, sha256: str, substitutions: Mapping[str, str]) -> str:
    parts = ("reading", program_digest(), name, sha256, dict(substitutions), limits())
    return hashlib.sha256(canonical(parts).encode("utf-8", "surrogatepass")).hexdigest()
