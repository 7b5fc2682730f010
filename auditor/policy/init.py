"""`auditor init`: a commented policy file made from what an export holds."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct

from auditor.model.confidence import Confidence


class FoundPoint(Struct, frozen=True):
    """A recognised consent point by the names of its flow and action, with the classification to pin."""

    flow: str
    action: str
    granting: tuple[str, ...] | None
    refusing: tuple[str, ...] | None
    confidence: Confidence
    question: str = ""
    reason: str = ""


class FoundRoute(Struct, frozen=True):
    """A call route with its numbers."""

    name: str
    numbers: tuple[str, ...] = ()


_HEAD = """\
# Policy of auditor: what counts as consent to recording here, and where.
# The form of this file: auditor schema policy. What is in effect, and why: auditor policy show.

# What counts as consent where nothing below says otherwise:
#   opt_in        the caller has agreed
#   opt_out       the caller was told or asked, and has not refused
#   announcement  the caller has heard that the call is recorded, and has not refused
#   none          nothing is asked for
default_mode = "opt_in"

# Findings of this severity or above make the exit code 1: critical, high, medium, low, info.
fail_on = "low"

# Jurisdictions whose law applies to every call; the strictest of their modes counts. The table is shipped with the
# auditor, and is no legal advice.
# jurisdictions = ["DE", "US-CA"]

# Take the country or state of each number as a jurisdiction of its calls too.
# mode_from_numbers = true
# unknown_region = "strictest"
"""

_ASSUMPTIONS = """\
# Choices about behaviour that Genesys Cloud does not document: yes, no or both. auditor policy show explains them.
# [assumptions]
# A7 = "yes"

# [severity]
# RC131 = "high"

# [rules]
# enable = ["RC114"]
"""


def init_policy(points: Sequence[FoundPoint], trunks: Sequence[str], routes: Sequence[FoundRoute]) -> str:
    """The text of an `auditor.toml`: it validates, and changes no verdict by itself.

    Points of low confidence are commented out: a person has to decide about them.
    """
    blocks = [_HEAD, *point_blocks(points), *_mode_blocks(trunks, routes), *_pin_blocks(trunks, routes), _ASSUMPTIONS]
    return "\n".join(blocks)


def point_blocks(points: Sequence[FoundPoint]) -> list[str]:
    """`[[consent_point]]` entries with comments that say why, under one heading; or a sample when there is none."""
    if not points:
        return ["# No consent point was recognised. Declare yours:\n" + _comment(_SAMPLE_POINT)]
    head = "# Places at which the caller's will about recording becomes known. Check what grants and what refuses.\n"
    return [head, *(_point_block(point) for point in points)]


_SAMPLE_POINT = '[[consent_point]]\nflow = "Main"\naction = "Ask consent"\ngranting = ["1"]\n'


def _point_block(point: FoundPoint) -> str:
    notes = [f"recognised with {point.confidence.value} confidence" + (f": {point.reason}" if point.reason else "")]
    if point.question:
        notes.append(f"question: {point.question}")
    key, answers = ("refusing", point.refusing) if point.granting is None else ("granting", point.granting)
    row = f"[[consent_point]]\nflow = {_quoted(point.flow)}\naction = {_quoted(point.action)}\n"
    row += f"{key} = [{', '.join(_quoted(answer) for answer in answers or ())}]\n"
    pinned = bool(answers) and point.confidence is not Confidence.LOW
    if not pinned:
        notes.append("take away the # of the lines below if this is a consent question")
    return _comment("\n".join(" ".join(note.split()) for note in notes) + "\n") + (row if pinned else _comment(row))


def _mode_blocks(trunks: Sequence[str], routes: Sequence[FoundRoute]) -> list[str]:
    lines = [
        "# Other modes for some calls, by number_prefix, route, site, trunk, division or flow; the strictest counts."
    ]
    selectors = [f"route = {_quoted(route.name)}" for route in routes[:2]] + [
        f"trunk = {_quoted(t)}" for t in trunks[:1]
    ]
    for selector in selectors or ['number_prefix = "+1"']:
        row = (
            f'[[mode]]\n{selector}\nmode = "announcement"\nfrom = 2026-01-01\ncitation = "who decided this, and why"\n'
        )
        lines.append(_comment(row).rstrip("\n"))
    return ["\n".join(lines) + "\n"]


def _pin_blocks(trunks: Sequence[str], routes: Sequence[FoundRoute]) -> list[str]:
    """Only with several trunks a pin can matter; every route is listed for the reader to complete."""
    if len(trunks) < 2:
        return []
    lines = ["# Calls are judged on every external trunk, unless you know over which ones they come in."]
    names = ", ".join(_quoted(trunk) for trunk in trunks)
    for route in routes or (FoundRoute("Main"),):
        numbers = f"  # {', '.join(route.numbers)}" if route.numbers else ""
        lines.append(
            _comment(f"[[trunk_pin]]\nroute = {_quoted(route.name)}{numbers}\ntrunks = [{names}]\n").rstrip("\n")
        )
    return ["\n".join(lines) + "\n"]


def _comment(text: str) -> str:
    # Only "\n" ends a line in TOML, and control characters may not stand in a comment.
    lines = ("".join(each for each in line if each >= " " and each != "\x7f") for line in text.rstrip("\n").split("\n"))
    return "".join(f"# {line}\n" if line else "#\n" for line in lines)


def _quoted(text: str) -> str:
    # TOML basic strings use JSON's escapes, but know no \\u pairs of surrogates, and no raw DEL.
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False).replace("\x7f", "\\u007f")
