"""Errors to words and exit codes: nothing that goes wrong reaches a user as a stack trace."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from auditor.cli.around import Around
from auditor.errors import AuditorError, ExitCode
from auditor.report.text import safe


def guarded(work: Callable[[], int], around: Around) -> int:
    """The exit code of the work, or of what went wrong in it."""
    try:
        return int(work())
    except AuditorError as error:
        tell(error, around)
        return int(error.exit_code)
    except KeyboardInterrupt:
        around.say("auditor: interrupted; nothing was written.")
        return int(ExitCode.INTERRUPTED)
    except Exception as error:  # the last line of defence: whatever it is, it is the tool's fault
        trace = traceback.format_exc() if around.debug else ""
        around.say(f"{trace}auditor: internal error: {type(error).__name__}: {_first_line(error)}")
        if not around.debug:
            around.say("  This is a fault of the tool. `auditor --debug ...` shows where; please report it.")
        return int(ExitCode.FAILED)


def tell(error: AuditorError, around: Around) -> None:
    """The error in words on standard error: what, every detail, what to do next."""
    around.say(f"auditor: {safe(error.message)}")
    for detail in error.details:
        around.say(f"  {safe(detail)}")
    if error.hint:
        around.say(f"  {safe(error.hint)}")
    if around.debug:
        around.say("".join(traceback.format_exception(error)))


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return safe(lines[0][:200]) if lines else "no message"
