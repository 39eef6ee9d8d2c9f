"""Who sees a payment by its payer's link: not by guessing, not of a suspended shop, not long after it ended; each with a page."""

import json
from typing import Any

import pytest

from operations import merchants
from payments.payer_page import access
from tests.integration.payments.test_upi import callback
from tests.support import payments as support
from tests.support.crypto import Monitor, expected_units, merchant_with_key, pay_by_crypto
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply, coming_from
from tests.support.world import Signer, World

MINUTE = 60
DAY = access.SHOWN_AFTER_END_MS / 1000
APPROVE = json.dumps({"outcome": "approve"}).encode()


def link(payment: dict[str, Any]) -> tuple[str, str]:
    """Path and token of the payer's link."""
    action = payment["next_action"]
    path, _, query = str(action.get("pay_url") or action["url"]).partition("?t=")
    return "/pay/" + path.partition("/pay/")[2], query


def follow(world: World, payment: dict[str, Any], suffix: str = "", method: str = "GET", body: bytes = b"", token: str = "") -> Reply:
    path, own = link(payment)
    return world.send(method, f"{path}{suffix}?t={token or own}", [], body)


def assert_closed(reply: Reply, status: int, words: str) -> None:
    """A page for people, with nothing of a payment in it."""
    text = reply.raw.decode()
    assert (reply.status, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in text
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    for shown in ("chai", "Chai Point", "10.00", "upi:", "ethereum:", "<svg", "<script", "request_id"):
        assert shown not in text


@pytest.fixture
def who(who: Signer, world: World) -> Signer:
    support.settings(world, who, payee_vpa="chai@okbank", payee_name="Chai Point")
    return who


def suspend(world: World, who: Signer) -> None:
    merchants.set_status(who.merchant_id, merchants.SUSPENDED)
    world.clock.now += MINUTE
    world.restart()


def test_a_suspended_shop_shows_payers_a_closed_page_and_sells_nothing(world: World, who: Signer) -> None:
    payment = support.collect(world, who, description="chai").body
    card = support.charge(world, who, support.REDIRECT).body
    suspend(world, who)
    for closed in (payment, card):
        with nothing_written(world):
            assert_closed(follow(world, closed), 403, "This shop accepts no payments at the moment.")
            assert_refused(follow(world, closed, "/status"), "forbidden")
            assert_refused(follow(world, closed, "/sandbox", "POST", APPROVE), "forbidden")
    merchants.set_status(who.merchant_id, merchants.ACTIVE)
    world.restart()
    assert follow(world, payment).status == 200
    assert follow(world, payment, "/sandbox", "POST", APPROVE).body["status"] == "success"


def test_a_stranger_does_not_learn_that_a_shop_is_suspended(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    suspend(world, who)
    assert_closed(follow(world, payment, token="A" * 16), 404, "This link does not work.")


def test_money_for_a_suspended_shop_is_booked_when_the_provider_has_it(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    support.settings(world, who, connectors={"sandbox": {"webhook_secret": "secret of callbacks"}})
    suspend(world, who)
    assert callback(world, who, payment, secret="secret of callbacks").body == {"received": True, "applied": True}
    assert support.stored(payment["payment_id"]).status == "success"


def test_money_for_a_suspended_shop_is_booked_when_the_janitor_asks(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    suspend(world, who)
    support.settle_all(world)
    assert support.stored(payment["payment_id"]).status == "success"


def test_money_for_a_suspended_shop_is_booked_when_the_chain_has_it(world: World) -> None:
    who = merchant_with_key(world)
    payment = pay_by_crypto(world, who)
    monitor = Monitor(world, who)
    suspend(world, who)
    monitor.pays(payment, expected_units(payment))
    assert support.stored(payment["payment_id"]).status == "success"
    assert_closed(follow(world, payment), 403, "This shop accepts no payments at the moment.")


@pytest.mark.parametrize("outcome", ["approve", "decline"])
def test_the_link_shows_what_became_of_a_payment_for_a_day_and_then_nothing(world: World, who: Signer, outcome: str) -> None:
    payment = support.collect(world, who, description="chai").body
    follow(world, payment, "/sandbox", "POST", json.dumps({"outcome": outcome}).encode())
    world.clock.now += DAY - MINUTE
    assert follow(world, payment).status == 200
    assert follow(world, payment, "/status").status == 200
    world.clock.now += MINUTE
    with nothing_written(world):
        assert_closed(follow(world, payment), 410, "This payment is over.")
        assert_refused(follow(world, payment, "/status"), "not_found")
        assert_refused(follow(world, payment, "/sandbox", "POST", APPROVE), "not_found")


def test_a_later_change_of_an_ended_payment_does_not_open_its_link_again(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    follow(world, payment, "/sandbox", "POST", APPROVE)
    world.clock.now += DAY
    refunded = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment["payment_id"], "amount": "1.00"})
    assert refunded.status == 201, refunded.raw
    assert follow(world, payment).status == 410


def test_a_cut_off_or_altered_link_is_answered_with_a_page(world: World, who: Signer) -> None:
    path, token = link(support.collect(world, who, description="chai").body)
    with nothing_written(world):
        for broken, status in (
            (f"{path}?t={token[:-3]}", 404),
            (f"{path[:-3]}?t={token}", 404),
            (path, 400),
            (f"{path}?t=", 404),
            (f"{path}?t={token}&utm_source=chat", 400),
            (f"{path}?t={'x' * 65}", 400),
        ):
            assert_closed(world.send("GET", broken, []), status, "This link does not work.")


def test_trouble_of_ours_is_answered_with_a_page(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = support.collect(world, who).body

    def broken(*_arguments: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(access, "opened", broken)
    assert_closed(follow(world, payment), 500, "The page cannot be shown at the moment.")


def test_guesses_of_a_payers_token_are_limited_by_payment_and_address(world: World, who: Signer) -> None:
    world.clock.now -= world.clock.now % MINUTE  # a whole minute lies ahead
    payment, other = support.collect(world, who).body, support.collect(world, who, "11.00").body
    guesses = [follow(world, payment, suffix, token="A" * 16).status for suffix in ("", "/status") * 5]
    assert guesses == [404] * access.GUESSES.times
    refused = follow(world, payment)
    assert_closed(refused, 429, "Too many attempts.")
    assert 1 <= int(refused.headers["retry-after"]) <= MINUTE
    refused = follow(world, payment, "/status")
    assert_refused(refused, "rate_limited")
    assert refused.body["error"]["details"] == {"limit": access.GUESSES.times, "window_seconds": MINUTE}
    assert follow(world, other).status == 200
    world.clock.now += MINUTE
    assert follow(world, payment).status == 200


def test_guesses_from_one_address_are_limited_over_all_payments(world: World, who: Signer) -> None:
    world.clock.now -= world.clock.now % (60 * MINUTE)  # a whole hour lies ahead
    payments = [support.collect(world, who, f"{number}.00").body for number in range(1, 6)]
    with coming_from("2001:db8:1:2::1"):
        guesses = [follow(world, payment, token="A" * 16).status for payment in payments for _ in range(7)]
    assert guesses == [404] * access.GUESSES_IN_ALL.times + [429] * 5
    with coming_from("2001:db8:1:2::2"):
        assert follow(world, payments[0]).status == 429
    with coming_from("2001:db8:1:3::1"):
        assert follow(world, payments[0]).status == 200
    world.clock.now += 60 * MINUTE
    with coming_from("2001:db8:1:2::1"):
        assert follow(world, payments[0]).status == 200


def test_who_has_the_link_may_look_as_often_as_they_like(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    assert {follow(world, payment, "/status").status for _ in range(100)} == {200}
