"""Audio that a caller hears: words in the export, recorded prompts, or what an expression chooses."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.expressions import Expr


class Spoken(Struct, frozen=True, gc=False):
    """Words that are in the export: text to speech. language: "de-de", or None for the flow's default."""

    text: str
    language: str | None = None


class PromptRef(Struct, frozen=True, gc=False):
    """A recorded prompt. system: one of Genesys' own (`PromptSystem.x`)."""

    name: str
    system: bool = False
    id: str | None = None


class DynamicAudio(Struct, frozen=True, gc=False):
    """Audio chosen by an expression whose words are not known."""

    expression: Expr


AudioPart = Spoken | PromptRef | DynamicAudio
Audio = tuple[AudioPart, ...]
