"""What connectors read, judged by what the providers publish: genuine objects, parsed and signed by the providers' own clients as well."""

import hashlib
import hmac
import json
from typing import Any

import pytest
import razorpay as razorpay_sdk  # type: ignore[import-untyped]  # the official client has no types
import stripe as stripe_sdk

from paycorex import clock
from paycorex.money import Money
from payments.connectors.notices import Dispute, Notice, ProviderRefund, RefundedTotal, Ruling, Stage
from payments.connectors.razorpay import documents as razorpay_documents
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import Captures, HoldAbility
from payments.connectors.results import Approved, Authorized, Declined, Kept, NotFound, Pending, Released
from payments.connectors.stripe import documents as stripe_documents
from payments.connectors.stripe.connector import Stripe
from tests.support import published

SECRET = "whsec_stripe"
IDS = {"payment_id": "pay_" + "b" * 26, "attempt_id": "att_" + "a" * 26}


def stripe_event(kind: str, subject: dict[str, Any]) -> tuple[bytes, str]:
    """A webhook as Stripe's client signs it: body and header."""
    event = {**published.stripe_object("event"), "type": kind, "data": {"object": subject}}
    body = json.dumps(event)
    moment = int(clock.now_seconds())
    signature = stripe_sdk.WebhookSignature._compute_signature(f"{moment}.{body}", SECRET)
    return body.encode(), f"t={moment},v1={signature}"


def read_stripe(kind: str, subject: dict[str, Any]) -> tuple[object, Any]:
    """What our reader and Stripe's own make of the same signed bytes."""
    body, header = stripe_event(kind, subject)
    ours = Stripe({"secret_key": "sk_test_1", "webhook_secret": SECRET}).read_callback({"stripe-signature": (header,)}, body)
    theirs = stripe_sdk.Webhook.construct_event(body, header, SECRET)
    return ours, theirs["data"]["object"]


def read_razorpay(kind: str, **entities: dict[str, Any]) -> object:
    """What our reader makes of a webhook whose signature Razorpay's own client accepts."""
    frame = published.razorpay_answer("fake_payment_authorized_webhook")
    event = {**frame, "event": kind, "contains": list(entities), "payload": {name: {"entity": one} for name, one in entities.items()}}
    body = json.dumps(event)
    signature = hmac.new(b"rzp_webhook", body.encode(), hashlib.sha256).hexdigest()
    razorpay_sdk.Client(auth=("key", "secret")).utility.verify_webhook_signature(body, signature, "rzp_webhook")
    connector = Razorpay({"key_id": "k", "key_secret": "s", "webhook_secret": "rzp_webhook"})
    return connector.read_callback({"x-razorpay-signature": (signature,)}, body.encode())


def test_stripes_intent_that_was_never_confirmed_moved_nothing() -> None:
    intent = published.stripe_object("payment_intent") | {"last_payment_error": None}
    assert stripe_documents.result_of(intent) == NotFound()


def test_stripes_paid_intent_is_read_with_its_charge() -> None:
    intent = published.stripe_object("payment_intent")
    charge = published.stripe_object("charge") | {"payment_intent": intent["id"], "amount": 1099, "amount_refunded": 99}
    paid = intent | {"status": "succeeded", "amount_received": 1099, "latest_charge": charge}
    assert stripe_documents.result_of(paid) == Approved(intent["id"], Money(1099, "USD"), 99, (charge["id"],))
    by_id = paid | {"latest_charge": charge["id"], "metadata": IDS}
    ours, theirs = read_stripe("payment_intent.succeeded", by_id)
    read = Approved(intent["id"], Money(theirs["amount_received"], "USD"), aliases=(theirs["latest_charge"],))
    assert ours == Notice(IDS["payment_id"], read, attempt_id=IDS["attempt_id"])


HELD = {"capture_method": "manual", "status": "requires_capture", "last_payment_error": None, "amount_capturable": 1099}


def test_stripes_intent_that_waits_for_a_capture_is_a_hold() -> None:
    intent = published.stripe_object("payment_intent") | HELD
    charge = published.stripe_object("charge") | {"payment_intent": intent["id"], "amount": 1099}
    charge["payment_method_details"]["card"] |= {"capture_before": 1_800_000_000, "network_transaction_id": "MCC1"}
    ability = HoldAbility(Captures.ONE_PART, 7)
    held = Authorized(intent["id"], Money(1099, "USD"), 0, 1_800_000_000_000, (charge["id"],), "MCC1", ability)
    assert stripe_documents.result_of(intent | {"latest_charge": charge}) == held
    ours, theirs = read_stripe("payment_intent.amount_capturable_updated", intent | {"latest_charge": charge["id"], "metadata": IDS})
    amount = Money(theirs["amount_capturable"], "USD")
    assert ours == Notice(IDS["payment_id"], Authorized(intent["id"], amount, aliases=(charge["id"],)), attempt_id=IDS["attempt_id"])


