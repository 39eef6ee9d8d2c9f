"""What must hold after a load of holds and disputes: what the sandbox captured, gave back, holds and disputes is what is booked here."""

from collections import Counter

from paycorex import ids, ledger, storage
from paycorex.ledger import Account
from paycorex.records.capture import CaptureItem
from paycorex.records.dispute import DisputeItem, funds
from paycorex.records.payment_amounts import captured, disputed
from paycorex.records.wallet import wallet_id_of
from tests.scenarios.held_load import HeldShop
from tests.scenarios.payment_load import BALANCE_MINOR, USER
from tests.support import payment_books

# How a dispute may end here, and what that is at the sandbox.
ENDED = {"won": "won", "lost": "lost", "accepted": "lost", "closed": "closed"}


def check(shop: HeldShop) -> Counter[str]:
    """How payments and disputes ended. (That the ledger adds up is the verifier's to say.)"""
    merchant_id = shop.who.merchant_id
    assert payment_books.undecided(merchant_id) == []
    assert payment_books.disagreements(merchant_id, at_rest=True) == []
    ended = Counter(f"{item.method} {item.status}" for item in payment_books.payments_of(merchant_id))
    _check_captures(shop)
    _check_wallet(shop)
    return ended + _check_disputes(shop)


def _check_captures(shop: HeldShop) -> None:
    """Each was asked for, none is without an answer, and a payment has captured what they say."""
    captures = [item for item in storage.scan_all(CaptureItem) if item.merchant_id == shop.who.merchant_id]
    assert {item.status for item in captures} <= {"success", "failed"}
    asked = {ids.derive("cap", shop.who.merchant_id, f"key:{key}") for key in shop.wishes}
    assert {item.capture_id for item in captures if item.origin is None} <= asked
    taken = Counter[str]()
    for item in captures:
        taken[item.payment_id] += int(item.amount) if item.status == "success" else 0
    for payment in payment_books.payments_of(shop.who.merchant_id):
        assert payment.status in {"success", "failed"}, f"the hold of {payment.payment_id} never ends: {payment.status}"
        if payment.capture_method == "manual":
            assert int(payment.amount_captured or 0) == taken[payment.payment_id], payment.payment_id
    for key, wish in shop.wishes.items():
        assert wish.is_answered, (key, wish.reply and wish.reply.raw)


def _check_wallet(shop: HeldShop) -> None:
    """The payer's wallet is short of what was captured and not given back, and nothing is set aside any more."""
    paid = [item for item in payment_books.payments_of(shop.who.merchant_id) if item.method == "wallet"]
    wallet = Account.of_wallet(shop.who.merchant_id, wallet_id_of(shop.who.merchant_id, USER, "INR"), "INR")
    assert ledger.balance_of(wallet) == BALANCE_MINOR - sum(captured(item) - int(item.amount_refunded) for item in paid)
    assert payment_books.held_of_wallets(shop.who.merchant_id) == 0


def _check_disputes(shop: HeldShop) -> Counter[str]:
    """Each is over, as the sandbox says, and its money is where the books of disputed money have it."""
    merchant_id = shop.who.merchant_id
    disputes = [item for item in storage.scan_all(DisputeItem) if item.merchant_id == merchant_id]
    there = {line.reference: line.status for line in payment_books.lines_of(merchant_id) if line.kind == "dispute"}
    assert {item.provider_reference: ENDED.get(item.status) for item in disputes} == there
    for payment in payment_books.payments_of(merchant_id):
        assert disputed(payment) == sum(int(item.counted) for item in disputes if item.payment_id == payment.payment_id)
    held = sum(int(item.amount) for item in disputes if funds(item) == "disputed")
    assert ledger.balance_of(Account.disputed(merchant_id, "INR")) == held
    return Counter(f"dispute {item.status}" for item in disputes)
