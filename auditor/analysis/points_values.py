"""What the values that a flow tests a variable for say about consent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.analysis.consent import Answer
from auditor.analysis.names import NameReading
from auditor.analysis.operators import TRUE_WORDS
from auditor.analysis.points_question import Classified, meant, opposite
from auditor.analysis.points_scene import FlowScene, Scene
from auditor.analysis.values import Atom, Values, atom, finite

_YES = frozenset({"true", "1", "y", "t"})
_NO = frozenset({"false", "0", "n", "f"})


def value_answer(scene: Scene, value: str, *, opt_out: bool) -> Answer | None:
    """What a value means. opt_out: it is the value of an objection, so that plain yes refuses.

    A value that names consent or objection itself ("opt-in", "declined") means the same wherever it stands.
    """
    word = value.strip().casefold()
    if word in _YES or word in _NO:
        plain = Answer.GRANTED if word in _YES else Answer.REFUSED
        return opposite(plain) if opt_out else plain
    return meant(scene.name(value), inverted=opt_out)


def objection(named: NameReading | None) -> bool | None:
    """Whether a plain yes to a lookup or question of this name refuses; None: its words do not make that clear."""
    if named is None:
        return False
    if named.opt_out:
        return None if named.answer is None else named.answer is Answer.REFUSED
    return None if named.answer is Answer.REFUSED else False


def objecting(scene: Scene, names: Iterable[str], *, asked: bool | None) -> bool | None:
    """Whether a plain yes in a value of these names refuses; None: not clear, or they contradict each other.

    A name that says so itself ("NoConsent", "Denied") counts before asked, what the lookup or question says.
    """
    readings = [reading for reading in map(scene.name, names) if reading.speaks]
    if not readings:
        return asked
    said = {reading.plain_yes for reading in readings}
    if len(said) > 1 or None in said or (asked is not False and not any(r.about_consent for r in readings)):
        return None
    return said == {Answer.REFUSED}


def by_values(scene: Scene, flow: FlowScene, variable: str, *, opt_out: bool) -> Classified:
    """The values a variable is compared with, as terms "Variable=value"."""
    found = Classified()
    kind = flow.types.get(variable.casefold(), "")
    only_two = _KINDS.get(kind) == "bool"
    cast = kind in _TEXTS and flow.comparisons.cast_to_bool(variable)
    for value in flow.comparisons.of(variable):
        answer = value_answer(scene, value, opt_out=opt_out)
        sense = "agrees" if answer is Answer.GRANTED else "refuses"
        for same in TRUE_WORDS if cast and value == "true" else (value,):
            found.add(f"{variable}={same}", answer, f"{variable} is tested, and {same} {sense}")
    return found if only_two else found.guess(opt_out=opt_out)


_TEXTS = frozenset({"string", "str"})
_KINDS = {"boolean": "bool", "bln": "bool", "integer": "num", "int": "num", "decimal": "num", "dec": "num"}


def values_of(flow: FlowScene, variable: str, texts: Iterable[str]) -> Values:
    """What a variable holds when it has one of these values as text: by its declared type, else by any."""
    key = variable.casefold()
    kind = flow.types.get(key, "")
    wanted = _KINDS.get(kind, "str" if kind in _TEXTS else None)
    atoms = [item for text in texts for item in _atoms(text.strip().strip('"'))]
    return finite([item for item in atoms if wanted in (None, item.kind)] or atoms)


def _atoms(text: str) -> Iterator[Atom]:
    if text.casefold() in ("true", "false"):
        yield atom(text.casefold() == "true")
    if text.lstrip("-").isdecimal() and len(text) < 16:
        yield atom(int(text))
    yield atom(text)
