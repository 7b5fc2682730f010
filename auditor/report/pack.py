"""An evidence pack as bytes: the same for the same audit, whenever and wherever it is made."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from auditor.findings import Audit
from auditor.model.pack import MANIFEST, SUMS, Hashed, Manifest
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL

SCHEMA_VERSION = "1.0"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ABOUT = """\
Evidence of an audit of recording consent, made by {tool} {version}; policy and waivers as of {day}.

report.json    verdicts, findings with their paths, problems, assumptions, coverage
report.html    the same to read in a browser
matrix.csv     what happens to the caller, by number and line (matrix.json: as data)
waivers.json   findings that do not count, with who accepted that, why and until when
policy/        the policy file and the texts for templates of flows, if there were any
own-rules-*/   rules of the organisation's own, if there were any
certificates/  what proves the verdicts that say proved; `auditor verify-certificate` checks it without any search
attached/      what was put in beside the audit, as it was: approvals, minutes; the audit says nothing about it
manifest.json  hashes of the audited files, of the rules and of the policy; versions; settings
SHA256SUMS     hashes of the files of this pack: `sha256sum -c SHA256SUMS` after unpacking

`auditor verify-pack PACK` checks that all of this fits together; `auditor verify-pack PACK EXPORT...` audits the
original export again and compares.
"""


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def waivers_json(audit: Audit) -> str:
    """The findings that are waived, with who accepts it."""
    rows = [
        {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "object": {"kind": finding.subject.kind, "name": finding.subject.name, "flow": finding.subject.flow},
            "reason": finding.waived.reason,
            "approved_by": finding.waived.owner,
            "expires": finding.waived.expires,
        }
        for finding in audit.findings
        if finding.waived is not None
    ]
    return json_text({"schema_version": SCHEMA_VERSION, "waivers": rows})


def pack_files(manifest: Manifest, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of the pack: the contents, what they are, and their hashes."""
    about = _ABOUT.format(tool=TOOL, version=manifest.version, day=manifest.as_of.isoformat())
    files = dict(sorted({**contents, "README.txt": about.encode()}.items()))
    listed = tuple(Hashed(name, digest(data)) for name, data in files.items())
    files[MANIFEST] = manifest_json(replace(manifest, files=listed)).encode()
    sums = "".join(f"{digest(data)}  {name}\n" for name, data in sorted(files.items()))
    return {**files, SUMS: sums.encode()}


def manifest_json(manifest: Manifest) -> str:
    """The manifest as JSON (rules/schemas/pack.schema.json)."""
    value: JsonObject = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": manifest.version},
        "as_of": manifest.as_of.isoformat(),
        "exit_code": manifest.exit_code,
        "settings": {"include_orphans": manifest.include_orphans},
        "policy": manifest.policy and {"sha256": manifest.policy},
        "rules": _rows(manifest.rules),
        "inputs": _rows(manifest.inputs),
        "files": _rows(manifest.files),
    }
    return json_text(value)


def _rows(files: Iterable[Hashed]) -> list[JsonObject]:
    return [{"name": file.name, "sha256": file.sha256} for file in files]


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip archive without times, owners or compression: compressed bytes differ from one zlib to the next."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return stream.getvalue()