def test_stripes_charge_says_what_its_hold_allows() -> None:
    """Of the published charge nothing is available; each word of it opens one thing."""
    charge = published.stripe_object("charge") | {"payment_intent": "pi_1"}
    intent = published.stripe_object("payment_intent") | HELD | {"id": "pi_1", "latest_charge": charge}
    for feature in ("multicapture", "overcapture", "incremental_authorization"):
        charge["payment_method_details"]["card"][feature]["status"] = "available"
    charge["payment_method_details"]["card"]["overcapture"]["maximum_amount_capturable"] = 115
    read = stripe_documents.result_of(intent)
    assert isinstance(read, Authorized)
    assert read.ability == HoldAbility(Captures.MANY, 7, over_percent=15, can_increment=True)


def test_stripes_canceled_intent_is_a_released_hold_only_when_it_held_money() -> None:
    intent = published.stripe_object("payment_intent") | HELD | {"status": "canceled", "cancellation_reason": "automatic"}
    assert isinstance(stripe_documents.result_of(intent), Declined)
    assert stripe_documents.result_of(intent | {"latest_charge": "ch_1"}) == Released(intent["id"], is_expired=True)
    assert isinstance(
        stripe_documents.result_of(intent | {"latest_charge": "ch_1", "last_payment_error": {"type": "card_error"}}), Declined
    )


@pytest.mark.parametrize(("kind", "result"), [("charge.captured", Approved), ("charge.expired", Released)])
def test_stripes_charge_tells_how_its_hold_ended(kind: str, result: type) -> None:
    charge = published.stripe_object("charge") | {"payment_intent": "pi_1", "metadata": IDS, "amount_captured": 40, "captured": True}
    ours, theirs = read_stripe(kind, charge)
    assert isinstance(ours, Notice)
    assert isinstance(ours.result, result)
    taken = ours.result.captured_minor if isinstance(ours.result, Released) else getattr(ours.result, "amount", None)
    assert taken in {theirs["amount_captured"], Money(theirs["amount_captured"], "USD")}
    assert read_stripe(kind, charge | {"metadata": {}})[0] is None


@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"])
def test_stripes_refund_is_read_as_it_is(kind: str) -> None:
    """The genuine one has no intent and none of our names."""
    refund = published.stripe_object("refund")
    ours, theirs = read_stripe(kind, refund)
    assert refund["payment_intent"] is None
    amount = Money(theirs["amount"], theirs["currency"].upper())
    assert ours == ProviderRefund(theirs["id"], theirs["charge"], amount, Approved(theirs["id"], amount))


@pytest.mark.parametrize("status", ["pending", "requires_action"])
def test_stripes_refund_that_is_not_done_is_pending(status: str) -> None:
    ours, theirs = read_stripe("refund.created", published.stripe_object("refund") | {"status": status})
    assert isinstance(ours, ProviderRefund)
    assert ours.result == Pending(theirs["id"])


def test_stripes_charge_says_how_much_went_back() -> None:
    charge = published.stripe_object("charge")
    ours, theirs = read_stripe("charge.refunded", charge | {"amount_refunded": 40, "payment_intent": "pi_1"})
    assert ours == RefundedTotal("pi_1", Money(theirs["amount_refunded"], "USD"))
    alone, theirs = read_stripe("charge.refunded", charge | {"amount_refunded": 100})
    assert alone == RefundedTotal(theirs["id"], Money(100, "USD"))


@pytest.mark.parametrize("kind", ["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"])
def test_stripes_dispute_is_read_as_it_is(kind: str) -> None:
    ours, theirs = read_stripe(f"charge.dispute.{kind}", published.stripe_object("dispute"))
    assert ours == Dispute(
        theirs["id"],
        theirs["charge"],
        Money(1000, "USD"),
        "warning_needs_response",
        "general",
        ruling=Ruling.NEEDS_RESPONSE,
        stage=Stage.INQUIRY,
        reason_code="10.4",
        network="visa",
        respond_by_ms=theirs["evidence_details"]["due_by"] * 1000,
        withdrawn=int(kind.startswith("funds_")),
        reinstated=int(kind == "funds_reinstated"),
        said_ms=ours.said_ms if isinstance(ours, Dispute) else None,
    )


@pytest.mark.parametrize("kind", ["customer.created", "payout.paid", "charge.succeeded"])
def test_what_is_not_ours_is_not_read(kind: str) -> None:
    assert read_stripe(kind, published.stripe_object("charge"))[0] is None


@pytest.mark.parametrize(("name", "kind"), [("fake_payment", Pending), ("fake_captured_payment", Approved)])
def test_razorpays_payment_is_read_as_it_is(name: str, kind: type) -> None:
    payment = published.razorpay_answer(name)
    result = razorpay_documents.payment_of(payment)
    assert isinstance(result, kind)
    if isinstance(result, Approved):
        assert result == Approved(payment["id"], Money(payment["amount"], payment["currency"]))


