"""What is fuzzed: all that reads what others wrote. Each target takes bytes, and raises where the tool is at fault."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from auditor.audit import run_audit
from auditor.cli.pipeline import Prepared, prepare
from auditor.errors import AuditorError, DocumentError, ExitCode
from auditor.history.snapshot import things_of
from auditor.loading.archives import entries, read_entry
from auditor.loading.baseline_file import read_baseline
from auditor.loading.expression_tree import from_config
from auditor.loading.expressions import parse
from auditor.loading.json_reader import read_json
from auditor.loading.load import load
from auditor.loading.pack_file import read_pack
from auditor.loading.policy_file import read_policy
from auditor.loading.positions import with_lines
from auditor.loading.report_file import read_report
from auditor.loading.rules import read_rules
from auditor.loading.substitutions import read_substitutions
from auditor.model.expression_tools import to_text
from auditor.model.expressions import Unparsed
from auditor.policy.locating import locations_of, relocated
from auditor.report.formats import FORMATS
from auditor.report.options import ReportOptions
from tests.fuzzing.organisations import POLICY, commanded, stored, thawed_again, through_a_cache, written

Target = Callable[[bytes], None]
TODAY = date(2026, 1, 1)


@cache
def _prepared() -> Prepared:
    """The shipped rules and tables, once."""
    return prepare((), None, TODAY)


def _audited(name: str) -> Target:
    """An export of one file."""

    def target(data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="auditor-fuzz-", dir=_memory()) as folder:
            (Path(folder) / name).write_bytes(data)
            _in_full(Path(folder), _prepared())

    return target


def _in_full(export: Path, prepared: Prepared) -> None:
    """Loaded, audited, in every format, and as the history keeps it."""
    organisation = load([export])
    audit = run_audit(organisation, prepared.rules, prepared.policy, prepared.options)
    audit = relocated(audit, with_lines(locations_of(audit), {file.path: file.sha256 for file in audit.inputs}))
    for write in FORMATS.values():
        write(audit, ReportOptions(exit_code=5, version="0")).encode("utf-8")
    things_of(organisation)


def _organisation(data: bytes) -> None:
    """An export of several files, a policy beside it."""
    with tempfile.TemporaryDirectory(prefix="auditor-fuzz-", dir=_memory()) as folder:
        export = written(data, Path(folder))
        policy = export.with_name(POLICY)
        try:
            _in_full(export, prepare((), policy, TODAY) if policy.exists() else _prepared())
        except AuditorError as error:
            if error.exit_code == ExitCode.FAILED:
                raise


def _memory() -> str | None:
    """A folder that is on no disk, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _file(name: str, read: Callable[[Path], object]) -> Target:
    """A file given as an option: what is wrong with it is a mistake of the user, in words."""

    def target(data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="auditor-fuzz-", dir=_memory()) as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                read(path)
            except DocumentError:
                return
            except AuditorError as error:
                if error.exit_code == ExitCode.FAILED:
                    raise

    return target


def _expression(data: bytes) -> None:
    """An expression: it is read or stays text, and what was read can be written, and that be looked at again."""
    tree = parse(data.decode("utf-8", "replace"))
    written = to_text(tree)
    if not isinstance(tree, Unparsed) and len(written) < 10_000:
        parse(written)


def _tree(data: bytes) -> None:
    try:
        document = read_json(data.decode("utf-8", "replace"))
    except DocumentError:
        return
    to_text(from_config(document))


def _archive(path: Path) -> None:
    for entry in entries(path):
        if not entry.error:
            read_entry(path, entry.name, 1_000_000)


EXPORTS: Mapping[str, Target] = {
    name: _audited(name)
    for name in (
        "x.json", "x.jsonl", "x.yaml", "x.tf", "x.tf.json", "x.tfvars", "x.tfstate", "x.i3inboundcall", "x.zip", "x",
        "manifest.json", "x.har", "listing.yaml", "sdk.json", "documents.json", "x.tofu",
    )
}  # fmt: skip
WHOLE: Mapping[str, Target] = {
    "organisation": _organisation,
    "terraform": _organisation,
    "cache": lambda data: through_a_cache(data, _memory()),
    "commands": lambda data: commanded(data, _memory()),
}
"""Documents of several files."""
OTHERS: Mapping[str, Target] = {
    "expression": _expression,
    "expression tree": _tree,
    "policy": _file("auditor.toml", lambda path: read_policy(path)),
    "rules": _file("XX001.toml", lambda path: read_rules(own=[path.parent])),
    "baseline": _file("baseline.json", lambda path: read_baseline(path)),
    "report": _file("report.json", lambda path: read_report(path)),
    "pack": _file("pack.zip", lambda path: read_pack(path)),
    "archive": _file("a.zip", _archive),
    "thawed": thawed_again,
    "cache file": lambda data: stored(data, _memory()),
    "substitutions": _file("s.yaml", lambda path: read_substitutions(path)),
}
TARGETS: Mapping[str, Target] = {**EXPORTS, **WHOLE, **OTHERS}
