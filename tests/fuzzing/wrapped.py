"""Objects of the platform API in the dress of other tools, and what a cache keeps, for fuzzing to start from."""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import yaml

from auditor.caching.store import FILE, Store
from auditor.cli.audit import AuditRequest, audit
from auditor.cli.pipeline import run
from tests.cli.conftest import Desk
from tests.fuzzing.organisations import joined

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_MOST = 25_000
_MAIN = b"""\
resource "genesyscloud_routing_queue" "q" {
  name                 = var.name
  enable_transcription = false
  members { user_id = "a" }
}
resource "genesyscloud_architect_ivr" "i" {
  name  = "Main"
  dnis  = ["+4930123456"]
  count = 1
}
variable "name" { default = "Sales" }
module "m" {
  source = "./m"
  name   = "Sales"
}
"""
_CHANGE = b"""\
resource "genesyscloud_routing_queue" "q" {
  enable_transcription = true
  members { user_id = "c" }
}
variable "name" { default = "Service" }
module "m" { name = "Service" }
"""
_INNER = b"""\
variable "name" { type = string }
resource "genesyscloud_routing_queue" "q" { name = "${var.name} %{ if true }x%{ endif }" }
output "id" { value = genesyscloud_routing_queue.q.id }
"""


def recorded(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Pages as a browser, Postman and a proxy write them down."""
    for page in pages:
        text = page.decode("utf-8", "replace")
        entry = {"request": {"url": "https://x/api/v2/routing/queues"}, "response": {"content": {"text": text}}}
        for form in (
            {"log": {"version": "1.2", "entries": [entry, {"response": {"status": 204}}]}},
            {"info": {}, "item": [{"name": "queues", "response": [{"code": 200, "body": text}]}]},
            {"statusCode": 200, "body": text},
        ):
            yield json.dumps(form).encode()


def in_yaml(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Pages as a command line tool writes them in YAML, as a list and as a map."""
    for page in pages:
        value = json.loads(page)
        for shown in (value, value.get("entities") if isinstance(value, dict) else None):
            if shown:
                yield yaml.dump(shown, Dumper=yaml.CSafeDumper, allow_unicode=True).encode()


def in_snake_case(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Pages as an SDK for Python writes them."""
    for page in pages:
        yield json.dumps(_snake(json.loads(page)), indent=1).encode()


def _snake(value: Any) -> Any:
    if isinstance(value, list):
        return [_snake(item) for item in value]
    if isinstance(value, dict):
        return {_CAPITAL.sub(r"_\1", key).lower(): _snake(item) for key, item in value.items()}
    return value


def one_after_another(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Two pages in one file each, the first over several lines."""
    held = list(pages)
    for first, second in pairwise(held):
        yield first + b"\n" + json.dumps(json.loads(second)).encode() + b"\n"


def exports(root: Path) -> list[bytes]:
    """The smaller cases, with their policies."""
    found = []
    for export in sorted(root.glob("fixtures/cases/*/export")):
        files = {p.relative_to(export).as_posix(): p for p in sorted(export.rglob("*")) if p.is_file()}
        files |= {p.name: p for p in (export.with_name("auditor.toml"),) if p.exists()}
        if sum(path.stat().st_size for path in files.values()) <= _MOST:
            found.append(joined({name: path.read_bytes() for name, path in files.items()}))
    return found


def configurations(root: Path) -> list[bytes]:
    """Terraform and OpenTofu: folders with override files, twins, modules and values."""
    many = {"main.tf": _MAIN, "a_override.tf": _CHANGE, "m/main.tf": _INNER, "terraform.tfvars": b'name = "Other"\n'}
    twins = many | {"main.tofu": _MAIN.replace(b"Sales", b"Tofu"), "override.tofu": _CHANGE, "m/x.tofu": b"locals {}\n"}
    block = {"resource": {"genesyscloud_routing_queue": {"q": {"name": "Changed", "members": [{"user_id": "d"}]}}}}
    syntax = many | {"override.tf.json": json.dumps(block).encode(), "b.tofu.json": json.dumps(block).encode()}
    return [*map(joined, (many, twins, syntax)), *(each for each in exports(root) if b".tf\n" in each)]


def frozen_parts(export: bytes) -> list[bytes]:
    """What a cache keeps of an audit, the smaller parts of it."""
    from tests.fuzzing.organisations import written

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(export, folder)
        audit(AuditRequest((folder / "export",), format="json", cache=folder / "cache"), Desk().around, run)
        with Store(folder / "cache")._opened() as connection:
            rows = connection.execute("SELECT value FROM parts ORDER BY key").fetchall()
    return [data for (value,) in rows if len(data := zlib.decompress(value)) < _MOST]


def cache_file() -> bytes:
    """A small cache, as a file."""
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name))
        store.put("a", b"value")
        store.put_parts({key: Random(key).randbytes(30) for key in "ab"}, ())
        return (Path(name) / FILE).read_bytes()
