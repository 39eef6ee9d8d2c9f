"""What must hold when a storm of payments is over: everything is final, everybody was told the truth, and no money moved twice."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from paycorex import ids, ledger, storage
from paycorex.ledger import Account
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from paycorex.records.wallet import wallet_id_of
from payments import attempts
from payments.connectors.sandbox_books import BookItem
from tests.support.payment_storm import BALANCE_MINOR, USER, Shop

OPEN = frozenset({"pending", "processing"})


def payments_of(shop: Shop) -> list[PaymentItem]:
    return [item for item in storage.scan_all(PaymentItem) if item.merchant_id == shop.who.merchant_id]


def refunds_of(shop: Shop) -> list[RefundItem]:
    return [item for item in storage.scan_all(RefundItem) if item.merchant_id == shop.who.merchant_id]


def books_of(shop: Shop) -> list[BookItem]:
    """The sandbox's own lines."""
    return [line for line in storage.scan_all(BookItem) if line.charge_id.startswith(f"{shop.who.merchant_id}#")]


def undecided(shop: Shop) -> list[str]:
    """Payments and refunds that are not final. A crypto refund waits for the merchant's own wallet, for ever if need be."""
    crypto = {item.payment_id for item in payments_of(shop) if item.method == "crypto"}
    payments = [item.payment_id for item in payments_of(shop) if item.status in OPEN]
    return payments + [item.refund_id for item in refunds_of(shop) if item.status in OPEN and item.payment_id not in crypto]


def check(shop: Shop) -> Counter[str]:
    """How the payments ended. (That the ledger adds up is the verifier's to say.)"""
    assert undecided(shop) == []
    payments = {item.payment_id: item for item in payments_of(shop)}
    lines = books_of(shop)
    _check_once(lines)
    for item in payments.values():
        _check_books(item, [line for line in lines if line.payment_id == item.payment_id and line.kind != "refund"])
    _check_refunds(shop, payments, lines)
    _check_told(shop, payments)
    _check_wallet(shop, payments)
    return Counter(f"{item.method} {item.status}" for item in payments.values())


def _check_once(lines: Iterable[BookItem]) -> None:
    approved = Counter(line.payment_id for line in lines if line.kind in {"charge", "collect", "retryable"} and line.status == "approved")
    assert [payment_id for payment_id, count in approved.items() if count > 1] == []


def _check_books(item: PaymentItem, lines: list[BookItem]) -> None:
    """Each line of the sandbox's books is an attempt of the payment, and what it took is where the ledger has it."""
    known = {attempts.attempt_id(item.payment_id, number) for number in range(len(item.attempts or ()))}
    assert {line.charge_id.partition("#")[2] for line in lines} <= known
    held = {money["provider_reference"] for money in item.late_money or ()}
    paid = {item.provider_reference} if item.status == "success" else set()
    taken = {line.reference for line in lines if line.status == "approved"}
    assert taken <= held | paid, item.payment_id
    if item.status == "success" and item.method in {"tokenized", "upi_intent"}:
        assert item.provider_reference in taken, item.payment_id


def _check_refunds(shop: Shop, payments: dict[str, PaymentItem], lines: list[BookItem]) -> None:
    given = {line.reference: line.status for line in lines if line.kind == "refund"}
    for refund in refunds_of(shop):
        payment = payments[refund.payment_id]
        assert 0 <= int(payment.amount_refunded) <= int(payment.amount_reserved) <= int(payment.amount)
        if payment.method in {"tokenized", "upi_intent"}:
            assert payment.amount_refunded == payment.amount_reserved
            assert (refund.status == "success") == (given.get(refund.provider_reference or "") == "approved"), refund.refund_id


def _check_told(shop: Shop, payments: dict[str, PaymentItem]) -> None:
    """Every success that a client saw is there, and nothing is there that nobody asked for."""
    wanted = {_record_id(shop, key, "pay") for key in shop.wishes if key.startswith("pay-")}
    assert payments.keys() <= wanted
    refunds = {refund.refund_id for refund in refunds_of(shop)}
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
