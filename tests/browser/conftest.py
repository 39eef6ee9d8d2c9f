"""A merchant's page in Chromium, over a world behind real HTTP whose clock is the browser's."""

import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, ViewportSize, expect

from local.locks import exclusive
from paycorex import clock
from tests.support import chromium, tools
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.payments import APPROVE, DECLINE, charge, collect
from tests.support.template import ROOT
from tests.support.world import Signer, World

PACKAGES = ROOT / ".local" / "npm" / "browser"
SCREENSHOTS = ROOT / "build" / "screenshots"
WIDTHS = (360, 1440)
ENDPOINT = "https://hooks.example.com/paycorex"
QUIET_DAY, DAY_SECONDS = 5, 24 * 3600
# A machine that does much else draws slowly, and is not wrong.
PATIENCE_SECONDS = 20
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@dataclass
class Shop:
    """A merchant with some history, and where its page is. others: addresses that its page may ask beside its own."""

    http: HttpWorld
    who: Signer
    others: list[str] = field(default_factory=list)

    def ask(self, target: str) -> Any:
        """What the API says."""
        with self.http.lock:
            reply = self.http.world.call(self.who, "GET", target)
        assert reply.status == 200, reply.raw
        return reply.body


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.running() as launched:
        yield launched


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as the lock file pins it."""
    return source_of("axe-core/axe.min.js")


@pytest.fixture(scope="session")
def jsqr() -> str:
    """The source of jsQR, which reads codes, as the lock file pins it."""
    return source_of("jsqr/dist/jsQR.js")


def source_of(file: str) -> str:
    """A file of a package, which is fetched first where it is not there yet."""
    source = PACKAGES / "node_modules" / file
    with exclusive(PACKAGES.with_suffix(".lock")):
        if not source.exists():
            fetch_packages()
    return source.read_text(encoding="utf-8")


def fetch_packages() -> None:
    """What the lock file pins, from the npm registry."""
    if shutil.which("npm") is None:
        tools.missing("npm is missing: apt-get install -y npm")
    PACKAGES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).parent / "npm" / name, PACKAGES / name)
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=PACKAGES, check=True)


@pytest.fixture
def days() -> int:
    """How many there are behind today. A test that looks at charts says more."""
    return 1


@pytest.fixture
def shop(days: int) -> Iterator[Shop]:
    world = World()
    world.clock.now = time.time() - days * DAY_SECONDS
    with world.running():
        engine = Engine(world)
        with engine.online():
            http = HttpWorld(world, engine)
            who = world.register("Chai Point", webhook_url=ENDPOINT)
            history(http, who, days)
            clock.use(time.time)
            world.clock.now = time.time()
            world.restart()
            for rupees in range(1, 26):
                assert world.pay(who, "asha", f"{rupees * 41}.50").status == 201
            for card in (APPROVE, DECLINE, APPROVE):
                charge(world, who, card, "250.75")
            http.move()
            with http.serving():
                yield Shop(http, who)


def history(http: HttpWorld, who: Signer, days: int) -> None:
    """Some days behind today: wallets, cards of which some are declined, UPI, refunds; and one day without anything."""
    world, dice = http.world, random.Random(7)
    world.wallet(who, "asha", "900000.00")
    for day in range(days):
        if day != QUIET_DAY:
            paid = world.pay(who, "asha", f"{dice.randrange(300_000, 1_500_000) / 100:.2f}").body["payment_id"]
            charge(world, who, APPROVE, f"{dice.randrange(50_000, 700_000) / 100:.2f}")
            if dice.random() < 0.5:
                charge(world, who, DECLINE, "410.00")
            asked = collect(world, who, f"{dice.randrange(10_000, 400_000) / 100:.2f}").body
            pretend(http, asked["next_action"]["pay_url"], "approve")
            if day % 4 == 1:
                world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "150.00"})
        http.move()
        world.clock.now += DAY_SECONDS
        world.restart()


def pretend(http: HttpWorld, pay_url: str, outcome: str) -> None:
    """Pay or decline as the sandbox's payer."""
    parts = urlsplit(pay_url)
    body = json.dumps({"outcome": outcome}).encode()
    reply = http.world.send("POST", f"{parts.path}/sandbox?{parts.query}", [("Content-Type", "application/json")], body)
    assert reply.status == 200, reply.raw


