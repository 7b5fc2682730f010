"""`auditor pack` and `auditor verify-pack`: an audit as evidence, and whether it still holds."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest
from auditor.cli.output import check_target, write_bytes
from auditor.cli.progress import Progress
from auditor.errors import ExitCode, UsageError
from auditor.findings import Audit, Severity, exit_code
from auditor.model.pack import ATTACHED, CERTIFICATES, MOST_BYTES, POLICY, SUBSTITUTIONS
from auditor.report.options import ReportOptions
from auditor.report.text import counted, safe

if TYPE_CHECKING:
    from auditor.cli.certificates import Sources
    from auditor.cli.pipeline import Prepared
    from auditor.model.organisation import Organisation
    from auditor.model.pack import Manifest, Pack

_OWN_RULE = re.compile(r"own-rules-[0-9]+/[^/\\]+\.toml")  # a pack may come from anybody: no other name is unpacked
FORMATS_PACKED = ("json", "html")


class PackRequest(Struct, frozen=True):
    """What is to be packed. as_of: the day whose modes and waivers hold; policy: None for the defaults.

    attached: what goes into the pack as it is, by its name there.
    """

    paths: tuple[Path, ...]
    policy: Path | None
    rules: tuple[Path, ...]
    as_of: date
    include_orphans: bool = False
    substitutions: Path | None = None
    attached: Mapping[str, bytes] = field(default_factory=dict)


class Built(Struct, frozen=True):
    """Every file of a pack, and what they were made of."""

    files: dict[str, bytes]
    organisation: Organisation
    prepared: Prepared
    sources: Sources


def pack(request: PackRequest, output: Path, around: Around, *, quiet: bool = False) -> int:
    """Audit and write the pack; exit 0 when it is written, whatever was found."""
    from auditor.loading.policy_file import find_policy
    from auditor.report.pack import zip_bytes

    check_target(output)
    request = replace(request, policy=request.policy or find_policy(request.paths))
    made = built(request, around, quiet=quiet)
    if made is None:
        around.say("auditor: nothing to audit, so no pack was written")
        return ExitCode.NOTHING
    if sum(map(len, made.files.values())) > MOST_BYTES:
        raise UsageError(f"The pack would hold more than {MOST_BYTES // 2**30} GiB.", hint="Attach less.")
    write_bytes(output, zip_bytes(made.files))
    if not quiet:
        around.say(f"auditor: {output} written: {counted(len(made.files), 'file')}, as of {request.as_of}")
    return ExitCode.CLEAN


def verify(path: Path, export: Sequence[Path], around: Around) -> int:
    """Check a pack, and with the export at hand audit again and compare; exit 1 when something does not hold."""
    from auditor.cli.pack_certificates import strangers
    from auditor.loading.pack_file import read_pack

    read = read_pack(path)
    faults = [*read.faults, *strangers(read)]
    notes: list[str] = []
    if read.manifest is not None and export:
        more, notes = _again(read, read.manifest, export, around)
        faults += more
    for fault in faults:
        around.emit(f"does not hold: {safe(fault)}\n")
    for note in notes:
        around.emit(f"{safe(note)}\n")
    if faults:
        return ExitCode.FINDINGS
    around.emit(f"{safe(path.name)} holds{'' if export else ' in itself; the export was not given'}\n")
    return ExitCode.CLEAN


def built(request: PackRequest, around: Around, *, quiet: bool = False) -> Built | None:
    """Every file of the pack, or None when there is nothing to audit."""
    from auditor.cli.certificates import Sources, made
    from auditor.cli.pipeline import prepare
    from auditor.loading.digests import digest_of, rule_files
    from auditor.model.pack import Hashed, Manifest
    from auditor.report.pack import pack_files

    prepared = prepare(
        request.paths if request.policy else (),
        request.policy,
        request.as_of,
        include_orphans=request.include_orphans,
        own=request.rules,
    )
    prepared = _anonymous(prepared)
    progress = Progress(around, quiet=quiet)
    try:
        organisation, audit = _audited(request, prepared, progress)
    finally:
        progress.clear()
    code = exit_code(audit, _threshold(prepared))
    if code == ExitCode.NOTHING:
        return None
    rules = rule_files(request.rules)
    sources = Sources(request.policy, request.rules, request.substitutions, request.as_of, quiet)
    certificates = made(organisation, prepared, sources, audit.verdicts, around)
    certificates.tell(around)
    contents = {**_reports(audit, code), **request.attached}
    contents |= {CERTIFICATES + name: data for name, data in certificates.files.items()}
    if request.policy is not None:
        contents[POLICY] = request.policy.read_bytes()
    if request.substitutions is not None:
        contents[SUBSTITUTIONS] = request.substitutions.read_bytes()
    contents |= {name: path.read_bytes() for name, path in rules if name.startswith("own-rules-")}
    manifest = Manifest(
        version=__version__,
        as_of=request.as_of,
        exit_code=code,
        include_orphans=request.include_orphans,
        policy=digest_of(request.policy) if request.policy else None,
        rules=tuple(Hashed(name, digest_of(path)) for name, path in rules),
        inputs=tuple(Hashed(file.path, file.sha256) for file in audit.inputs),
    )
    return Built(pack_files(manifest, contents), organisation, prepared, sources)


def _anonymous(prepared: Prepared) -> Prepared:
    """Without the paths of the policy file and of own rules, which reports would show."""
    policy, rules = prepared.policy, prepared.rules
    policy = replace(policy, source=POLICY if policy.source else None)
    named = tuple(replace(rule, source=Path(rule.source).name) for rule in rules.rules)
    return replace(prepared, policy=policy, rules=replace(rules, rules=named))


def _threshold(prepared: Prepared) -> Severity:
    word = prepared.policy.fail_on
    return Severity[word.upper()] if word else Severity.LOW


def _audited(request: PackRequest, prepared: Prepared, progress: Progress) -> tuple[Organisation, Audit]:
    """What was read, and the audit with its matrix and waivers, in which files are named from their common folder."""
    from auditor.audit import run_audit
    from auditor.cli.gate import settled
    from auditor.cli.pipeline import load_organisation
    from auditor.loading.positions import with_lines
    from auditor.policy.locating import locations_of, relocated
    from auditor.policy.renaming import common_prefix, without_prefix

    organisation = load_organisation(request.paths, progress, substitutions=request.substitutions)
    audit = run_audit(
        organisation, prepared.rules, prepared.policy, replace(prepared.options, details=True, progress=progress)
    )
    audit = relocated(audit, with_lines(locations_of(audit), {file.path: file.sha256 for file in audit.inputs}))
    audit, _ = settled(
        audit, AuditRequest(paths=request.paths, today=request.as_of), prepared.policy, prepared.rules, None
    )
    return organisation, without_prefix(audit, common_prefix([file.path for file in audit.inputs]))


def _reports(audit: Audit, code: int) -> dict[str, bytes]:
    from auditor.report.formats import FORMATS
    from auditor.report.matrix import matrix_csv, matrix_json
    from auditor.report.pack import waivers_json

    options = ReportOptions(exit_code=code, version=__version__)
    texts = {f"report.{name}": FORMATS[name](audit, options) for name in FORMATS_PACKED if name in FORMATS}
    texts["waivers.json"] = waivers_json(audit)
    if audit.matrix is not None:
        texts["matrix.csv"] = matrix_csv(audit.matrix, options)
        texts["matrix.json"] = matrix_json(audit.matrix, options)
    return {name: text.encode("utf-8", "backslashreplace") for name, text in texts.items()}


def _again(
    read: Pack, manifest: Manifest, export: Sequence[Path], around: Around
) -> tuple[list[str], list[str]]:  # fmt: skip
    """Faults and notes of a new audit of the export with the policy and rules of the pack."""
    with _unpacked(read) as folder:
        request = PackRequest(
            tuple(export),
            _there(folder / POLICY),
            tuple(sorted(folder.glob("own-rules-*"))),
            manifest.as_of,
            manifest.include_orphans,
            _there(folder / SUBSTITUTIONS),
            {name: data for name, data in read.files.items() if name.startswith(ATTACHED)},
        )
        made = built(request, around)
        if made is None:
            return ["there is nothing to audit in the paths given"], []
        return _compared(read, manifest, made)


def _compared(read: Pack, manifest: Manifest, made: Built) -> tuple[list[str], list[str]]:
    """Faults and notes: what a new audit gives against what is in the pack."""
    from auditor.cli.pack_certificates import unproved
    from auditor.loading.pack_file import manifest_of

    now = manifest_of(made.files)
    faults = list(_inputs(manifest, now))
    if faults:
        return faults, ["The export is not the one that was audited, so the reports were not compared."]
    if now.version != manifest.version or now.rules != manifest.rules:
        notes = [f"Made with version {manifest.version}; this is {now.version}: reports of other versions may differ."]
        return [], [*notes, *_differing(read.files, made.files)]
    lines = [f"{line}, and it was made by this version from this export" for line in _differing(read.files, made.files)]
    return [*lines, *unproved(read, made)], []


def _inputs(then: Manifest, now: Manifest) -> Iterator[str]:
    before, after = ({file.name: file.sha256 for file in each.inputs} for each in (then, now))
    for name in sorted({*before, *after}):
        if name not in after:
            yield f"input {name} is missing"
        elif name not in before:
            yield f"input {name} was not audited"
        elif before[name] != after[name]:
            yield f"input {name} has been changed"


def _differing(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str]:
    names = sorted({*then, *now})
    return [f"{name} differs from a new audit" for name in names if then.get(name) != now.get(name)]


@contextmanager
def _unpacked(read: Pack) -> Iterator[Path]:
    """A folder with what a pack was audited by (policy, texts, own rules), for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="auditor-") as name:
        folder = Path(name)
        wanted = [each for each in read.files if each in (POLICY, SUBSTITUTIONS) or _OWN_RULE.fullmatch(each)]
        for each in wanted:
            target = folder / Path(each).parent.name / Path(each).name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(read.files[each])
        yield folder


def _there(path: Path) -> Path | None:
    return path if path.exists() else None
