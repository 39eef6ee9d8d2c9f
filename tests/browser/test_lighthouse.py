"""Lighthouse's scores of every page: of the merchant's sections, the operators', and what a payer sees, as a phone and as a desk.

Each page is looked at once as a phone for accessibility and best practices; how fast it is, is measured of those that show most. All pages,
as both, with all three scores: `LIGHTHOUSE=all`, as `make test-nightly` sets it.
"""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from local.locks import exclusive
from tests.browser.conftest import Shop, pretend, sections
from tests.browser.test_checkout import ask, begin, reached_at
from tests.browser.test_operators import watched
from tests.browser.test_operators import welcome as operators_welcome
from tests.browser.test_people import enter, welcome
from tests.support import tools
from tests.support.chromium import CHROMIUM
from tests.support.template import ROOT

PACKAGES = ROOT / ".local" / "npm" / "lighthouse"
PINNED = Path(__file__).parent / "npm_lighthouse"
CLI = PACKAGES / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 0.95
# A machine that does much else paints late, and the time that it takes is counted four times for a phone. Other work only lowers a score,
# so the best of so many looks is the nearest to what the page can do.
LOOKS = 3
SECONDS = 240
ALL = os.environ.get("LIGHTHOUSE") == "all"
# The name of the browser stays as it is: a session is bound to it.
PHONE = ("--form-factor=mobile", "--no-emulatedUserAgent")
DESK = ("--preset=desktop", "--no-emulatedUserAgent")
# Of those that ask for most: how fast they are is measured in every run.
FAST = {PHONE: {"overview", "payments"}, DESK: {"overview", "webhooks"}}
# How a page is looked at where only accessibility and best practices are: neither knows how fast it came.
AT_ONCE = ("--throttling-method=provided", "--disable-full-page-screenshot")
WITHOUT_SPEED = ("accessibility", "best-practices")
__all__ = ["reached_at", "watched"]


@pytest.fixture(scope="module")
def lighthouse() -> Path:
    """Its command, as the lock file pins it, from the npm registry."""
    if shutil.which("npm") is None or not CHROMIUM.exists():
        tools.missing("npm or Chromium is missing: apt-get install -y npm chromium")
    with exclusive(PACKAGES.with_suffix(".lock")):
        if not CLI.exists():
            PACKAGES.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(PINNED / name, PACKAGES / name)
            subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=PACKAGES, check=True)
    return CLI


def measure(lighthouse: Path, url: str, *more: str, categories: tuple[str, ...] = CATEGORIES) -> dict[str, Any] | str:
    """One look at a page, as Lighthouse reports it; what it says where the browser's recording failed, and so nothing was seen."""
    # The list of requests belongs to the category of performance.
    only = [f"--only-categories={','.join(categories)}", "--only-audits=network-requests"]
    command = ["node", str(lighthouse), url, "--quiet", "--output=json", *only, *more]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}
    )
    if run.returncode != 0:
        assert "recording the trace" in run.stderr, run.stderr
        return run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def assert_good(lighthouse: Path, url: str, *more: str, must_ask: str, categories: tuple[str, ...] = CATEGORIES) -> None:
    """Each score is reached. must_ask: what the page asks of the API, so that no other page was measured."""
    best: dict[str, float] = {}
    wrong: list[str] = []
    for _ in range(LOOKS):
        report = measure(lighthouse, url, *more, categories=categories)
        if isinstance(report, str):
            wrong = [report]
            continue
        asked = {each["url"]: each["statusCode"] for each in report["audits"]["network-requests"]["details"]["items"]}
        assert any(must_ask in each and status < 400 for each, status in asked.items()), asked
        for name in categories:
            best[name] = max(best.get(name, 0), report["categories"][name]["score"])
        if all(score >= LEAST for score in best.values()):
            return
        wrong = [
            f"{name}: {audit['title']} {audit.get('displayValue', '')}"
            for name, audit in report["audits"].items()
            if (audit["score"] or 1) < LEAST
        ]
    raise AssertionError((url, more, best, wrong))


