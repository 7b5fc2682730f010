"""A real Chromium, driven without a network; tests are skipped without one, unless the environment demands it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from msgspec import Struct, field
from playwright.sync_api import Browser, Page, sync_playwright

Scheme = Literal["light", "dark"]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
REQUIRED = "AUDITOR_REQUIRE_CHROMIUM"
_PATIENCE = 180_000
"""Milliseconds; a browser beside other tests on a small machine takes its time."""


def executable() -> str | None:
    """The path of an installed Chromium."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a profile of its own, for as long as it is needed."""
    path = executable()
    if path is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set, and there is no Chromium: install Debian's package chromium")
        pytest.skip("there is no Chromium: install Debian's package chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Opened(Struct, frozen=True):
    """A page, what it wrote to its console, and what it asked for. complaints: must stay empty."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(
    browser: Browser,
    path: Path,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    script: bool = True,
    hash_: str = "",
) -> Iterator[Opened]:
    """A file in a window of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, offline=True
    )
    context.set_default_timeout(_PATIENCE)
    found = Opened(context.new_page())
    found.page.on("console", lambda message: found.complaints.append(message.text))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("dialog", lambda dialog: found.complaints.append(dialog.message))
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.page.goto(path.as_uri() + hash_)
    yield found
    context.close()
