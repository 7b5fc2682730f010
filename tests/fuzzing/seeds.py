"""What fuzzing starts from: small files of the fixtures, and a little of every other form."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import urllib.parse
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzzing.targets import TARGETS
from tests.fuzzing.wrapped import (
    cache_file,
    configurations,
    exports,
    frozen_parts,
    in_snake_case,
    in_yaml,
    one_after_another,
    recorded,
)
from tests.hostile.making import BYE, asking, flow

ROOT = Path(__file__).resolve().parents[2]
FOUND = Path(__file__).with_name("found")
"""What was found once: files `TARGET--what.bin`, tried in every test run."""
_LARGEST = 12_000
_EXPRESSIONS = (
    'If(Flow.a == "x" and !(Task.b >= 3.5), Append("y", ToString(1)), NOT_SET)', "Flow.list[0].name", "-2 ^ 3 ^ 4 % Count(Flow.x)",
    "{{a}} + ${b}", 'Substring(Lower(Call.Ani), 0, 4) == "+49 "', "IsSet(Flow.a) or IsNotSetOrEmpty(Flow.b) ? 1 : 2", "'a' + \"\\n\\\"\"",
)  # fmt: skip
_TREE = {
    "==": {"operands": [{"ref": {"text": "Flow.a"}}, {"lit": {"text": "1", "type": "int"}}]},
    "text": "Flow.a == 1",
}


def _files(*patterns: str) -> Iterator[bytes]:
    for pattern in patterns:
        for path in sorted((ROOT / "fixtures").glob(pattern)):
            if path.is_file() and path.stat().st_size <= _LARGEST:
                yield path.read_bytes()


def _whole(files: Sequence[bytes]) -> Iterator[bytes]:
    """Some of the files, of those that are whole."""
    for data in files[::5]:
        with contextlib.suppress(ValueError):
            yield json.dumps(json.loads(data)).encode()


def _zipped(*files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(files):
            archive.writestr(f"{number}/x.json", data)
    return stream.getvalue()


def _shortened(path: Path) -> bytes:
    """A JSON document with at most twelve members of each list and map."""
    return json.dumps(_few(json.loads(path.read_bytes()))).encode()


def _few(value: Any) -> Any:
    if isinstance(value, list):
        return [_few(item) for item in value[:12]]
    if isinstance(value, dict):
        return {key: _few(item) for key, item in list(value.items())[:12]}
    return value


@cache
def seeds(target: str) -> Sequence[bytes]:
    """The documents from which those for a target are made."""
    json_files = [*_files("cases/*/export/**/*.json")]
    match target:
        case "x.json" | "manifest.json":
            found = json_files
        case "x.jsonl":
            found = [b"\n".join(json.dumps(json.loads(data)).encode() for data in json_files[:3])]
        case "x.yaml" | "x" | "substitutions":
            found = [
                *_files("cases/*/export/**/*.yaml"),
                *(asking(text).encode() for text in _EXPRESSIONS),
                flow(BYE).encode(),
            ]
        case "x.tf" | "x.tfvars" | "x.tofu":
            found = [*_files("cases/*/export/**/*.tf", "cases/*/export/**/*.tfvars", "demo/hcl/*.tf")]
        case "x.tf.json" | "x.tfstate":
            found = [_shortened(path) for path in sorted((ROOT / "fixtures" / "demo" / "terraform-json").glob("*.tf*"))]
            found += _files("cases/*/export/**/*.tfstate", "cases/*/export/**/*plan*.json")
        case "x.i3inboundcall":
            found = [
                base64.b64encode(urllib.parse.quote(data, safe="").encode())
                for data in json_files
                if b"flowSequenceItemList" in data
            ]
        case "x.zip" | "archive" | "pack":
            found = [_zipped(*json_files[:3]), _zipped()]
        case "expression":
            found = [text.encode() for text in _EXPRESSIONS]
        case "expression tree":
            found = [json.dumps(_TREE).encode()]
        case "policy":
            found = [*_files("**/auditor.toml")]
        case "rules":
            found = [
                *_files("own-rules/**/*.toml"),
                *(path.read_bytes() for path in sorted((ROOT / "rules").glob("*.toml"))[:5]),
            ]
        case "baseline" | "report":
            found = [*_files("cases/*/expected.json")]
        case _:
            found = [*_dressed(target, json_files)]
    return tuple(found) or (b"{}",)


def _dressed(target: str, json_files: Sequence[bytes]) -> Sequence[bytes]:
    """Objects as other tools write them, whole exports, and what a cache keeps."""
    match target:
        case "x.har":
            return [*recorded(_whole(json_files))]
        case "listing.yaml":
            return [*in_yaml(_whole(json_files))]
        case "sdk.json":
            return [*in_snake_case(_whole(json_files))]
        case "documents.json":
            return [*one_after_another(_whole(json_files))]
        case "organisation" | "cache" | "commands":
            return exports(ROOT)
        case "terraform":
            return configurations(ROOT)
        case "thawed":
            return frozen_parts(exports(ROOT)[0])
        case "cache file":
            return [cache_file()]
        case _:
            return ()


def found_before() -> list[Path]:
    """The documents that once were too much."""
    return sorted(path for path in FOUND.glob("*.bin") if path.name.partition("--")[0] in TARGETS)


def drawn(target: str, random: Random) -> bytes:
    """One of the documents."""
    return random.choice(seeds(target))
