"""Questions whose answer is entered or spoken at once: collect input, and the questions of bot flows."""

from __future__ import annotations

from auditor.analysis.consent import Answer, PointKind
from auditor.analysis.points_outcomes import with_action_outcomes, with_input_outcomes
from auditor.analysis.points_question import Classified, Subject, by_names, by_words, clear_name, point, question
from auditor.analysis.points_scene import FlowScene, Recognised, Scene
from auditor.analysis.points_values import by_values, objection
from auditor.model.operations import AskBot, CollectInput
from auditor.model.sites import ActionSite

NO_ANSWER = frozenset(
    {"failure", "maxNoInputs", "maxNoMatches", "noIntent", "noInput", "knowledge", "timeout", "error", "default"}
)
"""Outputs of questions and bots that are no answer, or say nothing about which."""


def input_point(scene: Scene, flow: FlowScene, site: ActionSite, operation: CollectInput) -> Recognised:
    """Collect input: only words can tell which keys grant."""
    words = scene.words(operation.audio, flow.flow)
    names = (site.action.name, *([operation.variable] if operation.variable else ()))
    asked = question(scene, words, scene.queued(flow, site), names=names)
    place = flow.place(site)
    if asked.subject is Subject.OTHER:
        return None
    classified = by_words(asked.reading)
    reasons = asked.reading.reasons
    longest = max(map(len, classified.reasons), default=0)
    if operation.max_digits is not None and longest > operation.max_digits:  # "*5" where one key is taken
        return place
    if asked.subject is Subject.UNKNOWN:
        named = clear_name(scene, (*names, *words.names))
        if named is None:
            return place
        reasons = (named.reason, *reasons)
    found = point(place, PointKind.COLLECT_INPUT, site.action.name, classified, question=asked.shown, reasons=reasons)
    return place if found is None else with_input_outcomes(found, classified.reasons)


def ask_point(scene: Scene, flow: FlowScene, site: ActionSite, operation: AskBot) -> Recognised:
    """A question of a bot flow: by its yes and no, its intents, or the values its slot is compared with."""
    words = scene.words(operation.audio, flow.flow)
    names = tuple(n for n in (site.action.name, operation.slot, operation.variable) if n)
    asked = question(scene, words, scene.queued(flow, site), names=names)
    place = flow.place(site)
    if asked.subject is Subject.OTHER:
        return None
    reasons = asked.reading.reasons
    named = clear_name(scene, (*names, *words.names))
    if asked.subject is Subject.UNKNOWN:
        if named is None:
            return place
        reasons = (named.reason, *reasons)
    objecting = objection(named) if asked.subject is Subject.UNKNOWN else asked.reading.inverted
    if objecting is None:
        return place
    classified = _ask_answers(scene, flow, site, operation, objecting)
    found = point(place, PointKind.ASK, site.action.name, classified, question=asked.shown, reasons=reasons)
    return place if found is None else with_action_outcomes(found, site.action, classified.reasons)


def _ask_answers(scene: Scene, flow: FlowScene, site: ActionSite, operation: AskBot, objecting: bool) -> Classified:
    """objecting: the question asks whether the caller objects, so that yes refuses."""
    outputs = [o.key for o in site.action.outputs if o.key not in NO_ANSWER]
    if {"yes", "no"} <= set(outputs):
        found = Classified()
        yes, no = ("yes", "no") if not objecting else ("no", "yes")
        found.add(yes, Answer.GRANTED, f'the answer "{yes}" agrees')
        found.add(no, Answer.REFUSED, f'the answer "{no}" refuses')
        return found
    if outputs:
        return by_names(scene, outputs, inverted=objecting).guess(opt_out=objecting)
    if operation.variable is None:
        return Classified()
    return by_values(scene, flow, operation.variable, opt_out=objecting)
