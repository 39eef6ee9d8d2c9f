"""Payments that are no money (yet): pending, processing, failed, counted at the time they were made. The ledger knows nothing of them.

What is counted of each payment stands in a row of its own with the version that said so, written in the same transaction as the sums: a
stream record that comes twice or out of order is known by its version. A payment that succeeds at once never gets such a row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.statistics import rollup_store
from dashboard.statistics.rollup_store import OPEN, RollupItem
from dashboard.statistics.tallies import Mark, Tally
from paycorex import clock, storage
from paycorex.backoff import jitter

NOTHING: Final = ""
SUCCESS: Final = "success"
MAX_TRIES: Final = 8
# Two writes at most a payment, and a few days.
PAYMENTS_PER_STEP: Final = 40
_CEILING_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment as one version of it stood."""

    payment_id: str
    merchant_id: str
    currency: str
    version: int
    count_as: str
    created_at: int
    amount: int

    @classmethod
    def of(cls, image: Mapping[str, Any]) -> "Standing":
        """From the stream's image."""
        status = image["status"]["S"]
        return cls(
            payment_id=image["payment_id"]["S"],
            merchant_id=image["merchant_id"]["S"],
            currency=image["currency"]["S"],
            version=int(image["version"]["N"]),
            count_as=NOTHING if status == SUCCESS else status,
            created_at=int(image["created_at"]["N"]),
            amount=int(image["amount"]["N"]),
        )

    def mark(self, count_as: str) -> Mark:
        """How it counts under a name."""
        return Mark(self.created_at, count_as, 1, self.amount)


def changed(record: Mapping[str, Any]) -> Standing | None:
    """The payment of a stream record that changed what is counted of it, else None."""
    change = record["dynamodb"]
    if "NewImage" not in change:
        return None
    now = Standing.of(change["NewImage"])
    before = Standing.of(change["OldImage"]).count_as if "OldImage" in change else NOTHING
    return None if now.count_as == before else now


def count(standings: Iterable[Standing]) -> None:
    """Count payments as their newest version here says. Raises storage.Unavailable when it must come again."""
    newest: dict[str, Standing] = {}
    for standing in standings:
        known = newest.get(standing.payment_id)
        if known is None or known.version < standing.version:
            newest[standing.payment_id] = standing
    books: dict[tuple[str, str], list[Standing]] = {}
    for standing in newest.values():
        books.setdefault((standing.merchant_id, standing.currency), []).append(standing)
    for (merchant_id, currency), payments in books.items():
        for start in range(0, len(payments), PAYMENTS_PER_STEP):
            _count_together(merchant_id, currency, payments[start : start + PAYMENTS_PER_STEP])


def _count_together(merchant_id: str, currency: str, payments: list[Standing]) -> None:
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


def _step(merchant_id: str, currency: str, payments: list[Standing]) -> None:
    tally, rows = Tally(), []
    for payment in payments:
        known = rollup_store.find_counted(payment.payment_id)
        if known is None or int(known.seq or 0) < payment.version:
            rows.append(rollup_store.recount(payment.payment_id, version=payment.version, count_as=payment.count_as, before=known))
            _exchange(tally, payment, known)
    if rows:
        rollup_store.commit([*rows, *rollup_store.with_more(OPEN, merchant_id, currency, tally)])


def _exchange(tally: Tally, payment: Standing, known: RollupItem | None) -> None:
    if known is not None and known.count_as:
        tally.add(payment.mark(known.count_as).negated())
    if payment.count_as:
        tally.add(payment.mark(payment.count_as))
