"""Connector `stripe` against a server of Stripe's shapes: what it sends, and what it makes of every answer."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from operations import stuck_payments
from paycorex import settings, storage
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.connectors import breakers, http_calls
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Approved, NotFound, Unknown
from payments.connectors.stripe import api as stripe_api
from payments.connectors.stripe import charges
from payments.connectors.stripe.connector import Stripe
from payments.payment import settlement as settle
from payments.payment.states import Outcome
from payments.payment.versions import Change
from payments.refunds import refund as refunds
from tests.fakes.faults import Fault, FaultyClient, Killed, Script, healthy
from tests.fakes.providers import FakeStripe
from tests.fakes.receiver_behaviours import Behaviour, CutMidBody, Hang, Raw, Reply
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

KEYS = {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStripe]:
    monkeypatch.setattr(http_calls, "CHARGE_SECONDS", 0.4)
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 0.4)
    monkeypatch.setattr(charges, "CREATE_SECONDS", 0.4)
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


@pytest.fixture
def who(who: Signer, world: World, server: FakeStripe) -> Signer:
    support.settings(world, who, connectors={"stripe": KEYS})
    return who


def test_a_card_is_charged_by_create_and_confirm(world: World, who: Signer, server: FakeStripe) -> None:
    payment = support.charge(world, who, support.APPROVE, "12.34", description="Tea & cake = €").body
    assert (payment["status"], payment["provider"], payment["provider_reference"]) == ("success", "stripe", "pi_0")
    (intent,) = server.intents.values()
    assert (intent["amount"], intent["currency"], intent["metadata"]["payment_id"]) == (1234, "inr", payment["payment_id"])
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert keys == [intent["metadata"]["attempt_id"], intent["metadata"]["attempt_id"] + "-confirm"]


@pytest.mark.parametrize(
    ("currency", "amount", "units"), [("JPY", "500", 500), ("KWD", "1.230", 1230), ("USD", "0.50", 50), ("UGX", "7", 700)]
)
def test_amounts_are_in_stripes_units(world: World, who: Signer, server: FakeStripe, currency: str, amount: str, units: int) -> None:
    payment = support.charge(world, who, support.APPROVE, amount, currency=currency).body
    assert (payment["status"], server.intents["pi_0"]["amount"]) == ("success", units)


def test_an_amount_that_stripe_cannot_take_is_not_sent(world: World, who: Signer, server: FakeStripe) -> None:
    token_id = support.token(world, who, support.APPROVE)
    order = {"amount": "1.234", "currency": "KWD", "method": "tokenized", "token_id": token_id}
    with nothing_written(world):
        for dry_run in (False, True):
            refused = world.call(who, "POST", "/v1/payments/create", order | ({"dry_run": True} if dry_run else {}))
            assert_refused(refused, "unsupported_amount")
            assert refused.body["error"]["message"] == "Stripe takes KWD in steps of 0.010 only."
    assert server.requests == []


def test_an_amount_that_stripe_cannot_take_goes_to_another_connector(world: World, who: Signer, server: FakeStripe) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "stripe"}, {"connector": "sandbox_backup", "weight": 0}]}])
    paid = support.charge(world, who, support.APPROVE, "1.234", currency="KWD").body
    assert ([attempt["connector"] for attempt in paid["attempts"]], server.requests) == (["sandbox_backup"], [])


@pytest.mark.parametrize(
    ("currency", "paid", "asked"),
    [
        *((currency, "10.000", "1.005") for currency in ("BHD", "JOD", "KWD", "OMR", "TND")),
        ("MGA", "100.00", "10.50"),
    ],
)
def test_a_refund_that_stripe_cannot_express_is_refused_and_the_payment_untouched(
    world: World, who: Signer, server: FakeStripe, currency: str, paid: str, asked: str
) -> None:
    """Without its amount, the same request gives everything back."""
    payment_id = support.charge(world, who, support.APPROVE, paid, currency=currency).body["payment_id"]
    sent = len(server.requests)
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": asked}), "unsupported_amount")
    assert (len(server.requests), server.refunds) == (sent, {})
    given = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id}).body
    assert (given["status"], [refund["amount"] for refund in server.refunds.values()]) == ("success", [server.intents["pi_0"]["amount"]])


def test_a_rest_that_stripe_cannot_express_is_refused(world: World, who: Signer, server: FakeStripe) -> None:
    """Left by a refund of the time when that was not checked."""
    payment_id = support.charge(world, who, support.APPROVE, "10.000", currency="KWD").body["payment_id"]
    payment = support.stored(payment_id)
    after = storage.copy_of(payment)
    after.amount = 9995
    assert refunds.refundable_amount(after, None) == Money(9995, "KWD")
    storage.run(storage.update(type(payment), payment.wire_key(payment_id), [type(payment).amount.set(9995)], None))
    try:
        with nothing_written(world, but_outcomes=True):
            assert_refused(world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id}), "unsupported_amount")
        assert server.refunds == {}
    finally:
        storage.run(storage.update(type(payment), payment.wire_key(payment_id), [type(payment).amount.set(10_000)], None))


def test_held_money_that_stripe_cannot_express_is_not_given_back_in_full(world: World, who: Signer, server: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.REDIRECT, "10.000", currency="KWD").body["payment_id"]
    change = Change(Outcome.PAID, connector="stripe", provider_reference="pi_0", amount=Money(9995, "KWD"))
    settle.apply(support.stored(payment_id), change)
    with nothing_written(world, but_outcomes=True):
        refused = world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "refund"})
        assert_refused(refused, "unsupported_amount")
    assert server.refunds == {}


def test_a_refund_accepted_before_its_connector_was_known_fails_unsent(world: World, who: Signer, server: FakeStripe) -> None:
    """Accepted while the outcome was open at a connector that counts finer; the money came to Stripe."""
    server.trouble["/confirm"], server.acts = Hang(), True
    payment_id = support.charge(world, who, support.APPROVE, "10.000", currency="KWD").body["payment_id"]
    payment = support.stored(payment_id)
    storage.run(storage.update(type(payment), payment.wire_key(payment_id), [type(payment).provider.set("sandbox")], None))
    accepted = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "1.005"}).body
    assert accepted["status"] == "pending"
    support.settle_all(world)
    refund = world.call(who, "GET", f"/v1/refunds/{accepted['refund_id']}").body
    assert (refund["status"], refund["failure_code"], server.refunds) == ("failed", "unsupported_amount", {})
    assert support.stored(payment_id).amount_reserved == 0


@pytest.mark.parametrize(
    ("number", "code", "retryable"),
    [
        ("4000000000000002", "generic_decline", False),
        ("4000000000009995", "insufficient_funds", False),
        ("4000000000000119", "processing_error", True),
    ],
)
def test_a_402_is_a_decline(world: World, who: Signer, server: FakeStripe, number: str, code: str, *, retryable: bool) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "stripe"}, {"connector": "sandbox_backup", "weight": 0}]}])
    reply = support.charge(world, who, number)
    payment = reply.body if retryable else reply.body["error"]["details"]["payment"]
    assert payment["attempts"][0] | {"started_at": None, "duration_ms": None} == {
        "connector": "stripe",
        "status": "declined",
        "code": code,
        "reason": "Your card was declined.",
        "provider_reference": "pi_0",
        "started_at": None,
        "duration_ms": None,
    }
    assert len(payment["attempts"]) == (2 if retryable else 1)


NOT_LOOKED_AT = [Reply(429, b"{}", [("Retry-After", "7")])]
NOT_ACCEPTED = [Reply(401, b"{}"), Reply(403, b"{}")]
UNHEARD = [
    Reply(500, b"{}"),
    Reply(503, b""),
    Reply(409, b"{}"),
    Hang(),
    CutMidBody(),
    Raw(b"not http"),
    Reply(200, b"[1,"),
    Reply(200, b"{}"),
]
name = lambda trouble: f"{type(trouble).__name__}{getattr(trouble, 'status', '')}{len(getattr(trouble, 'body', b''))}"  # noqa: E731


@pytest.mark.parametrize("trouble", NOT_LOOKED_AT + NOT_ACCEPTED + UNHEARD, ids=name)
def test_any_trouble_before_the_card_was_sent_fails_over(world: World, who: Signer, server: FakeStripe, trouble: Behaviour) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "stripe"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/v1/payment_intents"] = trouble
    payment = support.charge(world, who, support.APPROVE).body
    assert [(attempt["connector"], attempt["status"]) for attempt in payment["attempts"]] == [
        ("stripe", "declined" if trouble in NOT_ACCEPTED else "unavailable"),
        ("sandbox_backup", "approved"),
    ]
    assert server.asked("/confirm") == []


@pytest.mark.parametrize("trouble", NOT_LOOKED_AT + NOT_ACCEPTED, ids=name)
def test_a_confirmation_that_stripe_did_not_look_at_fails_over(world: World, who: Signer, server: FakeStripe, trouble: Behaviour) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "stripe"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/confirm"] = trouble
    assert support.charge(world, who, support.APPROVE).body["provider"] == "sandbox_backup"
    assert [intent["status"] for intent in server.intents.values()] == ["requires_payment_method"]


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("trouble", UNHEARD, ids=name)
def test_a_confirmation_whose_answer_is_lost_is_looked_up_and_never_sent_elsewhere(
    world: World, who: Signer, server: FakeStripe, trouble: Behaviour, *, acts: bool
) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "stripe"}, {"connector": "sandbox_backup", "weight": 0}]}])
    server.trouble["/confirm"], server.acts = trouble, acts
    payment = support.charge(world, who, support.APPROVE).body
    assert payment["status"] == "processing"
    (attempt,) = payment["attempts"]
    assert (attempt["status"], attempt["provider_reference"]) == ("unknown", "pi_0")
    support.settle_all(world)
    assert support.show(world, who, payment["payment_id"])["status"] == ("success" if acts else "failed")
    assert len(server.asked("/confirm")) == 1


def test_a_rate_limit_is_kept_for_as_long_as_it_says(world: World, who: Signer, server: FakeStripe) -> None:
    server.trouble["/v1/payment_intents"] = Reply(429, b"{}", [("Retry-After", "90")])
    assert support.charge(world, who, support.APPROVE).status == 503
    world.clock.now += 80
    assert breakers.is_open(who.merchant_id, "stripe")
    world.clock.now += 15
    assert support.charge(world, who, support.APPROVE).body["status"] == "success"


def test_an_attempt_whose_id_was_never_noted_is_found_by_its_key_and_later_by_its_time(
    world: World, who: Signer, server: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = support.charge(world, who, support.APPROVE).body
    (intent,) = server.intents.values()
    connector, attempt = Stripe(KEYS), _attempt(world, payment["payment_id"])
    assert connector.lookup(attempt).provider_reference == "pi_0"  # type: ignore[union-attr]
    assert len(server.intents) == 1
    monkeypatch.setattr(stripe_api, "PAGE", 2)
    for _ in range(4):
        support.charge(world, who, support.APPROVE)
    world.clock.now += 2 * 86_400
    for _ in range(3):
        support.charge(world, who, support.APPROVE)
    before = len(server.requests)
    assert connector.lookup(attempt).provider_reference == "pi_0"  # type: ignore[union-attr]
    # Three pages of the five that were made about then, and the intent itself.
    assert [request.method for request in server.requests[before:]] == ["GET"] * 4
    assert intent["metadata"]["attempt_id"] == attempt.attempt_id
    assert isinstance(connector.lookup(replace(attempt, attempt_id="att_never_made")), NotFound)
    monkeypatch.setattr(stripe_api, "LISTING_SECONDS", 0)
    assert isinstance(connector.lookup(attempt), Unknown)


def test_a_refusal_to_tell_is_not_taken_for_no_such_payment(world: World, who: Signer, server: FakeStripe) -> None:
    """Another account's key finds nothing, and a list may be refused: the money may have been taken all the same."""
    payment = support.charge(world, who, support.APPROVE).body
    connector, attempt = Stripe(KEYS), _attempt(world, payment["payment_id"])
    world.clock.now += 2 * 86_400
    server.trouble["/v1/payment_intents"] = Reply(400, b'{"error": {"type": "invalid_request_error"}}')
    assert isinstance(connector.lookup(attempt), Unknown)
    server.intents.clear()
    assert isinstance(connector.lookup(replace(attempt, provider_reference="pi_0")), Unknown)


