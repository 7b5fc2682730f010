"""Runs over time for people and as data: what is new, fixed and open, and which verdicts flipped why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import asdict

from auditor.history.comparing import Aged, Change, Comparison, Flip, Step
from auditor.history.records import Call, Header
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import counted, safe
from auditor.report.wrap import wrapped

SCHEMA_VERSION = "1.0"
_SHOWN_CAUSES = 8


def history_table(comparison: Comparison, options: ReportOptions) -> str:
    """The findings with their age, then the verdicts that flipped with what was changed."""
    lines = [*_runs(comparison.runs, options), *wrapped(_heading(comparison), options.width)]
    if comparison.since is not None:
        lines += _findings("NEW", comparison.new, options)
        lines += _findings("FIXED", comparison.fixed, options)
        lines += _findings("STILL OPEN", comparison.open, options)
        lines += _steps(comparison.steps, options)
    else:
        lines += _findings("OPEN", comparison.open, options)
    return "\n".join(lines) + "\n"


def _runs(runs: Sequence[Header], options: ReportOptions) -> Iterator[str]:
    from auditor.report.grid import grid

    if runs:
        rows = [
            (str(run.number), run.at, str(run.exit_code), run.tool, *(each[:8] or "-" for each in _hashes(run)))
            for run in runs
        ]
        yield grid(("run", "at", "exit", "tool", "rules", "policy", "export"), rows, options.width)
        yield ""


def _hashes(run: Header) -> tuple[str, ...]:
    return run.rules, run.policy, run.export


def _heading(comparison: Comparison) -> str:
    now, since = comparison.now, comparison.since
    whose = f"({safe(now.series)}{', incomplete' if now.incomplete else ''})"
    if since is None:
        return f"{_run(now)} {whose}: {counted(len(comparison.open), 'finding')}"
    counts = f"{len(comparison.new)} new, {len(comparison.fixed)} fixed, {len(comparison.open)} still open"
    return f"{_run(since)} to {_run(now).lower()} {whose}: {counts}"


def _run(header: Header) -> str:
    return f"Run {header.number} of {header.at[:10]}"


def _findings(title: str, found: Sequence[Aged], options: ReportOptions) -> Iterator[str]:
    from auditor.report.grid import grid

    if not found:
        return
    rows = [
        (
            _weight(each),
            f"{each.found.rule} {each.found.name}",
            safe(each.found.subject),
            each.age.first.at[:10],
            str(each.age.days),
        )
        for each in found
    ]
    yield from ("", f"{title} ({len(found)})")
    yield grid(("severity", "rule", "object", "first seen", "days"), rows, options.width)


def _weight(each: Aged) -> str:
    words = [each.found.severity]
    words += [
        word
        for word, told in (
            ("possible", each.found.confidence == "low"),
            ("latent", each.found.latent),
            ("waived", each.found.waived),
            ("baselined", each.found.baselined),
        )
        if told
    ]
    return ", ".join(words)


def _steps(steps: Sequence[Step], options: ReportOptions) -> Iterator[str]:
    for step in steps:
        if not (step.flips or step.used):
            continue
        flips = counted(len(step.flips), "verdict")
        yield from ("", f"RUN {step.before.number} TO RUN {step.after.number}: {flips} changed")
        for used in step.used:
            yield from wrapped(f"{safe(used)}: differences may come from that", options.width, "  ", "  ")
        for flip in step.flips:
            yield from _flip(flip, options.width)


def _flip(flip: Flip, width: int) -> Iterator[str]:
    words = f"{flip.before or 'not there'} became {flip.after or 'not there'}"
    yield from wrapped(f"{_call(flip.call)}: {words}", width, "  ", "    ")
    for change in flip.causes[:_SHOWN_CAUSES]:
        yield from wrapped(change_words(change), width, "    - ", "      ")
    rest = len(flip.causes) - _SHOWN_CAUSES
    if rest > 0:
        yield f"    - and {counted(rest, 'more change')} on its way"
    if not flip.causes:
        where = f"{counted(flip.others, 'setting')} changed elsewhere" if flip.others else "no setting was changed"
        yield f"    - nothing on its way was changed; {where}"


def _call(call: Call) -> str:
    over = f" over {safe(call.trunk)}" if call.trunk else ""
    return f'{safe(call.kind)} "{safe(call.name)}" ({safe(call.direction)}){over}'


def change_words(change: Change) -> str:
    """A change as a sentence."""
    kind, _, name = change.thing.partition(":")
    subject = f'{safe(kind)} "{safe(name)}"'
    if not change.field:
        return f"{subject} {'is new' if change.before is None else 'is gone'}"
    before, after = (_value(value) for value in (change.before, change.after))
    return f"{subject}, {safe(change.field)}: {before} became {after}"


def _value(value: str | None) -> str:
    if value is None:
        return "(not there)"
    text = safe(value)
    return text if len(text) <= 120 else text[:117] + "..."


def history_json(comparison: Comparison, options: ReportOptions) -> str:
    """The same as data, nothing shortened (rules/schemas/history.schema.json)."""
    value: JsonObject = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": options.version},
        "exit_code": int(options.exit_code),
        "runs": [_header(run) for run in comparison.runs],
        "since": None if comparison.since is None else _header(comparison.since),
        "now": _header(comparison.now),
        "new": [_aged(each) for each in comparison.new],
        "fixed": [_aged(each) for each in comparison.fixed],
        "open": [_aged(each) for each in comparison.open],
        "steps": [_step(step) for step in comparison.steps],
    }
    return json_text(value)


def _header(header: Header) -> JsonObject:
    return asdict(header)


def _aged(each: Aged) -> JsonObject:
    found, age = each.found, each.age
    return {
        "rule": found.rule,
        "name": found.name,
        "severity": found.severity,
        "confidence": found.confidence,
        "latent": found.latent,
        "fingerprint": found.fingerprint,
        "object": found.subject,
        "message": found.message,
        "location": {"file": found.file, "line": found.line},
        "waived": found.waived,
        "baselined": found.baselined,
        "first_seen": {"run": age.first.number, "at": age.first.at},
        "open_since": {"run": age.since.number, "at": age.since.at},
        "last_seen": {"run": age.last.number, "at": age.last.at},
        "days_open": age.days,
    }


def _step(step: Step) -> JsonObject:
    return {
        "from": step.before.number,
        "to": step.after.number,
        "used": list(step.used),
        "changes": step.changes,
        "verdicts": [_flip_data(flip) for flip in step.flips],
    }


def _flip_data(flip: Flip) -> JsonObject:
    return {
        "entry": {"kind": flip.call.kind, "name": flip.call.name},
        "leg": {"direction": flip.call.direction, "trunk": flip.call.trunk or None},
        "before": flip.before,
        "after": flip.after,
        "changes": [_change(change) for change in flip.causes],
        "changes_elsewhere": flip.others,
    }


def _change(change: Change) -> JsonObject:
    kind, _, name = change.thing.partition(":")
    object_ = {"kind": kind, "name": name}
    return {"object": object_, "field": change.field or None, "before": change.before, "after": change.after}


Reporter = Callable[[Comparison, ReportOptions], str]
FORMATS: Mapping[str, Reporter] = MappingProxyType({"table": history_table, "json": history_json})
