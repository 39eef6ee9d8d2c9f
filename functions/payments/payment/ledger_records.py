"""Payments and refunds as the ledger's verification sees them."""

from collections.abc import Iterator

from paycorex.ledger import Reference, ReferenceType
from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.money import Money
from paycorex.records.hold import hold_of, part_reference, release_reference
from paycorex.records.payment import PaymentItem, settlement_reference
from paycorex.records.payment_amounts import is_manual
from paycorex.records.payment_fee import PaymentFee, fee_reference, platform_fee_reference
from paycorex.records.refund import RefundItem, is_returned, refund_reference, returned_reference
from payments.payment import fees, overflow_store
from payments.payment import late_money as late
from payments.payment.late_money import LateMoney


def payments() -> Iterator[MoneyRecord | Finding]:
    """Every payment: a successful one has one settlement of its amount, any other none; those that a chain took back are reversed."""
    return of_each(PaymentItem, _settlements)


def _settlements(item: PaymentItem) -> Iterator[MoneyRecord]:
    taken_back, amount = int(item.reversals or 0), whole(item.amount)
    for number in range(taken_back):
        settled = settlement_reference(item.payment_id, number)
        reversal = Reference(ReferenceType.REVERSAL, settled.id)
        for reference in (settled, reversal):
            yield MoneyRecord(f"{reference.type} {reference.id}", reference, item.merchant_id, item.currency, amount)
    reference = settlement_reference(item.payment_id, taken_back)
    # What the merchant captures is in the journals of its captures; unless late money was accepted as the payment's.
    settles = item.status == "success" and (item.entries is not None or not is_manual(item))
    yield _record(f"payment {item.payment_id}", reference, item, amount if settles else 0)
    yield from _set_aside(item)
    yield from _fees(item)


def _fees(item: PaymentItem) -> Iterator[MoneyRecord]:
    """Each journal of the provider's fee, where the merchant bears it, and of the operator's."""
    fee = PaymentFee.load(item.fee)
    for name, reference_of, booked, is_platforms in (
        ("fee", fee_reference, fee.booked, False),
        ("platform fee", platform_fee_reference, fee.platform_booked, True),
    ):
        for number, moved in enumerate(booked, start=1):
            amount = sum(posting.credit for posting in fees.postings(item, moved, is_platforms=is_platforms))
            record = f"payment {item.payment_id}, {name} {number}"
            yield MoneyRecord(record, reference_of(item.payment_id, number), item.merchant_id, moved.currency, amount)


def _set_aside(item: PaymentItem) -> Iterator[MoneyRecord]:
    """A wallet's money that is held: one journal for each part of it, and one for what went back, once the hold is over."""
    hold = hold_of(item)
    if hold is None or item.method != "wallet":
        return
    for number, minor in enumerate(hold.parts):
        name = f"payment {item.payment_id}, held {number}"
        yield MoneyRecord(name, part_reference(item.payment_id, number), item.merchant_id, item.currency, whole(minor))
    back = max(hold.amount - whole(item.amount_captured), 0) if hold.is_over else 0
    yield MoneyRecord(f"payment {item.payment_id}, released", release_reference(item.payment_id), item.merchant_id, item.currency, back)


def suspense() -> Iterator[MoneyRecord | Finding]:
    """Every late or unmatched money has one journal into suspense, and one out of it when the merchant took it or a chain took it back.

    Part of the payment, it leaves by the settlement; given back, by its refund.
    """
    yield from of_each(PaymentItem, _late_of_payment)
    yield from of_each(overflow_store.OverflowItem, _late_of_row)


def _late_of_payment(item: PaymentItem) -> Iterator[MoneyRecord]:
    for money in late.of(item):
        yield from _late(item.merchant_id, money)


def _late_of_row(item: overflow_store.OverflowItem) -> Iterator[MoneyRecord]:
    money = overflow_store.late_money_of(item)
    if money is not None:
        yield from _late(item.merchant_id, money)


def _late(merchant_id: str, money: LateMoney) -> Iterator[MoneyRecord]:
    amount, late_id = money.money, money.late_id
    name = f"late money {late_id}"
    yield MoneyRecord(name, Reference(ReferenceType.SUSPENSE, late_id), merchant_id, amount.currency, money.arrived.minor)
    for number, changed in enumerate(money.corrections or (), start=1):
        minor = abs(Money.stored(changed, amount.currency).minor)
        yield MoneyRecord(f"{name}, corrected", late.corrected_reference(late_id, number), merchant_id, amount.currency, minor)
    kept = money.accepted.minor if money.is_accepted else 0
    undone = amount.minor if money.status == late.REVERSED else 0
    yield MoneyRecord(f"{name}, accepted", late.accepted_reference(late_id), merchant_id, amount.currency, kept)
    yield MoneyRecord(f"{name}, taken back", late.reversed_reference(late_id), merchant_id, amount.currency, undone)


def refunds() -> Iterator[MoneyRecord | Finding]:
    """Every refund: one that was made has exactly one journal of its amount, one that came back a second; any other none."""
    return of_each(RefundItem, _givebacks)


def _givebacks(item: RefundItem) -> Iterator[MoneyRecord]:
    amount = whole(item.amount) if item.status == "success" or is_returned(item) else 0
    yield _record(f"refund {item.refund_id}", refund_reference(item), item, amount)
    if is_returned(item):
        name = f"refund {item.refund_id}, returned"
        yield MoneyRecord(name, returned_reference(item), item.merchant_id, item.currency, amount)


def _record(name: str, reference: Reference, item: PaymentItem | RefundItem, amount: int) -> MoneyRecord:
    places = tuple((str(e[0]), str(e[1]), int(e[2]), int(e[3])) for e in item.entries or ())
    return MoneyRecord(name, reference, item.merchant_id, item.currency, amount, places)
