"""Flow configuration JSON of the platform API, also what `.i3*` exports hold (reference of formats, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.errors import DocumentError
from auditor.loading.archy_strays import about_recording
from auditor.loading.configuration_containers import Containers
from auditor.loading.configuration_values import as_list, as_map, as_text, to_audio, to_expr, to_setting, to_target
from auditor.loading.configuration_variables import variables_of
from auditor.loading.flow_types import flow_type, id_in_name, is_guid, name_in_path, version_in_name
from auditor.loading.notes import Notes
from auditor.loading.values import instant
from auditor.model.expressions import Literal
from auditor.model.flows import VOICE_TYPES, ErrorHandling, Flow, FlowType, Handling
from auditor.model.location import Location
from auditor.model.problems import Problem
from auditor.model.versions import version_parts

_BODY = "flowSequenceItemList"
_WRAPPED = ("configuration", "latestConfiguration", "latestconfiguration", "publishedConfiguration")
_PARTS = (
    ("inQueueCallFlowSettings", FlowType.IN_QUEUE_CALL),
    ("outboundCallSettings", FlowType.OUTBOUND_CALL),
    ("botFlowSettings", FlowType.BOT),
)
_HANDLING = {
    "disconnect": Handling.DISCONNECT,
    "queue": Handling.QUEUE,
    "menu": Handling.MENU,
    "task": Handling.TASK,
    "state": Handling.STATE,
    **dict.fromkeys(
        ("exit", "continue", "endflow", "endinqueuestate", "endworkflow", "abortsend", "completesend"), Handling.END
    ),
}


def is_configuration(document: object) -> bool:
    """Whether the document is a flow configuration, bare or wrapped in the flow object of the API."""
    return isinstance(document, dict) and _unwrap(document) is not None


def flow_from_configuration(
    document: dict[str, Any], path: str, pointer: str = "", flow_id: str | None = None
) -> tuple[Flow, tuple[Problem, ...]]:
    """The flow of a configuration, and what of it is not understood (if it is voice).

    pointer: where the document stands in its file; flow_id: the id, when something around it tells.
    """
    found = _unwrap(document)
    if found is None:
        raise DocumentError("This is no flow configuration.", None, "A configuration has a flowSequenceItemList.")
    configuration, step = found
    at = pointer + step
    name = as_text(configuration.get("name")) or as_text(document.get("name")) or name_in_path(path)
    notes = Notes(name)
    for key in filter(about_recording, configuration):
        what = f'the key "{key}" may be about recording and is not known; it is not followed'
        notes.unreadable(what, Location(path, None, f"{at}/{key}"))
    reader = Containers(configuration, at, path, notes)
    containers = reader.read()
    type_name = as_text(configuration.get("type")) or as_text(document.get("type"))
    if type_name is None:
        type_name = _type_by_parts(configuration)
        notes.unreadable(f"its type is missing; it is read as {type_name}", Location(path, None, at))
    language = as_text(configuration.get("defaultLanguage"))
    flow = Flow(
        id=flow_id or _id(document, path),
        name=name,
        division=_division(document),
        type=flow_type(type_name),
        type_name=type_name,
        location=Location(path, None, at),
        start=_start(configuration, at, path, reader),
        containers=containers,
        suppress_recording=to_setting(
            configuration.get("suppressRecording"), Location(path, None, f"{at}/suppressRecording")
        ),
        version=_version(document, configuration) or version_in_name(path),
        published=True if as_map(document.get("publishedVersion")) else None,
        published_at=_published_at(document, configuration),
        default_language=language.lower() if language else None,
        languages=_languages(configuration),
        company_directory=_company_directory(configuration),
        greeting=to_audio(configuration.get("initialPrompts")),
        variables=variables_of(configuration.get("variables")),
        error_handling=_error_handling(configuration, at, path, reader),
    )
    return flow, notes.problems() if flow.type in VOICE_TYPES else ()


def _type_by_parts(configuration: Mapping[str, Any]) -> str:
    """The voice type that a flow without one has by the settings it holds: calls that come in are the most of them."""
    if configuration.get("isSecure") is True:
        return FlowType.SECURE_CALL.value
    found = (type for key, type in _PARTS if as_map(configuration.get(key)))
    return next(found, FlowType.INBOUND_CALL).value


def _unwrap(document: Mapping[str, Any]) -> tuple[dict[str, Any], str] | None:
    """The configuration and its pointer within the document."""
    if isinstance(document.get(_BODY), list):
        return dict(document), ""
    for key in _WRAPPED:
        inner = document.get(key)
        if isinstance(inner, dict) and isinstance(inner.get(_BODY), list):
            return inner, f"/{key}"
    return None


def _id(document: Mapping[str, Any], path: str) -> str | None:
    own = document.get("id")
    return own if isinstance(own, str) and is_guid(own) else id_in_name(path)


def _division(document: Mapping[str, Any]) -> str | None:
    division = document.get("division")
    if isinstance(division, dict):
        return as_text(division.get("name")) or as_text(division.get("id"))
    return as_text(division)


def _version(document: Mapping[str, Any], configuration: Mapping[str, Any]) -> str | None:
    for holder in (document, configuration):
        for key in ("version", "publishedVersion"):
            value = holder.get(key)
            text = as_text(value.get("id")) if isinstance(value, dict) else as_text(value)
            if text:
                return text
    return None


def _published_at(document: Mapping[str, Any], configuration: Mapping[str, Any]) -> str | None:
    """When the version of the configuration was published, if it is the published one."""
    published = as_map(document.get("publishedVersion"))
    if version_parts(as_text(published.get("id"))) != version_parts(_version(document, configuration)):
        return None
    return instant(as_text(published.get("datePublished")))


def _start(configuration: Mapping[str, Any], pointer: str, path: str, reader: Containers) -> str | None:
    location = Location(path, None, f"{pointer}/initialSequence")
    return reader.resolve("start", as_text(configuration.get("initialSequence")) or "", location)


def _languages(configuration: Mapping[str, Any]) -> tuple[str, ...]:
    listed = as_list(configuration.get("supportedLanguages")) or [
        as_map(option).get("language") for option in as_list(configuration.get("supportedLanguageOptions"))
    ]
    return tuple(text.lower() for language in listed if (text := as_text(language)))


def _company_directory(configuration: Mapping[str, Any]) -> str | None:
    """none, or entireFlow: JSON does not tell it from startUpObject for certain, and entireFlow includes it."""
    if "disableAsrCompanyDirectory" not in configuration and "disableAsr" not in configuration:
        return None
    switches = (to_expr(configuration.get(key)) for key in ("disableAsr", "disableAsrCompanyDirectory"))
    off = any(isinstance(switch, Literal) and switch.value is True for switch in switches)
    return "none" if off else "entireFlow"


def _error_handling(
    configuration: Mapping[str, Any], pointer: str, path: str, reader: Containers
) -> ErrorHandling | None:
    settings = as_map(configuration.get("errorHandling"))
    if not settings:
        return None
    location = Location(path, None, f"{pointer}/errorHandling")
    kind = _HANDLING.get((as_text(settings.get("handlingType")) or "").lower(), Handling.UNKNOWN)
    container = None
    if kind in (Handling.MENU, Handling.TASK, Handling.STATE):
        reference = as_text(settings.get(f"{kind.value}Reference")) or ""
        container = reader.resolve(kind.value, reference, location)
    queue = to_target("queue", settings.get("queue")) if kind is Handling.QUEUE else None
    return ErrorHandling(kind, location, queue, container, to_audio(settings.get("audio")))
