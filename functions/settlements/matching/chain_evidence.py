"""What a chain shows of a record of ours: the transfers that paid it, as the monitor has them now, at the payment's locked rates.

The payment says which transfers its books rest on and how much came by each; the monitor's own rows say whether they are still there and
how much they are. Where both agree, the chain shows what was booked; where not, it shows more or less by what the difference is worth.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from crypto_monitor.stores import addresses, transfers
from paycorex.records.crypto_transaction import CONFIRMED, CryptoTransactionItem
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import ReconciliationItem
from payments.crypto.state import CryptoState, Transfer, key_of, transfer_of
from payments.payment import late_money, overflow_store
from payments.payment import store as payment_store
from payments.payment.late_money import LateMoney
from payments.refunds import store as refund_store
from settlements.matching import clearing

CRYPTO: Final = "crypto"
DUPLICATE: Final = "duplicate"


@dataclass(frozen=True, slots=True)
class Evidence:
    """minor: what the chain shows of a record, signed minor units. reason: more about it. transaction: by which hash it is found."""

    minor: int = 0
    reason: str | None = None
    transaction: str | None = None


NOTHING: Final = Evidence()


def of_item(item: ReconciliationItem) -> Evidence:
    """What the chain shows of an item of ours. Raises storage.Unavailable."""
    kind, _, record_id = item.record.partition(":")
    if not int(item.booked):
        return NOTHING
    if kind == clearing.REFUND:
        return _of_refund(item, record_id)
    payment = _crypto_payment(record_id.partition(".")[0]) if kind in {clearing.PAYMENT, clearing.LATE} else None
    if payment is None or CryptoState.of(payment).network != item.source:
        return NOTHING
    if kind == clearing.PAYMENT:
        return _shown(_Books.of(payment), _settled(payment), int(item.booked))
    money = late_money.named(overflow_store.with_late(payment, [record_id]), record_id)
    return NOTHING if money is None else _of_late_money(_Books.of(payment), money, int(item.booked))


@dataclass(frozen=True, slots=True)
class _Books:
    """A payment with its crypto side."""

    payment: PaymentItem
    state: CryptoState = field(repr=False)

    @classmethod
    def of(cls, payment: PaymentItem) -> "_Books":
        return cls(payment, CryptoState.of(payment))


def _crypto_payment(payment_id: str) -> PaymentItem | None:
    found = payment_store.find(payment_id)
    return found if found is not None and found.method == CRYPTO else None


def _settled(payment: PaymentItem) -> list[Transfer]:
    """The transfers that paid it straight away; what was in suspense before has items of its own."""
    state = CryptoState.of(payment)
    rows = (overflow_store.find_transfer(payment.payment_id, key) for key in state.pool.loose)
    loose = [transfer_of(key, row) for key, row in zip(state.pool.loose, rows, strict=True) if row is not None]
    return [each for each in (*state.transfers.values(), *loose) if each.is_settled and not each.late_id]


def _of_late_money(books: _Books, money: LateMoney, booked: int) -> Evidence:
    own = [each for each in books.state.transfers.values() if each.late_id == money.late_id]
    if not own and money.transfer is not None:
        row = overflow_store.find_transfer(books.payment.payment_id, money.transfer)
        own = [] if row is None else [transfer_of(money.transfer, row)]
    if own:
        return _worth(books, own)
    paid = _settled(books.payment)
    if money.late_id == books.state.surplus_id:
        # What was too much came by the payment's own transfers, whose item says whether they are there.
        return Evidence(booked if paid else 0, transaction=money.provider_reference)
    is_again = any(each.tx_hash == money.provider_reference for each in paid)
    return Evidence(0, DUPLICATE if is_again else None, money.provider_reference)


def _worth(books: _Books, claimed: list[Transfer]) -> Evidence:
    """What transfers are worth as the chain shows them."""
    seen = _seen(books, claimed)
    return Evidence(sum(books.state.rates.worth(seen[each.key], each.asset) for each in claimed), transaction=claimed[-1].tx_hash)


def _shown(books: _Books, claimed: list[Transfer], booked: int) -> Evidence:
    """What was booked, more or less what the transfers differ from what it rests on: the payment's amount allows for a tolerance."""
    if not claimed:
        return NOTHING
    seen, rates = _seen(books, claimed), books.state.rates
    differs = sum(rates.worth(seen[each.key], each.asset) - rates.worth(each.units, each.asset) for each in claimed)
    is_there = any(seen.values())
    return Evidence(booked + differs if is_there else 0, transaction=claimed[-1].tx_hash)


def _seen(books: _Books, claimed: Iterable[Transfer]) -> dict[str, int]:
    """Units of each transfer that is in the chain, deep enough, and this payment's."""
    payment = books.payment
    ids = {each.key: f"{each.key}:{payment.merchant_id}" for each in claimed}
    found = transfers.find_many(books.state.network, list(ids.values()))
    return {key: _units(found.get(transfer_id), payment.payment_id) for key, transfer_id in ids.items()}


def _units(row: CryptoTransactionItem | None, payment_id: str) -> int:
    is_there = row is not None and row.status == CONFIRMED and row.payment_id == payment_id
    return int(row.amount) if is_there and row is not None else 0


def _of_refund(item: ReconciliationItem, refund_id: str) -> Evidence:
    """A refund was paid by the transaction that enough nodes have looked at, and that is this refund's alone."""
    refund = refund_store.find_refund(refund_id)
    if refund is None or refund.provider_reference is None or refund.status != "success":
        return NOTHING
    purpose = addresses.purpose_of(item.source, refund.provider_reference)
    if purpose != refund_id:
        return Evidence(0, None if purpose is None else DUPLICATE, refund.provider_reference)
    return Evidence(-int(refund.amount), transaction=refund.provider_reference)


@dataclass(frozen=True, slots=True)
class Unbooked:
    """A transfer that no record of ours rests on. minor: its worth at the payment's rates. reason: why that is not known, or what it is."""

    minor: int
    currency: str | None
    reason: str | None = None


def unbooked(row: CryptoTransactionItem) -> Unbooked | None:
    """What a confirmed transfer to a payment's address is, where nothing is booked for it; None where something is, or need not be."""
    payment = _crypto_payment(str(row.payment_id))
    if payment is None:
        return Unbooked(0, None, "no_payment")
    books, key = _Books.of(payment), key_of(row)
    known = books.state.transfers.get(key)
    if known is None and (stored := overflow_store.find_transfer(payment.payment_id, key)) is not None:
        known = transfer_of(key, stored)
    worth = books.state.rates.worth(int(row.amount), row.asset)
    if (known is not None and known.booked) or worth == 0:
        return None
    return Unbooked(worth, payment.currency, None if row.status == CONFIRMED else str(row.status))


def names_of(row: CryptoTransactionItem) -> list[str]:
    """The records of ours whose items a transfer may be in."""
    payment = _crypto_payment(str(row.payment_id))
    if payment is None:
        return []
    state, key = CryptoState.of(payment), key_of(row)
    known = state.transfers.get(key)
    if known is None and (stored := overflow_store.find_transfer(payment.payment_id, key)) is not None:
        known = transfer_of(key, stored)
    late_ids = {state.surplus_id, known.late_id if known is not None else ""} - {""}
    return [f"{clearing.PAYMENT}:{payment.payment_id}", *(f"{clearing.LATE}:{late_id}" for late_id in sorted(late_ids))]