@pytest.mark.parametrize("removed_first", [True, False])
def test_an_attempt_of_before_the_account_was_changed_is_not_taken_for_lost(
    world: World, who: Signer, server: FakeStripe, *, removed_first: bool
) -> None:
    """Its money may be in the account of before, which is not asked any more: an operator looks, and it fails for nothing."""
    client = FaultyClient(world.dynamo, Script([Fault.PASS, Fault.KILL_BEFORE], operation="TransactWriteItems"))
    card = support.token(world, who, support.APPROVE)
    world.install(client, world.kms, world.sqs)
    with suppress(Killed):
        world.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "tokenized", "token_id": card})
    client.decider = healthy
    (taken,) = server.intents.values()
    assert taken["status"] == "succeeded"
    server.change_account()
    if removed_first:
        support.settings(world, who, connectors={"stripe": None})
    support.settings(world, who, connectors={"stripe": KEYS})
    for _ in range(20):
        support.tick(world, after_seconds=600)
    (payment,) = storage.scan_all(PaymentItem)
    assert payment.status == "processing"
    (stuck,) = [line for line in stuck_payments.page(10).data if line.payment_id == payment.payment_id]
    assert stuck.problem is not None
    assert "changed after this payment began" in stuck.problem
    later = support.charge(world, who, support.APPROVE).body
    assert later["status"] == "success"


