"""Stripe by our own adapter and by the library: the same requests give the same answers and the same books."""

from typing import Any

import pytest

from paycorex import ledger, settings
from paycorex.ledger import Account
from tests.fakes.providers import FakeStripe
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.stripe import Fake
from tests.support import payments as support
from tests.support.world import Signer, World

OWN = {"stripe": support.STRIPE}
LIBRARY = {"prism:stripe": {**Fake.credentials, "webhook_secret": "whsec_stripe"}}
# What the payer's bank says, and the card by which each of the two servers knows it.
CARDS = {"approved": (fake.APPROVED, fake.APPROVED), "insufficient": ("4000000000009995", fake.DECLINED)}
# All but the words of a refusal, which are each server's own.
SAME = ("status", "amount", "currency", "amount_refunded", "failure_code", "late_money", "capture_method", "amount_captured")


def run(world: World, connectors: dict[str, Any], which: int) -> list[Any]:
    """What a merchant sees of a payment with refunds, a hold captured in part, a hold released and a decline; and the books after each."""
    who, (name,) = world.register(), connectors
    support.settings(world, who, connectors=connectors)
    seen: list[Any] = []

    def note(payment_id: str) -> str:
        for _ in range(3):
            support.tick(world, after_seconds=120)
        payment = support.show(world, who, payment_id)
        attempts = [(attempt["status"], attempt["code"]) for attempt in payment["attempts"]]
        seen.append((*(payment[field] for field in SAME), attempts, _books(who, name)))
        return payment_id

    def charge(card: str, **more: Any) -> str:
        made = support.charge(world, who, CARDS[card][which], "12.34", currency="USD", security_code="737", **more).body
        payment: dict[str, Any] = made if "payment_id" in made else made["error"]["details"]["payment"]
        return note(str(payment["payment_id"]))

    paid = charge("approved")
    for amount in ("4.00", None):
        given = {"payment_id": paid} | ({} if amount is None else {"amount": amount})
        assert world.call(who, "POST", "/v1/payments/refund", given).status in {200, 201}
        note(paid)
    held = charge("approved", capture_method="manual")
    assert world.call(who, "POST", f"/v1/payments/{held}/capture", {"amount": "5.00"}).status == 201
    note(held)
    freed = charge("approved", capture_method="manual")
    assert world.call(who, "POST", f"/v1/payments/{freed}/void", {}).status == 200
    note(freed)
    charge("insufficient")
    return seen


def _books(who: Signer, name: str) -> tuple[int, ...]:
    accounts = (
        Account.clearing(who.merchant_id, name, "USD"),
        Account.of_merchant(who.merchant_id, "USD"),
        Account.suspense(who.merchant_id, "USD"),
    )
    return tuple(ledger.balance_of(account) for account in accounts)


@pytest.mark.usefixtures("processors_library")
def test_the_same_requests_give_the_same_books(world: World) -> None:
    with FakeStripe() as own, Fake() as library:
        library.webhook_secret = "whsec_stripe"
        urls = {"stripe_base_url": own.url("").rstrip("/"), "prism_base_url": library.url("").rstrip("/")}
        settings.use(world.settings.model_copy(update=urls))
        by_own, by_library = run(world, OWN, 0), run(world, LIBRARY, 1)
        assert (own.problems, library.problems) == ([], [])
    assert len(by_own) == 8
    for number, (ours, theirs) in enumerate(zip(by_own, by_library, strict=True)):
        assert ours == theirs, number
