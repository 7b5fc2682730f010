"""The files that were looked at: how many of each kind are understood, and why the others are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from auditor.model.problems import InputFile
from auditor.report.grid import grid
from auditor.report.text import counted, safe
from auditor.report.wrap import wrapped

_STATUSES = ("understood", "partly", "not")
_FEW = 3


def inputs_table(inputs: Sequence[InputFile], width: int) -> str:
    """One row a kind of file (understood, partly, not, why), then every file that is not wholly understood."""
    if not inputs:
        return "No files.\n"
    kinds: dict[str, list[InputFile]] = defaultdict(list)
    for file in inputs:
        kinds[file.kind].append(file)
    rows = [_row(kind, kinds[kind]) for kind in sorted(kinds)]
    rows.append(_row("all", inputs))
    lines = [f"FILES ({len(inputs)})", grid(("kind", *_STATUSES, "why"), rows, width, firm=4)]
    left = list(_left(inputs, width))
    if left:
        lines += ["", f"NOT WHOLLY UNDERSTOOD ({sum(file.status != 'understood' for file in inputs)})", *left]
    return "\n".join(lines) + "\n"


def _row(kind: str, files: Sequence[InputFile]) -> tuple[str, ...]:
    counts = Counter(file.status for file in files)
    why = "" if kind == "all" else _why(files)
    return (safe(kind), *(str(counts[status]) for status in _STATUSES), why)


def _why(files: Sequence[InputFile]) -> str:
    reasons = Counter(file.reason for file in files if file.reason)
    told = [f"{safe(reason)} ({count})" for reason, count in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))]
    more = [f"{len(told) - _FEW} other reasons"] if len(told) > _FEW + 1 else told[_FEW:]
    return "; ".join([*told[:_FEW], *more])


def _left(inputs: Sequence[InputFile], width: int) -> Iterator[str]:
    for file in inputs:
        if file.status != "understood":
            what = "not" if file.status == "not" else f"partly, {counted(file.objects, 'object')}"
            yield from wrapped(f"{safe(file.path)}: {what}: {safe(file.reason)}", width, "  ", "      ")
