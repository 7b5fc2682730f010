"""Runs for people: paths that were asked for, and a call that is played step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.findings import LegName, StepState
from auditor.report.paths import step_lines, steps_lines
from auditor.report.text import counted, listed, safe
from auditor.report.words import entry_words, leg_words
from auditor.report.wrap import wrapped
from auditor.views.paths import Path
from auditor.views.simulate import Ending, Played


def paths_text(paths: Sequence[Path], goal: str, width: int, *, doubt: bool) -> str:
    """Each path with its steps. goal: what was asked for; doubt: not everything on the way was understood."""
    lines: list[str] = []
    for number, path in enumerate(paths, 1):
        legs = "; ".join(leg_words(leg) for leg in path.legs)
        title = f"{number}. {entry_words(path.entry)}, {counted(len(path.steps), 'step')} ({legs})"
        lines += [*wrapped(title, width, rest="   "), *steps_lines(path.steps, width), ""]
    if not paths:
        lines += [*wrapped(f"No run leads to {safe(goal)}.", width)]
        if doubt:
            lines += wrapped("Not everything on the way was understood, so this is not certain.", width)
    else:
        text = f"{counted(len(paths), 'path')} to {safe(goal)}; runs that end differently come first"
        lines += wrapped(text, width, rest="  ")
    return "\n".join(lines) + "\n"


def opening_text(entry: str, leg: LegName, others: Sequence[str], not_known: Sequence[str], width: int) -> str:
    """What is played. entry: in words; others: trunks over which the call could come instead."""
    lines = [*wrapped(f"Call: {entry}; {leg_words(leg)}", width, rest="  ")]
    if others:
        names = listed(tuple(f'"{safe(name)}"' for name in others))
        lines += wrapped(f"It could also come over {names} (--trunk).", width, rest="  ")
    for words in not_known:
        lines += wrapped(f"Not known, taken as the worse for the caller: {safe(words)}", width, rest="  ")
    return "\n".join(lines) + "\n\n"


def played_text(played: Played, before: StepState, width: int) -> str:
    """One step, and what is recorded from then on and why."""
    lines = [*step_lines(f"{played.number:>4}. ", played.step, before, width)]
    for event in played.events:
        lines += wrapped(safe(event), width, "      => ", "         ")
    return "\n".join(lines) + "\n"


def ending_text(ending: Ending, width: int) -> str:
    """How it ended, what the caller had said, and what was recorded."""
    said = ending.state.consent.word
    text = f"End: {safe(ending.why)}. The caller's consent: {said}. {' '.join(_recorded(ending))}"
    return "\n" + "\n".join(wrapped(text, width, rest="  ")) + "\n"


def _recorded(ending: Ending) -> Iterator[str]:
    if ending.line is not None:
        yield f"The line recorded from step {ending.line} on."
    if ending.phones:
        yield f"Recorded by {_phones(ending.phones)}."
    if ending.line is None and not ending.phones:
        yield "Nothing was recorded."
    if ending.later:
        yield f"As a conference it would be recorded by {_phones(ending.later)}."


def _phones(names: Sequence[str]) -> str:
    return f"phone {listed(tuple(safe(name) for name in names))}"
