"""The HTML report in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from auditor.findings import Audit, Severity
from auditor.report.html_findings import anchors_of
from auditor.report.html_report import html_report
from tests.report.browser import Scheme, chromium, opened
from tests.report.conftest import OPTIONS, ROOT
from tests.report.hostile import MARKUP, hostile_copy, hostile_rules
from tests.report.samples import AUDIT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def file(demo: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "demo.html"
    path.write_text(html_report(demo, OPTIONS), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The report of the demonstration organisation; a complaint in the console fails the test."""
    with opened(browser, file) as found:
        yield found.page
        assert found.complaints == []


def visible(page: Page) -> set[str]:
    ids = page.eval_on_selector_all(".finding:not([hidden])", "all => all.map(each => each.id)")
    return set(ids)


def anchors(audit: Audit, wanted: Any) -> set[str]:
    pairs = zip(audit.findings, anchors_of(audit), strict=True)
    return {anchor for finding, anchor in pairs if wanted(finding)}


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Browser, file: Path) -> None:
    with opened(browser, file) as found:
        found.page.get_by_role("button", name="Unfold", exact=True).click()
        assert found.requests == [file.as_uri()]
        assert found.complaints == []


def test_by_severity(page: Page, demo: Audit) -> None:
    assert visible(page) == set(anchors_of(demo))
    for word in ("medium", "low", "info"):
        page.get_by_label(f"{word} (").uncheck()
    assert visible(page) == anchors(demo, lambda finding: finding.severity >= Severity.HIGH) != set()
    expect(page.locator("output")).to_have_text(f"{len(visible(page))} of {len(demo.findings)} findings are shown.")


def test_by_entry(page: Page, demo: Audit) -> None:
    page.get_by_label("Call begins at").select_option(label='call route "Zählerstand"')
    wanted = anchors(demo, lambda finding: any(entry.name == "Zählerstand" for entry in finding.entries))
    assert visible(page) == wanted != set()


def test_by_flow(page: Page, demo: Audit) -> None:
    page.get_by_label("Passes flow").select_option(label="Kundenservice")
    wanted = anchors(demo, lambda f: f.subject.flow == "Kundenservice")
    assert wanted and wanted <= visible(page) < set(anchors_of(demo))


def test_by_rule(page: Page, demo: Audit) -> None:
    page.get_by_label("Rule").select_option("RC104")
    assert visible(page) == anchors(demo, lambda finding: finding.rule == "RC104") != set()


def test_by_group_of_rules(page: Page, demo: Audit) -> None:
    page.get_by_label("Rule").select_option("RC")
    assert visible(page) == anchors(demo, lambda finding: finding.rule.startswith("RC")) != set()


def test_by_words_together_with_the_rest_and_all_again(page: Page, demo: Audit) -> None:
    page.get_by_label("Words").fill("hannes roth")
    page.get_by_label("Rule").select_option("RC111")
    assert visible(page) == anchors(demo, lambda f: f.rule == "RC111" and "Hannes" in f.subject.name) != set()
    page.get_by_label("Words").fill("no such words anywhere")
    expect(page.locator("#none")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("output")).to_have_text(f"All {len(demo.findings)} findings are shown.")
    assert visible(page) == set(anchors_of(demo))


def test_what_does_not_count_can_be_hidden(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html_report(AUDIT, OPTIONS), encoding="utf-8")
    with opened(browser, path) as found:
        found.page.get_by_label("waived and baselined too").uncheck()
        assert visible(found.page) == anchors(AUDIT, lambda finding: finding.counts)


def test_a_link_of_the_matrix_opens_its_finding(page: Page) -> None:
    page.get_by_label("critical (").uncheck()
    page.locator(".matrix").get_by_role("link", name="RC103").first.click()
    finding = page.locator(".finding:has(summary:has-text('RC103'))")
    expect(finding).to_be_visible()
    expect(finding.locator("svg[role=img]")).to_be_visible()
    expect(finding.locator("svg[role=img]")).to_be_in_viewport()


