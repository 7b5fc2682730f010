"""What consent points are recognised from: the words that callers hear, names, and what stands before a question."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from msgspec import Struct, field

from auditor.analysis.consent import ConsentPoint, PlaceKey
from auditor.analysis.points_comparisons import Comparisons
from auditor.analysis.words import NameReading, Reading, read_name, read_question
from auditor.graph.points import FlowCode
from auditor.graph.program import Program
from auditor.model.directory import Found
from auditor.model.flows import Action, Container, Flow, Menu, Task
from auditor.model.operations import (
    Assign,
    Audio,
    AudioPart,
    CopyAudio,
    DynamicAudio,
    GetParticipantData,
    Operation,
    Pass,
    Play,
    PromptRef,
    Reference,
    SetLanguage,
    SetParticipantData,
    Spoken,
)
from auditor.model.sites import ActionSite
from auditor.model.vocabulary import Vocabulary

Text = tuple[str | None, str]
"""Language (None: the flow's, which is not known) and words."""

Recognised = ConsentPoint | PlaceKey | None
"""A point, a candidate for structure (its words are not known), or nothing about recording."""

_SILENT = (Pass, Assign, SetParticipantData, GetParticipantData, SetLanguage, CopyAudio)


class Words(Struct, frozen=True):
    """What is heard, part by part, each in its languages. unknown: how many parts have no words in the export.

    names: what those among them are called that are prompts of the organisation.
    """

    parts: tuple[tuple[Text, ...], ...] = ()
    unknown: int = 0
    names: tuple[str, ...] = ()

    def then(self, later: Words) -> Words:
        """These words, followed by others."""
        return Words(self.parts + later.parts, self.unknown + later.unknown, self.names + later.names)

    @property
    def silent(self) -> bool:
        """Whether nothing at all is heard."""
        return not self.parts and not self.unknown

    @property
    def texts(self) -> tuple[Text, ...]:
        """The whole text in each language that occurs; words without a language belong to all."""
        if len(self.parts) == 1 and len(self.parts[0]) == 1:
            return self.parts[0] if self.parts[0][0][1] else ()
        languages = dict.fromkeys(language for part in self.parts for language, _ in part if language is not None)
        spoken: list[str | None] = list(languages) or [None]
        return tuple((language, text) for language in spoken if (text := self._in(language)))

    def _in(self, language: str | None) -> str:
        spoken = (dict(part).get(language) or dict(part).get(None) for part in self.parts)
        return " ".join(text for text in spoken if text)

    @property
    def templated(self) -> bool:
        """Whether templates stand in the text that nothing has filled in."""
        return any(mark in text for part in self.parts for _, text in part for mark in ("{{", "${"))

    def shown(self) -> str:
        """The question as a report quotes it: in its first language, or the names of its prompts."""
        if self.texts:
            return self.texts[0][1]
        return ", ".join(f"prompt {name}" for name in self.names)


NO_WORDS = Words()


class Heard(Struct, frozen=True):
    """Which words and names say nothing of recording under one vocabulary. They are known by their sums alone.

    texts: what little the words say; names: those that say nothing at all.
    """

    texts: dict[str, Reading] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def _sum(text: object) -> str:
    return hashlib.sha256(repr(text).encode("utf-8", "surrogatepass")).hexdigest()


class HeardBefore(Protocol):
    """Which words and names were found to say nothing in earlier audits."""

    def recall(self, vocabulary: Vocabulary) -> Heard:
        """What is known under a vocabulary."""

    def keep(self, vocabulary: Vocabulary, heard: Heard) -> None:
        """Has what was heard in this audit kept."""


class FlowScene:
    """A flow with its sites, and what stands before each action in its block."""

    def __init__(self, index: int, code: FlowCode) -> None:
        """sites: every action, numbered as everywhere."""
        self.index, self.flow, self.sites = index, code.flow, code.sites
        self._standing: dict[int, dict[int, tuple[tuple[Action, ...], int]]] = {}

    @cached_property
    def comparisons(self) -> Comparisons:
        """What the flow compares its variables with."""
        return Comparisons(self.sites)

    @cached_property
    def types(self) -> dict[str, str]:
        """The type of each variable of the flow and of its tasks, by casefolded name; the first declaration counts."""
        return {v.name.casefold(): v.type for v in reversed(self.flow.declared)}

    @property
    def menus(self) -> Iterator[Menu]:
        """The menus of the flow."""
        return (c for c in self.flow.containers if isinstance(c, Menu))

    def acting(self, *kinds: type[Operation]) -> list[ActionSite]:
        """The actions with operations of these kinds, in their order."""
        return [site for site in self.sites if type(site.action.operation) in kinds]

    def place(self, site: ActionSite) -> PlaceKey:
        """The key of an action."""
        return PlaceKey(self.index, site.container.id, site.number)

    def before(self, site: ActionSite) -> Iterator[Action]:
        """The earlier actions of the same block, nearest first."""
        found = self._standing.get(id(site.container))
        if found is None:
            found = self._standing[id(site.container)] = _standing(site.container)
        block, place = found.get(id(site.action), ((), 0))
        for at in range(place - 1, -1, -1):
            yield block[at]

    def opens(self, site: ActionSite) -> bool:
        """Whether an action stands in the block that follows the greeting."""
        container = site.container
        if container.id != self.flow.start or not isinstance(container, Task):
            return False
        return any(action is site.action for action in container.block)

    @property
    def opening(self) -> Container | None:
        """The menu or task that follows the greeting of the flow."""
        return next((c for c in self.flow.containers if c.id == self.flow.start), None)


def _standing(container: Container) -> dict[int, tuple[tuple[Action, ...], int]]:
    """The block of each action of a container, and its place there."""
    found: dict[int, tuple[tuple[Action, ...], int]] = {}
    todo = [container.block] if isinstance(container, Task) else []
    while todo:
        block = todo.pop()
        for place, action in enumerate(block):
            found[id(action)] = (block, place)
            for output in action.outputs:
                if output.block:
                    todo.append(output.block)
    return found


class Scene:
    """A program as recognition sees it. Readings are kept: the same prompts and names occur everywhere.

    declared: the places that the policy file declares.
    """

    def __init__(self, program: Program, vocabulary: Vocabulary, before: Heard | None = None) -> None:
        """before: what is known already of words and names; None: nothing, nor will it be asked."""
        self.vocabulary, self.directory = vocabulary, program.directory
        self.declared: frozenset[PlaceKey] = frozenset()
        self.flows = tuple(FlowScene(index, code) for index, code in enumerate(program.codes))
        self._readings: dict[tuple[tuple[Text, ...], bool], Reading] = {}
        self._names: dict[str, NameReading] = {}
        self._before = before

    def read(self, words: Words, *, named: bool = False) -> Reading:
        """What the words say. named: see read_question."""
        key = (words.texts, named)
        found = self._readings.get(key)
        if found is None:
            found = self._before.texts.get(_sum(key)) if self._before is not None else None
            found = self._readings[key] = found or read_question(words.texts, self.vocabulary, named=named)
        return found

    def name(self, name: str) -> NameReading:
        """What a name says."""
        found = self._names.get(name)
        if found is None:
            known = self._before is not None and _sum(name) in self._before.names
            found = self._names[name] = NameReading() if known else read_name(name, self.vocabulary)
        return found

    @property
    def heard(self) -> Heard:
        """Which of the words and names that were looked at say nothing."""
        texts = {_sum(t): each for t, each in self._readings.items() if not (each.about_recording or each.announcement)}
        nothing = NameReading()
        return Heard(texts, frozenset(_sum(name) for name, each in self._names.items() if each == nothing))

    def words(self, audio: Audio, flow: Flow) -> Words:
        """The words of some audio of a flow."""
        if len(audio) == 1:
            return self._part(audio[0], flow)
        words = NO_WORDS
        for part in audio:
            words = words.then(self._part(part, flow))
        return words

    def _part(self, part: AudioPart, flow: Flow) -> Words:
        match part:
            case Spoken(text=text, language=language):
                return Words((((language or flow.default_language, text),),))
            case PromptRef(name=name, system=False):
                found = self.directory.prompt(Reference("prompt", part.id, name))
                texts = found.object.texts if isinstance(found, Found) else ()
                spoken = tuple((language, text) for language, text in texts if text.strip())
                return Words((spoken,)) if spoken else Words((), 1, (name,))
            case PromptRef() | DynamicAudio():
                return Words((), 1)

    def queued(self, scene: FlowScene, site: ActionSite) -> Words:
        """The words that are played directly before an action in its block, without a flush in between."""
        words = NO_WORDS
        for earlier in scene.before(site):
            match earlier.operation:
                case Play(audio=audio, flushes=False):
                    words = self.words(audio, scene.flow).then(words)
                case Play() | Pass(flushes=True):
                    return words
                case operation if not isinstance(operation, _SILENT) or earlier.outputs:
                    return words
        return self.greeting(scene).then(words) if scene.opens(site) else words

    def greeting(self, scene: FlowScene) -> Words:
        """The words with which a flow greets its callers."""
        return self.words(scene.flow.greeting, scene.flow)
