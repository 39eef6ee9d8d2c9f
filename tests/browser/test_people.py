"""People in the console: a passkey of Chromium's virtual authenticator, invitations, roles, sessions, and a page that can be read."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from paycorex import clock
from tests.browser.conftest import ENDPOINT, SCREENSHOTS, Shop, confirm, findings, go, set_filter
from tests.support.people import invite, join, ticket_of

WIDTHS = (360, 1280)


@pytest.fixture
def device(page: Page, shop: Shop) -> Any:
    """The browser's own authenticator, which verifies its user without asking."""
    shop.others.append(shop.http.console_url)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    return session


def welcome(page: Page, shop: Shop, role: str = "owner") -> None:
    """Come in by an invitation, with a new passkey."""
    with shop.http.lock:
        ticket = ticket_of(invite(shop.http.world, shop.who, role))
    page.goto(f"{shop.http.console_url}/#welcome={ticket}")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def enter(page: Page) -> None:
    page.get_by_role("button", name="I have stored them").click()
    page.wait_for_selector("#volume")


def test_an_invited_person_adds_a_passkey_stays_signed_in_and_comes_back_with_it(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    expect(page).not_to_have_url(re.compile("welcome"))
    enter(page)
    expect(page.locator("#who")).to_contain_text("A owner")
    page.reload()
    page.wait_for_selector("#volume")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Continue with a passkey").click()
    page.wait_for_selector("#volume")


def test_a_passkey_of_a_device_that_refuses_signs_no_one_in(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    enter(page)
    page.get_by_role("button", name="Sign out").click()
    # What a browser answers when a person says no, or has no passkey here, without the five minutes that it waits for one.
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('refused', 'NotAllowedError')) }")
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="No passkey was used.")).to_be_visible()


