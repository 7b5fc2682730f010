"""Menus that ask for consent to recording."""

from __future__ import annotations

from auditor.analysis.consent import Answer, ConsentPoint, PlaceKey, PointKind
from auditor.analysis.points_outcomes import with_menu_outcomes
from auditor.analysis.points_question import Classified, Subject, by_words, clear_name, meant, point, question
from auditor.analysis.points_scene import NO_WORDS, FlowScene, Recognised, Scene
from auditor.model.flows import Choice, Menu
from auditor.model.operations import Jump, Menus


def menu_place(scene: FlowScene, menu: Menu) -> PlaceKey:
    """The key of a menu."""
    return PlaceKey(scene.index, menu.id, None)


def menu_point(scene: Scene, flow: FlowScene, menu: Menu) -> Recognised:
    """A menu by its words; where they are not known, by its name and those of its choices."""
    words = scene.words(menu.audio, flow.flow)
    before = scene.greeting(flow) if menu is flow.opening else NO_WORDS
    asked = question(scene, words, before, names=(menu.name,))
    place = menu_place(flow, menu)
    if asked.subject is Subject.OTHER:
        return None
    classified = classify(scene, menu, by_words(asked.reading), inverted=asked.reading.inverted)
    reasons = asked.reading.reasons
    if asked.subject is Subject.UNKNOWN:
        named = clear_name(scene, (menu.name, *words.names))
        if named is None:
            return place
        reasons = (named.reason, *classified.reasons.values())
    found = point(place, PointKind.MENU, menu.name, classified, question=asked.shown, reasons=reasons)
    return place if found is None else with_menu_outcomes(found, menu, flow.flow, classified.reasons)


def classify(scene: Scene, menu: Menu, keys: Classified, *, inverted: bool) -> Classified:
    """What each choice means: by the keys that the question names, else by its own name and spoken terms."""
    found = Classified()
    for choice in menu.choices:
        term = choice_term(menu, choice)
        if choice.digit in keys.granting:
            found.add(term, Answer.GRANTED, keys.granting[choice.digit])
        elif choice.digit in keys.refusing:
            found.add(term, Answer.REFUSED, keys.refusing[choice.digit])
        elif choice.digit in keys.ignored or repeats(choice):
            found.ignored.append(choice.id)
        else:
            _by_name(scene, choice, term, found, inverted)
    return found


def repeats(choice: Choice) -> bool:
    """Whether a choice only plays the menu again."""
    operation = choice.action.operation
    return isinstance(operation, Jump) and operation.menu is Menus.REPEAT


def choice_term(menu: Menu, choice: Choice) -> str:
    """How the policy file calls a choice: its digit, else its name where no other choice has it."""
    if choice.digit:
        return choice.digit
    alike = [c for c in menu.choices if c.name.casefold() == choice.name.casefold()]
    return choice.name if choice.name and len(alike) == 1 else choice.id


def _by_name(scene: Scene, choice: Choice, term: str, found: Classified, inverted: bool) -> None:
    for name in (choice.name, *(spoken for _, spoken in choice.speech)):
        reading = scene.name(name)
        if reading.repeats:
            found.ignored.append(choice.id)
            return
        answer = meant(reading, inverted=inverted)
        if answer is not None:
            found.add(term, answer, reading.reason)
            return


def declared_menu(scene: Scene, flow: FlowScene, menu: Menu, declared: ConsentPoint) -> ConsentPoint:
    """A menu that the policy file declares: with its question, and the choices that only repeat it."""
    words = scene.words(menu.audio, flow.flow)
    keys = by_words(scene.read(words))
    terms = {t.casefold() for t in declared.granting or declared.refusing or ()}
    ignored = tuple(
        c.id
        for c in menu.choices
        if (repeats(c) or (c.digit in keys.ignored and c.digit not in keys.reasons))
        and not terms & {c.id.casefold(), c.name.casefold(), c.digit or ""}
    )
    found = ConsentPoint(
        menu_place(flow, menu),
        PointKind.MENU,
        menu.name,
        declared.confidence,
        declared.granting,
        declared.refusing,
        words.shown(),
        declared.reason,
        ignored=ignored,
    )
    return with_menu_outcomes(found, menu, flow.flow, dict.fromkeys(terms, declared.reason))
