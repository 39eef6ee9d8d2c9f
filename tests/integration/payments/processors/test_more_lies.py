"""What answers and callbacks say of charges and refunds is compared with what was asked: another sum, currency or name is never booked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from paycorex import ids
from payments.connectors import registry
from payments.connectors.prism import processors
from payments.connectors.results import Approved, Pending
from payments.refunds import answers
from payments.refunds import store as refunds
from payments.refunds.bookings import context_of, refund_request
from tests.integration.payments.processors import adyen, stripe
from tests.integration.payments.processors.fake import REDIRECTED, FakeProcessor, Taken
from tests.integration.payments.processors.test_certified import EVERY, charge, server, undecided
from tests.integration.payments.processors.test_lies import WRONG, lie
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
ABOUT = ("ours", "amount", "currency", "charge")
# Whether a payment that is not decided is found by a question, by the processor's name or by ours.
ASKED = [kind for kind in EVERY if kind.pays_by == "card" and {"redirect", "lookup"} <= kind.certifies]
CALLING = [kind for kind in EVERY if kind.pays_by == "card" and "callback" in kind.certifies]
# Stripe's are played with its own adapter; at Adyen a refund's own name follows from ours, so that one with another is another refund.
ABOUT_REFUNDS = [kind for kind in CALLING if "refund" in kind.certifies and kind.name != "stripe"]
NAMED_BY_OURS = "adyen"


def lying(kinds: list[type[FakeProcessor]], flow: str) -> pytest.MarkDecorator:
    """Each of these processors with each thing that its answers to this flow say of themselves."""
    found = [
        (kind, about)
        for kind in kinds
        for about in ABOUT
        if flow in (known := processors.of(kind.name)).witnesses and getattr(known.witnesses[flow], about)
    ]
    return pytest.mark.parametrize(("kind", "about"), found, ids=[f"{kind.name}-{about}" for kind, about in found])


def calling(kinds: list[type[FakeProcessor]], but: str = "") -> pytest.MarkDecorator:
    """Each of these processors with each lie of a callback. but: whose names say nothing else than ours does."""
    found = [(kind, about) for kind in kinds for about in ("ours", "amount", "currency") if (kind.name, about) != (but, "ours")]
    return pytest.mark.parametrize(("kind", "about"), found, ids=[f"{kind.name}-{about}" for kind, about in found])


CARDS = [kind for kind in EVERY if kind.pays_by == "card" and "refund" in kind.certifies]


def given_back(world: World, who: Signer, payment_id: str) -> dict[str, Any]:
    made: dict[str, Any] = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).body
    return made


@lying(CARDS, "refund")
def test_an_answer_about_another_refund_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    lie(server, "refund", about)
    made = given_back(world, who, payment_id)
    assert made["status"] == "processing", made
    assert support.show(world, who, payment_id)["amount_refunded"] == "0.00"
    # It is in review, or its answer could not be read.
    refund = refunds.find_refund(made["refund_id"])
    assert refund is not None
    assert refund.failure_message or support.stored(payment_id).review
    server.lies = {}
    for _ in range(3):
        support.tick(world, after_seconds=300)
    # Never twice there, and what is booked is what it made.
    (taken,) = server.payments.values()
    assert list(taken.refunds.values()) == [400]
    status = world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body["status"]
    assert support.show(world, who, payment_id)["amount_refunded"] == ("4.00" if status == "success" else "0.00")


@lying(CARDS, "refund_get")
def test_a_found_refund_of_something_else_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    refund = refunds.find_refund(given_back(world, who, payment_id)["refund_id"])
    assert refund is not None
    context = context_of(refund)
    connector = registry.connect_for(who.merchant_id, context.connector)
    truth = connector.lookup_refund(refund_request(context))
    assert isinstance(answers.judged(context, truth), Approved | Pending), truth
    lie(server, "refund_get", about)
    found = connector.lookup_refund(refund_request(context))
    assert not isinstance(answers.judged(context, found), Approved | Pending), found


@lying(ASKED, "get")
def test_a_found_payment_of_something_else_is_not_booked(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    payment, _ = undecided(world, who, server)
    # An order that its payer confirmed is paid by a call, which answers as a charge.
    lie(server, "get" if processors.of(server.name).confirmed is None else "authorize", about)
    for _ in range(2):
        support.tick(world, after_seconds=60)
    assert support.show(world, who, payment["payment_id"])["status"] == "processing"
    assert support.balances(who, f"prism:{server.name}")[2] == 0
    server.lies = {}
    for _ in range(4):
        support.tick(world, after_seconds=700)
    found = support.show(world, who, payment["payment_id"])
    assert found["status"] == "success" or found["late_money"], found
    assert support.findings() == []


def say(world: World, who: Signer, server: FakeProcessor, kind: str, change: Callable[[Taken], Taken]) -> Reply:
    """A signed callback about something else than what its processor has, and answers to questions."""
    (taken,) = server.payments.values()
    return world.send("POST", f"/v1/callbacks/prism:{server.name}/{who.merchant_id}", *server.callback(change(taken), kind))


@calling(CALLING)
def test_a_callback_about_another_payment_books_nothing(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    payment, _ = undecided(world, who, server)
    sums = {"amount": 9900, "captured": 9900}
    lies: dict[str, Any] = {"ours": {"ours": WRONG["ours"]}, "amount": sums, "currency": {"currency": "EUR"}}
    asked = len(server.requests)
    say(world, who, server, "taken", lambda taken: replace(taken, **lies[about]))
    # What wakes a question is believed in nothing: the answer is the truth.
    booked = 1234 if len(server.requests) > asked and about != "ours" else 0
    assert support.balances(who, f"prism:{server.name}")[2] in {0, booked}
    assert support.show(world, who, payment["payment_id"])["status"] in {"processing", "success" if booked else "processing"}
    assert support.findings() == []


@calling(ABOUT_REFUNDS, but=NAMED_BY_OURS)
def test_a_callback_about_another_refund_books_nothing(world: World, who: Signer, server: FakeProcessor, about: str) -> None:
    payment_id = charge(world, who, server).body["payment_id"]
    made = given_back(world, who, payment_id)
    before = support.show(world, who, payment_id)["amount_refunded"]
    assert before == ("4.00" if made["status"] == "success" else "0.00")
    (taken,) = server.payments.values()
    ((name, _),) = taken.refunds.items()
    lies: dict[str, dict[str, Any]] = {
        "ours": {"refunds": {ids.new("ref") if name.startswith("ref_") else name: 400}, "ours": WRONG["ours"]},
        "amount": {"refunds": {name: 9900}},
        "currency": {"currency": "EUR"},
    }
    say(world, who, server, "refunded", lambda known: replace(known, **lies[about]))
    assert support.show(world, who, payment_id)["amount_refunded"] == before
    assert world.call(who, "GET", f"/v1/refunds/{made['refund_id']}").body["status"] == made["status"]
    assert len(refunds.refunds_of(payment_id, limit=10, position=None).items) == 1
    assert support.findings() == []


@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_a_hold_by_another_name_is_not_the_payments(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = charge(world, who, server, capture_method="manual").body["payment_id"]
    before = support.stored(payment_id)
    say(world, who, server, "taken", lambda taken: replace(taken, reference="PSP9999999999999"))
    after = support.stored(payment_id)
    assert (after.status, after.provider_reference, after.hold) == ("authorized", before.provider_reference, before.hold)
    assert (after.review or {})["reason"] == "another_object"


@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_a_capture_of_another_charge_is_not_booked(world: World, who: Signer, server: FakeProcessor) -> None:
    payment_id = charge(world, who, server, capture_method="manual").body["payment_id"]
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {}).body["status"] == "processing"
    say(world, who, server, "captured", lambda taken: replace(taken, reference="PSP9999999999999"))
    assert support.show(world, who, payment_id)["amount_captured"] == "0.00"
    assert (support.stored(payment_id).review or {})["reason"] == "another_object"
    say(world, who, server, "captured", lambda taken: taken)
    assert support.show(world, who, payment_id)["amount_captured"] == "12.34"


@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_money_by_another_name_is_not_the_payments(world: World, who: Signer, server: FakeProcessor) -> None:
    """What Adyen has taken in has its name by then; only a redirect, and a session, are followed by payments of other names."""
    server.lies, server.lies_at = {"resultCode": "Received"}, server.charges_at
    payment = charge(world, who, server).body
    assert (payment["status"], payment["attempts"][0]["provider_reference"]) == ("processing", "PSP0000000000000")
    say(world, who, server, "taken", lambda taken: replace(taken, reference="PSP9999999999999"))
    found = support.show(world, who, payment["payment_id"])
    assert (found["status"], [money["provider_reference"] for money in found["late_money"]]) == ("processing", ["PSP9999999999999"])
    say(world, who, server, "taken", lambda taken: taken)
    found = support.show(world, who, payment["payment_id"])
    assert (found["status"], found["provider_reference"]) == ("success", "PSP0000000000000")


@pytest.mark.parametrize("kind", [adyen.Fake], ids=["adyen"])
def test_the_name_of_a_redirect_is_not_the_payments(world: World, who: Signer, server: FakeProcessor) -> None:
    """https://docs.adyen.com/api-explorer/Checkout/72/post/payments: what goes on gets its name from `/payments/details`."""
    payment = charge(world, who, server, REDIRECTED).body
    assert payment["attempts"][0]["provider_reference"] == payment["payment_id"]
    say(world, who, server, "taken", lambda taken: replace(taken, reference="PSP9999999999999"))
    found = support.show(world, who, payment["payment_id"])
    assert (found["status"], found["provider_reference"], found["late_money"]) == ("success", "PSP9999999999999", [])


@pytest.mark.parametrize("kind", [stripe.Fake], ids=["stripe"])
def test_what_came_to_nothing_by_another_name_ends_no_payment(world: World, who: Signer, server: stripe.Fake) -> None:
    """A merchant's second intent with our names on it, which was canceled: the payer still confirms the payment's own."""
    payment_id = charge(world, who, server, REDIRECTED).body["payment_id"]
    before = support.stored(payment_id)
    (taken,) = server.payments.values()
    headers, body = server.event(replace(taken, reference="pi_9", status="released"), "payment_intent.canceled")
    world.send("POST", f"/v1/callbacks/prism:stripe/{who.merchant_id}", headers, body)
    after = support.stored(payment_id)
    assert (after.status, after.attempts) == (before.status, before.attempts)
    say(world, who, server, "taken", lambda taken: taken)
    found = support.show(world, who, payment_id)
    assert (found["status"], found["provider_reference"], found["late_money"]) == ("success", taken.reference, [])
