"""The merchant's page in the reader's language: the browser's at first, then the one that is chosen."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENSHOTS, Shop, findings, sections, sign_in


def test_the_language_is_chosen_in_the_head_and_remembered(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.http.url}/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.get_by_label("Language").select_option("hi")
    expect(page.get_by_role("heading", name="साइन इन", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "hi"
    expect(page).to_have_title("साइन इन · PayCoreX")
    page.reload()
    expect(page.get_by_role("heading", name="साइन इन", exact=True)).to_be_visible()
    page.get_by_label("भाषा").select_option("en")
    sign_in(page, shop)
    page.get_by_label("Language").select_option("hi")
    expect(page.get_by_role("button", name="साइन आउट")).to_be_visible()
    expect(page.get_by_role("link", name="भुगतान", exact=True)).to_be_visible()
    page.wait_for_selector("#volume")
    page.wait_for_load_state("networkidle")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"hindi-overview-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_a_browser_in_hindi_gets_hindi_and_a_catalogue_that_is_lost_or_broken_gets_english(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(locale="hi-IN")
    page = context.new_page()
    page.goto(f"{shop.http.url}/")
    expect(page.get_by_role("heading", name="साइन इन", exact=True)).to_be_visible()
    page.route("**/texts_hi.json", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.unroute("**/texts_hi.json")
    page.route("**/texts_hi.json", lambda route: route.fulfill(body="{", content_type="application/json"))
    page.reload()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    context.close()


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_section_fits_each_width_and_has_no_finding(page: Page, shop: Shop, axe: str, language: str, scheme: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    sign_in(page, shop)
    page.get_by_label("Language").select_option(language)
    page.wait_for_selector("#volume")
    wrong = []
    for section in sections(page):
        page.evaluate("section => { location.hash = section }", section)
        page.wait_for_selector(f"#nav [aria-current][href='#{section}']")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".loading")).to_have_count(0)
        for width in (360, 768, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                wrong.append(f"{section} is wider than {width}")
        page.set_viewport_size({"width": 360 if scheme == "light" else 1280, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"section-{section}-{language}-{scheme}.png", full_page=True)
        wrong += [f"{section}: {finding}" for finding in findings(page, axe)]
    assert wrong == []
