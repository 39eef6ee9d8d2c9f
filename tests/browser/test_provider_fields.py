"""A payer types a card into the sandbox's fields; what is typed is nowhere on our side afterwards."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, until
from tests.browser.test_payer_page import ask, looks, page_of
from tests.support.gateway import Reply
from tests.support.payments import DECLINE, REDIRECT

NUMBER, CODE = "4111111111111111", "7391"


@pytest.fixture
def seen(shop: Shop) -> Iterator[list[str]]:
    """All requests and answers of the server, and what any logger writes, at DEBUG."""
    texts, log, send = list[str](), io.StringIO(), shop.http.world.send

    def listening(method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        reply = send(method, target, headers, body)
        texts.extend([target, str(headers), body.decode(), reply.raw.decode("utf-8", "replace"), log.getvalue()])
        log.seek(log.truncate(0))
        return reply

    shop.http.world.send = listening  # type: ignore[method-assign]  # for the length of the test
    kept = []
    for logger in [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]:
        for handler in logger.handlers:
            if type(handler) is logging.StreamHandler:  # pytest's own handlers are subclasses
                kept.append((handler, handler.stream, logger, logger.level))
                handler.stream = log
                logger.setLevel(logging.DEBUG)
    yield texts
    for handler, stream, logger, level in kept:
        handler.stream = stream
        logger.setLevel(level)


def fill(page: Page, number: str) -> None:
    frame = page.frame_locator("iframe")
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiry").fill("12 / 31")
    frame.get_by_label("Security code").fill(CODE)
    page.get_by_role("button", name="Pay ₹120.00").click()


def test_a_card_is_refused_another_is_confirmed_and_no_number_leaves_the_frame(page: Page, shop: Shop, axe: str, seen: list[str]) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    payment = ask(shop, amount="120.00", method="tokenized", description="Two masala chai")
    page.goto(page_of(payment))
    expect(page.frame_locator("iframe").get_by_label("Card number")).to_be_visible()
    looks(page, axe, "fields")
    fill(page, "4111111111111112")
    expect(page.get_by_role("alert")).to_have_text("Check the card number.")
    fill(page, DECLINE)
    expect(page.get_by_role("alert")).to_have_text("The issuer declined the card.")
    looks(page, axe, "fields-declined")
    fill(page, REDIRECT)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Confirm")).to_be_focused()
    looks(page, axe, "fields-question")
    frame.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("alert")).to_have_text("The payment was not confirmed.")
    fill(page, REDIRECT)
    frame.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_have_text("Paid")
    looks(page, axe, "fields-paid")
    assert shop.ask(f"/v1/payments/{payment['payment_id']}")["status"] == "success"
    second = ask(shop, amount="120.00", method="tokenized")
    page.goto(page_of(second))
    fill(page, NUMBER)
    expect(page.get_by_role("status")).to_have_text("Paid")
    until(page, lambda: shop.ask(f"/v1/payments/{second['payment_id']}")["status"] == "success")
    with shop.http.lock:
        everywhere = [*sent, *seen, str(shop.http.world.dump())]
    assert any('"card":"approve"' in text for text in sent)
    assert any('"route":"/pay/{payment_id}/sandbox/fields"' in text for text in seen)
    for canary in (NUMBER, CODE):
        # As a word of its own: four digits may be a part of some hash.
        found = re.compile(rf"(?<![\w.-]){canary}(?![\w.-])")
        assert [text[:200] for text in everywhere if found.search(text) or (canary == NUMBER and NUMBER in text.replace(" ", ""))] == []
