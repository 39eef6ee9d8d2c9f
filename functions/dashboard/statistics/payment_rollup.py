"""The rollup of payments without money: pending, processing, authorized, failed; and of what payments cost. Counted at their creation time.

The ledger has no entries for the former, and of the latter only for what the merchant bears. Payments that a provider decided are counted
by the provider, those that failed by the reason (`ways`).

What is counted of a payment is stored in a row of its own with the payment's version, in the same transaction as the sums: the version
identifies a stream record that comes twice or out of order. A payment that succeeds at once has no such row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.statistics import rollup_store, ways
from dashboard.statistics.rollup_store import OPEN, RollupItem
from dashboard.statistics.tallies import Count, Tally
from paycorex import clock, storage
from paycorex.backoff import jitter
from paycorex.records.payment_fee import PaymentFee

NOTHING: Final = ""
SUCCESS: Final = "success"
AUTHORIZED: Final = "authorized"
# What the provider keeps, and what the operator charges, with the tax on each.
COSTS: Final = ("fee", "tax", "platform_fee", "platform_tax")
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
    # Minor units by the names of COSTS.
    costs: tuple[int, ...] = ()
    # By which provider it was decided, and why it failed: names of `ways`.
    ways: tuple[str, ...] = ()

    @classmethod
    def of(cls, image: Mapping[str, Any]) -> "PaymentSnapshot":
        """From the stream's image."""
        status = image["status"]["S"]
        return cls(
            payment_id=image["payment_id"]["S"],
            merchant_id=image["merchant_id"]["S"],
            currency=image["currency"]["S"],
            version=int(image["version"]["N"]),
            count_as=counted_as(status, int(image.get("amount_captured", {}).get("N", "0"))),
            created_at=int(image["created_at"]["N"]),
            amount=int(image["amount"]["N"]),
            costs=costs_of(json.loads(image["fee"]["S"]), image["currency"]["S"]) if "fee" in image else (),
            ways=ways.of_image(image),
        )

    @property
    def counted(self) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
        """All that is counted of it."""
        return self.count_as, self.costs, self.ways

    def counts(self, count_as: str, costs: Sequence[int], names: Sequence[str]) -> Iterator[Count]:
        """What the payment adds when it is counted so."""
        for name in (count_as, *names) if count_as else names:
            yield Count(self.created_at, name, 1, self.amount)
        yield from cost_counts(self.created_at, costs)


def costs_of(stored: Mapping[str, Any] | None, currency: str) -> tuple[int, ...]:
    """What a payment costs in its currency, by the names of COSTS; nothing where it costs nothing."""
    fee = PaymentFee.load(stored)
    costs = (*fee.shown(currency), *fee.platform)
    return costs if any(costs) else ()


def cost_counts(created_at: int, costs: Sequence[int]) -> Iterator[Count]:
    """The same as counts."""
    for name, minor in zip(COSTS, costs, strict=False):
        yield Count(created_at, name, 0, int(minor))


def counted_as(status: str, captured: int) -> str:
    """Under which status a payment is counted here. captured: minor units.

    One with money is the ledger's: a held payment, too, of which something was captured, is counted there with its first capture.
    """
    return NOTHING if status == SUCCESS or (status == AUTHORIZED and captured) else status


def changed(record: Mapping[str, Any]) -> PaymentSnapshot | None:
    """The payment of a stream record that changed what is counted of it, else None."""
    change = record["dynamodb"]
    if "NewImage" not in change:
        return None
    now = PaymentSnapshot.of(change["NewImage"])
    before = PaymentSnapshot.of(change["OldImage"]) if "OldImage" in change else None
    return None if now.counted == ((NOTHING, (), ()) if before is None else before.counted) else now


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
            rows.append(
                rollup_store.recount(
                    payment.payment_id,
                    version=payment.version,
                    count_as=payment.count_as,
                    costs=payment.costs,
                    ways=payment.ways,
                    before=known,
                )
            )
            _exchange(tally, payment, known)
    if rows:
        rollup_store.commit([*rows, *rollup_store.with_more(OPEN, merchant_id, currency, tally)])


def _exchange(tally: Tally, payment: PaymentSnapshot, known: RollupItem | None) -> None:
    if known is not None:
        for counted in payment.counts(known.count_as or NOTHING, known.costs or (), known.ways or ()):
            tally.add(counted.negated())
    for added in payment.counts(payment.count_as, payment.costs, payment.ways):
        tally.add(added)
