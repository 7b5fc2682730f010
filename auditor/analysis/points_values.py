"""What the values that a flow tests a variable for say about consent."""

from __future__ import annotations

from auditor.analysis.consent import Answer
from auditor.analysis.points_question import Classified
from auditor.analysis.points_scene import FlowScene, Scene

_YES = frozenset({"true", "1", "y", "t"})
_NO = frozenset({"false", "0", "n", "f"})
_OPPOSITE = {Answer.GRANTED: Answer.REFUSED, Answer.REFUSED: Answer.GRANTED}


def value_answer(scene: Scene, value: str, *, opt_out: bool) -> Answer | None:
    """What a value means. opt_out: it is the value of an objection, so that plain yes refuses.

    A value that names consent or objection itself ("opt-in", "declined") means the same wherever it stands.
    """
    word = value.strip().casefold()
    if word in _YES or word in _NO:
        plain = Answer.GRANTED if word in _YES else Answer.REFUSED
        return _OPPOSITE[plain] if opt_out else plain
    reading = scene.name(value)
    if reading.opt_out:
        return Answer.REFUSED
    if reading.answer is None or not opt_out or reading.about_consent:
        return reading.answer
    return _OPPOSITE[reading.answer]


def by_values(scene: Scene, flow: FlowScene, variable: str, *, opt_out: bool) -> Classified:
    """The values a variable is compared with, as terms "Variable=value"."""
    found = Classified()
    for value in flow.comparisons.of(variable):
        answer = value_answer(scene, value, opt_out=opt_out)
        sense = "agrees" if answer is Answer.GRANTED else "refuses"
        found.add(f"{variable}={value}", answer, f"{variable} is tested, and {value} {sense}")
    return found
