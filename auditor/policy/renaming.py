"""An audit whose files are named from their common folder, so that it does not tell where the export lay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from msgspec.structs import replace

from auditor.findings import Audit
from auditor.policy.locating import locations_of, relocated


def common_prefix(names: Sequence[str]) -> str:
    """The folder below which all of these files lie, with a slash at its end, or nothing."""
    parts = [PurePath(name).parent.parts for name in names]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    path = PurePath(*shared).as_posix() if shared else ""
    return path + "/" if path and not path.endswith("/") else path


def without_prefix(audit: Audit, prefix: str) -> Audit:
    """The audit with this prefix taken from every file name, in places and in texts."""
    if not prefix:
        return audit
    moved = {location: replace(location, file=location.file.removeprefix(prefix)) for location in locations_of(audit)}
    audit = relocated(audit, moved)
    named = re.compile(r"(?<![\w./-])" + re.escape(prefix))

    def cut(text: str) -> str:
        return named.sub("", text)

    def cut_all(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cut(line) for line in lines)

    return replace(
        audit,
        inputs=tuple(
            replace(file, path=file.path.removeprefix(prefix), reason=cut(file.reason)) for file in audit.inputs
        ),
        findings=tuple(replace(f, message=cut(f.message), hangs_on=cut_all(f.hangs_on)) for f in audit.findings),
        verdicts=tuple(replace(verdict, reasons=cut_all(verdict.reasons)) for verdict in audit.verdicts),
        problems=tuple(
            replace(p, message=cut(p.message), hint=cut(p.hint), subject=cut(p.subject)) for p in audit.problems
        ),
        notes=cut_all(audit.notes),
    )
