"""`auditor draw`: a small picture of what shows a finding, or of where the calls of one entry go."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.cli.around import Around
from auditor.cli.output import check_target, write_whole
from auditor.cli.views import Loaded, ViewRequest, completeness, load_for
from auditor.errors import UsageError
from auditor.findings import Finding
from auditor.report.text import safe
from auditor.views.picture import Picture


def draw(request: ViewRequest, entry: str | None, finding: str | None, trunk: str | None, around: Around) -> int:
    """Write the picture of an entry (by number or name) or of a finding (by fingerprint)."""
    from auditor.report.picture_texts import FORMATS

    if (entry is None) == (finding is None):
        raise UsageError("Give either --entry or --finding.", hint="A picture shows one entry, or one finding.")
    if request.output is not None:
        check_target(request.output)
    loaded = load_for(request, around, include_orphans=True)
    picture = _of_finding(loaded, finding) if finding is not None else _of_entry(loaded, entry or "", trunk, around)
    text = FORMATS[request.format](picture)
    if request.output is None:
        around.emit(text)
    else:
        write_whole(request.output, text)
        around.say(f"auditor: written to {request.output}")
    return completeness(loaded.organisation, around, nothing=False)


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
