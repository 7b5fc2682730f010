"""Whole exports as one document: several files, of which a change concerns one; commands and the cache meet them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import pickletools
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from auditor.caching.objects import thawed
from auditor.caching.store import FILE, Store
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest, audit
from auditor.cli.main import app
from auditor.cli.pipeline import run
from auditor.errors import UsageError

MARK = b"\x1eFILE "
"""Begins each file, before its name and a line feed: a control character that no export has."""
POLICY = "auditor.toml"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_. \[\]-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_. \[\]-]*){0,3}")
_SLOTS = 100_000
_COMMANDS = (
    ("matrix",), ("matrix", "--format", "json"), ("inventory",), ("paths", "--to", "Enable"), ("paths", "--to", "Main"),
    ("draw", "--whole", "--format", "graphml"), ("draw", "--whole", "--format", "svg"), ("coverage",), ("validate",),
    ("simulate", "--from", "Main"), ("consent-points",), ("consent-points", "--format", "toml"),
    ("init", "--output", "../new.toml"), ("anonymize", "--output", "../copy"), ("fix",), ("fix", "--format", "json"),
    ("what-if", "--set", "trunk:*.gate=on"), ("what-if", "--overlay", "."), ("diff", "."),
    ("pack", "--output", "../p.zip"),
    ("audit", "--include-orphans"), ("audit", "--candidate", "."), ("audit", "--certificates", "../proofs"),
)  # fmt: skip


def joined(files: Mapping[str, bytes]) -> bytes:
    """Several files as one document."""
    return b"".join(MARK + name.encode() + b"\n" + data for name, data in files.items())


def parts(data: bytes) -> dict[str, bytes]:
    """The files of a document, those with names that are none left out."""
    found = {}
    for part in data.split(MARK)[1:]:
        name, _, content = part.partition(b"\n")
        text = name.decode("utf-8", "replace")
        if _NAME.fullmatch(text) and len(text) < 200:
            found[text] = content
    return found


def written(data: bytes, folder: Path) -> Path:
    """Writes the files below `export`, a policy beside it. A file that stands where a folder is needed is left out."""
    export = folder / "export"
    export.mkdir()
    for name, content in parts(data).items():
        path = folder / name if name == POLICY else export / name
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return export


def through_a_cache(data: bytes, memory: str | None) -> None:
    """An audit with a cache that knows how the files were before one changed is byte for byte one without."""
    from tests.fuzzing.mutating import mutated  # which knows these documents

    random = Random(hashlib.sha256(data).digest())
    with tempfile.TemporaryDirectory(prefix="auditor-fuzz-", dir=memory) as name, contextlib.chdir(name):
        export = written(data, Path(name))
        if not any(export.iterdir()):
            return
        request = AuditRequest((Path("export"),), format="json")
        cached = AuditRequest((Path("export"),), format="json", cache=Path("cache"))
        _audited(cached)
        file = random.choice(sorted(path for path in export.rglob("*") if path.is_file()))
        file.write_bytes(mutated(file.read_bytes(), random))
        plain, warm, again = (_audited(each) for each in (request, cached, cached))
        assert plain == warm == again, "the cache changes the report"


def _audited(request: AuditRequest) -> tuple[object, ...]:
    out, err = io.StringIO(), io.StringIO()
    around = Around(out, err, {}, lambda: 0.0, True, None)
    try:
        code = audit(request, around, run)
    except UsageError as error:  # a mistake in the policy, say
        return type(error), str(error), error.details
    assert code != 3, err.getvalue()
    return code, out.getvalue(), err.getvalue()


def commanded(data: bytes, memory: str | None) -> None:
    """One of the commands, chosen by the document: none may end with exit code 3, and what is proved must be so."""
    words = _COMMANDS[hashlib.sha256(data).digest()[0] % len(_COMMANDS)]
    with tempfile.TemporaryDirectory(prefix="auditor-fuzz-", dir=memory) as name:
        export = written(data, Path(name))
        with contextlib.chdir(export):
            code, told = _command([words[0], ".", *words[1:]])
            assert code in (0, 1, 2, 4, 5), f"{' '.join(words)}: exit code {code}\n{told}"
            if "../proofs" in words and Path("../proofs").exists() and any(Path("../proofs").iterdir()):
                code, told = _command(["verify-certificate", "../proofs", "."])
                assert code == 0, f"a certificate does not hold: exit code {code}\n{told}"


def _command(words: Iterable[str]) -> tuple[int, str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code: Any = 0
    with mock.patch("sys.stdout", out), mock.patch("sys.stderr", err):
        try:
            app(["--debug", *words], prog_name="auditor")
        except SystemExit as done:
            code = done.code
    out.flush()
    err.flush()
    told = err.buffer.getvalue() + out.buffer.getvalue()[-2000:]
    return (code if isinstance(code, int) else 99), told.decode("utf-8", "replace")


def thawed_again(data: bytes) -> None:
    """What lies in a cache is thawed, or is not there. Left out: slots of a memo by the million, which cost memory."""
    with contextlib.suppress(Exception):  # pickletools raises whatever it likes
        if any(each.name == "LONG_BINPUT" and (number or 0) > _SLOTS for each, number, _ in pickletools.genops(data)):
            return
    thawed(data)


def stored(data: bytes, memory: str | None) -> None:
    """A damaged file of a cache: what is in it is not there, and something new can be kept."""
    with tempfile.TemporaryDirectory(prefix="auditor-fuzz-", dir=memory) as name:
        folder = Path(name)
        (folder / FILE).write_bytes(data)
        store = Store(folder)
        for value in store.parts(["a", "b"]).values():
            thawed(value)
        store.get("a")
        store.put_parts({"b": b"new"}, ["a"])
        store.put("c", b"new")
