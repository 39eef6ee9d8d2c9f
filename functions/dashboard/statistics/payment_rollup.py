"""The rollup of payments without money: pending, processing, authorized, failed; counted at their creation time.

The ledger has no entries for them.

What is counted of a payment is stored in a row of its own with the payment's version, in the same transaction as the sums: the version
identifies a stream record that comes twice or out of order. A payment that succeeds at once has no such row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.statistics import rollup_store
from dashboard.statistics.rollup_store import OPEN, RollupItem
from dashboard.statistics.tallies import Count, Tally
from paycorex import clock, storage
from paycorex.backoff import jitter

NOTHING: Final = ""
SUCCESS: Final = "success"
AUTHORIZED: Final = "authorized"
MAX_TRIES: Final = 8
# Two writes at most a payment, and a few days.
PAYMENTS_PER_STEP: Final = 40
_CEILING_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class PaymentSnapshot:
    """One version of a payment, as far as statistics count it."""

    payment_id: str
    merchant_id: str
    currency: str
    version: int
    count_as: str
    created_at: int
    amount: int

    @classmethod
    def of(cls, image: Mapping[str, Any]) -> "PaymentSnapshot":
        """From the stream's image."""
        status = image["status"]["S"]
        return cls(
            payment_id=image["payment_id"]["S"],
            merchant_id=image["merchant_id"]["S"],
            currency=image["currency"]["S"],
            version=int(image["version"]["N"]),
            count_as=NOTHING if status == SUCCESS or _is_captured(status, image) else status,
            created_at=int(image["created_at"]["N"]),
            amount=int(image["amount"]["N"]),
        )

    def counted_as(self, count_as: str) -> Count:
        """What the payment adds under this name."""
        return Count(self.created_at, count_as, 1, self.amount)


def _is_captured(status: str, image: Mapping[str, Any]) -> bool:
    """True for a held payment of which something was captured: the ledger's rollup counts it with its first capture."""
    return status == AUTHORIZED and image.get("amount_captured", {}).get("N", "0") != "0"


def changed(record: Mapping[str, Any]) -> PaymentSnapshot | None:
    """The payment of a stream record that changed what is counted of it, else None."""
    change = record["dynamodb"]
    if "NewImage" not in change:
        return None
    now = PaymentSnapshot.of(change["NewImage"])
    before = PaymentSnapshot.of(change["OldImage"]).count_as if "OldImage" in change else NOTHING
    return None if now.count_as == before else now


def count(snapshots: Iterable[PaymentSnapshot]) -> None:
    """Count payments by their newest version in the batch. Raises storage.Unavailable when the batch must come again."""
    newest: dict[str, PaymentSnapshot] = {}
    for snapshot in snapshots:
        known = newest.get(snapshot.payment_id)
        if known is None or known.version < snapshot.version:
            newest[snapshot.payment_id] = snapshot
    accounts: dict[tuple[str, str], list[PaymentSnapshot]] = {}
    for snapshot in newest.values():
        accounts.setdefault((snapshot.merchant_id, snapshot.currency), []).append(snapshot)
    for (merchant_id, currency), payments in accounts.items():
        for start in range(0, len(payments), PAYMENTS_PER_STEP):
            _count_together(merchant_id, currency, payments[start : start + PAYMENTS_PER_STEP])


def _count_together(merchant_id: str, currency: str, payments: list[PaymentSnapshot]) -> None:
    for tries in range(1, MAX_TRIES + 1):
        try:
            _step(merchant_id, currency, payments)
        except (storage.TransactionRefused, storage.OutcomeUnknown) as lost:
            if isinstance(lost, storage.TransactionRefused) and not lost.is_passing:
                raise
            clock.sleep(jitter(_CEILING_SECONDS * tries))
        else:
            return
    raise storage.Unavailable("rollup contended")


def _step(merchant_id: str, currency: str, payments: list[PaymentSnapshot]) -> None:
    tally, rows = Tally(), []
    for payment in payments:
        known = rollup_store.find_counted(payment.payment_id)
        if known is None or int(known.seq or 0) < payment.version:
            rows.append(rollup_store.recount(payment.payment_id, version=payment.version, count_as=payment.count_as, before=known))
            _exchange(tally, payment, known)
    if rows:
        rollup_store.commit([*rows, *rollup_store.with_more(OPEN, merchant_id, currency, tally)])


def _exchange(tally: Tally, payment: PaymentSnapshot, known: RollupItem | None) -> None:
    if known is not None and known.count_as:
        tally.add(payment.counted_as(known.count_as).negated())
    if payment.count_as:
        tally.add(payment.counted_as(payment.count_as))
