"""Chromium as the machine has it, for the tests that look at pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support import tools

CHROMIUM = Path("/usr/bin/chromium")


@contextmanager
def running() -> Iterator[Browser]:
    """A browser for the time of the block; the test is skipped (or fails, see `tools`) where there is none."""
    if not CHROMIUM.exists():
        tools.missing("Chromium is missing: apt-get install -y chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"])
        yield launched
        launched.close()