def test_an_intent_that_is_known_and_was_not_confirmed_ends_whatever_the_settings_are(
    world: World, who: Signer, server: FakeStripe
) -> None:
    """It was found, so it is in this account: a change of keys keeps no such payment open."""
    server.trouble["/confirm"], server.acts = Reply(500, b"{}"), False
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    assert support.stored(payment_id).attempts[0]["provider_reference"] == "pi_0"
    server.trouble.clear()
    support.settings(world, who, connectors={"stripe": KEYS})
    support.settle_all(world)
    assert support.show(world, who, payment_id)["status"] == "failed"


def test_a_refund_is_found_on_whatever_page_it_is(world: World, who: Signer, server: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_api, "PAGE", 2)
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    body = {"payment_id": payment_id, "amount": "1.00"}
    made = [world.call(who, "POST", "/v1/payments/refund", body).body["refund_id"] for _ in range(5)]
    payment = support.stored(payment_id)
    for number, refund_id in enumerate(made):
        giveback = RefundRequest(refund_id, payment_id, who.merchant_id, Money(100, "INR"), str(payment.provider_reference), None)
        found = Stripe(KEYS).lookup_refund(giveback)
        assert (found.provider_reference, type(found)) == (f"re_{number}", Approved)  # type: ignore[union-attr]
    server.trouble["/v1/refunds"] = Reply(404, b"{}")
    assert isinstance(Stripe(KEYS).lookup_refund(giveback), Unknown)


