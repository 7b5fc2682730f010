"""One file -> what it gives, and the line it gets in the list of inputs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct, field

from auditor.errors import DocumentError
from auditor.loading.detect import Form, archy_json, detect_bytes, detect_text, may_be_empty, terraform_json
from auditor.loading.files import Found, decode, read
from auditor.loading.harvest import Harvest
from auditor.loading.json_reader import bounded, read_json
from auditor.loading.limits import MOST_TOLD, too_many
from auditor.loading.manifest import is_manifest, read_manifest
from auditor.loading.objects import Objects
from auditor.loading.unread import flattened, looks_like_export, packed, stray_flow, unrecognised
from auditor.model.location import Location
from auditor.model.problems import InputFile, Problem

_FOREIGN = "no Genesys Cloud export"
_SEEN = "looked at, holds no objects"
_FULL_LINE = re.compile("[^\n]++")
_BLANK = re.compile(r"\s*+")
_WITHIN = re.compile(r'\\"(?:entities|selfUri|flowSequenceItemList)\\"')
_FLOW_IN_LIST = re.compile(
    r"^- *(?:inbound|outbound|inqueue|secure|common|bot|voice)\w*:", re.MULTILINE | re.IGNORECASE
)
NOTHING: Mapping[str, str] = {}


class Reading(Struct):
    """A file being read. kind: what it turned out to be; reason: why it is not understood.

    substitutions: texts for the templates of Archy flows.
    """

    found: Found
    harvest: Harvest
    substitutions: Mapping[str, str]
    kind: str = "unknown"
    reason: str = ""
    sha256: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.found.name

    @property
    def place(self) -> Location:
        return Location(self.name)

    @property
    def listed(self) -> InputFile:
        """The line of the file in the list of inputs, once its harvest is complete."""
        return _listed(self)


def read_file(found: Found, substitutions: Mapping[str, str] = NOTHING) -> Reading:
    """Reads one file; whatever is wrong with it becomes a problem of its harvest."""
    file = Reading(found, Harvest(), substitutions)
    if found.skipped:
        file.kind, file.reason = "not a file to read", found.skipped
    else:
        try:
            if found.error:
                raise DocumentError(found.error, None, "Check the path and its permissions.")
            _read(file)
        except DocumentError as error:
            _refuse(file, error)
        except RecursionError:
            _refuse(file, DocumentError("The file is nested too deeply.", None, "No export looks like this."))
    file.harvest.problems.extend(file.problems)
    return file


def _refuse(file: Reading, error: DocumentError) -> None:
    file.reason = error.message
    place = Location(file.name, error.line)
    file.problems.append(Problem("RX906", f"{file.name}: {error.message}", place, error.hint, f"file:{file.name}"))


def _listed(file: Reading) -> InputFile:
    count = file.harvest.count
    whole = not file.problems and not file.harvest.unknown and not file.reason
    if count or file.harvest.known_without_objects:
        partly = not whole or any(p.code == "RX906" for p in file.harvest.problems)
        reason = file.reason or (_left_out(file.harvest) if partly else "" if count else _SEEN)
        return InputFile(file.name, file.sha256, file.kind, "partly" if partly else "understood", count, reason)
    wrong = next((p.message for p in file.harvest.problems if p.code == "RX906"), _FOREIGN)
    return InputFile(file.name, file.sha256, file.kind, "not", 0, file.reason or wrong)


def _left_out(harvest: Harvest) -> str:
    if harvest.unknown:
        first = harvest.unknown[0].pointer or "the whole document"
        return f"{len(harvest.unknown)} objects of unknown kind, the first at {first}"
    return "some parts could not be read, see the problems"


def _read(file: Reading) -> None:
    content = read(file.found)
    file.sha256 = content.sha256
    form = detect_bytes(content.data, file.name)
    if form is Form.EMPTY:
        file.kind = form.value
        if may_be_empty(file.name):
            file.reason = _FOREIGN
            return
        raise DocumentError("The file is empty.", None, "Export it again, or remove it.")
    if form is Form.ENCODED:
        _encoded(file, content.data)
    elif form is Form.BINARY:
        file.kind, file.reason = form.value, _FOREIGN
        if (error := packed(file.name)) is not None:
            raise error
    else:
        _text(file, content.data)


def _text(file: Reading, data: bytes) -> None:
    try:
        text = decode(data)
    except DocumentError:
        if detect_text(data.decode("utf-8", "replace"), file.name) in (Form.TEXT, Form.TERRAFORM):
            file.kind, file.reason = Form.TEXT.value, f"{_FOREIGN}, and not UTF-8"
            return
        raise
    form = detect_text(text, file.name)
    file.kind = form.value
    match form:
        case Form.JSON:
            _json(file, text)
        case Form.JSON_LINES:
            _json_lines(file, text)
        case Form.ARCHY | Form.YAML:
            _yaml(file, text)
        case Form.TERRAFORM:
            from auditor.loading.terraform_documents import from_hcl

            file.harvest.terraform = from_hcl(text, file.name)
        case _:
            file.reason = _FOREIGN


def _encoded(file: Reading, data: bytes) -> None:
    from auditor.loading.i3 import decode_i3

    file.kind = Form.ENCODED.value
    text = decode_i3(data)
    if text is None:
        raise DocumentError(
            "The file is named like a flow export (.i3...) and does not begin like one.",
            1,
            "The file was cut off or changed; export the flow again.",
        )
    document = read_json(text)
    _collect(file, document, Location(file.name, 1))


def _json(file: Reading, text: str) -> None:
    try:
        document = read_json(text)
    except DocumentError as error:
        if _starts_lines(text):
            _json_lines(file, text)
            return
        if PurePosixPath(file.name).suffix.lower() in (".yaml", ".yml"):
            _yaml(file, text)
            return
        if not _one_after_another(file, text):
            raise error
        return
    if terraform_json(document, file.name):
        _terraform(file, document)
    elif is_manifest(document):
        _manifest(file, document)
    elif archy_json(document):
        file.kind = "Archy JSON flow"
        _archy(file, text)
    else:
        _objects(file, document, text)


def _objects(file: Reading, document: object, text: str) -> None:
    from auditor.loading.rewritten import in_snake_case, relocated, renamed

    snake_case = in_snake_case(text)
    if snake_case:
        shown = renamed(document)
        _collect(file, shown.document, Location(file.name))
        relocated(file.harvest, shown.back)
    else:
        _collect(file, document, Location(file.name))
    if (cut := flattened(text)) is not None:
        _refuse(file, cut)
    flows_only = file.harvest.flows and not file.harvest.objects
    file.kind = "flow configuration JSON" if flows_only else "platform API JSON"
    if snake_case:
        file.kind = "platform API JSON of an SDK"
    elif file.harvest.count and _WITHIN.search(text):
        file.kind = "recorded answers of the platform API"
    if not (file.harvest.count or file.harvest.known_without_objects) and looks_like_export(text):
        raise unrecognised()


def _terraform(file: Reading, document: object) -> None:
    from auditor.loading.terraform_json import from_json

    file.kind = "Terraform JSON"
    if isinstance(document, dict):
        file.harvest.terraform = from_json(document, file.name)
        file.kind = file.harvest.terraform.origin.in_json


def _manifest(file: Reading, document: object) -> None:
    file.kind = "collection manifest"
    if isinstance(document, dict):
        file.harvest.manifest = read_manifest(document, file.place)


def _starts_lines(text: str) -> bool:
    """Whether the first line is an object by itself, and others follow."""
    first, _, rest = text.lstrip("\ufeff \t\r\n").partition("\n")
    try:
        return bool(rest.strip()) and isinstance(read_json(first), dict)
    except DocumentError:
        return False


def _json_lines(file: Reading, text: str) -> None:
    file.kind = Form.JSON_LINES.value
    bounded(text)
    for number, line in _lines(text):
        if not line.strip("\ufeff \t\r"):
            continue
        try:
            document = read_json(line.lstrip("\ufeff"))
        except DocumentError as error:
            _refuse(file, DocumentError(error.message, number, error.hint))
            if len(file.problems) > MOST_TOLD:
                raise too_many("lines that are no JSON") from error
            continue
        _collect(file, document, Location(file.name, number))


def _one_after_another(file: Reading, text: str) -> bool:
    """Reads JSON documents that stand one after the other, as tools append them to a file; False: they are none."""
    parts, position, scan = [], 0, json.JSONDecoder().raw_decode
    text = text.lstrip("\ufeff")
    try:
        while (begin := _BLANK.match(text, position).end()) < len(text):  # type: ignore[union-attr]  # it always matches
            _, position = scan(text, begin)
            parts.append((begin, position))
    except (ValueError, RecursionError):
        return False
    if any(text[begin] not in "{[" for begin, _ in parts):
        return False
    file.kind, line, counted = "JSON documents", 1, 0
    for begin, end in parts:
        line, counted = line + text.count("\n", counted, begin), begin
        _collect(file, read_json(text[begin:end]), Location(file.name, line))
    return True


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers, one by one: a list of all could be larger than any text."""
    number, position = 1, 0
    for match in _FULL_LINE.finditer(text):
        number += text.count("\n", position, match.start())
        position = match.end()
        yield number, match.group()


