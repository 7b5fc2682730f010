"""Names of flow types: YAML root keys and platform API types to FlowType, and what file names tell about a flow."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from auditor.model.flows import FlowType

_VOICE = {
    **{type.value: type for type in FlowType if type is not FlowType.OTHER},
    "botflow": FlowType.BOT,
    "voiceflow": FlowType.VOICE,
}
_OTHER = frozenset(
    {
        "digitalbot",
        "digitalbotflow",
        "emailsend",
        "inboundchat",
        "inboundemail",
        "inboundmessage",
        "inboundshortmessage",
        "inqueueemail",
        "inqueueshortmessage",
        "speech",
        "surveyinvite",
        "workflow",
        "workitem",
    }
)
_GUID_AT_END = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_VERSION_AT_END = re.compile(r"_v(\d+)-(\d+)$")
_IN_PATH = re.compile(
    rf"(?:^|/)flows/({_GUID.pattern})/"
    r"(?:latestconfiguration|versions/(\d{1,9})(?:[.-](\d{1,9}))?/configuration)(?:\.json)?$",
    re.IGNORECASE,
)
_VERSION_IN_KEY = re.compile(r"(\d{1,9})(?:[-_.](\d{1,9}))?")


def flow_type(name: str) -> FlowType:
    """The type of a root key or API type, without regard to case; OTHER for flows that are not voice."""
    return _VOICE.get(name.lower(), FlowType.OTHER)


def is_flow_type(name: str) -> bool:
    """Whether this is the name of any flow type, voice or not."""
    return name.lower() in _VOICE or name.lower() in _OTHER


def is_guid(text: object) -> bool:
    """Whether the value is an id as the platform makes them."""
    return isinstance(text, str) and _GUID.fullmatch(text) is not None


def id_in_name(path: str) -> str | None:
    """The flow id at the end of a file name, as CX as Code writes it (`Main-INBOUNDCALL-<guid>.yaml`).

    Or the one in a path like that of the platform API (`flows/<guid>/latestconfiguration`).
    """
    if match := _GUID_AT_END.search(_stem(path)):
        return match.group().lower()
    match = _IN_PATH.search(path)
    return match.group(1).lower() if match else None


def version_in_name(path: str) -> str | None:
    """The version at the end of a file name, as Architect writes it (`Main_v57-0.yaml` is 57.0).

    Or the one in a path like that of the platform API (`flows/<guid>/versions/57.0/configuration`).
    """
    if match := _VERSION_AT_END.search(_stem(path)):
        return f"{match.group(1)}.{match.group(2)}"
    match = _IN_PATH.search(path)
    return f"{match.group(2)}.{match.group(3) or 0}" if match and match.group(2) else None


def version_in_key(word: str) -> str | None:
    """The version in a key of what is called, `3_0` or `3`; None for words such as latestPublished."""
    found = _VERSION_IN_KEY.fullmatch(word)
    return f"{found.group(1)}.{found.group(2) or 0}" if found else None


def name_in_path(path: str) -> str:
    """A name for a flow whose export has none."""
    return _stem(path)


def _stem(path: str) -> str:
    return PurePosixPath(path).stem