def test_the_answer_names_every_entry_once(page: Page, demo: Audit) -> None:
    words = page.locator(".answer a").all_inner_texts()
    assert len(words) == len(set(words)) == len({verdict.entry for verdict in demo.verdicts})
    counts = [int(text) for text in page.locator(".answer .count").all_inner_texts()]
    assert counts == [each.locator("a").count() for each in page.locator(".answer").all()]
    cut = "all => all.filter(each => each.scrollHeight > each.clientHeight + 1).length"
    assert page.eval_on_selector_all(".answer, .answer ul", cut) == 0


def test_what_makes_calls_unsafe_leads_to_the_finding(page: Page) -> None:
    first = page.locator(".causes li").first
    expect(first).to_contain_text('trunk "SIP Altanschluss Chemnitz": line capture without consent')
    expect(first).to_contain_text("(12 of 12)")
    first.get_by_role("link", name="line capture without consent").click()
    finding = page.locator(".finding:has(summary:has-text('RC101'))")
    expect(finding.locator("svg[role=img]")).to_be_visible()
    expect(finding.get_by_text("What to do in Genesys Cloud")).to_be_visible()


def test_an_entry_of_the_answer_shows_its_findings(page: Page, demo: Audit) -> None:
    page.locator(".answer.violated").get_by_role("link", name="Zählerstand").click()
    assert visible(page) == anchors(demo, lambda f: any(entry.name == "Zählerstand" for entry in f.entries))


def test_an_address_with_a_finding_opens_it(browser: Browser, file: Path, demo: Audit) -> None:
    anchor = anchors_of(demo)[-1]
    with opened(browser, file, hash_=f"#{anchor}") as found:
        expect(found.page.locator(f"#{anchor} .body")).to_be_visible()
        expect(found.page.locator(f"#{anchor}")).to_be_in_viewport()


def test_every_link_leads_to_something(page: Page) -> None:
    broken = page.eval_on_selector_all(
        "a", "all => all.filter(a => !document.getElementById(a.getAttribute('href').slice(1))).map(a => a.outerHTML)"
    )
    assert broken == []
    assert page.locator("a").count() > 100