def test_razorpays_payment_webhook_is_read_by_its_notes() -> None:
    payment = published.razorpay_answer("fake_payment_authorized_webhook")["payload"]["payment"]["entity"]
    assert read_razorpay("payment.captured", payment=payment) is None
    ours = read_razorpay("payment.captured", payment=payment | {"notes": IDS})
    paid = Approved(payment["id"], Money(payment["amount"], "INR"), kept=Kept(payment["fee"] - payment.get("tax", 0), 0, "INR"))
    assert ours == Notice(IDS["payment_id"], paid, IDS["attempt_id"], container=payment["order_id"], names_may_be_the_payers=True)


def test_razorpays_payment_that_waits_for_its_capture_is_a_hold_when_it_is_ours() -> None:
    payment = published.razorpay_answer("fake_captured_payment") | {"status": "authorized"}
    amount, until = Money(payment["amount"], payment["currency"]), (payment["created_at"] + 3 * 86_400) * 1000
    assert razorpay_documents.payment_of(payment) == Pending(payment["id"])
    ours = payment | {"notes": IDS | {"capture": "manual"}}
    held = Authorized(payment["id"], amount, expires_ms=until)
    assert razorpay_documents.payment_of(ours) == held == razorpay_documents.payment_of(payment, is_manual=True)
    reported = Notice(IDS["payment_id"], held, attempt_id=IDS["attempt_id"], names_may_be_the_payers=True)
    assert read_razorpay("payment.authorized", payment=ours) == reported
    assert read_razorpay("payment.authorized", payment=payment | {"notes": IDS}) is None
    captured = razorpay_documents.payment_of(payment | {"status": "captured"}, is_manual=True)
    assert captured == Approved(payment["id"], amount)


def test_razorpays_paid_order_names_its_payment_by_its_own_notes() -> None:
    payment = published.razorpay_answer("fake_payment_authorized_webhook")["payload"]["payment"]["entity"] | {"notes": []}
    order = published.razorpay_answer("fake_order") | {"notes": IDS, "id": payment["order_id"]}
    ours = read_razorpay("order.paid", payment=payment, order=order)
    paid = Approved(payment["id"], Money(payment["amount"], "INR"), kept=Kept(payment["fee"] - payment.get("tax", 0), 0, "INR"))
    assert ours == Notice(IDS["payment_id"], paid, attempt_id=IDS["attempt_id"], container=order["id"])


@pytest.mark.parametrize("kind", ["refund.created", "refund.processed", "refund.failed", "refund.speed_changed"])
def test_razorpays_refund_is_read_as_it_is(kind: str) -> None:
    """The genuine one has a receipt and notes of the merchant's own."""
    refund = published.razorpay_answer("fake_refund")
    amount = Money(refund["amount"], "INR")
    ours = read_razorpay(kind, refund=refund)
    assert ours == ProviderRefund(refund["id"], refund["payment_id"], amount, Approved(refund["id"], amount), refund["receipt"])


def test_razorpays_refund_without_notes_is_read_too() -> None:
    refund = published.razorpay_answer("fake_refund") | {"notes": [], "receipt": None, "status": "pending"}
    ours = read_razorpay("refund.created", refund=refund)
    assert isinstance(ours, ProviderRefund)
    assert (ours.result, ours.refund_id) == (Pending(refund["id"]), None)


@pytest.mark.parametrize("kind", ["created", "won", "lost", "closed", "under_review", "action_required"])
def test_razorpays_dispute_is_read_as_it_is(kind: str) -> None:
    dispute = published.razorpay_answer("dispute")
    ours = read_razorpay(f"payment.dispute.{kind}", dispute=dispute)
    amount = Money(dispute["amount"], "INR")
    assert isinstance(ours, Dispute)
    assert ours == Dispute(
        dispute["id"],
        dispute["payment_id"],
        amount,
        "under_review",
        dispute["reason_code"],
        ruling=Ruling.UNDER_REVIEW,
        reason_code=dispute["reason_code"],
        respond_by_ms=dispute["respond_by"] * 1000,
        said_ms=ours.said_ms,
    )


def test_every_dispute_that_razorpay_recorded_is_read() -> None:
    every = published.razorpay_answer("dispute_collection")["items"]
    every += [published.razorpay_answer(name) for name in ("dispute_accept", "dispute_contest")]
    read = [razorpay_documents.dispute_of(dispute) for dispute in every]
    assert [(one.ruling, one.stage, one.withdrawn) for one in read] == [
        (Ruling.NEEDS_RESPONSE, Stage.PRE_ARBITRATION, 0),
        (Ruling.WON, Stage.CHARGEBACK, 0),
        (Ruling.LOST, Stage.PRE_ARBITRATION, 1),
        (Ruling.NEEDS_RESPONSE, Stage.CHARGEBACK, 0),
    ]
