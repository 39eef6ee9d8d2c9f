"""What must hold after a load of payments: every payment is final, every answer was true, and no money moved twice."""

from collections import Counter
from typing import Any

from paycorex import ids, ledger
from paycorex.ledger import Account
from paycorex.records.payment import PaymentItem
from paycorex.records.wallet import wallet_id_of
from tests.scenarios.payment_load import BALANCE_MINOR, USER, Shop
from tests.support import payment_books


def check(shop: Shop) -> Counter[str]:
    """How the payments ended. (That the ledger adds up is the verifier's to say.)"""
    merchant_id = shop.who.merchant_id
    assert payment_books.undecided(merchant_id) == []
    assert payment_books.disagreements(merchant_id, at_rest=True) == []
    payments = {item.payment_id: item for item in payment_books.payments_of(merchant_id)}
    _check_answers(shop, payments)
    _check_wallet(shop, payments)
    return Counter(f"{item.method} {item.status}" for item in payments.values())


def _check_answers(shop: Shop, payments: dict[str, PaymentItem]) -> None:
    """Every success that a client saw is there, and nothing is there that was not asked for."""
    wanted = {_record_id(shop, key, "pay") for key in shop.wishes if key.startswith("pay-")}
    assert payments.keys() <= wanted
    refunds = {refund.refund_id for refund in payment_books.refunds_of(shop.who.merchant_id)}
    assert refunds <= {_record_id(shop, key, "ref") for key in shop.wishes}
    for key, wish in shop.wishes.items():
        assert wish.is_answered, (key, wish.reply and wish.reply.raw)
        body: dict[str, Any] = wish.reply.body if wish.reply else {}
        if "refund_id" in body:
            assert body["refund_id"] in refunds, key
        elif "payment_id" in body:
            assert body["payment_id"] in payments, key


def _record_id(shop: Shop, key: str, prefix: str) -> str:
    return ids.derive(prefix, shop.who.merchant_id, f"key:{key}")


def _check_wallet(shop: Shop, payments: dict[str, PaymentItem]) -> None:
    """The payer's wallet is short of what was paid out of it and not given back, to the paisa."""
    paid = [item for item in payments.values() if item.method == "wallet" and item.status == "success"]
    wallet = Account.of_wallet(shop.who.merchant_id, wallet_id_of(shop.who.merchant_id, USER, "INR"), "INR")
    assert ledger.balance_of(wallet) == BALANCE_MINOR - sum(int(item.amount) - int(item.amount_refunded) for item in paid)
