"""`--certificates DIR`, and `auditor verify-certificate`: proofs written down, and whether they hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest
from auditor.cli.output import write_folder
from auditor.cli.progress import Progress
from auditor.errors import ExitCode, UsageError
from auditor.report.text import counted, safe

if TYPE_CHECKING:
    from auditor.certificates.form import Claim
    from auditor.certificates.ground import Ground
    from auditor.cli.pipeline import Prepared
    from auditor.findings import EntryVerdict
    from auditor.model.organisation import Organisation

ENDING = ".certificate.json"
_LONGEST = 60


class Sources(Struct, frozen=True):
    """What a certificate rests on besides the export. policy: the file that holds, None for the defaults; rules:
    folders of own rules; as_of: the day whose modes hold; quiet: no progress is shown.
    """

    policy: Path | None
    rules: tuple[Path, ...]
    substitutions: Path | None
    as_of: date
    quiet: bool = False


class Written(Struct, frozen=True):
    """Certificates by file name, and what is to be said of proved verdicts that have none."""

    files: dict[str, bytes]
    remarks: tuple[str, ...]
    quiet: bool

    def write(self, folder: Path, around: Around) -> None:
        """Write the certificates to a new folder, all or none, and say so."""
        write_folder(folder, self.files)
        self.tell(around)
        if not self.quiet:
            around.say(f"auditor: {counted(len(self.files), 'certificate')} written to {folder}")

    def tell(self, around: Around) -> None:
        """Say what has no certificate although it is proved."""
        for remark in self.remarks:
            around.say(f"auditor: {safe(remark)}")


def made(
    organisation: Organisation, prepared: Prepared, rests: Sources, verdicts: Sequence[EntryVerdict], around: Around
) -> Written:  # fmt: skip
    """A certificate for every proved verdict."""
    from auditor.certificates.certify import certify
    from auditor.certificates.form import sealed

    files: dict[str, bytes] = {}
    remarks = []
    progress = Progress(around, quiet=rests.quiet)
    try:
        for number, each in enumerate(certify(ground_of(organisation, prepared, rests), verdicts)):
            progress("writing certificates", number, 0)
            if each.certificate is None or each.fault:
                name = f'{each.verdict.entry.kind} "{each.verdict.entry.name}"'
                remarks.append(f"no certificate for {name}, although it is proved: {each.fault}")
            else:
                files[_file_name(each.certificate.claim)] = sealed(each.certificate)
    finally:
        progress.clear()
    return Written(files, tuple(remarks), rests.quiet)


def verify(request: AuditRequest, around: Around) -> int:
    """Check certificates against an export, both among the paths; exit 1 when one does not hold."""
    from auditor.cli.pipeline import load_organisation, prepare

    files, paths = sorted_out(request.paths)
    prepared = prepare(paths, request.policy, request.today, own=request.rules)
    progress = Progress(around, quiet=request.quiet)
    try:
        organisation = load_organisation(
            paths, progress, candidates=request.candidates, substitutions=request.substitutions
        )
        ground = ground_of(organisation, prepared, sources(replace(request, paths=paths)))
        found = [(file, *_checked(file, ground, request.today)) for file in _told(files, progress)]
    finally:
        progress.clear()
    for file, claim, why in found:
        if why is not None:
            around.emit(f"does not hold: {safe(file.name)}: {safe(why)}\n")
        elif not request.quiet:
            around.emit(f"holds: {safe(claim)}\n")
    held = sum(why is None for _, _, why in found)
    around.emit(f"{held} of {counted(len(found), 'certificate')} {'holds' if len(found) == 1 else 'hold'}\n")
    return ExitCode.CLEAN if held == len(found) else ExitCode.FINDINGS


def sources(request: AuditRequest) -> Sources:
    """What an audit rests on besides the export."""
    from auditor.loading.policy_file import find_policy

    policy = request.policy or find_policy(request.paths)
    return Sources(policy, request.rules, request.substitutions, request.today, request.quiet)


def sorted_out(arguments: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """(certificates, export): a folder that holds certificates stands for all of them; the rest is the export."""
    files: list[Path] = []
    export: list[Path] = []
    for path in arguments:
        inside = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else []
        if inside or path.name.endswith(ENDING):
            files += inside or [path]
        else:
            export.append(path)
    if not files or not export:
        missing = "certificate" if not files else "export"
        raise UsageError(
            f"There is no {missing} among the paths.", hint=f"Name files *{ENDING} or their folder, then the export."
        )
    return tuple(files), tuple(export)


def _told(files: Sequence[Path], progress: Progress) -> Iterator[Path]:
    for number, file in enumerate(files):
        progress("checking certificates", number, len(files))
        yield file


def _checked(file: Path, ground: Ground, today: date) -> tuple[str, str | None]:
    """What a certificate claims, in words, with the day if it is another one, and why it does not prove that."""
    from auditor.certificates.check import fault
    from auditor.certificates.form import MOST_BYTES, BadForm, opened

    try:
        if file.stat().st_size > MOST_BYTES:
            return "", f"it is larger than {MOST_BYTES // 2**20} MiB"
        certificate = opened(file.read_bytes())
    except BadForm as error:
        return "", str(error)
    except OSError as error:
        return "", f"it cannot be read: {error.strerror}"
    day = certificate.basis.as_of
    return _claimed(certificate.claim) + ("" if day == today else f" on {day}"), fault(certificate, ground)


def _claimed(claim: Claim) -> str:
    entry, leg = claim.entry, claim.leg
    trunks = ", ".join(trunk.name for trunk in leg.trunks) or "no trunk exported"
    return f'{entry.kind} "{entry.name}", {leg.direction}, line {leg.line}, gate {leg.gate} ({trunks}): {claim.mode}'


def ground_of(organisation: Organisation, prepared: Prepared, rests: Sources) -> Ground:
    """What the certificates of an organisation are made on and checked against."""

    from auditor.audit import find_questions, inputs_of
    from auditor.certificates.form import Basis, sum_of
    from auditor.certificates.ground import Ground, breakable
    from auditor.graph.program import Program
    from auditor.loading.digests import digest_of, rule_files
    from auditor.policy.assumptions import assumption_values
    from auditor.policy.renaming import common_prefix

    program = Program(organisation)
    policy, options = prepared.policy, prepared.options
    questions = find_questions(program, policy, options.vocabulary)
    prefix = common_prefix([file.path for file in organisation.inputs])
    basis = Basis(
        tool=__version__,
        as_of=rests.as_of,
        inputs=sum_of((file.path.removeprefix(prefix), file.sha256) for file in organisation.inputs),
        rules=tuple(sorted(rule.code for rule in breakable(prepared.rules))),
        rule_files=sum_of((name, digest_of(path)) for name, path in rule_files(rests.rules)),
        policy=digest_of(rests.policy) if rests.policy else None,
        substitutions=digest_of(rests.substitutions) if rests.substitutions else None,
        assumptions=dict(assumption_values(options.assumptions, policy)),
    )
    return Ground(program, inputs_of(questions, policy, options), prepared.rules, policy, options.jurisdictions, basis)


def _file_name(claim: Claim) -> str:
    """A name that says what is proved, the same in every run; letters, digits and dashes alone."""
    import msgspec

    entry, leg = claim.entry, claim.leg
    words = f"{entry.kind} {entry.name} {leg.direction} line {leg.line} gate {leg.gate}".casefold()
    readable = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:_LONGEST]
    digest = hashlib.sha256(msgspec.json.encode((entry, leg))).hexdigest()
    return f"{readable}-{digest[:12]}{ENDING}"