def _attempt(world: World, payment_id: str):  # type: ignore[no-untyped-def]
    from payments.payment import asking

    return replace(asking.attempt_of(support.stored(payment_id), 0), provider_reference=None)


def test_a_redirect_is_settled_by_the_webhook_once(world: World, who: Signer, server: FakeStripe) -> None:
    payment = support.charge(world, who, support.REDIRECT).body
    assert payment["next_action"] == {"type": "redirect", "url": "https://hooks.example/3ds"}
    intent = server.intents["pi_0"]
    server.pay(intent)
    headers, body = server.webhook("payment_intent.succeeded", intent)
    replies = [world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", headers, body) for _ in range(3)]
    assert [reply.body for reply in replies] == [{"received": True, "applied": True}] * 3
    settled = support.show(world, who, payment["payment_id"])
    assert (settled["status"], settled["late_money"]) == ("success", [])


@pytest.mark.parametrize("how", ["secret", "stale", "missing", "body"])
def test_a_webhook_that_stripe_did_not_sign_is_refused(world: World, who: Signer, server: FakeStripe, how: str) -> None:
    support.charge(world, who, support.REDIRECT)
    server.pay(server.intents["pi_0"])
    if how == "secret":
        server.webhook_secret = ""
    headers, body = server.webhook("payment_intent.succeeded", server.intents["pi_0"])
    if how == "stale":
        world.clock.now += 301
    before = world.dump()
    reply = world.send(
        "POST", f"/v1/callbacks/stripe/{who.merchant_id}", [] if how == "missing" else headers, body + b" " * (how == "body")
    )
    assert (reply.status, world.dump()) == (401, before)


def test_without_a_webhook_secret_no_callback_is_believed(world: World, who: Signer, server: FakeStripe) -> None:
    support.settings(world, who, connectors={"stripe": {"secret_key": "sk_test_51"}})
    support.charge(world, who, support.REDIRECT)
    server.webhook_secret = ""
    headers, body = server.webhook("payment_intent.succeeded", server.intents["pi_0"])
    assert world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", headers, body).status == 401


def test_a_webhook_about_something_else_is_taken_and_ignored(world: World, who: Signer, server: FakeStripe) -> None:
    for kind, subject in (("customer.created", {"id": "cus_1"}), ("payment_intent.created", {"id": "pi_9", "status": "processing"})):
        headers, body = server.webhook(kind, subject)
        reply = world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", headers, body)
        assert reply.body == {"received": True, "applied": False}


def test_cancel_tells_stripe(world: World, who: Signer, server: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.REDIRECT).body["payment_id"]
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {}).status == 200
    assert server.intents["pi_0"]["status"] == "canceled"


