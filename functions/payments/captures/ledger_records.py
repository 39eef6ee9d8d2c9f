"""Captures as the ledger's verification sees them, and whether they make up what their payments say."""

from collections import Counter
from collections.abc import Iterator

from paycorex import clock, storage
from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.ledger.verification import COMMITTED_WITHIN_MS
from paycorex.records.capture import CaptureItem, capture_reference
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual


def captures() -> Iterator[MoneyRecord | Finding]:
    """Every capture: one that was made has exactly one journal of its amount, any other none. And their sums, payment by payment."""
    sums: Counter[str] = Counter()

    def said_by(item: CaptureItem) -> Iterator[MoneyRecord]:
        amount = whole(item.amount) if item.status == "success" else 0
        sums[item.payment_id] += amount
        places = tuple((str(e[0]), str(e[1]), int(e[2]), int(e[3])) for e in item.entries or ())
        reference = capture_reference(item.capture_id)
        yield MoneyRecord(f"capture {item.capture_id}", reference, item.merchant_id, item.currency, amount, places)

    yield from of_each(CaptureItem, said_by)
    yield from _sums(sums)


def _sums(sums: Counter[str]) -> Iterator[Finding]:
    """A payment is successful exactly when something of it was captured, and says how much. What changed a moment ago is left out."""
    young_from = clock.now_ms() - COMMITTED_WITHIN_MS
    for item in _manual():
        is_settled = item.entries is not None
        found = int(item.amount) if is_settled else sums[item.payment_id]
        said = int(item.amount_captured or 0)
        if int(item.updated_at) >= young_from and found != said:
            continue
        if found != said:
            yield Finding(f"payment {item.payment_id}", f"says {said} minor units were captured, its captures say {found}")
        if (item.status == "success") != (said > 0) and item.status != "authorized":
            yield Finding(f"payment {item.payment_id}", f"is {item.status} with {said} minor units captured")


def _manual() -> Iterator[PaymentItem]:
    for wire in storage.scan_wire(PaymentItem):
        if wire.get("capture_method"):
            item = PaymentItem.load(wire)
            if is_manual(item):
                yield item
