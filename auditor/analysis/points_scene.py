"""What consent points are recognised from: the words that callers hear, names, and what stands before a question."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

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


class _Standing(Struct, frozen=True):
    block: tuple[Action, ...]
    index: int


class FlowScene:
    """A flow with its sites, and what stands before each action in its block."""

    def __init__(self, index: int, code: FlowCode) -> None:
        """sites: every action, numbered as everywhere."""
        self.index, self.flow, self.sites = index, code.flow, code.sites

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

    def place(self, site: ActionSite) -> PlaceKey:
        """The key of an action."""
        return PlaceKey(self.index, site.container.id, site.number)

    def before(self, action: Action) -> Iterator[Action]:
        """The earlier actions of the same block, nearest first."""
        standing = self._standing.get(id(action))
        if standing is not None:
            yield from reversed(standing.block[: standing.index])

    @property
    def opening(self) -> Container | None:
        """The menu or task that follows the greeting of the flow."""
        return next((c for c in self.flow.containers if c.id == self.flow.start), None)

    def opens(self, action: Action) -> bool:
        """Whether an action stands in the block that follows the greeting."""
        standing, opening = self._standing.get(id(action)), self.opening
        return standing is not None and isinstance(opening, Task) and standing.block is opening.block

    @cached_property
    def _standing(self) -> dict[int, _Standing]:
        found: dict[int, _Standing] = {}
        todo = [c.block for c in self.flow.containers if isinstance(c, Task)]
        while todo:
            block = todo.pop()
            for index, action in enumerate(block):
                found[id(action)] = _Standing(block, index)
                todo.extend(output.block for output in action.outputs)
        return found


class Scene:
    """A program as recognition sees it. Readings are kept: the same prompts and names occur everywhere.

    declared: the places that the policy file declares.
    """

    def __init__(self, program: Program, vocabulary: Vocabulary) -> None:
        self.vocabulary, self.directory = vocabulary, program.directory
        self.declared: frozenset[PlaceKey] = frozenset()
        self.flows = tuple(FlowScene(index, code) for index, code in enumerate(program.codes))
        self._readings: dict[tuple[tuple[Text, ...], bool], Reading] = {}
        self._names: dict[str, NameReading] = {}

    def read(self, words: Words, *, named: bool = False) -> Reading:
        """What the words say. named: see read_question."""
        key = (words.texts, named)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = read_question(words.texts, self.vocabulary, named=named)
        return found

    def name(self, name: str) -> NameReading:
        """What a name says."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = read_name(name, self.vocabulary)
        return found

    def words(self, audio: Audio, flow: Flow) -> Words:
        """The words of some audio of a flow."""
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

    def queued(self, scene: FlowScene, action: Action) -> Words:
        """The words that are played directly before an action in its block, without a flush in between."""
        words = NO_WORDS
        for earlier in scene.before(action):
            match earlier.operation:
                case Play(audio=audio, flushes=False):
                    words = self.words(audio, scene.flow).then(words)
                case Play() | Pass(flushes=True):
                    return words
                case operation if not isinstance(operation, _SILENT) or earlier.outputs:
                    return words
        return self.greeting(scene).then(words) if scene.opens(action) else words

    def greeting(self, scene: FlowScene) -> Words:
        """The words with which a flow greets its callers."""
        return self.words(scene.flow.greeting, scene.flow)
