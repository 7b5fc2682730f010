"""Differences of two audits as a page that needs nothing else; in the looks of the HTML report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from auditor.report.html_page import environment, part, source_hash
from auditor.report.options import TOOL, ReportOptions

Section = tuple[str, Sequence[str], Sequence[Sequence[str]]]


def diff_page(sections: Sequence[Section], summary: str, options: ReportOptions) -> str:
    """The page. sections: title, headers and rows of each table; summary: how much changed, in a sentence."""
    style = Markup(part("flow.css") + part("report.css"))  # nosec B704 # files that ship
    page = environment().get_template("diff.html")
    return page.render(
        sections=sections, summary=summary, options=options, tool=TOOL, style=style, style_hash=source_hash(style)
    )
