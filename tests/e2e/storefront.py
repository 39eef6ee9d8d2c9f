"""A shop of `examples/`, started by its own command, and a payer in Chromium who orders there."""

import os
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from local import ports
from local.paths import ROOT

# The first start fetches packages; on a machine that does much else they take their time.
START_SECONDS = 240
PATIENCE_MS = 30_000
EXAMPLES = ROOT / "examples"
CARD, DECLINED = "4111111111111111", "4000000000000002"
PAID = "Paid. Your tea is being made."


@dataclass(frozen=True, slots=True)
class Storefront:
    """A running shop. folder: where its files are, and its orders."""

    url: str
    folder: Path

    def stored_status(self, order_id: str) -> str:
        """What the shop has written down of an order, read beside it, so that reading asks no one."""
        facts = self.folder / "orders" / order_id
        if facts.is_dir():
            return next((name for name in ("paid", "not paid") if (facts / name).exists()), "waiting")
        with closing(sqlite3.connect(self.folder / "orders.db")) as db:
            found = db.execute("SELECT status FROM orders WHERE id = ?", (order_id,)).fetchone()
        return str(found[0])


@contextmanager
def open_shop(name: str, platform_url: str, log: Path) -> Iterator[Storefront]:
    """Start `examples/<name>/start` against a platform, as its README says, and end it afterwards."""
    folder, port = EXAMPLES / name, ports.free_port()
    environment = {**os.environ, "PAYCOREX_URL": platform_url, "PORT": str(port)}
    with log.open("wb") as output:
        # A group of its own: what the command starts in turn ends with it.
        shop = subprocess.Popen([folder / "start"], env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_open(url, shop, log)
        yield Storefront(url, folder)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shop.pid, signal.SIGTERM)
        shop.wait(timeout=20)


def wait_until_open(url: str, shop: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert shop.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=START_SECONDS) as answer:
                assert answer.status == 200, log.read_text()
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError(f"the shop did not open: {log.read_text()}")


def order(page: Page, shop: Storefront, tea: str, way: str) -> None:
    """Choose, and go to the payment's page."""
    page.goto(shop.url)
    page.get_by_label(tea).check()
    page.get_by_label(way, exact=True).check()
    page.get_by_role("button", name="Order and pay").click()
    expect(page.locator("#amount")).to_be_visible(timeout=PATIENCE_MS)


def type_card(page: Page, number: str) -> None:
    """Pay in the sandbox's fields."""
    frame = page.frame_locator("iframe")
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiry").fill("12 / 31")
    frame.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay ₹").click()


def came_back(page: Page, shop: Storefront) -> str:
    """The order's address, once the payment's page has brought the payer back to it."""
    page.wait_for_url(f"{shop.url}/orders/*", timeout=PATIENCE_MS)
    return page.url


def says(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_have_text(text, timeout=PATIENCE_MS)
