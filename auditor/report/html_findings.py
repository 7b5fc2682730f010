"""Findings as the HTML report shows them: words, places, steps, the picture, and by what they can be filtered."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from auditor.findings import Audit, EntryName, Finding, Step, StepState
from auditor.model.location import Location
from auditor.report.clicks import clicks
from auditor.report.drawing import drawn
from auditor.report.svg import svg
from auditor.report.text import place
from auditor.report.words import UNASKED, common_folder, entry_words, full_message, remediation_steps, subject_words
from auditor.views.picture import finding_picture

MOST_PICTURES = 300
"""The worst findings are drawn; a report of thousands stays small enough to be opened."""


class StepView(Struct, frozen=True):
    """A row of the path. changed: which parts of the state are other than before."""

    number: int
    text: str
    state: StepState
    changed: frozenset[str]
    where: str


class FindingView(Struct, frozen=True):
    """One finding. anchor: its id in the page; entries, flows: indexes into the choices of the filters."""

    number: int
    anchor: str
    finding: Finding
    subject: str
    message: str
    where: str
    marks: tuple[str, ...]
    clicks: tuple[str, ...]
    todo: tuple[str, ...]
    steps: tuple[StepView, ...]
    twin: str
    picture: Markup | None
    entry_names: tuple[str, ...]
    entries: str
    flows: str


class Choices(Struct):
    """What a filter can be set to: each word has a number, so that no name from an export stands in an attribute."""

    words: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """The number of a word, a new one for a new word."""
        return self.words.setdefault(word, len(self.words))

    def numbers(self, words: Sequence[str]) -> str:
        """The numbers of several words, with a space between them."""
        return " ".join(str(number) for number in sorted({self.number(word) for word in words}))


class Filters(Struct, frozen=True):
    """The choices of the filters."""

    entries: Choices = field(default_factory=Choices)
    flows: Choices = field(default_factory=Choices)


def finding_views(audit: Audit, filters: Filters) -> list[FindingView]:
    """Every finding, in the order of the audit."""
    for verdict in audit.verdicts:
        filters.entries.number(entry_words(EntryName(verdict.entry.kind, verdict.entry.name)))
    anchors = anchors_of(audit)
    folder = common_folder(audit)
    pairs = zip(audit.findings, anchors, strict=True)
    return [_view(number, finding, anchor, filters, folder) for number, (finding, anchor) in enumerate(pairs, 1)]


def anchors_of(audit: Audit) -> list[str]:
    """An id for each finding: its fingerprint, and a number where two objects share it."""
    seen: dict[str, int] = {}
    anchors = []
    for finding in audit.findings:
        name = "f-" + finding.fingerprint.removeprefix("v1:")
        turn = seen[name] = seen.get(name, 0) + 1
        anchors.append(name if turn == 1 else f"{name}-{turn}")
    return anchors


def _view(number: int, finding: Finding, anchor: str, filters: Filters, folder: str) -> FindingView:
    names = tuple(entry_words(entry) for entry in finding.entries)
    steps = (*finding.witness, *(finding.twin.steps if finding.twin is not None else ()))
    flows = [flow for flow in (finding.subject.flow, *(step.subject.flow for step in steps)) if flow]
    return FindingView(
        number=number,
        anchor=anchor,
        finding=finding,
        subject=subject_words(finding.subject),
        message=full_message(finding),
        where=below(finding.location, folder),
        marks=_marks(finding),
        clicks=clicks(finding.subject),
        todo=tuple(remediation_steps(finding.remediation)),
        steps=tuple(_steps(finding.witness, folder)),
        twin=_twin(finding),
        picture=_picture(finding, anchor) if number <= MOST_PICTURES else None,
        entry_names=names,
        entries=filters.entries.numbers(names),
        flows=filters.flows.numbers(flows),
    )


def _marks(finding: Finding) -> tuple[str, ...]:
    marks = {
        "possible": finding.possible,
        "latent": finding.latent,
        "waived": finding.waived is not None,
        "baselined": finding.baselined,
    }
    return tuple(word for word, holds in marks.items() if holds)


def below(location: Location, folder: str) -> str:
    """A place, named from the folder in which all files lie."""
    return place(replace(location, file=location.file.removeprefix(folder)))


def _steps(witness: Sequence[Step], folder: str) -> list[StepView]:
    rows: list[StepView] = []
    before = UNASKED
    for number, step in enumerate(witness, 1):
        parts = ("consent", "noticed", "enabled", "place")
        changed = frozenset(part for part in parts if getattr(before, part) != getattr(step.state, part))
        rows.append(StepView(number, step.text, step.state, changed, below(step.location, folder)))
        before = step.state
    return rows


def _twin(finding: Finding) -> str:
    twin = finding.twin
    if twin is None or twin.parting >= len(finding.witness):
        return ""
    at = finding.witness[twin.parting].subject.name
    return (
        f'The nearest call that is fine goes the same way up to step {twin.parting + 1} ("{at}"). There it parts: '
        f"{twin.instead or 'it goes on'}, instead of: {twin.taken or 'it goes on'}."
    )


def _picture(finding: Finding, anchor: str) -> Markup | None:
    picture = finding_picture(finding)
    if picture is None:
        return None
    return Markup(svg(drawn(picture), f"{anchor}-"))  # nosec B704 # an XML library wrote it and escaped every text
