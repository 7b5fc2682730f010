"""Audio that a caller hears: words in the export, recorded prompts, or what an expression chooses."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.expressions import Expr


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that are in the export: text to speech. language: "de-de", or None for the flow's default."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PromptRef:
    """A recorded prompt. system: one of Genesys' own (`PromptSystem.x`)."""

    name: str
    system: bool = False
    id: str | None = None


@dataclass(frozen=True, slots=True)
class DynamicAudio:
    """Audio chosen by an expression whose words are not known."""

    expression: Expr


AudioPart = Spoken | PromptRef | DynamicAudio
Audio = tuple[AudioPart, ...]