def look_at_each(lighthouse: Path, names: list[str], port: int, address: Callable[[str], str], must_ask: Callable[[str], str]) -> None:
    """Each section as a phone, and as a desk where its speed is measured or all is. Cookies stay; files are fetched anew."""
    for device, fast in FAST.items():
        for name in names:
            keep, is_fast = (f"--port={port}", *device), ALL or name in fast
            if is_fast:
                assert_good(lighthouse, address(name), *keep, must_ask=must_ask(name))
            elif device == PHONE:
                assert_good(lighthouse, address(name), *keep, *AT_ONCE, must_ask=must_ask(name), categories=WITHOUT_SPEED)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def device(shop: Shop, browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, int]]:
    """A browser whose own profile keeps the session, and the port on which Lighthouse talks to it.

    It is started by the Playwright that runs already: a process has one.
    """
    port = free_port()
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking", f"--remote-debugging-port={port}"]
    )
    page = context.pages[0]
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    yield page, port
    context.close()


def test_signing_in_is_fast_and_accessible_on_a_phone(shop: Shop, lighthouse: Path) -> None:
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-background-networking"
    assert_good(lighthouse, f"{shop.http.url}/", flags, must_ask="/v1/console/session")


@pytest.mark.timeout(3600)
def test_every_section_of_one_who_is_signed_in_is_accessible_and_fast(shop: Shop, lighthouse: Path, device: tuple[Page, int]) -> None:
    page, port = device
    welcome(page, shop)
    enter(page)
    payment = shop.ask("/v1/dashboard/payments?limit=1")["data"][0]["payment_id"]
    names = [*sections(page), f"payments/{payment}"]
    assert len(names) > 12
    # Only who is signed in asks for the merchant; and what is asked for by the pages that have it all.
    asks = {"overview": "/v1/dashboard/stats", "payments": "/v1/dashboard/payment_sums", names[-1]: f"/v1/payments/{payment}"}
    look_at_each(lighthouse, names, port, lambda name: f"{shop.http.console_url}/#{name}", lambda name: asks.get(name, "/v1/merchants/me"))


@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("watched")
def test_every_section_of_the_operators_page_is_accessible_and_fast(shop: Shop, lighthouse: Path, device: tuple[Page, int]) -> None:
    page, port = device
    operators_welcome(page, shop)
    names = page.locator("#nav a").evaluate_all("links => links.map(link => link.hash.slice(1))")
    asks = {
        "merchants": "merchants",
        "platform": "volumes",
        "work": "set_aside",
        "ledger": "ledger/verifications",
        "operators": "operators",
        "audit": "audit",
    }
    assert set(names) == set(asks)
    look_at_each(
        lighthouse, names, port, lambda name: f"{shop.http.console_url}/operator#{name}", lambda name: f"/operator/v1/{asks[name]}"
    )


def payers_pages(shop: Shop) -> Iterator[str]:
    """A checkout with its ways to pay, the page of a payment, a receipt, and a link that takes any amount."""
    session = begin(shop)
    yield session["url"]
    payment = ask(shop, "/v1/payments/create", {"amount": "120.00", "method": "upi_intent", "description": "Two masala chai"})
    yield payment["next_action"]["pay_url"]
    yield ask(shop, "/v1/links", {"name": "Tea stall", "open_amount": {"min": "10.00", "max": "500.00"}})["url"]
    paid = begin(shop)
    path = urlsplit(paid["url"])
    with shop.http.lock:
        headers = [("Content-Type", "application/json"), ("Host", path.netloc), ("X-Forwarded-Proto", "http")]
        chosen = shop.http.world.send("POST", f"{path.path}/pay?{path.query}", headers, b'{"method":"upi_intent"}')
        assert chosen.status == 200, chosen.raw
        pretend(shop.http, chosen.body["url"], "approve")
        shop.http.move()
    yield paid["url"]


@pytest.mark.timeout(1800)
def test_every_page_of_a_payer_is_fast_and_accessible(shop: Shop, lighthouse: Path) -> None:
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-background-networking"
    seen = 0
    for url in payers_pages(shop):
        for device in (PHONE, DESK) if ALL else (PHONE,):
            assert_good(lighthouse, url, flags, *device, must_ask=url)
        seen += 1
    assert seen == 4