def _collect(file: Reading, document: object, at: Location) -> None:
    Objects(file.harvest, PurePosixPath(file.name).stem).collect(document, at)
    if file.harvest.documents:
        _configurations(file)


def _configurations(file: Reading) -> None:
    from auditor.loading.configuration import flow_from_configuration

    for found in file.harvest.documents:
        flow, problems = flow_from_configuration(
            dict(found.document), file.name, pointer=found.location.pointer, flow_id=found.flow_id
        )
        file.harvest.flows.append(flow)
        file.harvest.problems.extend(problems)
    file.harvest.documents.clear()


def _yaml(file: Reading, text: str) -> None:
    from auditor.loading.archy import archy_root
    from auditor.loading.rewritten import collect_yaml, is_list, listing_in_yaml
    from auditor.loading.yaml_reader import read_yaml

    if file.kind == Form.ARCHY.value:
        _archy(file, text)
        return
    file.kind = Form.YAML.value
    if listing_in_yaml(text):
        file.kind = "platform API YAML"
        _take(file.harvest, collect_yaml(text, file.name, PurePosixPath(file.name).stem))
        if not (file.harvest.count or file.harvest.known_without_objects):
            raise unrecognised()
        return
    if is_list(text) and not _FLOW_IN_LIST.search(text):
        file.reason = f"a list in YAML: {_FOREIGN}"
        return
    tree = read_yaml(text)
    if archy_root(tree) is not None:
        file.kind = Form.ARCHY.value
        _archy(file, text)
        return
    if "flowSequenceItemList" in tree:
        raise unrecognised()
    if (key := stray_flow(tree)) is not None:
        message = f'An Archy flow stands below the key "{key}", where none is read.'
        raise DocumentError(message, tree.line_of(key), "Put each flow into a file of its own.")
    file.reason = f"YAML without an Archy flow: {_FOREIGN}"


def _take(harvest: Harvest, found: Harvest) -> None:
    for kind, things in found.objects.items():
        harvest.objects[kind] += things
    harvest.pages += found.pages
    harvest.problems += found.problems
    harvest.unknown += found.unknown
    harvest.divisions.update(found.divisions)
    harvest.default_site = found.default_site


def _archy(file: Reading, text: str) -> None:
    from auditor.loading.archy import flow_from_archy
    from auditor.loading.yaml_reader import read_yaml

    flow, problems = flow_from_archy(read_yaml(text, file.substitutions), file.name)
    file.harvest.flows.append(flow)
    file.harvest.problems.extend(problems)
