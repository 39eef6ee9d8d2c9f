"""What tests of payments share: stored cards, payments in each status, the janitor's clock, and whether the money adds up."""

from collections import Counter
from typing import Any

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments import janitor
from payments.connectors.notices import ProviderRefund
from payments.connectors.results import Approved, Declined
from payments.connectors.sandbox.charges import BookItem
from payments.payment import store as payments_store
from tests.support.gateway import Reply
from tests.support.world import Signer, World

APPROVE = "4242424242424242"
DECLINE = "4000000000000002"
RETRYABLE = "4000000000000119"
REDIRECT = "4000000000003220"
SLOW = "4000000000003006"
PENDING = "4000000000007007"
TIMEOUT_APPROVED = "4000000000004004"
TIMEOUT_LOST = "4000000000005001"
OUTAGE = "4000000000006009"
REFUND_FAILS = "4000000000005126"
REFUND_PENDING = "4000000000007726"

STRIPE = {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}
RAZORPAY = {
    "key_id": "rzp_test_1",
    "key_secret": "secret",
    "webhook_secret": "rzp_webhook",
    "email": "a@b.example",
    "contact": "+919000090000",
}


def token(world: World, who: Signer, number: str, user_id: str = "asha") -> str:
    """A stored card."""
    body = {"user_id": user_id, "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2031}
    made = world.call(who, "POST", "/v1/tokens/create", body)
    assert made.status in {200, 201}, made.raw
    token_id: str = made.body["token_id"]
    return token_id


def charge(world: World, who: Signer, number: str, amount: str = "10.00", *, key: str | None = None, **more: Any) -> Reply:
    """A payment by a stored card."""
    body = {"amount": amount, "method": "tokenized", "token_id": token(world, who, number), **more}
    return world.call(who, "POST", "/v1/payments/create", body, key=key)


def collect(world: World, who: Signer, amount: str = "10.00", *, key: str | None = None, **more: Any) -> Reply:
    """A payment by UPI."""
    return world.call(who, "POST", "/v1/payments/create", {"amount": amount, "method": "upi_intent", **more}, key=key)


def show(world: World, who: Signer, payment_id: str) -> dict[str, Any]:
    """The payment as it stands."""
    found = world.call(who, "GET", f"/v1/payments/{payment_id}")
    assert found.status == 200, found.raw
    body: dict[str, Any] = found.body
    return body


def stored(payment_id: str) -> PaymentItem:
    """The payment's record."""
    found = payments_store.find(payment_id)
    assert found is not None
    return found


def settings(world: World, who: Signer, **fields: Any) -> None:
    """Change the merchant's settings, seen everywhere at once."""
    changed = world.call(who, "PATCH", "/v1/merchants/me", fields)
    assert changed.status == 200, changed.raw
    world.restart()


def tick(world: World, *, after_seconds: float = 0) -> janitor.Tick:
    """A run of the janitor, later."""
    world.clock.now += after_seconds
    return janitor.run(may_go_on=lambda: True)


def settle_all(world: World, *, ticks: int = 100, step_seconds: float = 180) -> None:
    """Let the janitor run until nothing is undecided."""
    for _ in range(ticks):
        tick(world, after_seconds=step_seconds)
        if not undecided():
            return
    raise AssertionError(f"still undecided: {undecided()[:5]}")


def undecided() -> list[str]:
    """Payments and refunds that are not final."""
    from paycorex.records.refund import RefundItem

    payments = [item.payment_id for item in storage.scan_all(PaymentItem) if item.status in {"pending", "processing"}]
    refunds = [item.refund_id for item in storage.scan_all(RefundItem) if item.status in {"pending", "processing"}]
    return payments + refunds


def findings() -> list[Finding]:
    """What does not add up."""
    return Verifier(segments=1).run(every_source()).findings


def reported(refund_id: str, result: Approved | Declined) -> ProviderRefund:
    """What a provider says of a refund of ours."""
    return ProviderRefund(result.provider_reference or "", "", Money(1, "INR"), result, refund_id)


def books() -> list[BookItem]:
    """The sandbox's own books."""
    return list(storage.scan_all(BookItem))


def charged_twice() -> list[str]:
    """Payments that the sandbox's own books took money for more than once."""
    approved = Counter(line.payment_id for line in books() if line.kind in {"charge", "collect"} and line.status == "approved")
    return [payment_id for payment_id, count in approved.items() if count > 1]


def balances(who: Signer, connector: str = "sandbox") -> tuple[int, int, int]:
    """Clearing, suspense, merchant: minor units."""
    clearing = Account.clearing(who.merchant_id, connector, "INR")
    others = Account.suspense(who.merchant_id, "INR"), Account.of_merchant(who.merchant_id, "INR")
    return ledger.balance_of(clearing), ledger.balance_of(others[0]), ledger.balance_of(others[1])
