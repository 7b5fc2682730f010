"""Bot calls that ask for consent to recording: the bot itself is mostly not in the export, so names speak."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from auditor.analysis.consent import PlaceKey, PointKind
from auditor.analysis.points_input import NO_ANSWER, ask_point
from auditor.analysis.points_outcomes import with_action_outcomes
from auditor.analysis.points_question import Classified, Subject, by_names, clear_name, point, question
from auditor.analysis.points_scene import FlowScene, Recognised, Scene
from auditor.analysis.points_values import by_values, objecting, objection
from auditor.analysis.words import NameReading
from auditor.model.directory import Found
from auditor.model.operations import AskBot, CallBot, Reference
from auditor.model.sites import ActionSite


def bot_point(scene: Scene, flow: FlowScene, site: ActionSite, operation: CallBot) -> Recognised:
    """A bot call, by the words before it, the names of the bot, the action and its slots, and those of intents."""
    if _asks_inside(scene, flow, operation):
        return None
    place = flow.place(site)
    words = scene.words(operation.audio, flow.flow)
    asked = question(scene, words, scene.queued(flow, site))
    if asked.subject is Subject.OTHER and not words.silent:
        return None
    named = _named(scene, site, operation)
    reasons = asked.reading.reasons
    if asked.subject is not Subject.RECORDING:
        if named is None:
            return place
        reasons = (named.reason,)
        opt_out = objection(named)
    else:
        opt_out = asked.reading.inverted
    if opt_out is None:
        return place
    classified = _answers(scene, flow, site, operation, opt_out=opt_out)
    found = point(
        place,
        PointKind.BOT,
        site.action.name,
        classified,
        question=asked.shown,
        reasons=(*reasons, *classified.reasons.values()),
    )
    return place if found is None else with_action_outcomes(found, site.action, classified.reasons)


def _asks_inside(scene: Scene, flow: FlowScene, operation: CallBot) -> bool:
    """Whether the bot is a flow of this export whose own questions decide: one is a point, or its words are known."""
    target = operation.bot
    if not isinstance(target, Reference) or target.kind != "bot":
        return False
    found = scene.directory.bot(target, flow.flow.division)
    if not isinstance(found, Found):
        return False
    inner = scene.flows[found.object]
    return any(_decides(scene, inner, site) for site in inner.sites)


def _decides(scene: Scene, flow: FlowScene, site: ActionSite) -> bool:
    operation = site.action.operation
    if not isinstance(operation, AskBot):
        return False
    return flow.place(site) in scene.declared or not isinstance(ask_point(scene, flow, site, operation), PlaceKey)


def _named(scene: Scene, site: ActionSite, operation: CallBot) -> NameReading | None:
    bot = operation.bot.name if isinstance(operation.bot, Reference) else None
    slots = [n for b in operation.bindings for n in (b.output, b.variable)]
    clear = clear_name(scene, (n for n in (bot, site.action.name, *slots) if n))
    if clear is not None:
        return clear
    # An intent speaks for itself: "DeclineRecording" does not make the question one about objecting.
    for intent in _intents(site):
        reading = scene.name(intent)
        if reading.about_recording and (reading.about_consent or reading.answer is not None):
            return replace(reading, opt_out=False, answer=None)
    return None


def _intents(site: ActionSite) -> Iterator[str]:
    return (o.key for o in site.action.outputs if o.key not in NO_ANSWER)


def _answers(scene: Scene, flow: FlowScene, site: ActionSite, operation: CallBot, *, opt_out: bool) -> Classified:
    """By intents; else by the variable that receives the intent; else by a slot or output that is tested."""
    by_intent = by_names(scene, _intents(site), inverted=opt_out)
    if by_intent.told:
        return by_intent.guess(opt_out=opt_out)
    if operation.intent is not None:
        tested = by_names(scene, flow.comparisons.of(operation.intent), inverted=opt_out)
        if tested.told and not site.action.outputs:
            return tested.guess(opt_out=opt_out)
    bindings = sorted(operation.bindings, key=lambda b: clear_name(scene, (b.output, b.variable)) is None)
    for binding in bindings:
        own = objecting(scene, (binding.output, binding.variable), asked=opt_out)
        values = by_values(scene, flow, binding.variable, opt_out=own) if own is not None else Classified()
        if values.told:
            return values
    return Classified()
