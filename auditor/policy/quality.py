"""Findings about the quality of consent (RQ3xx), about actions and questions as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from auditor.analysis.analysis import Analysis
from auditor.analysis.consent import PointKind
from auditor.analysis.effects import DUTIES
from auditor.analysis.idle import keeps
from auditor.analysis.observations import ObjectKey
from auditor.analysis.state import Kind
from auditor.graph.points import Point
from auditor.graph.references import reachable
from auditor.model.directory import Found
from auditor.model.operations import AskBot, Audio, CollectInput, DynamicAudio, PromptRef, Spoken
from auditor.model.routing import ObjectRef
from auditor.policy.summaries import NO_RUN, Shown, Summaries, listed


class Quality:
    """RQ301 to RQ304."""

    def __init__(self, analysis: Analysis, summaries: Summaries) -> None:
        self.analysis, self.summaries = analysis, summaries
        self._explored: dict[tuple[int, str], tuple[dict[int, set[int]], set[int]]] = {}
        self._done: dict[int, frozenset[tuple[str, int]]] = {}

    def run(self) -> None:
        """Judges every consent point that is passed, and every enable action."""
        self._follow()
        for point in self.summaries.asked():
            self._continuation("RQ301", point, "service", "refused_reaches_service")
            self._continuation("RQ302", point, "evidence", "evidence_kept")
            self._silent(point)
        self._unnamed()

    def _continuation(self, code: str, point: int, duty: str, fact: str) -> None:
        """No continuation after this answer does its duty: reach a service, or store the answer."""
        if self.does(point, duty) is not False or not self.summaries.holds(code, {fact: False}):
            return
        asked = self.answers(point, duty)
        certain = not self.summaries.tainted({c for c, _ in asked.runs}) and asked.solid_anywhere
        self.summaries.report(code, ObjectKey("point", point), listed(asked), certain)

    def answers(self, point: int, duty: str) -> Shown:
        """The runs that leave a point with the answer on which the duty rests."""
        return self.summaries.shown.get((Kind.ASKED, point, DUTIES[duty].value), Shown())

    def does(self, point: int, duty: str) -> bool | None:
        """Whether some continuation after the answer does its duty; None when nobody answers so."""
        ways = {self.analysis.cases[c].way for c, _ in self.answers(point, duty).runs}
        if not ways:
            return None
        return self._somewhere(ways, point, duty) or any(self._did(way, point, duty) for way in sorted(ways))

    def _somewhere(self, ways: Iterable[int], point: int, duty: str) -> bool:
        """Whether it is seen at once that a run of one of these entries does the duty before the next question."""
        if duty == "evidence":
            first = min((way for way in ways if self._possible(way, duty)), default=None)
            return first is not None and self.analysis.stores(first, point)
        return any((duty, point) in self._at_once(way) for way in ways)

    def _follow(self) -> None:
        """Has entries explored in which duties are followed, for each question one at a time: mostly one is enough."""
        todo: dict[tuple[int, str], list[int]] = {}
        for point in self.summaries.asked():
            for duty in ("service", "evidence"):
                ways = {self.analysis.cases[c].way for c, _ in self.answers(point, duty).runs}
                todo[point, duty] = sorted((w for w in ways if self._possible(w, duty)), reverse=True)
        self.analysis.look_for_stored(
            (ways[-1], point) for (point, duty), ways in todo.items() if duty == "evidence" and ways
        )
        todo = {(point, duty): ways for (point, duty), ways in todo.items() if not self._somewhere(ways, point, duty)}
        while todo:
            todo = {key: ways for key, ways in todo.items() if ways}
            self.analysis.follow(sorted({(ways[-1], duty) for (_, duty), ways in todo.items()}))
            todo = {(p, duty): ways for (p, duty), ways in todo.items() if not self._did(ways.pop(), p, duty)}

    def _did(self, way: int, point: int, duty: str) -> bool:
        """Whether a run of an entry does the duty of a point, or of one that inherited it."""
        if not self._possible(way, duty):
            return False
        heirs, done = self._duties(way, duty)
        return not done.isdisjoint(reachable(heirs, point))

    def _possible(self, way: int, duty: str) -> bool:
        """Whether runs of an entry come to anything that does such a duty."""
        if duty == "evidence":
            return any(keeps(self.analysis.program.points[point]) for point in self.analysis.points_of(way))
        return any(done == duty for done, _ in self._at_once(way))

    def _at_once(self, way: int) -> frozenset[tuple[str, int]]:
        """The duties that runs of an entry do before the next question, with the point that left them."""
        found = self._done.get(way)
        if found is None:
            first = self.analysis.shown(way, self.analysis.plain).first
            found = frozenset((seen.extra, seen.subject) for seen in first if seen.kind is Kind.DONE)
            self._done[way] = found
        return found

    def _duties(self, way: int, duty: str) -> tuple[dict[int, set[int]], set[int]]:
        """Points whose duty goes over to later ones, and points whose duty is done; explored once for each entry."""
        found = self._explored.get((way, duty))
        if found is None:
            heirs: dict[int, set[int]] = {}
            done: set[int] = set()
            for seen in self.analysis.with_duty(way, duty).first:
                if seen.kind is Kind.INHERITED and seen.extra.startswith(f"{duty} "):
                    heirs.setdefault(seen.subject, set()).add(int(seen.extra.split()[1]))
                elif seen.kind is Kind.DONE and seen.extra == duty:
                    done.add(seen.subject)
            found = self._explored[way, duty] = (heirs, done)
        return found

    def _unnamed(self) -> None:
        """RQ303: the name is blank, or another enable action of the flow has it too."""
        for point in self.summaries.enables:
            if not self.named(point) and self.summaries.holds("RQ303", {"named": False}):
                runs = self.summaries.shown.get((Kind.ENABLED, point.id, ""), Shown())
                self.summaries.report("RQ303", ObjectKey("point", point.id), listed(runs) or [NO_RUN], True)

    def named(self, point: Point) -> bool:
        """Whether an enable action has a name, and alone in its flow."""
        return bool(_name(point)) and self._names[point.flow, _name(point)] == 1

    @cached_property
    def _names(self) -> Counter[tuple[int, str]]:
        return Counter((p.flow, _name(p)) for p in self.summaries.enables)

    def _silent(self, index: int) -> None:
        """RQ304: the question has no audio in a language of the flow."""
        if self.silent(index) and self.summaries.holds("RQ304", {"silent_language": True}):
            runs = listed(self.summaries.any_answer(index))
            self.summaries.report("RQ304", ObjectKey("point", index), runs or [NO_RUN], True)

    def silent(self, index: int) -> bool | None:
        """Whether the question lacks audio in a language of its flow; None for a point that asks nothing itself."""
        point = self.analysis.program.points[index]
        if self.analysis.facts.points[index].kind in (PointKind.STORED, PointKind.BOT):
            return None
        flow = self.analysis.organisation.flows[point.flow]
        languages = flow.languages or ((flow.default_language,) if flow.default_language else ())
        audio = _audio(point)
        return not audio or any(not any(_speaks(part, x) for part in self._parts(audio)) for x in languages)

    def _parts(self, audio: Audio) -> Iterator[tuple[str, ...] | None]:
        """The languages each part of audio is spoken in; None: not known, so not silent."""
        for part in audio:
            match part:
                case Spoken(language=language):
                    yield (language,) if language is not None else ()
                case DynamicAudio() | PromptRef(system=True):
                    yield None
                case PromptRef(name=name, id=id):
                    found = self.analysis.program.directory.prompt(ObjectRef(id, name))
                    yield tuple(x for x, _ in found.object.texts) if isinstance(found, Found) else None


def _speaks(languages: tuple[str, ...] | None, wanted: str) -> bool:
    """An empty tuple is text without a language: it is spoken in every language."""
    if languages is None or not languages:
        return True
    return wanted.casefold() in (x.casefold() for x in languages)


def _audio(point: Point) -> Audio:
    if point.menu is not None:
        return point.menu.audio
    operation = point.site.action.operation if point.site is not None else None
    return operation.audio if isinstance(operation, CollectInput | AskBot) else ()


def _name(point: Point) -> str:
    return point.site.action.name.strip() if point.site is not None else ""
