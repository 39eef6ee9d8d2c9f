"""Refunds and disputes that begin at the provider: recorded on the payment, with an event, and booked once."""

from typing import Any

import pytest

from paycorex import storage
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments.payment import late_money, unlisted
from payments.refunds import external
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World


def event(world: World, who: Signer, server: FakeStripe | FakeRazorpay, kind: str, **entities: dict[str, Any]) -> Reply:
    """A webhook of the server's about an object of its own."""
    if isinstance(server, FakeStripe):
        (subject,) = entities.values()
        return world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", *server.webhook(kind, subject))
    return world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *server.webhook(kind, **entities))


def refunds() -> list[RefundItem]:
    return list(storage.scan_all(RefundItem))


@pytest.fixture
def paid(world: World, who: Signer, stripe: FakeStripe) -> str:
    """A card payment of 10.00 through Stripe."""
    payment_id: str = support.charge(world, who, support.APPROVE).body["payment_id"]
    return payment_id


@pytest.mark.parametrize("kinds", [["refund.created"], ["charge.refunded"], ["refund.updated", "charge.refunded", "refund.created"]])
def test_a_refund_in_stripes_dashboard_is_booked_once(world: World, who: Signer, stripe: FakeStripe, paid: str, kinds: list[str]) -> None:
    (intent,) = stripe.intents.values()
    refund = stripe.refund_externally(intent, 400)
    for kind in kinds * 2:
        subject = stripe.charge(intent) if kind == "charge.refunded" else refund
        assert event(world, who, stripe, kind, subject=subject).body == {"received": True, "applied": True}
    (item,) = refunds()
    shown = world.call(who, "GET", f"/v1/refunds/{item.refund_id}").body
    assert (shown["status"], shown["origin"], shown["amount"], shown["provider_reference"]) == ("success", "external", "4.00", "re_0")
    assert support.balances(who, "stripe") == (-600, 0, 600)
    assert support.show(world, who, paid)["amount_refunded"] == "4.00"
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "6.01"})
    assert (refused.status, refused.body["error"]["details"]["refundable"]) == (422, "6.00")
    assert [request for request in stripe.requests if request.method == "POST" and request.path == "/v1/refunds"] == []


