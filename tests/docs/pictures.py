"""Pictures of the documentation: calls that show a rule, a terminal, and the HTML report in a browser.

`make pictures` takes the photographs of the browser, which need Chromium; the others are made by `make docs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from html import escape
from pathlib import Path

from msgspec.structs import replace

from auditor import __version__
from auditor.audit import run_audit
from auditor.cli.pipeline import prepare
from auditor.findings import Audit
from auditor.loading.load import load
from auditor.loading.positions import with_lines
from auditor.policy.locating import locations_of, relocated
from auditor.policy.renaming import without_prefix
from auditor.report.drawing import drawn
from auditor.report.html_report import html_report
from auditor.report.options import ReportOptions
from auditor.report.svg import svg
from auditor.report.table import table_report
from auditor.views.picture import finding_picture
from tests.report.browser import Scheme, chromium, opened

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
DEMO = ROOT / "fixtures" / "demo"
STYLE = ROOT / "auditor" / "report" / "templates" / "flow.css"
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
COLUMNS, LINES = 96, 40
_COLOURS = {"31": "#f47067", "32": "#8ddb8c", "33": "#f0b72f", "35": "#dcbdfb", "36": "#76e3ea", "90": "#8b949e"}


@cache
def demo() -> Audit:
    """The audit of the demonstration organisation, whose files are named as from within its folder."""
    export = DEMO / "organisation"
    prepared = prepare([export], DEMO / "auditor.toml", date(2031, 5, 5))
    policy = replace(prepared.policy, source="auditor.toml")
    options = replace(prepared.options, details=True)
    audit = run_audit(load([export]), prepared.rules, policy, options)
    audit = relocated(audit, with_lines(locations_of(audit)))
    return without_prefix(audit, f"{DEMO.as_posix()}/")


def rule_pictures() -> Iterator[tuple[Path, str]]:
    """For each rule that a call shows, the first such call of the demonstration organisation."""
    seen: set[str] = set()
    for finding in demo().findings:
        picture = finding_picture(finding) if finding.rule not in seen else None
        if picture is not None:
            seen.add(finding.rule)
            text = svg(drawn(picture), style=STYLE.read_text(encoding="utf-8"))
            yield PICTURES / "rules" / f"{finding.rule}.svg", text.rstrip("\n") + "\n"


def terminal() -> str:
    """The first lines of the report as a terminal shows them, as SVG."""
    options = ReportOptions(exit_code=1, version=__version__, width=COLUMNS, colour=True)
    lines = table_report(demo(), options).split("\n")[:LINES]
    return terminal_svg(["$ auditor audit organisation", *lines])


def terminal_svg(lines: list[str]) -> str:
    """Lines with ANSI colours as a picture."""
    width, height = COLUMNS * 8 + 32, len(lines) * 18 + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-label="A terminal with the report of an audit">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>',
        *(f'<circle cx="{x}" cy="18" r="6" fill="{colour}"/>' for x, colour in _BUTTONS),
        '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3">',
        *(f'<text x="16" y="{52 + 18 * number}">{_coloured(line)}</text>' for number, line in enumerate(lines)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


_BUTTONS = ((20, "#ff5f57"), (40, "#febc2e"), (60, "#28c840"))


def _coloured(line: str) -> str:
    """A line with its colours as spans."""
    first, *rest = line.replace(" ", "\N{NO-BREAK SPACE}").split("\x1b[")
    text = escape(first)
    for part in rest:
        codes, _, words = part.partition("m")
        style = _style(codes.split(";"))
        text += f"<tspan{style}>{escape(words)}</tspan>" if style and words else escape(words)
    return text


def _style(codes: list[str]) -> str:
    colour = next((_COLOURS[code] for code in codes if code in _COLOURS), None)
    fill = f' fill="{colour}"' if colour else ""
    return fill + (' font-weight="bold"' if "1" in codes else "") + (' opacity="0.7"' if "2" in codes else "")


def photographs(folder: Path) -> list[Path]:
    """The HTML report in a browser, light and dark, as PNG files in the folder."""
    page = folder / "report.html"
    page.write_text(html_report(demo(), ReportOptions(exit_code=1, version=__version__)), encoding="utf-8")
    taken: list[Path] = []
    with chromium() as browser:
        for scheme in SCHEMES:
            target = folder / f"report-{scheme}.png"
            with opened(browser, page, width=1100, scheme=scheme) as found:
                first = found.page.locator(".finding").first
                first.locator("summary").first.click()
                first.evaluate("each => each.scrollIntoView()")
                found.page.screenshot(path=target)
            taken.append(target)
    page.unlink()
    return taken


def drawings() -> Iterator[tuple[Path, str]]:
    """The pictures that need no browser."""
    yield from rule_pictures()
    yield PICTURES / "terminal.svg", terminal()


if __name__ == "__main__":
    photographs(PICTURES)
