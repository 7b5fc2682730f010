"""An audit as a run to keep: one row a call, a finding, an object. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from auditor.findings import Audit, EntryVerdict, Finding, Step, Subject
from auditor.history.records import Call, Found, Header, Judged, Read, Run
from auditor.history.snapshot import things_of
from auditor.model.organisation import Organisation
from auditor.model.problems import InputFile


class Circumstances(Struct, frozen=True):
    """Under which an audit ran. at: any zone; rules, policy: hashes of their files, "" for no policy file."""

    series: str
    at: datetime
    tool: str
    rules: str
    policy: str
    exit_code: int


def recorded(audit: Audit, organisation: Organisation, around: Circumstances) -> Run:
    """The run as it is kept; its number is given by the database."""
    header = Header(
        number=0,
        series=around.series,
        at=around.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        tool=around.tool,
        rules=around.rules,
        policy=around.policy,
        export=_export(audit.inputs),
        exit_code=around.exit_code,
        incomplete=audit.incomplete,
    )
    inputs = tuple(Read(file.path, file.sha256, file.kind, file.status) for file in audit.inputs)
    judged = tuple(row for verdict in audit.verdicts for row in _judged(verdict))
    found = tuple(_found(finding) for finding in audit.findings)
    return Run(header, inputs, judged, found, things_of(organisation))


def _export(inputs: tuple[InputFile, ...]) -> str:
    """One hash of all files: of their contents, wherever they lie."""
    return hashlib.sha256("\n".join(sorted(file.sha256 for file in inputs)).encode()).hexdigest()


def _judged(verdict: EntryVerdict) -> Iterator[Judged]:
    """Legs with equal settings are judged once; here each trunk base has its own row, so that it can be followed."""
    leg = verdict.leg
    for trunk in leg.trunks or ("",):
        call = Call(verdict.entry.kind, verdict.entry.name, leg.direction, trunk)
        yield Judged(
            call, leg.line, leg.gate, verdict.mode, verdict.verdict.value, verdict.effect.value, verdict.findings
        )


def _found(finding: Finding) -> Found:
    return Found(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        name=finding.name,
        severity=finding.severity.word,
        confidence=finding.confidence.value,
        latent=finding.latent,
        subject=_words(finding.subject),
        file=finding.location.file,
        line=finding.location.line,
        message=finding.message,
        waived=finding.waived is not None,
        baselined=finding.baselined,
        touches=tuple(sorted({*_touched(finding.subject), *_on_the_way(finding.witness)})),
    )


def _on_the_way(witness: tuple[Step, ...]) -> Iterator[str]:
    for step in witness:
        yield from _touched(step.subject)


def _touched(subject: Subject) -> Iterator[str]:
    yield f"flow:{subject.flow}" if subject.flow else f"{subject.kind}:{subject.name}"


def _words(subject: Subject) -> str:
    within = f' in flow "{subject.flow}"' if subject.flow and subject.kind != "flow" else ""
    return f'{subject.kind} "{subject.name}"{within}'
