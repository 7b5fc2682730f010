"""Places as SARIF describes them: URIs, regions, and the objects of Genesys Cloud as logical locations."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from auditor.findings import Step, Subject
from auditor.model.location import Location
from auditor.model.problems import InputFile
from auditor.report.json_text import JsonObject
from auditor.report.text import safe

ROOT = "%SRCROOT%"
MOST_STEPS = 1000


class Places:
    """Writes places down; files of the audit are referred to by their number in the list of artifacts."""

    def __init__(self, inputs: Sequence[InputFile]) -> None:
        self._inputs = inputs
        self._index = {file.path: index for index, file in enumerate(inputs)}

    @property
    def artifacts(self) -> list[JsonObject]:
        """Every file that was looked at, with its hash."""
        return [
            {
                "location": _uri(file.path),
                **({"hashes": {"sha-256": file.sha256}} if file.sha256 else {}),
                "properties": {"kind": safe(file.kind), "status": safe(file.status), "objects": file.objects},
            }
            for file in self._inputs
        ]

    def location(self, location: Location, subject: Subject | None = None) -> JsonObject:
        """A place in a file, the first line when it has no lines, and the object found there."""
        found: JsonObject = {}
        if location.file:
            index = self._index.get(location.file)
            artifact = {**_uri(location.file), **({} if index is None else {"index": index})}
            found["physicalLocation"] = {"artifactLocation": artifact, "region": {"startLine": location.line or 1}}
        if subject is not None:
            found["logicalLocations"] = [logical(subject)]
        return found

    def code_flow(self, witness: Sequence[Step]) -> JsonObject:
        """A run as one thread flow. A step without a place of its own stands where the call was last seen."""
        locations: list[JsonObject] = []
        last = next((step.location for step in witness if step.location.file), None)
        for number, step in _numbered(witness):
            last = step.location if step.location.file or last is None else last
            place = {**self.location(last, step.subject), "message": message(step.text)}
            locations.append(
                {
                    "location": place,
                    "executionOrder": number,
                    "importance": "essential" if number in (1, len(witness)) else "important",
                    "state": _state(step),
                }
            )
        return {"threadFlows": [{"locations": locations}]}


def message(text: str) -> JsonObject:
    """A message in which nothing from an export becomes a link (SARIF 2.1.0, section 3.11.6)."""
    shown = safe(text)
    if "](" in shown:
        for sign in ("\\", "[", "]"):
            shown = shown.replace(sign, "\\" + sign)
    return {"text": shown}


def logical(subject: Subject) -> JsonObject:
    """An object of Genesys Cloud: `flow/task/action`, or `kind/name`."""
    inside = (subject.flow, subject.container) if subject.kind in ("action", "menu", "flow") else (subject.kind,)
    parts = [part for part in (*inside, subject.name) if part]
    return {
        "name": safe(subject.name),
        "fullyQualifiedName": safe("/".join(dict.fromkeys(parts))),
        "kind": safe(subject.kind),
    }


def _numbered(witness: Sequence[Step]) -> list[tuple[int, Step]]:
    """The steps with their numbers; of a run that is too long, its first and last ones."""
    steps = list(enumerate(witness, 1))
    half = MOST_STEPS // 2
    return steps if len(steps) <= MOST_STEPS else [*steps[:half], *steps[-half:]]


def _state(step: Step) -> JsonObject:
    state = step.state
    words = {
        "consent": safe(state.consent),
        "noticed": "yes" if state.noticed else "no",
        "recording": "enabled" if state.enabled else "not enabled",
        "place": safe(state.place),
    }
    return {name: {"text": word} for name, word in words.items() if word}


def _uri(path: str) -> JsonObject:
    """A relative reference below the root of the checkout, or an absolute file URI."""
    text = quote(path.encode("utf-8", "surrogatepass"), safe="/")
    return {"uri": f"file://{text}"} if path.startswith("/") else {"uri": text, "uriBaseId": ROOT}
