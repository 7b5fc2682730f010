from __future__ import annotations

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from auditor.findings import Audit, Subject
from auditor.report.markdown import LONGEST, markdown_report, plain
from tests.builders import CLEAN, EMPTY, FINDING, FULL, hostile
from tests.report.conftest import OPTIONS
from tests.report.samples import AUDIT, LONG

OURS = {
    "h2",
    "p",
    "strong",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "ol",
    "ul",
    "li",
    "code",
    "sub",
    "em",
}


def rendered(text: str) -> str:
    """As GitHub renders it: tables and HTML allowed, bare addresses become links."""
    html: str = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    return html


def shown(html: str) -> str:
    """The text that a reader sees."""
    return unescape(re.sub(r"<!--.*?-->|<[^>]*>", "", html))


BAD = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[a](https://example.org)",
    "![a](x)",
    "*b* _c_ `d` ~~e~~ | f",
    "# not a heading",
    "- not a list",
    "1. not a list",
    "2) not a list",
    "+ x",
    "> not a quote",
    "&lt;b&gt;",
    "back\\slash \\* end\\",
    "<!-- hidden -->",
    "$x^2$",
    "====",
]


@pytest.mark.parametrize("text", BAD)
def test_a_text_stays_the_text_it_is(text: str) -> None:
    html = rendered(plain(text))
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= {"p"}
    assert shown(html).strip() == text.strip()


@pytest.mark.parametrize("text", BAD)
def test_a_name_stays_text_everywhere_in_the_report(text: str) -> None:
    subject = replace(FINDING.subject, name=text)
    finding = replace(FINDING, subject=subject, message=text, remediation=text)
    html = rendered(markdown_report(replace(FULL, findings=(finding,), organisation=text), OPTIONS))
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= OURS
    assert " ".join(shown(html).split()).count(" ".join(text.split())) >= 4


@pytest.mark.parametrize("text", ["@admin", "see #12", "https://example.org", "www.example.org", ":tada:"])
def test_nothing_becomes_a_mention_a_reference_or_a_link(text: str) -> None:
    raw = plain(text)
    assert "<!-- -->" in raw
    assert re.sub("<!-- -->", "", raw) == text
    assert not re.search(r"@\w|#\d|://|www\.|:tada:", raw)


def test_the_report_says_what_came_out_and_how() -> None:
    text = shown(rendered(markdown_report(AUDIT, OPTIONS)))
    for words in (
        "Recording consent audit of Stadtwerke",
        "3 findings (2 critical, 1 low), 2 waived or in the baseline",
        "RC103 enabled-after-refusal",
        "Caller presses 2 in the menu Consent. (export/main.yaml:14)",
        "after step 2 caller presses 1, not: caller presses 2",
        "Waived by Compliance until 2031-05-01",
        "RX906 The file is not valid YAML",
        FINDING.fingerprint,
    ):
        assert words in text


def test_tables_keep_their_columns() -> None:
    subject = Subject("action", "a | b || c", None, "x|y")
    html = rendered(markdown_report(replace(FULL, findings=(replace(FINDING, subject=subject),)), OPTIONS))
    assert [len(re.findall("<t[dh][ >]", row)) for row in html.split("<tr>")[1:]] == [4, 4, 4, 5, 5]


def test_a_long_report_fits_into_a_comment_and_says_what_is_left_out() -> None:
    findings = tuple(replace(LONG, subject=replace(LONG.subject, name=f"n{n}")) for n in range(200))
    text = markdown_report(replace(AUDIT, findings=findings), OPTIONS)
    assert len(text) <= LONGEST + 500
    assert "more paths left out" in text


@pytest.mark.parametrize("audit", [EMPTY, CLEAN, hostile()])
def test_any_audit_gives_markdown(audit: Audit) -> None:
    assert markdown_report(audit, OPTIONS).startswith("## Recording consent audit")


def test_the_demonstration_fits(demo: Audit) -> None:
    assert len(markdown_report(demo, OPTIONS)) <= LONGEST + 500
