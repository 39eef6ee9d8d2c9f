"""Static codes at Razorpay: made for many payments, each credited by its signed webhook or found in the code's list."""

from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import settings
from payments.connectors.razorpay import codes as razorpay_codes
from payments.counter import schedule, store
from tests.fakes.providers import FakeRazorpay
from tests.fakes.receiver_behaviours import Reply
from tests.integration.payments.test_qr_codes import killed, make, of_code, off
from tests.support import payments as support
from tests.support.expectations import assert_refused
from tests.support.payments import RAZORPAY
from tests.support.world import Signer, World


@pytest.fixture
def server(world: World) -> Iterator[FakeRazorpay]:
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


@pytest.fixture
def who(who: Signer, world: World, server: FakeRazorpay) -> Signer:
    support.settings(world, who, connectors={"razorpay": RAZORPAY}, payee_name="Chai & Co", payee_vpa="chai@okbank")
    return who


def credit(world: World, who: Signer, server: FakeRazorpay, paid: dict[str, Any]) -> bool:
    sent = server.webhook("qr_code.credited", payment=paid, qr_code=server.codes[paid["qr_id"]])
    applied: bool = world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *sent).body["applied"]
    return applied


def test_a_code_is_razorpays_own_and_its_webhooks_book_each_payment_once(world: World, who: Signer, server: FakeRazorpay) -> None:
    code = make(world, who, name="Store 1")
    (known,) = server.codes.values()
    assert (code["upi_url"], code["provider_reference"], code["provider"]) == (known["image_content"], known["id"], "razorpay")
    assert known["notes"] == {"qr_code_id": code["qr_code_id"]}
    paid = [server.scan(known["id"], amount) for amount in (1000, 2550)]
    assert [credit(world, who, server, each) for each in (*paid, paid[0])] == [True, True, True]
    # What Razorpay also sends for each of them names nothing of ours.
    captured = server.webhook("payment.captured", payment=paid[0])
    assert world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *captured).body["applied"] is False
    found = of_code(world, who, code)
    assert [(one["amount"], one["status"], one["provider_reference"]) for one in found] == [
        ("25.50", "success", paid[1]["id"]),
        ("10.00", "success", paid[0]["id"]),
    ]
    assert support.balances(who, "razorpay") == (-3550, 0, 3550)


def test_webhooks_that_never_came_are_found_in_the_codes_list(
    world: World, who: Signer, server: FakeRazorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(razorpay_codes, "PAGE", 3)
    monkeypatch.setattr(razorpay_codes, "PAGES", 2)
    code = make(world, who)
    for number in range(11):
        server.scan(code["provider_reference"], 1000 + number)
        world.clock.now += 7
    failed = server.scan(code["provider_reference"], 99)
    failed |= {"status": "failed", "error_code": "BAD_REQUEST_ERROR", "error_reason": "payment_failed", "error_description": "Declined."}
    for _ in range(40):
        support.tick(world, after_seconds=60)
    assert sorted(one["amount"] for one in of_code(world, who, code)) == [f"10.{number:02d}" for number in range(11)]
    assert support.balances(who, "razorpay")[2] == 11 * 1000 + 55


def test_a_payment_of_a_code_that_is_cut_off_is_asked_for_by_razorpays_name_of_it(
    world: World, who: Signer, server: FakeRazorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make(world, who)
    paid = server.scan(code["provider_reference"], 1000)
    with killed(monkeypatch):
        credit(world, who, server, paid)
    support.tick(world, after_seconds=60)
    assert [one["status"] for one in of_code(world, who, code)] == ["success"]


def test_a_payment_that_razorpay_refunded_before_we_knew_it_is_no_money(world: World, who: Signer, server: FakeRazorpay) -> None:
    code = make(world, who)
    paid = server.scan(code["provider_reference"], 1000)
    server.refund_externally(paid, 1000)
    assert credit(world, who, server, paid) is True
    assert [(one["status"], one["failure_code"]) for one in of_code(world, who, code)] == [("failed", "returned")]
    assert support.balances(who, "razorpay") == (0, 0, 0)


def test_a_payment_whose_amount_is_none_stops_no_other(world: World, who: Signer, server: FakeRazorpay) -> None:
    code = make(world, who)
    server.scan(code["provider_reference"], 1000)
    server.scan(code["provider_reference"], -5)
    support.tick(world, after_seconds=schedule.LOOK_SECONDS + 1)
    assert [one["amount"] for one in of_code(world, who, code)] == ["10.00"]
    found = store.find(code["qr_code_id"])
    assert found is not None
    assert found.listed_from is None


def test_a_code_is_closed_there_and_a_repetition_is_no_error(world: World, who: Signer, server: FakeRazorpay) -> None:
    code = make(world, who)
    assert off(world, who, code).status == 200
    assert server.codes[code["provider_reference"]]["status"] == "closed"
    found = store.find(code["qr_code_id"])
    assert found is not None
    support.tick(world, after_seconds=1)
    found = store.find(code["qr_code_id"])
    assert found is not None
    assert found.is_open_there is False


def test_an_account_without_the_codes_content_says_so(world: World, who: Signer, server: FakeRazorpay) -> None:
    server.with_link = False
    refused = world.call(who, "POST", "/v1/qr_codes", {"name": "Store 1"})
    assert_refused(refused, "provider_configuration")
    assert "image_content" in refused.body["error"]["message"]


@pytest.mark.parametrize("trouble", [Reply(500, b"{}"), Reply(200, b"{")])
def test_a_code_whose_answer_is_lost_is_asked_for_again(world: World, who: Signer, server: FakeRazorpay, trouble: Reply) -> None:
    server.trouble["/qr_codes"] = trouble
    assert_refused(world.call(who, "POST", "/v1/qr_codes", {"name": "Store 1"}, key="store-1"), "provider_unavailable")
    assert world.call(who, "POST", "/v1/qr_codes", {"name": "Store 1"}, key="store-1").status == 201