def test_a_lost_passkey_is_replaced_by_a_recovery_code(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    code = page.locator(".once code").first.inner_text()
    enter(page)
    page.context.clear_cookies()
    page.reload()
    page.get_by_text("I lost my passkey").click()
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Add a new passkey").click()
    expect(page.get_by_role("heading", name="Welcome, A owner")).to_be_visible()
    page.get_by_text("Your device keeps a passkey").wait_for()


def test_a_used_link_says_so_and_leads_to_the_sign_in(page: Page, shop: Shop, device: Any) -> None:
    page.goto(f"{shop.http.console_url}/#welcome={'x' * 43}")
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    page.get_by_role("button", name="Go to sign-in").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_an_owner_invites_changes_and_removes(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    enter(page)
    go(page, "People")
    page.get_by_label("Name").fill("Asha Rao")
    page.get_by_label("E-mail").fill("asha@example.com")
    page.get_by_label("Role").select_option("finance")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("alert").filter(has_text="Asha Rao is invited")).to_contain_text("#welcome=")
    page.get_by_role("button", name="Asha Rao").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Role").select_option("support")
    drawer.get_by_role("button", name="Change").click()
    expect(drawer).to_contain_text("Support · Refunds and disputes")
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Asha Rao")).to_have_count(0)


def test_a_reader_sees_only_what_the_role_may_read(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "read_only")
    enter(page)
    expect(page.get_by_role("link", name="Payments", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="People", exact=True)).to_have_count(0)


def test_a_session_that_was_ended_elsewhere_leads_to_the_sign_in(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    enter(page)
    page.context.clear_cookies()
    page.get_by_role("link", name="Payments", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_people_is_readable_and_has_no_finding(
    page: Page, shop: Shop, device: Any, axe: str, width: int, scheme: str
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")

    def look(name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"people-{name}-{width}-{scheme}.png", full_page=True)
        assert findings(page, axe) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    page.goto(f"{shop.http.console_url}/")
    expect(page.get_by_role("button", name="Continue with a passkey")).to_be_visible()
    look("sign-in")
    welcome(page, shop)
    look("codes")
    enter(page)
    with shop.http.lock:
        for role in ("finance", "support"):
            assert invite(shop.http.world, shop.who, role).status == 201
    for section in ("People", "Audit", "Account"):
        go(page, section)
        look(section.lower())
    page.get_by_label("Language").select_option("hi")
    expect(page.get_by_role("heading", name="पासकी", exact=True)).to_be_visible()
    look("account-hi")
    page.get_by_label("भाषा").select_option("en")
    go(page, "People")
    page.get_by_role("button", name="A finance").click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Sessions")).to_be_visible()
    look("one")


def test_two_people_make_a_key_and_a_passkey_is_used_again_for_it(page: Page, shop: Shop, device: Any, axe: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    welcome(page, shop)
    enter(page)
    with shop.http.lock:
        second = join(shop.http.world, shop.who, "admin")
    go(page, "Settings")
    page.get_by_label("A refund is large above (INR)").fill("1000")
    page.get_by_label("New API keys").check()
    rule = page.locator("section.card").filter(has_text="A second person approves")
    rule.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=False)).to_be_visible()
    with shop.http.lock:
        # The setting acts, and no passkey is fresh any more.
        shop.http.world.restart()
        shop.http.world.clock.now += 301
        challenge = second.send("POST", "/v1/console/session/step_up").body
        credential = second.authenticator.get(challenge)
        assert second.send("PATCH", "/v1/console/session/step_up", {"credential": credential}).status == 200
        assert second.send("POST", "/v1/merchants/apikey", {"scopes": ["payments:read"]}).status == 403
    go(page, "Keys")
    page.get_by_role("button", name="New key").click()
    expect(page.get_by_role("alert").filter(has_text="A second person has to approve this within a day")).to_be_visible()
    go(page, "Account")
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            page.screenshot(path=SCREENSHOTS / f"people-approvals-{width}-{scheme}.png", full_page=True)
            assert findings(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("decided by A owner", exact=False)).to_be_visible()
    with shop.http.lock:
        assert second.send("POST", "/v1/merchants/apikey", {"scopes": ["payments:read"]}).status == 201


def test_a_new_secret_of_a_webhook_asks_for_the_passkey_again(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    enter(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if request.url.endswith("/console/session/step_up") else None)
    with shop.http.lock:
        # No passkey is fresh any more.
        clock.use(lambda: time.time() + 301)
    go(page, "Webhooks")
    page.get_by_role("button", name=ENDPOINT).click()
    page.get_by_role("dialog").get_by_role("button", name="Rotate secret").click()
    confirm(page, "Rotate secret")
    expect(page.get_by_role("alert").filter(has_text="The endpoint's new secret")).to_be_visible()
    assert asked == ["POST", "PATCH"]


def test_the_audit_log_shows_a_change_and_is_filtered(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    enter(page)
    with shop.http.lock:
        assert shop.http.world.call(shop.who, "PATCH", "/v1/merchants/me", {"payee_name": "Chai & Co"}).status == 200
    go(page, "Audit")
    set_filter(page, "operation", {"Operation": "change_merchant"})
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody button").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Chai & Co")
    expect(drawer).to_contain_text("PATCH /v1/merchants/me")
    drawer.get_by_role("button", name="Close").click()
    with page.expect_download() as kept:
        page.get_by_role("button", name="CSV").click()
    assert "change_merchant" in kept.value.path().read_text()


def test_every_section_of_an_owner_is_in_sight_from_a_tablet_to_a_wide_screen(page: Page, shop: Shop, device: Any) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    welcome(page, shop)
    enter(page)
    page.wait_for_selector("#volume")
    for width, lines in ((360, 1), (768, 2), (1024, 2), (1280, 1), (1440, 1), (1680, 1), (1920, 1)):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"sections-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        boxes = [link.bounding_box() for link in page.locator("#nav a").all()]
        assert len({box["y"] for box in boxes if box}) <= lines, width
        if width > 620:
            assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes), width
            assert page.evaluate("document.getElementById('nav').scrollWidth <= document.getElementById('nav').clientWidth"), width
