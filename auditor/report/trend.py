"""Numbers of each run: as a table, as CSV, and as a small picture (SVG)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from xml.sax.saxutils import escape  # nosec B406 # writes XML, reads none

from auditor.history.comparing import Tally
from auditor.history.records import RANKS
from auditor.report.csv_text import csv_text
from auditor.report.options import ReportOptions
from auditor.report.text import safe

WORST_FIRST = tuple(reversed(RANKS))
VERDICTS = ("proved", "violated", "unknown")
COLUMNS = ("run", "at", *WORST_FIRST, "set_aside", "new", "fixed", *VERDICTS, "incomplete")
_COLOURS = {"critical": "#7a0019", "high": "#d1442f", "medium": "#e0912b", "low": "#d9c44a", "info": "#9aa5b1"}
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 260, 44, 56, 34


def trend_table(tallies: Sequence[Tally], options: ReportOptions) -> str:
    """One line a run; findings that count, by severity."""
    from auditor.report.grid import grid

    headers = ("run", "day", *WORST_FIRST, "new", "fixed", "proved, violated,\nunknown")
    rows = [(*row[:7], *row[8:10], ", ".join(row[10:13])) for row in map(_row, tallies)]
    return grid(headers, rows, options.width, firm=len(headers) - 1) + "\n"


def trend_csv(tallies: Sequence[Tally], options: ReportOptions) -> str:
    """One line a run."""
    return csv_text(COLUMNS, [(row[0], tally.header.at, *row[2:]) for tally in tallies for row in (_row(tally),)])


def _row(tally: Tally) -> tuple[str, ...]:
    severities, verdicts = dict(tally.severities), dict(tally.verdicts)
    header = tally.header
    return (
        str(header.number),
        header.at[:10],
        *(str(severities[word]) for word in WORST_FIRST),
        str(tally.set_aside),
        str(tally.new),
        str(tally.fixed),
        *(str(verdicts[word]) for word in VERDICTS),
        "yes" if header.incomplete else "no",
    )


def trend_svg(tallies: Sequence[Tally], options: ReportOptions) -> str:
    """Stacked bars of the findings that count, worst at the bottom; each with its numbers as a title."""
    highest = max((_total(tally) for tally in tallies), default=0) or 1
    series = safe(tallies[-1].header.series) if tallies else ""
    title = f"Open findings over {len(tallies)} runs" + (f": {series}" if series else "")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"',
        f' aria-label="{_x(title)}">',
        f"<title>{_x(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        '<g font-family="sans-serif" font-size="11" fill="#1f2933">',
        f'<text x="{_LEFT}" y="18" font-size="13">{_x(title)}</text>',
        *_scale(highest),
        *(line for index, tally in enumerate(tallies) for line in _bar(index, len(tallies), tally, highest)),
        *_legend(),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _total(tally: Tally) -> int:
    return sum(number for _, number in tally.severities)


def _x(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _y(number: float, highest: int) -> float:
    return _HEIGHT - _BOTTOM - number / highest * (_HEIGHT - _BOTTOM - _TOP)


def _scale(highest: int) -> Iterator[str]:
    for number in sorted({0, (highest + 1) // 2, highest}):
        y = _y(number, highest)
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - 12}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d3dae1"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number}</text>'


def _bar(index: int, count: int, tally: Tally, highest: int) -> Iterator[str]:
    room = (_WIDTH - _LEFT - 12) / count
    width = min(room * 0.7, 48)
    x = _LEFT + room * index + (room - width) / 2
    words = ", ".join(f"{number} {word}" for word, number in tally.severities if number) or "none"
    yield f"<g><title>{_x(f'Run {tally.header.number}, {tally.header.at[:10]}: {words}')}</title>"
    base = 0
    for word, number in tally.severities:
        if number:
            top, bottom = _y(base + number, highest), _y(base, highest)
            colour = _COLOURS[word]
            yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bottom - top:.1f}" fill="{colour}"/>'
            base += number
    if index % max(1, -(-count // 8)) == 0:
        middle = x + width / 2
        yield f'<text x="{middle:.1f}" y="{_HEIGHT - 38}" text-anchor="middle">{tally.header.at[:10]}</text>'
    yield "</g>"


def _legend() -> Iterator[str]:
    x = float(_LEFT)
    for word in WORST_FIRST:
        yield f'<rect x="{x:.0f}" y="{_HEIGHT - 22}" width="10" height="10" fill="{_COLOURS[word]}"/>'
        yield f'<text x="{x + 14:.0f}" y="{_HEIGHT - 13}">{word}</text>'
        x += 26 + 7 * len(word)


Reporter = Callable[[Sequence[Tally], ReportOptions], str]
FORMATS: Mapping[str, Reporter] = MappingProxyType({"table": trend_table, "csv": trend_csv, "svg": trend_svg})
