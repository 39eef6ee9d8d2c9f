"""Chromium as the machine has it, for the tests that look at pages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support import tools

CHROMIUM = Path("/usr/bin/chromium")
# A test that judges before its page is ready passes on a fast machine. Slow pages show it: SLOW_PAGES=6 makes scripts six times as
# slow, and each answer late.
SLOW_PAGES = float(os.environ.get("SLOW_PAGES", "1"))
LATENCY_MS = 150


@contextmanager
def running() -> Iterator[Browser]:
    """A browser for the time of the block; the test is skipped (or fails, see `tools`) where there is none."""
    if not CHROMIUM.exists():
        tools.missing("Chromium is missing: apt-get install -y chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"])
        if SLOW_PAGES > 1:
            slow_pages(launched)
        yield launched
        launched.close()


def slow_pages(browser: Browser) -> None:
    """Each page that this browser opens from now on is slow."""
    opens = browser.new_context

    def opened(**options: Any) -> BrowserContext:
        context = opens(**options)
        context.on("page", slow)
        return context

    browser.new_context = opened  # type: ignore[method-assign]


def slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PAGES})
    session.send("Network.enable")
    late = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", late)