def test_hostile_names_stay_text(browser: Browser, demo: Audit, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    bad = replace(hostile_copy(demo), rules=hostile_rules(demo.rules))
    path.write_text(html_report(bad, OPTIONS), encoding="utf-8")
    with opened(browser, path) as found:
        page = found.page
        page.get_by_role("button", name="Unfold", exact=True).click()
        page.mouse.move(300, 300)
        assert page.evaluate("window.owned") is None
        assert page.locator("img, iframe, script:not(:last-of-type), svg[onload]").count() == 0
        assert page.locator("script").count() == 1
        text = page.evaluate("document.body.textContent")
        for markup in MARKUP:
            assert text.count(markup) > 20, markup
        page.get_by_label("Words").fill("<script>window.owned")
        assert len(visible(page)) > 0
        assert (found.complaints, found.requests) == ([], [path.as_uri()])


def _renamed(value: Any, markup: str) -> Any:
    """A document of the export in which every name and description has markup behind it."""
    if isinstance(value, list):
        return [_renamed(each, markup) for each in value]
    if isinstance(value, dict):
        words = ("name", "description", "phoneNumber", "label")
        return {
            key: each + markup if key in words and isinstance(each, str) else _renamed(each, markup)
            for key, each in value.items()
        }
    return value


@pytest.mark.parametrize("markup", MARKUP[:2])
def test_an_export_full_of_markup_stays_text(browser: Browser, tmp_path: Path, markup: str) -> None:
    export = shutil.copytree(ROOT / "fixtures" / "demo" / "organisation", tmp_path / "export")
    for path in export.rglob("*.json"):
        document = _renamed(json.loads(path.read_text(encoding="utf-8")), markup)
        path.write_text(json.dumps(document), encoding="utf-8")
    for path in export.rglob("*.yaml"):
        text = re.sub(r"^(\s*name: )(.*\S)$", rf"\1'\2{markup}'", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")
    report = tmp_path / "report.html"
    command = [sys.executable, "-c", "from auditor.cli.main import main; main()", "audit", str(export)]
    done = subprocess.run(
        [*command, "--format", "html", "--output", str(report)], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 1, done.stderr
    with opened(browser, report) as found:
        found.page.get_by_role("button", name="Unfold", exact=True).click()
        assert found.page.evaluate("window.owned") is None
        assert found.page.locator("img").count() == 0
        assert found.page.locator("script").count() == 1
        assert found.page.evaluate("document.body.textContent").count(markup) > 100
        assert (found.complaints, found.requests) == ([], [report.as_uri()])


def test_without_a_script_everything_is_there(browser: Browser, file: Path, demo: Audit) -> None:
    with opened(browser, file, script=False) as found:
        expect(found.page.locator("#filters")).to_be_hidden()
        first = found.page.locator(".finding").first
        first.locator("summary").first.click()
        expect(first.locator(".body")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_never_scrolls_sideways(browser: Browser, file: Path, width: int) -> None:
    with opened(browser, file, width=width) as found:
        found.page.get_by_role("button", name="Unfold", exact=True).click()
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width


CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const e of document.querySelectorAll("body *:not(script):not(option)")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const svg = e.closest("svg");
    const style = getComputedStyle(e);
    const box = svg && e.parentElement.querySelector("rect");
    const back = box ? rgb(getComputedStyle(box).fill) : behind(e);
    if (svg && (e.tagName === "title" || e.tagName === "desc" || style.textAnchor === "middle")) continue;
    const [a, b] = [light(rgb(svg ? style.fill : style.color)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const about = `${e.tagName} ${e.getAttribute("class")} ${e.textContent.slice(0, 30)}`;
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${about}`);
  }
  return [...new Set(bad)];
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_background(browser: Browser, file: Path, scheme: Scheme) -> None:
    with opened(browser, file, scheme=scheme) as found:
        found.page.get_by_role("button", name="Unfold", exact=True).click()
        dark = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (dark == "rgb(255, 255, 255)") is (scheme == "light")
        assert found.page.evaluate(CONTRAST) == []


def test_the_keyboard_reaches_everything(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the table of calls"
    first = page.locator(".finding").first
    first.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(first.locator(".body")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Picture of the call"


def test_screen_readers_are_told_what_is_what(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "en"
    nameless = page.eval_on_selector_all(
        "input, select", "all => all.filter(each => !each.labels.length).map(each => each.outerHTML)"
    )
    assert nameless == []
    pictures = page.eval_on_selector_all(
        "svg[role=img]",
        "all => all.map(s => s.getAttribute('aria-labelledby').split(' ')"
        ".map(id => document.getElementById(id).textContent).join(' '))",
    )
    assert len(pictures) > 30 and all("the call that shows it" in words for words in pictures)
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(each => Number(each.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert page.locator("th:not([scope])").count() == 0


def test_on_paper_everything_is_unfolded_and_light(browser: Browser, file: Path, tmp_path: Path) -> None:
    with opened(browser, file, scheme="dark") as found:
        page = found.page
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        expect(page.locator("#filters")).to_be_hidden()
        boxes = page.eval_on_selector_all(
            ".finding .body", "all => all.map(each => each.getBoundingClientRect().height)"
        )
        assert boxes and min(boxes) > 50
        page.set_viewport_size({"width": 695, "height": 1000})
        wide = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"
        assert page.eval_on_selector_all("pre, .scroll, .matrix th, .matrix td, .cell", wide) == []
        path = tmp_path / "report.pdf"
        page.pdf(path=path, prefer_css_page_size=True)
        assert path.read_bytes().startswith(b"%PDF-")
