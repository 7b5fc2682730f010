"""How much references between Terraform values may unfold: locals that hold each other twice double with every step.

Resolved values share their parts, so that they cost nothing until somebody walks over them.
"""

from __future__ import annotations

from auditor.loading.limits import limits

_TEXT = 100  # characters that weigh as much as a value


class Budget:
    """Values that may still be added by references, over all blocks; the share of all values is a tenth."""

    def __init__(self) -> None:
        self._left = limits().values // 10

    def granted(self, value: object, written: object) -> object:
        """The resolved value, or as it was written when there would be too much of it."""
        if isinstance(value, str) and len(value) < _TEXT:
            return value
        before = _weight(written, limits().values)
        added = _weight(value, before + self._left) - before
        if added > self._left:
            return written
        self._left -= max(added, 0)
        return value


def _weight(value: object, most: int) -> int:
    """How many values there are when each part is counted as often as it is shared, or more than the most."""
    weight = 0
    pending = [value]
    while pending and weight <= most:
        item = pending.pop()
        weight += 1
        if isinstance(item, str):
            weight += len(item) // _TEXT
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
    return weight
