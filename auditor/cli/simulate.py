"""`auditor simulate`: one call played step by step; what is left open is asked at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.cli.around import Around
from auditor.cli.views import ViewRequest, explored, load_for, placed
from auditor.errors import ExitCode, UsageError
from auditor.report.text import safe

if TYPE_CHECKING:
    from auditor.analysis.analysis import Analysis, Case
    from auditor.analysis.observations import Observer
    from auditor.views.choosing import Question
    from auditor.views.options import Option
    from auditor.views.simulate import Simulation

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def simulate(
    request: ViewRequest, begin: str, trunk: str | None, given: Sequence[str], around: Around
) -> int:  # fmt: skip
    """Print each step of one call. given: `place=what happens`, of --answer and --choose."""
    from auditor.analysis.observations import Observer
    from auditor.views.finding import case_over, ways_named
    from auditor.views.simulate import check_names, simulation

    choices = [_pair(text) for text in given]
    analysis = explored(load_for(request, around, include_orphans=True))
    case = case_over(analysis, ways_named(analysis, begin)[0], trunk)
    check_names(analysis, [name for name, _ in choices])
    width = around.width(request.width)
    ask = (lambda question: _ask(question, around, width)) if around.dialogue else None
    observer = Observer(analysis, analysis.stations)
    played = simulation(analysis, observer, case, choices, ask)
    around.emit(_opening(analysis, observer, case, width))
    _play(played, around, width)
    for name in dict.fromkeys(name for name, _ in choices if name not in played.chooser.used):
        if name in played.chooser.misfits:
            value = played.chooser.misfits[name]
            raise UsageError(f'"{value}" fits no place called "{name}" on this call.', hint="See the steps above.")
        around.say(f'auditor: nothing was decided at "{safe(name)}" on this call')
    return ExitCode.CLEAN


def _play(played: Simulation, around: Around, width: int) -> None:
    from auditor.report.runs import ending_text, played_text
    from auditor.report.words import UNASKED

    before = UNASKED
    for step in played.run():
        around.emit(played_text(placed(step), before, width))
        before = step.step.state
    if played.ending is not None:
        around.emit(ending_text(played.ending, width))


def _opening(analysis: Analysis, observer: Observer, case: Case, width: int) -> str:
    from auditor.findings import Entry
    from auditor.policy.verdicts import leg_name
    from auditor.report.runs import opening_text
    from auditor.report.words import entry_words
    from auditor.views.simulate import not_known

    way = analysis.ways[case.way]
    bases = analysis.organisation.trunk_bases
    others = [bases[t].name for c in analysis.cases if c.way == case.way and c is not case for t in c.leg.trunks]
    entry = entry_words(Entry(way.kind.value, way.name, way.id, way.numbers))
    return opening_text(entry, leg_name(analysis, case), others, not_known(observer, case), width)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f'"{text}" is not of the form NAME=VALUE.', hint='For example --answer "Consent question=1".')
    return name.strip(), value.strip()


def _ask(question: Question, around: Around, width: int) -> Option:
    """Let somebody at the terminal decide; the end of input leaves it open."""
    from auditor.views.choosing import open_question

    around.say(f"\n{safe(question.what)}: what happens?")
    for letter, option in zip(_LETTERS, question.options, strict=False):
        around.say(f"  {letter}) {safe(option.words)}{'' if option.likely else ' (unlikely)'}")
    usual = question.usual
    hint = f" [{_LETTERS[question.options.index(usual)]}]" if usual is not None else ""
    while True:
        line = around.ask(f"Letter{hint}: ")
        if line is None:
            raise open_question(question)
        if not line and usual is not None:
            return usual
        for letter, option in zip(_LETTERS, question.options, strict=False):
            if line.casefold() == letter or (line and line.casefold() == option.words.casefold()):
                return option
        around.say("Type one of the letters.")
