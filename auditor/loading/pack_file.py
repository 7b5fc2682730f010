"""An evidence pack read from a zip archive, with everything in it that does not fit together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from auditor.errors import DocumentError, UsageError
from auditor.loading.archives import entries, read_entry
from auditor.loading.files import decode
from auditor.loading.json_reader import read_json
from auditor.model.pack import MANIFEST, MOST_BYTES, POLICY, SUMS, Hashed, Manifest, Pack
from auditor.resources import schema_text

_DENSE = 2000  # reports repeat themselves; deflate reaches 1032 to 1


def read_pack(path: Path) -> Pack:
    """The pack at a path; raises UsageError for what is no zip archive at all."""
    faults: list[str] = []
    files: dict[str, bytes] = {}
    try:
        for entry in entries(path, _DENSE):
            if entry.error:
                faults.append(f"{entry.name} is not read: {entry.error}")
            else:
                files[entry.name] = read_entry(path, entry.name, MOST_BYTES, _DENSE)
    except DocumentError as error:
        raise UsageError(
            f"{path} cannot be read as a pack: {error.message}", hint="`auditor pack` writes packs."
        ) from error
    faults += _sums(files)
    manifest = _json(files, MANIFEST, "pack", faults)
    if manifest is None:
        return Pack(None, files, tuple(faults))
    report = _json(files, "report.json", "report", faults)
    faults += _manifest_faults(manifest, files)
    if report is not None:
        faults += _report_faults(manifest, report, files)
    return Pack(_manifest(manifest), files, tuple(faults))


def manifest_of(files: Mapping[str, bytes]) -> Manifest:
    """The manifest among files that `auditor pack` has just made."""
    return _manifest(json.loads(files[MANIFEST]))


def _sums(files: Mapping[str, bytes]) -> Iterator[str]:
    """Every file against SHA256SUMS."""
    if SUMS not in files:
        yield f"{SUMS} is missing"
        return
    listed: dict[str, str] = {}
    for line in files[SUMS].decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    for name in sorted({*files, *listed} - {SUMS}):
        if name not in files:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} is not listed in {SUMS}"
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} has been changed: its hash is not the one in {SUMS}"


def _json(files: Mapping[str, bytes], name: str, schema: str, faults: list[str]) -> dict[str, Any] | None:
    """A JSON file of the pack that fits its schema; what is wrong goes to the faults."""
    from jsonschema import Draft202012Validator

    if name not in files:
        if not any(fault.startswith(f"{name} ") for fault in faults):
            faults.append(f"{name} is missing")
        return None
    try:
        data = read_json(decode(files[name]))
    except DocumentError as error:
        faults.append(f"{name} is no JSON: {error.message}")
        return None
    checker = Draft202012Validator.FORMAT_CHECKER
    wrong = next(Draft202012Validator(json.loads(schema_text(schema)), format_checker=checker).iter_errors(data), None)
    if wrong is not None:
        faults.append(f"{name} does not fit its schema: {wrong.json_path}: {wrong.message[:200]}")
        return None
    assert isinstance(data, dict)
    return data


def _manifest_faults(manifest: dict[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    listed = {row["name"]: row["sha256"] for row in manifest["files"]}
    for name in sorted({*files} - {SUMS, MANIFEST, *listed}):
        yield f"{name} is not listed in {MANIFEST}"
    for name, digest in sorted(listed.items()):
        if name in files and hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{name} has been changed: its hash is not the one in {MANIFEST}"
        elif name not in files:
            yield f"{name}, listed in {MANIFEST}, is missing"
    policy = manifest["policy"]
    if (policy is None) != (POLICY not in files):
        yield f"{POLICY} and {MANIFEST} disagree on whether there was a policy file"
    elif policy is not None and hashlib.sha256(files[POLICY]).hexdigest() != policy["sha256"]:
        yield f"{POLICY} is not the policy file that {MANIFEST} names"


def _report_faults(manifest: dict[str, Any], report: dict[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """Whether the report is of what the manifest says, and the other files say the same as the report."""
    if report["tool"] != manifest["tool"]:
        yield "report.json is of another version of the tool than the manifest says"
    if report["exit_code"] != manifest["exit_code"]:
        yield "report.json has another exit code than the manifest says"
    audited = [(file["path"], file["sha256"]) for file in report["inputs"]]
    if audited != [(row["name"], row["sha256"]) for row in manifest["inputs"]]:
        yield "report.json is of other input files than the manifest says"
    waived = {finding["fingerprint"] for finding in report["findings"] if finding["waived"]}
    if _fingerprints(files.get("waivers.json", b"{}")) != waived:
        yield "waivers.json and report.json disagree on what is waived"
    said = {_place(row): row["verdict"] for row in report["verdicts"]}
    for row in _rows(files.get("matrix.json", b"{}"), "rows"):
        if said.get(_place(row)) != row.get("verdict"):
            yield f"matrix.json and report.json disagree on the verdict on {row.get('entry')}"


def _fingerprints(data: bytes) -> set[str]:
    return {str(row.get("fingerprint")) for row in _rows(data, "waivers")}


def _rows(data: bytes, key: str) -> list[dict[str, Any]]:
    try:
        value = read_json(decode(data))
    except DocumentError:
        return []
    rows = value.get(key) if isinstance(value, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _place(row: dict[str, Any]) -> str:
    """An entry and leg as one text."""
    entry = row.get("entry") or {}
    return json.dumps([entry.get("kind"), entry.get("name"), entry.get("id"), row.get("leg")], sort_keys=True)


def _manifest(data: dict[str, Any]) -> Manifest:
    return Manifest(
        version=data["tool"]["version"],
        as_of=date.fromisoformat(data["as_of"]),
        exit_code=data["exit_code"],
        include_orphans=data["settings"]["include_orphans"],
        policy=data["policy"] and data["policy"]["sha256"],
        rules=_hashed(data["rules"]),
        inputs=_hashed(data["inputs"]),
        files=_hashed(data["files"]),
    )


def _hashed(rows: list[dict[str, str]]) -> tuple[Hashed, ...]:
    return tuple(Hashed(row["name"], row["sha256"]) for row in rows)
