"""The HTML report as text; what a browser makes of it is in test_html_browser.py."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from auditor.findings import Audit
from auditor.report.html_findings import MOST_PICTURES
from auditor.report.html_report import html_report
from tests.builders import CLEAN, EMPTY, FINDING, FULL, hostile
from tests.report.conftest import OPTIONS
from tests.report.hostile import MARKUP, hostile_copy, hostile_rules
from tests.report.samples import AUDIT, LONG

TAGS = frozenset(
    """
    html head meta title style body a header h1 p strong nav ul li main section div h2 h3 h4 span table caption
    thead tbody tr th td details summary dl dt dd form fieldset legend label input select option button output
    article code figure figcaption svg desc polyline line text g rect circle path ol pre footer script
    """.split()  # noqa: SIM905 - forty words are read more easily so
)


class Page(HTMLParser):
    """What a parser sees: elements with their attributes, ids, links, and the texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def tags(self) -> Counter[str]:
        return Counter(tag for tag, _ in self.elements)

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def page(audit: Audit) -> Page:
    return Page(html_report(audit, OPTIONS))


SAMPLES = [FULL, CLEAN, EMPTY, AUDIT, hostile(), hostile_copy(AUDIT)]


def test_the_demonstration_is_below_a_megabyte(demo: Audit) -> None:
    assert len(html_report(demo, OPTIONS).encode()) < 1_000_000


@pytest.mark.parametrize("audit", SAMPLES)
def test_only_our_elements_and_no_handlers(audit: Audit) -> None:
    found = page(audit)
    assert set(found.tags) <= TAGS
    assert (found.tags["script"], found.tags["style"]) == (1, 1)
    names = {name for _, attributes in found.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcdoc", "action")}


def test_every_hostile_text_is_shown_as_it_is(demo: Audit) -> None:
    bad = replace(hostile_copy(demo), rules=hostile_rules(demo.rules))
    found = page(bad)
    text = "".join(found.texts)
    for markup in MARKUP:
        assert text.count(markup) > 20, markup
    assert set(found.tags) <= TAGS
    assert (found.tags["script"], found.tags["style"], found.tags["input"]) == (1, 1, page(demo).tags["input"])


def test_nothing_is_loaded_from_anywhere(demo: Audit) -> None:
    found = page(demo)
    for value in [*found.values("href"), *found.values("src")]:
        assert value.startswith("#")
    style = html_report(demo, OPTIONS).split("<style>")[1].split("</style>")[0]
    assert "url(" not in style and "@import" not in style


def test_the_policy_lets_only_our_script_and_style_run(demo: Audit) -> None:
    text = html_report(demo, OPTIONS)
    policy = next(p for p in page(demo).values("content") if "default-src" in p)
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        content = text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("audit", SAMPLES)
def test_ids_are_unique_and_links_lead_somewhere(audit: Audit) -> None:
    found = page(audit)
    ids = Counter(found.values("id"))
    assert [each for each, count in ids.items() if count > 1] == []
    for name in ("href", "for", "aria-labelledby"):
        for value in found.values(name):
            assert all(each.removeprefix("#") in ids for each in value.split()), value


def test_it_is_the_same_text_each_time(demo: Audit) -> None:
    assert html_report(demo, OPTIONS) == html_report(demo, replace(OPTIONS, width=40, colour=True))


def test_everything_is_in_it(demo: Audit) -> None:
    text = "".join(page(demo).texts)
    for finding in demo.findings:
        assert finding.fingerprint in text and finding.message in text
        for step in finding.witness:
            assert step.text in text
    for file in demo.inputs:
        assert file.path in text and file.sha256 in text
    for assumption in demo.assumed:
        assert assumption.text in text
    for reason in {reason for verdict in demo.verdicts for reason in verdict.reasons}:
        assert reason in text
    assert demo.matrix is not None
    for row in demo.matrix.rows:
        assert row.entry.name in text
    assert "Over SIP Altanschluss Chemnitz, which records every call at once" in text
    assert "recording-consent-auditor 9.9" in text
    assert "default mode: opt_in" in text


def test_problems_are_told() -> None:
    text = "".join(page(FULL).texts)
    assert "The file is not valid YAML: a mapping is not closed." in text
    assert "broken.yaml:7" in text
    assert "Export the flow again." in text
    assert "callRobot (1)" in text


@pytest.mark.parametrize(
    ("audit", "answer"),
    [
        (FULL, "Yes: on 1 of 1 ways"),
        (CLEAN, "No: on none of the 1 ways"),
        (EMPTY, "There was no way in which a call can begin in what was read."),
        (replace(hostile(), findings=()), "Not decided for 1 of 1 ways"),
    ],
)
def test_the_answer_comes_first(audit: Audit, answer: str) -> None:
    assert answer in " ".join("".join(page(audit).texts).split())


def test_of_many_entries_most_are_folded_away_and_none_is_left_out(demo: Audit) -> None:
    verdict = demo.verdicts[0]
    entries = [replace(verdict.entry, name=f"route {number:03}", numbers=()) for number in range(40)]
    found = page(replace(demo, verdicts=tuple(replace(verdict, entry=entry) for entry in entries)))
    text = "".join(found.texts)
    assert "and 28 more" in text
    assert len(set(found.values("data-entry"))) == 40


def test_waived_and_baselined_findings_are_marked() -> None:
    text = html_report(AUDIT, OPTIONS)
    assert '<span class="badge">waived</span>' in text and '<span class="badge">baselined</span>' in text
    assert "Waived by Compliance until 2031-05-01: old flow, switched off in May" in text


def test_a_picture_shows_where_witness_and_twin_part() -> None:
    svg = re.findall(r"<svg class=\"flow\" role=\"img\".*?</svg>", html_report(AUDIT, OPTIONS), re.DOTALL)[0]
    for words in ("this call", "nearest call that is fine", "caller presses 1", "consent granted", "consent refused"):
        assert f">{words}</text>" in svg
    assert svg.count('class="node branch"') == 1
    assert svg.count('class="node bad"') == 1
    assert svg.count('class="node fine"') == 1


def test_a_long_path_is_drawn_in_few_nodes_and_listed_in_full() -> None:
    text = html_report(replace(AUDIT, findings=(LONG,)), OPTIONS)
    assert text.count('<g class="node') <= 20
    assert "more steps" in text
    assert "2500 steps with the state of the call" in text


def test_of_many_findings_only_the_worst_are_drawn() -> None:
    many = tuple(replace(FINDING, subject=replace(FINDING.subject, name=f"n{n}")) for n in range(MOST_PICTURES + 40))
    text = html_report(replace(AUDIT, findings=many), OPTIONS)
    assert text.count("<figure>") == MOST_PICTURES
    assert text.count("<article") == MOST_PICTURES + 40