def test_a_refund_that_names_its_charge_only_is_found(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    (intent,) = stripe.intents.values()
    refund = stripe.refund_externally(intent, 400) | {"payment_intent": None}
    assert event(world, who, stripe, "refund.created", refund=refund).body["applied"] is True
    assert support.show(world, who, paid)["amount_refunded"] == "4.00"


def test_a_pending_refund_of_theirs_is_looked_up_and_never_asked_for(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    (intent,) = stripe.intents.values()
    refund = stripe.refund_externally(intent, 400, "pending")
    event(world, who, stripe, "refund.created", refund=refund)
    (item,) = refunds()
    assert (item.status, item.event, support.balances(who, "stripe")) == ("processing", "refund.external", (-1000, 0, 1000))
    support.tick(world, after_seconds=120)
    assert refunds()[0].status == "processing"
    refund["status"] = "succeeded"
    support.tick(world, after_seconds=600)
    assert (refunds()[0].status, support.balances(who, "stripe")) == ("success", (-600, 0, 600))
    del stripe.refunds[refund["id"]]
    assert [request.path for request in stripe.requests if request.method == "POST"][-1].endswith("/confirm")


def test_a_refund_of_theirs_that_fails_gives_its_amount_back(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    (intent,) = stripe.intents.values()
    refund = stripe.refund_externally(intent, 400)
    event(world, who, stripe, "refund.created", refund=refund)
    stripe.return_refund(refund)
    event(world, who, stripe, "refund.failed", refund=refund)
    assert (refunds()[0].status, support.balances(who, "stripe")) == ("failed", (-1000, 0, 1000))
    assert support.show(world, who, paid)["amount_refunded"] == "0.00"


@pytest.mark.parametrize(("lie", "reason"), [({"amount": 1001}, "refund_exceeds"), ({"currency": "usd"}, "currency_differs")])
def test_a_refund_of_theirs_that_cannot_be_is_reviewed(
    world: World, who: Signer, stripe: FakeStripe, paid: str, lie: dict[str, Any], reason: str
) -> None:
    refund = stripe.refund_externally(next(iter(stripe.intents.values())), 400) | lie
    assert event(world, who, stripe, "refund.created", refund=refund).status == 200
    assert (support.show(world, who, paid)["review"]["reason"], refunds(), support.balances(who, "stripe")) == (
        reason,
        [],
        (-1000, 0, 1000),
    )


def test_a_refund_of_theirs_of_no_amount_is_malformed(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    refund = stripe.refund_externally(next(iter(stripe.intents.values())), 400) | {"amount": 10**40}
    reply = event(world, who, stripe, "refund.created", refund=refund)
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert (support.show(world, who, paid)["review"]["reason"], refunds()) == ("unreadable_amount", [])


def test_while_ours_is_under_way_theirs_waits(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    stripe.trouble["/v1/refunds"] = Answer(500, b"{}")
    world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid, "amount": "8.00"})
    refund = stripe.refund_externally(next(iter(stripe.intents.values())), 400)
    assert event(world, who, stripe, "refund.created", refund=refund).status == 503
    support.settle_all(world)
    assert event(world, who, stripe, "refund.created", refund=refund).status == 200
    assert sorted((item.origin or "api", item.status, int(item.amount)) for item in refunds()) == [
        ("api", "failed", 800),
        ("external", "success", 400),
    ]


def test_a_refund_of_a_payment_that_is_not_here_is_nothing_of_ours(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    other = world.register()
    refund = stripe.refund_externally(next(iter(stripe.intents.values())), 400)
    support.settings(world, other, connectors={"stripe": {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}})
    before = world.dump()
    assert event(world, other, stripe, "refund.created", refund=refund).body["applied"] is False
    strange = refund | {"payment_intent": "pi_unknown", "charge": "ch_unknown"}
    assert event(world, who, stripe, "refund.created", refund=strange).body["applied"] is False
    assert world.dump() == before


def test_a_payment_given_back_in_part_before_it_was_known_is_both(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (payment,) = razorpay.payments.values()
    payment |= {"status": "captured", "captured": True}
    razorpay.refund_externally(payment, 300)
    support.tick(world, after_seconds=120)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["amount_refunded"], support.balances(who, "razorpay")) == ("success", "3.00", (-700, 0, 700))


def test_a_provider_that_does_not_list_its_refunds_is_asked_again(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (payment,) = razorpay.payments.values()
    payment |= {"status": "captured", "captured": True}
    razorpay.refund_externally(payment, 300)
    razorpay.trouble["/refunds"] = Answer(400, b"{}")
    support.tick(world, after_seconds=120)
    assert unlisted.owed(support.stored(payment_id)) is not None
    support.tick(world, after_seconds=600)
    stored = support.stored(payment_id)
    assert (int(stored.amount_refunded), stored.due_at is None, unlisted.owed(stored)) == (300, True, None)


def test_a_crash_before_the_refunds_are_listed_loses_none(
    world: World, who: Signer, razorpay: FakeRazorpay, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (payment,) = razorpay.payments.values()
    payment |= {"status": "captured", "captured": True}
    razorpay.refund_externally(payment, 300)
    with monkeypatch.context() as crash:
        crash.setattr(external, "catch_up", _die)
        with pytest.raises(KeyboardInterrupt):
            support.tick(world, after_seconds=120)
    assert (support.show(world, who, payment_id)["status"], refunds()) == ("success", [])
    support.tick(world, after_seconds=60)
    assert (support.balances(who, "razorpay"), support.stored(payment_id).due_at is None) == ((-700, 0, 700), True)


def _die(_payment: PaymentItem) -> PaymentItem:
    raise KeyboardInterrupt


def test_what_no_refund_explains_is_reviewed(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (payment,) = razorpay.payments.values()
    payment |= {"status": "captured", "captured": True, "amount_refunded": 500}
    support.tick(world, after_seconds=120)
    shown = support.show(world, who, payment_id)
    assert (shown["status"], shown["amount_refunded"], shown["review"]["reason"]) == ("success", "0.00", "refund_differs")
    assert support.stored(payment_id).due_at is None


def test_a_provider_that_never_lists_its_refunds_is_asked_for_a_day(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    (payment,) = razorpay.payments.values()
    payment |= {"status": "captured", "captured": True}
    razorpay.refund_externally(payment, 300)
    for _ in range(15):
        razorpay.trouble["/refunds"] = Answer(400, b"{}")
        support.tick(world, after_seconds=7200)
    stored = support.stored(payment_id)
    assert (stored.status, stored.review["reason"], stored.due_at is None) == ("success", "refund_differs", True)


def test_another_intent_that_came_to_nothing_decides_nothing(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.REDIRECT).body["payment_id"]
    (intent,) = stripe.intents.values()
    before = support.stored(payment_id).serialize()
    other = intent | {"id": "pi_other", "status": "canceled"}
    assert event(world, who, stripe, "payment_intent.canceled", intent=other).body["applied"] is False
    assert support.stored(payment_id).serialize() == before


@pytest.mark.parametrize("kind", ["refund.created", "refund.processed"])
def test_a_refund_in_razorpays_dashboard_is_booked_once(world: World, who: Signer, razorpay: FakeRazorpay, kind: str) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    payment = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    refund = razorpay.refund_externally(payment, 1000)
    for _ in range(2):
        assert event(world, who, razorpay, kind, refund=refund, payment=payment).body["applied"] is True
    shown = support.show(world, who, payment_id)
    assert (shown["refund_status"], support.balances(who, "razorpay"), len(refunds())) == ("full", (0, 0, 0), 1)


@pytest.mark.parametrize("in_row", [False, True])
@pytest.mark.parametrize("parts", [[1000], [400, 600], [400]])
def test_late_money_that_the_provider_gave_back_leaves_suspense(
    world: World, who: Signer, razorpay: FakeRazorpay, parts: list[int], monkeypatch: pytest.MonkeyPatch, *, in_row: bool
) -> None:
    if in_row:
        monkeypatch.setattr(late_money, "MAX_ON_PAYMENT", 0)
    payment_id = support.collect(world, who).body["payment_id"]
    world.call(who, "POST", f"/v1/payments/{payment_id}/cancel", {})
    payment = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=600)
    assert support.balances(who, "razorpay") == (-1000, 1000, 0)
    for part in parts:
        event(world, who, razorpay, "refund.processed", refund=razorpay.refund_externally(payment, part))
    left = 1000 - sum(parts)
    (money,) = world.call(who, "GET", f"/v1/payments/{payment_id}/late").body["data"]
    assert (money["status"], money["returned"]) == ("held" if left else "refunded", f"{sum(parts) / 100:.2f}")
    assert support.balances(who, "razorpay") == (-left, left, 0)
    accepted = world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "accept"})
    assert accepted.code == "invalid_state"
    if left:
        body = {"action": "refund", "late_id": money["late_id"]}
        assert world.call(who, "POST", f"/v1/payments/{payment_id}/late", body).body["amount"] == "6.00"
        assert support.balances(who, "razorpay") == (0, 0, 0)


def test_an_accepted_surplus_that_the_provider_gave_back_leaves_the_merchant(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    first = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    second = razorpay.scan("qr_00000000000000")
    code = razorpay.codes["qr_00000000000000"]
    event(world, who, razorpay, "qr_code.credited", payment=second, qr_code=code)
    world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": "accept"})
    assert support.balances(who, "razorpay") == (-2000, 0, 2000)
    refund = razorpay.refund_externally(second, 400)
    event(world, who, razorpay, "refund.processed", refund=refund)
    assert support.balances(who, "razorpay") == (-1600, 0, 1600)
    (money,) = support.show(world, who, payment_id)["late_money"]
    assert (money["status"], money["returned"], first["id"] != second["id"]) == ("accepted", "4.00", True)
    refund["status"] = "failed"
    event(world, who, razorpay, "refund.failed", refund=refund)
    assert support.balances(who, "razorpay") == (-2000, 0, 2000)


DISPUTE = {"object": "dispute", "id": "dp_1", "amount": 1000, "currency": "inr", "charge": "ch_0", "reason": "fraudulent"}


@pytest.mark.parametrize("named", [{"payment_intent": "pi_0"}, {"payment_intent": None}])
def test_a_dispute_at_stripe_is_recorded_with_an_event(
    world: World, who: Signer, stripe: FakeStripe, paid: str, named: dict[str, Any]
) -> None:
    before = support.stored(paid)
    for kind, status in (("created", "needs_response"), ("updated", "needs_response"), ("closed", "lost"), ("updated", "under_review")):
        dispute = {**DISPUTE, **named, "status": status}
        assert event(world, who, stripe, f"charge.dispute.{kind}", dispute=dispute).body["applied"] is True
    (shown,) = support.show(world, who, paid)["disputes"]
    assert (shown["dispute_id"], shown["amount"], shown["status"], shown["reason"]) == ("dp_1", "10.00", "lost", "fraudulent")
    after = support.stored(paid)
    assert (after.event, after.sequence, after.status) == ("payment.disputed", before.sequence + 2, "success")
    assert support.balances(who, "stripe") == (0, 0, 0)


def test_a_dispute_at_razorpay_is_recorded_with_an_event(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    payment = razorpay.scan("qr_00000000000000")
    support.tick(world, after_seconds=60)
    dispute = {"id": "disp_1", "entity": "dispute", "payment_id": payment["id"], "amount": 1000, "currency": "INR"}
    dispute |= {"reason_code": "goods_or_services_not_received", "status": "open", "phase": "chargeback"}
    event(world, who, razorpay, "payment.dispute.created", dispute=dispute, payment=payment)
    (shown,) = support.show(world, who, payment_id)["disputes"]
    assert (shown["dispute_id"], shown["status"], shown["connector"]) == ("disp_1", "open", "razorpay")


def test_disputes_on_one_payment_are_bounded(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    for number in range(12):
        event(world, who, stripe, "charge.dispute.created", dispute={**DISPUTE, "id": f"dp_{number}", "status": "needs_response"})
    shown = support.show(world, who, paid)
    assert (len(shown["disputes"]), shown["review"]["reason"]) == (10, "disputes_exceed")


def test_a_dispute_of_no_amount_is_malformed(world: World, who: Signer, stripe: FakeStripe, paid: str) -> None:
    reply = event(world, who, stripe, "charge.dispute.created", dispute={**DISPUTE, "amount": -1, "status": "needs_response"})
    assert (reply.status, reply.code, support.show(world, who, paid)["disputes"]) == (400, "invalid_request", [])
