"""Archy YAML flows (reference of formats, section 1)."""

from __future__ import annotations

from auditor.errors import DocumentError
from auditor.loading.archy_blocks import Blocks
from auditor.loading.archy_containers import START_UP, Containers
from auditor.loading.archy_outline import outline_of
from auditor.loading.archy_references import References
from auditor.loading.archy_strays import note_strays
from auditor.loading.archy_values import as_map, as_text, name_of, to_audio, to_setting, to_target
from auditor.loading.archy_variables import variables_of
from auditor.loading.flow_types import flow_type, id_in_name, is_flow_type, name_in_path, version_in_name
from auditor.loading.notes import Notes
from auditor.loading.pointers import escaped
from auditor.loading.yaml_reader import YamlDocument, YamlList, YamlMap, YamlValue
from auditor.model.flows import VOICE_TYPES, ErrorHandling, Flow, Handling
from auditor.model.location import Location
from auditor.model.problems import Problem

_HANDLING = {
    "disconnect": Handling.DISCONNECT,
    "queue": Handling.QUEUE,
    "transferToQueue": Handling.QUEUE,
    "menu": Handling.MENU,
    "jumpToMenu": Handling.MENU,
    "task": Handling.TASK,
    "jumpToTask": Handling.TASK,
    "state": Handling.STATE,
    "changeState": Handling.STATE,
    **dict.fromkeys(
        ("exit", "continue", "endFlow", "endInQueueState", "endWorkflow", "abortSend", "completeSend"), Handling.END
    ),
}


def archy_root(tree: YamlMap) -> str | None:
    """The root key that makes the document a flow, such as `inboundCall`; None: it is something else."""
    for key, body in tree.items():
        if is_flow_type(key) and isinstance(body, YamlMap):
            return key
    return None


def flow_from_archy(tree: YamlMap, path: str) -> tuple[Flow, tuple[Problem, ...]]:
    """The flow of a document that archy_root knows, and what of it is not understood (if it is voice)."""
    root = archy_root(tree)
    if root is None:
        raise DocumentError("The YAML text is no flow.", tree.line, "A flow begins with its type, `inboundCall:`.")
    body, pointer = as_map(tree[root]), f"/{escaped(root)}"
    name = as_text(body.get("name")) or name_in_path(path)
    notes = Notes(name)
    for key in tree:
        if key != root and is_flow_type(key):
            what = f'a second flow "{key}" stands in the same file and is left out'
            notes.unreadable(what, Location(path, tree.line_of(key), f"/{escaped(key)}"))
    references = References(notes)
    reader = Containers(body, pointer, flow_type(root), path, references)
    outline = outline_of(body)
    blocks = Blocks(path, notes, references, outline.naming)
    containers = reader.read(blocks)
    if flow_type(root) in VOICE_TYPES:
        note_strays(body, pointer, path, outline, blocks.read, notes)
    speech = as_map(body.get("settingsSpeechRec"))
    language = (as_text(body.get("defaultLanguage")) or "").lower() or None
    flow = Flow(
        id=id_in_name(path),
        name=name,
        division=as_text(body.get("division")),
        type=flow_type(root),
        type_name=root,
        location=Location(path, tree.line_of(root), pointer),
        start=_start(body, pointer, path, references),
        containers=containers,
        suppress_recording=to_setting(
            speech.get("suppressRecording"),
            Location(path, speech.line_of("suppressRecording"), f"{pointer}/settingsSpeechRec/suppressRecording"),
        ),
        version=version_in_name(path),
        default_language=language,
        languages=_languages(body.get("supportedLanguages")) or ((language,) if language else ()),
        company_directory=as_text(speech.get("asrCompanyDir")),
        greeting=to_audio(body.get("initialGreeting")),
        variables=variables_of(body.get("variables")),
        error_handling=_error_handling(body, pointer, path, references),
        templates=tree.templates if isinstance(tree, YamlDocument) else (),
    )
    several = sum(map(is_flow_type, tree)) > 1
    return flow, notes.problems() if flow.type in VOICE_TYPES or several else ()


def _start(body: YamlMap, pointer: str, path: str, references: References) -> str | None:
    if "startUpTaskActions" in body:
        return START_UP
    location = Location(path, body.line_of("startUpRef"), f"{pointer}/startUpRef")
    return references.resolve("start", as_text(body.get("startUpRef")) or "", location)


def _languages(value: YamlValue | None) -> tuple[str, ...]:
    if isinstance(value, YamlList):
        return tuple(name.lower() for item in value if (name := name_of(item)))
    return tuple(key.lower() for key in as_map(value))


def _error_handling(body: YamlMap, pointer: str, path: str, references: References) -> ErrorHandling | None:
    settings = as_map(body.get("settingsErrorHandling"))
    location = Location(path, body.line_of("settingsErrorHandling"), f"{pointer}/settingsErrorHandling")
    for key, value in as_map(settings.get("errorHandling")).items():
        kind, inner = _HANDLING.get(key, Handling.UNKNOWN), as_map(value)
        container = None
        if kind in (Handling.MENU, Handling.TASK, Handling.STATE):
            reference = as_text(inner.get(f"target{kind.value.capitalize()}Ref")) or ""
            container = references.resolve(kind.value, reference, location)
        queue = to_target("queue", inner.get("targetQueue")) if kind is Handling.QUEUE else None
        return ErrorHandling(kind, location, queue, container, to_audio(settings.get("preHandlingAudio")))
    return None
