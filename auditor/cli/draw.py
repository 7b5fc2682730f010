"""`auditor draw`: what shows a finding, where the calls of one entry go, or the whole organisation."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.cli.around import Around
from auditor.cli.output import check_target, write_whole
from auditor.cli.views import Loaded, ViewRequest, completeness, load_for
from auditor.errors import UsageError
from auditor.findings import Finding
from auditor.report.text import safe
from auditor.views.picture import Picture

UNFOLDED = ("graphml",)
"""Forms for programs that can handle a node for each user and phone."""
CROWDED = 400


class Motif(Struct, frozen=True):
    """What is to be drawn: one of these. trunk: over which calls of the entry come."""

    entry: str | None = None
    finding: str | None = None
    whole: bool = False
    trunk: str | None = None


def draw(request: ViewRequest, motif: Motif, around: Around) -> int:
    """Write the picture of an entry (by number or name), of a finding (by fingerprint), or of everything."""
    from auditor.report.picture_texts import FORMATS

    if [motif.entry is not None, motif.finding is not None, motif.whole].count(True) != 1:
        raise UsageError(
            "Give one of --entry, --finding and --whole.", hint="A picture shows an entry, a finding, or everything."
        )
    if motif.trunk is not None and motif.entry is None:
        raise UsageError("--trunk belongs to --entry.", hint="It says over which trunk the calls of the entry come.")
    if request.output is not None:
        check_target(request.output)
    loaded = load_for(request, around, include_orphans=not motif.whole)
    picture = _picture(loaded, motif, request, around)
    if len(picture.nodes) > CROWDED and request.format not in UNFOLDED:
        around.say(f"auditor: {len(picture.nodes)} nodes are much for a picture; --format graphml suits yEd and Gephi")
    text = FORMATS[request.format](picture)
    if request.output is None:
        around.emit(text)
    else:
        write_whole(request.output, text)
        around.say(f"auditor: written to {request.output}")
    return completeness(loaded.organisation, around, nothing=False)


def _picture(loaded: Loaded, motif: Motif, request: ViewRequest, around: Around) -> Picture:
    if motif.finding is not None:
        return _of_finding(loaded, motif.finding)
    if motif.entry is not None:
        return _of_entry(loaded, motif.entry, motif.trunk, around)
    return _of_everything(loaded, everybody=request.format in UNFOLDED)


def _of_everything(loaded: Loaded, *, everybody: bool) -> Picture:
    from auditor.audit import judge
    from auditor.views.organisation_picture import organisation_picture

    prepared = loaded.prepared
    found = judge(loaded.program, loaded.questions, prepared.rules, prepared.policy, prepared.options)
    return organisation_picture(found, everybody=everybody)


def _of_entry(loaded: Loaded, entry: str, trunk: str | None, around: Around) -> Picture:
    from auditor.audit import judge
    from auditor.views.entry_picture import entry_picture
    from auditor.views.finding import case_over, ways_named

    prepared = loaded.prepared
    found = judge(loaded.program, loaded.questions, prepared.rules, prepared.policy, prepared.options)
    analysis = found.analysis
    ways = ways_named(analysis, entry)
    for way in ways[1:]:
        name = f"{analysis.ways[way].kind.value}:{analysis.ways[way].name}"
        around.say(f'auditor: "{safe(entry)}" is also {safe(name)}, which is not drawn; name it so')
    wrong = {f.subject for f in found.findings if f.rule.startswith("RC")}
    return entry_picture(analysis, case_over(analysis, ways[0], trunk), wrong)


def _of_finding(loaded: Loaded, fingerprint: str) -> Picture:
    from auditor.audit import judge
    from auditor.views.picture import finding_picture

    prepared = loaded.prepared
    found = judge(loaded.program, loaded.questions, prepared.rules, prepared.policy, prepared.options)
    picture = finding_picture(_named(found.findings, fingerprint))
    if picture is None:
        raise UsageError(f"No call shows the finding {fingerprint}: there is nothing to draw.")
    return picture


def _named(findings: Sequence[Finding], text: str) -> Finding:
    """The finding with that fingerprint; a beginning is enough where it fits only one."""
    wanted = text.strip().casefold()
    wanted = wanted if wanted.startswith("v1:") else f"v1:{wanted}"
    same = [finding for finding in findings if finding.fingerprint.startswith(wanted)]
    if len({finding.fingerprint for finding in same}) != 1:
        number = "no finding" if not same else f"{len(same)} findings"
        raise UsageError(
            f'There is {number} with the fingerprint "{text}".', hint="`auditor audit --format json` lists them."
        )
    return same[0]
