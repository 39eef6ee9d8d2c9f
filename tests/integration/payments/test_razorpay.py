"""Connector `razorpay` against a server of Razorpay's shapes: UPI by code, cards, refunds, webhooks, and every kind of trouble."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from paycorex import settings, storage
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.connectors import breakers, http_calls
from payments.connectors.razorpay import charges
from payments.connectors.razorpay import connector as razorpay
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Approved, NotFound, Unknown
from payments.payment import asking
from tests.fakes.providers import FakeRazorpay
from tests.fakes.receiver_behaviours import Behaviour, CutMidBody, Hang, Reply
from tests.support import payments as support
from tests.support.gateway import Reply as Answered
from tests.support.world import Signer, World

KEYS = {
    "key_id": "rzp_test_1",
    "key_secret": "secret",
    "webhook_secret": "rzp_webhook",
    "email": "till@example.com",
    "contact": "+919000090000",
}
NOT_ACCEPTED = [Reply(401, b"{}"), Reply(403, b"{}")]
NOTHING_SENT = [Reply(429, b"{}"), *NOT_ACCEPTED]
UNHEARD = [Reply(409, b"{}"), Reply(500, b"{}"), Reply(502, b""), Hang(), CutMidBody(), Reply(200, b"{")]
name = lambda trouble: f"{type(trouble).__name__}{getattr(trouble, 'status', '')}"  # noqa: E731


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRazorpay]:
    monkeypatch.setattr(http_calls, "CHARGE_SECONDS", 0.4)
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 0.4)
    monkeypatch.setattr(charges, "CREATE_SECONDS", 0.4)
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


@pytest.fixture
def who(who: Signer, world: World, server: FakeRazorpay) -> Signer:
    support.settings(world, who, connectors={"razorpay": KEYS}, payee_name="Chai & Co")
    return who


def callback(world: World, who: Signer, sent: tuple[list[tuple[str, str]], bytes]) -> Answered:
    return world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *sent)


def test_a_upi_payment_shows_razorpays_own_link_and_closes_with_it(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment = support.collect(world, who, "12.34", expires_in=600).body
    (code,) = server.codes.values()
    assert payment["next_action"]["upi_url"] == code["image_content"]
    assert (code["payment_amount"], payment["provider_reference"]) == (1234, code["id"])
    assert code["notes"]["payment_id"] == payment["payment_id"]


def test_the_janitor_finds_what_was_paid(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    support.tick(world, after_seconds=40)
    assert support.show(world, who, payment_id)["status"] == "pending"
    paid = server.scan("qr_00000000000000")
    support.tick(world, after_seconds=120)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["provider_reference"]) == ("success", paid["id"])


def test_the_webhook_of_a_scan_settles_once_and_the_janitor_finds_nothing_new(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    paid = server.scan("qr_00000000000000")
    sent = server.webhook("qr_code.credited", payment=paid, qr_code=server.codes["qr_00000000000000"])
    assert [callback(world, who, sent).body["applied"] for _ in range(2)] == [True, True]
    support.tick(world, after_seconds=600)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["late_money"], shown["version"]) == ("success", [], 2)


def test_a_code_paid_twice_leaves_the_second_in_suspense(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    for _ in range(2):
        paid = server.scan("qr_00000000000000")
        callback(world, who, server.webhook("qr_code.credited", payment=paid, qr_code=server.codes["qr_00000000000000"]))
    (money,) = support.show(world, who, payment_id)["late_money"]
    assert (money["status"], money["provider_reference"]) == ("held", "pay_00000000000001")
    given = world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "refund"}).body
    assert given["status"] == "success"
    assert [refund["payment_id"] for refund in server.refunds.values()] == ["pay_00000000000001"]


def test_what_is_not_scanned_expires_and_the_code_is_closed(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment_id = support.collect(world, who, expires_in=300).body["payment_id"]
    support.settle_all(world)
    assert support.show(world, who, payment_id)["failure_code"] == "expired"
    assert [code["status"] for code in server.codes.values()] == ["closed"]


def test_without_a_link_of_its_own_it_is_not_used(world: World, who: Signer, server: FakeRazorpay) -> None:
    server.with_link = False
    refused = support.collect(world, who)
    assert (refused.status, refused.code) == (422, "provider_configuration")
    assert refused.body["error"]["message"].endswith("Razorpay has to enable image_content for this account.")
    assert [item.payment_id for item in storage.scan_all(PaymentItem)] == []


@pytest.mark.parametrize("trouble", [*UNHEARD, *NOTHING_SENT], ids=name)
def test_a_code_that_could_not_be_made_fails_over_and_nothing_half_made_is_left(
    world: World, who: Signer, server: FakeRazorpay, trouble: Behaviour
) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "razorpay"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/qr_codes"] = trouble
    payment = support.collect(world, who).body
    assert [(attempt["connector"], attempt["status"]) for attempt in payment["attempts"]] == [
        ("razorpay", "declined" if trouble in NOT_ACCEPTED else "unavailable"),
        ("sandbox_backup", "pending"),
    ]


def test_a_card_is_an_order_and_its_payment(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment = support.charge(world, who, support.APPROVE).body
    assert (payment["status"], payment["next_action"]["type"]) == ("processing", "redirect")
    (order,) = server.orders.values()
    assert order["notes"]["attempt_id"] == order["receipt"]
    paid = server.payments["pay_00000000000000"]
    paid["status"] = "captured"
    assert callback(world, who, server.webhook("payment.captured", payment=paid)).body["applied"] is True
    assert support.show(world, who, payment["payment_id"])["status"] == "success"


def test_a_declined_card(world: World, who: Signer, server: FakeRazorpay) -> None:
    refused = support.charge(world, who, support.DECLINE)
    assert (refused.status, refused.code) == (402, "card_declined")
    assert refused.body["error"]["details"]["payment"]["attempts"][0]["code"] == "payment_failed"


@pytest.mark.parametrize("trouble", UNHEARD + NOTHING_SENT, ids=name)
def test_an_order_that_could_not_be_made_fails_over(world: World, who: Signer, server: FakeRazorpay, trouble: Behaviour) -> None:
    """It moves no money, so even one whose answer is lost does no harm."""
    support.settings(world, who, routing_rules=[{"use": [{"connector": "razorpay"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/v1/orders"] = trouble
    payment = support.charge(world, who, support.APPROVE).body
    assert [(attempt["connector"], attempt["status"]) for attempt in payment["attempts"]] == [
        ("razorpay", "declined" if trouble in NOT_ACCEPTED else "unavailable"),
        ("sandbox_backup", "approved"),
    ]
    assert server.asked("/create/json") == []


@pytest.mark.parametrize("trouble", NOTHING_SENT, ids=name)
def test_a_payment_that_razorpay_did_not_look_at_fails_over(world: World, who: Signer, server: FakeRazorpay, trouble: Behaviour) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "razorpay"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/create/json"], server.acts = trouble, False
    assert support.charge(world, who, support.APPROVE).body["provider"] == "sandbox_backup"
    assert server.payments == {}


def test_a_402_of_the_bank_is_a_decline_that_no_other_connector_is_asked_about(world: World, who: Signer, server: FakeRazorpay) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "razorpay"}, {"connector": "sandbox_backup", "weight": 0}]}])
    refusal = b'{"error":{"code":"BAD_REQUEST_ERROR","reason":"payment_failed","metadata":{"payment_id":"pay_00000000000001"}}}'
    server.trouble["/create/json"], server.acts = Reply(402, refusal), False
    refused = support.charge(world, who, support.APPROVE)
    assert (refused.status, refused.code) == (402, "card_declined")
    assert [attempt["connector"] for attempt in refused.body["error"]["details"]["payment"]["attempts"]] == ["razorpay"]


def test_a_rate_limit_is_kept_for_as_long_as_it_says(world: World, who: Signer, server: FakeRazorpay) -> None:
    server.trouble["/qr_codes"] = Reply(429, b"{}", [("Retry-After", "90")])
    assert support.collect(world, who).status == 503
    world.clock.now += 80
    assert breakers.is_open(who.merchant_id, "razorpay")
    world.clock.now += 15
    assert support.collect(world, who).body["provider"] == "razorpay"


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("trouble", UNHEARD, ids=name)
def test_a_payment_whose_answer_is_lost_is_found_by_its_receipt(
    world: World, who: Signer, server: FakeRazorpay, trouble: Behaviour, *, acts: bool
) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "razorpay"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/create/json"], server.acts = trouble, acts
    payment = support.charge(world, who, support.APPROVE).body
    assert [attempt["status"] for attempt in payment["attempts"]] == ["unknown"]
    for paid in server.payments.values():
        paid["status"] = "captured"
    support.settle_all(world)
    assert support.show(world, who, payment["payment_id"])["status"] == ("success" if acts else "failed")


def test_a_stored_upi_address_is_asked_to_pay(world: World, who: Signer, server: FakeRazorpay) -> None:
    made = world.call(who, "POST", "/v1/tokens/create", {"user_id": "asha", "type": "upi", "vpa": "asha@okbank"})
    body = {"amount": "10", "method": "tokenized", "token_id": made.body["token_id"]}
    payment = world.call(who, "POST", "/v1/payments/create", body).body
    assert (payment["status"], payment["attempts"][0]["status"]) == ("processing", "pending")
    paid = server.payments["pay_00000000000000"]
    paid |= {"status": "failed", "error_reason": "payment_cancelled", "error_description": "asha@okbank said no"}
    callback(world, who, server.webhook("payment.failed", payment=paid))
    failed = support.show(world, who, payment["payment_id"])
    assert (failed["status"], failed["attempts"][0]["code"]) == ("failed", "payment_cancelled")
    assert "asha@okbank" not in str(failed)


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("trouble", [*UNHEARD, Reply(429, b"{}")], ids=name)
def test_a_refund_whose_answer_is_lost_is_given_back_once(
    world: World, who: Signer, server: FakeRazorpay, trouble: Behaviour, *, acts: bool
) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    server.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    server.trouble["/refund"], server.acts = trouble, acts
    body = {"payment_id": payment_id, "amount": "4.00"}
    assert world.call(who, "POST", "/v1/payments/refund", body).body["status"] in {"pending", "processing"}
    support.settle_all(world)
    assert [refund["amount"] for refund in server.refunds.values()] == [400]
    assert support.show(world, who, payment_id)["amount_refunded"] == "4.00"


def test_a_refund_is_found_on_whatever_page_it_is(world: World, who: Signer, server: FakeRazorpay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(razorpay, "PAGE", 2)
    payment_id = support.collect(world, who).body["payment_id"]
    paid = server.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    body = {"payment_id": payment_id, "amount": "1.00"}
    made = [world.call(who, "POST", "/v1/payments/refund", body).body["refund_id"] for _ in range(4)]
    for number, refund_id in enumerate(made):
        giveback = RefundRequest(refund_id, payment_id, who.merchant_id, Money(100, "INR"), paid["id"], None)
        assert connector().lookup_refund(giveback) == Approved(list(server.refunds)[number], Money(100, "INR"))
    assert isinstance(connector().lookup_refund(replace(giveback, refund_id="ref_other")), NotFound)
    server.trouble["/refunds"] = Reply(400, b"{}")
    assert isinstance(connector().lookup_refund(giveback), Unknown)


def connector() -> Razorpay:
    return Razorpay(KEYS)


def test_a_refusal_to_tell_is_not_taken_for_no_such_payment(world: World, who: Signer, server: FakeRazorpay) -> None:
    """Another account's key finds nothing: the money may have been taken all the same."""
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    attempt = asking.attempt_of(support.stored(payment_id), 0)
    for trouble in ("/v1/orders", "/payments"):
        server.trouble[trouble] = Reply(400, b"{}")
        assert isinstance(connector().lookup(replace(attempt, provider_reference=None)), Unknown)
    server.payments.clear()
    assert isinstance(connector().lookup(attempt), Unknown)


def test_a_failed_scan_does_not_use_the_code_up(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    code = server.codes["qr_00000000000000"]
    failed = {**server.scan(code["id"]), "status": "failed", "notes": code["notes"], "error_reason": "payment_cancelled"}
    assert callback(world, who, server.webhook("payment.failed", payment=failed)).body["applied"] is False
    assert support.show(world, who, payment_id)["status"] == "pending"


def test_a_webhook_that_razorpay_did_not_sign_is_refused(world: World, who: Signer, server: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    paid, code = server.scan("qr_00000000000000"), server.codes["qr_00000000000000"]
    server.webhook_secret = "another"
    assert callback(world, who, server.webhook("qr_code.credited", payment=paid, qr_code=code)).status == 401
    assert support.show(world, who, payment_id)["status"] == "pending"


def test_verify_asks_razorpay(world: World, who: Signer, server: FakeRazorpay) -> None:
    path = "/v1/merchants/connectors/razorpay/verify"
    assert world.call(who, "POST", path, {}).body["accepted"] is True
    support.settings(world, who, connectors={"razorpay": {**KEYS, "key_secret": "wrong"}})
    assert world.call(who, "POST", path, {}).body["accepted"] is False