def test_refunds_are_stripes_too(world: World, who: Signer, server: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    done = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    assert (done["status"], done["provider_reference"]) == ("success", "re_0")
    assert server.refunds["re_0"]["amount"] == 400
    assert server.asked("/v1/refunds")[0].headers["idempotency-key"] == done["refund_id"]


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("trouble", [Reply(500, b"{}"), Reply(409, b"{}"), Hang(), CutMidBody(), Reply(429, b"{}")], ids=name)
def test_a_refund_whose_answer_is_lost_is_given_back_once(
    world: World, who: Signer, server: FakeStripe, trouble: Behaviour, *, acts: bool
) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    server.trouble["/v1/refunds"], server.acts = trouble, acts
    pending = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id}).body
    assert pending["status"] in {"pending", "processing"}
    support.settle_all(world)
    assert [refund["amount"] for refund in server.refunds.values()] == [1000]
    assert support.show(world, who, payment_id)["amount_refunded"] == "10.00"


def test_verify_asks_stripe(world: World, who: Signer, server: FakeStripe) -> None:
    path = "/v1/merchants/connectors/stripe/verify"
    accepted = world.call(who, "POST", path, {})
    assert (accepted.status, accepted.body["accepted"]) == (200, True)
    assert [request.method for request in server.requests] == ["GET"]
    support.settings(world, who, connectors={"stripe": {"secret_key": "sk_test_wrong"}})
    refused = world.call(who, "POST", path, {})
    assert (refused.body["accepted"], refused.body["reason"]) == (False, "The provider answered 401.")
    server.trouble["/v1/payment_intents"] = Hang()
    assert world.call(who, "POST", path, {}).code == "provider_unavailable"
    assert world.call(who, "POST", "/v1/merchants/connectors/razorpay/verify", {}).code == "not_found"
    assert "sk_test_51" not in str(world.dump())
