"""Settlements for tests."""

from paycorex import clock, storage
from paycorex.records.order import order_key
from paycorex.records.settlement import SettlementItem, settlement_id
from paycorex.records.settlement_line import SettlementLineItem, order_of, subject_of
from settlements.stores import lines, settlements
from tests.support.world import Signer


def stored(who: Signer, reference: str, count: int = 0) -> SettlementItem:
    """A settlement with so many lines of 10.00, of which the provider kept 0.24 with tax."""
    now, found_id = clock.now_ms(), settlement_id(who.merchant_id, "razorpay", reference, "INR")
    sums = {"lines": count, "gross": 1000 * count, "fee": 20 * count, "tax": 4 * count, "clearing": 1000 * count}
    item = SettlementItem(
        settlement_id=found_id, merchant_id=who.merchant_id, connector="razorpay", provider_reference=reference, currency="INR",
        state="reading", version=1, created_at=now, updated_at=now, order_key=order_key(now, found_id), **sums,
    )  # fmt: skip
    storage.run(settlements.new(item))
    for number in range(count):
        subject, name = subject_of(who.merchant_id, "razorpay", f"pay_{number}"), f"payment#line_{number}"
        line = SettlementLineItem(
            subject=subject, line=name, merchant_id=who.merchant_id, connector="razorpay", line_reference=f"line_{number}", kind="payment",
            kind_name="payment", charge_reference=f"pay_{number}", gross=1000, fee=20, tax=4, currency="INR", occurred_at=now + number,
            placed="clearing", settlement_id=found_id, order_key=order_of(subject, name, now + number), created_at=now,
        )  # fmt: skip
        storage.run(lines.new(line))
    return item