@pytest.fixture
def page(browser: Browser, shop: Shop) -> Iterator[Page]:
    """An Indian reader's tab. It fails its test when a script fails, the policy is broken, anybody else is asked, or the secret is sent."""
    view = ViewportSize(width=1440, height=900)
    context = browser.new_context(viewport=view, accept_downloads=True, locale="en-IN", timezone_id="Asia/Kolkata")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None)
    opened.on(
        "request",
        lambda request: None if request.url.startswith((shop.http.url, *shop.others, "blob:", "data:")) else wrong.append(request.url),
    )
    opened.on("request", lambda request: wrong.append("the secret") if shop.who.secret in sent(request) else None)
    yield opened
    context.close()
    assert wrong == []


def sent(request: Request) -> str:
    """All that a request says."""
    return f"{request.url} {request.headers} {request.post_data or ''}"


def sign_in(page: Page, shop: Shop) -> None:
    """Enter by the form."""
    page.goto(f"{shop.http.url}/")
    page.get_by_label("API key").fill(shop.who.api_key)
    page.get_by_label("Secret").fill(shop.who.secret)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#volume")


def sections(page: Page) -> list[str]:
    """What the page's own navigation leads to, so that no section is left out: names as addresses have them."""
    links = page.locator("#nav a").evaluate_all("links => links.map(link => link.hash.slice(1))")
    assert "risk" in links
    return [str(name) for name in links]


def go(page: Page, section: str) -> None:
    """To another section, by its link."""
    page.get_by_role("link", name=section, exact=True).click()
    page.wait_for_selector(f"h1:has-text('{section}')")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Loading…")).to_have_count(0)
    # Nothing shall look pointed at in a picture.
    page.mouse.move(0, 0)


def until(page: Page, happened: Callable[[], bool]) -> None:
    """Wait for what no element shows; AssertionError if it does not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        page.wait_for_timeout(20)


def findings(page: Page, axe: str) -> list[str]:
    """All that axe-core finds, of every impact: `[impact, rule, elements]` as text.

    Run through the debugger, which the page's own policy does not bind.
    """
    # A page whose script has not drawn yet is blank, and a blank page has no findings.
    expect(page.locator("main > :not(noscript)").first).to_be_attached()
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe})
    # A drawer that still fades in has other colours than it will have.
    moving = "document.getAnimations().filter(each => Number.isFinite(each.effect.getComputedTiming().endTime)).map(each => each.finished)"
    session.send("Runtime.evaluate", {"expression": f"Promise.allSettled({moving})", "awaitPromise": True})
    run = "axe.run().then(found => JSON.stringify(found.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html).slice(0, 3)])))"
    found = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    return [str(each) for each in json.loads(found["result"]["value"])]


def confirm(page: Page, act: str) -> None:
    """Say yes to a question, by the button that says what will be done."""
    question = page.get_by_role("alertdialog")
    question.get_by_role("button", name=act, exact=True).click()
    expect(question).to_have_count(0)


def set_filter(page: Page, name: str, fields: dict[str, str]) -> None:
    """By its chip. name: the first field that the filter asks for; fields: what is typed or chosen, by label."""
    chip = page.locator(f"[data-filter={name}]")
    chip.locator("summary").click()
    for label, value in fields.items():
        field = chip.get_by_label(label)
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    chip.get_by_role("button", name="Apply").click()
    expect(page.locator(f"[data-filter={name}].set")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".loading")).to_have_count(0)


def look(page: Page, axe: str, name: str) -> None:
    """The page at each width in each scheme: a picture, nothing that is cut off, nothing that axe finds."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                wrong.append(f"{name} {width}: wider than the page")
            wrong += findings(page, axe)
    assert wrong == []


def open_first_payment(page: Page) -> Locator:
    """The first row's drawer."""
    page.locator("tbody button.link").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".sum")).to_be_visible()
    return drawer
