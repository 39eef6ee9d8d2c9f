"""The rollup of the ledger: the movements on a merchant's account, counted by day and method.

A chain has no gaps and never changes, so the progress of a lane is one number. A batch that comes twice, late, or in another order finds
its entries counted already, or reads the missing ones; the number and the sums are written in one transaction.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.statistics import rollup_store
from dashboard.statistics.rollup_store import MONEY
from dashboard.statistics.tallies import Count, Tally
from paycorex import clock, storage
from paycorex.backoff import jitter
from paycorex.ledger import Account, Entity, Entry, ReferenceType
from paycorex.ledger import store as ledger_store
from paycorex.storage.failures import TransactionInProgress

PAID: Final = "paid"
SURPLUS: Final = "surplus"
REVERSED: Final = "reversed"
REFUND: Final = "refund"
OTHER: Final = "other"
# A step's day rows and cursors stay far below the hundred items of a transaction.
# Fees are counted with their payments, on either bearer.
_FEES: Final = frozenset({ReferenceType.FEE, ReferenceType.PLATFORM_FEE})
ENTRIES_PER_STEP: Final = 500
MAX_TRIES: Final = 8
_CEILING_SECONDS: Final = 0.05
_PAYMENT_ID: Final = re.compile(r"pay_[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """A merchant's account in one currency: all its lanes."""

    merchant_id: str
    currency: str


def count(images: Iterable[Mapping[str, Any]]) -> None:
    """Count new entries of merchants' accounts, given as the stream has them. Raises storage.Unavailable when the batch must come again."""
    accounts: dict[LedgerAccount, dict[int, int]] = {}
    for image in images:
        account = Account.from_key(image["account"]["S"])
        if account.entity is Entity.MERCHANT:
            lanes = accounts.setdefault(LedgerAccount(account.merchant_id, account.currency), {})
            lanes[account.lane] = max(lanes.get(account.lane, 0), int(image["seq"]["N"]))
    for ledger_account, reached in accounts.items():
        for lane, seq in reached.items():
            catch_up(ledger_account, lane, seq)


def catch_up(ledger_account: LedgerAccount, lane: int, seq: int) -> None:
    """Count a lane up to an entry. Raises storage.Unavailable."""
    tries = 0
    while True:
        known = rollup_store.find(ledger_account.merchant_id, rollup_store.lane_bucket(ledger_account.currency, lane))
        before = int(known.seq or 0) if known else 0
        if before >= seq:
            return
        after = min(seq, before + ENTRIES_PER_STEP)
        try:
            _step(ledger_account, lane, before, after)
            tries = 0
        except (storage.TransactionRefused, storage.OutcomeUnknown, TransactionInProgress) as lost:
            if isinstance(lost, storage.TransactionRefused) and not lost.is_passing:
                raise
            # Another invocation counts the same merchant, or the outcome is unknown: the stored state decides.
            tries += 1
            if tries == MAX_TRIES:
                raise storage.Unavailable("rollup contended") from lost
            clock.sleep(jitter(_CEILING_SECONDS * tries))


def _step(ledger_account: LedgerAccount, lane: int, before: int, after: int) -> None:
    entries = uncounted(ledger_account, lane, before, after)
    tally = tally_of(entries)
    days = rollup_store.with_more(MONEY, ledger_account.merchant_id, ledger_account.currency, tally)
    moved = rollup_store.move_lane(ledger_account.merchant_id, ledger_account.currency, lane, before=before, after=after)
    rollup_store.commit([moved, *days])


def uncounted(ledger_account: LedgerAccount, lane: int, before: int, after: int) -> list[Entry]:
    """A lane's entries after sequence number `before`, up to `after`. Raises storage.Unavailable when they are not readable yet."""
    account = Account.of_merchant(ledger_account.merchant_id, ledger_account.currency).on_lane(lane)
    found: list[Entry] = []
    while before < after:
        page = ledger_store.read(account, first_seq=before + 1, last_seq=after, consistent=True).items
        if not page:
            raise storage.Unavailable("entries missing")
        found += page
        before = page[-1].seq
    return found


def tally_of(entries: Iterable[Entry]) -> Tally:
    """The sums of entries of a merchant's account, by quarter of an hour."""
    listed = [entry for entry in entries if entry.reference.type not in _FEES]
    captures = rollup_store.capture_facts(entry.reference.id for entry in listed if entry.reference.type is ReferenceType.CAPTURE)
    named = (_payment_id(entry) for entry in listed)
    facts = rollup_store.payment_facts([*(name for name in named if name), *(payment_id for payment_id, _ in captures.values())])
    tally = Tally()
    for entry in listed:
        tally.add(count_of(entry, facts, captures))
    return tally


def count_of(entry: Entry, facts: Mapping[str, tuple[str, int]], captures: Mapping[str, tuple[str, bool]]) -> Count:
    """What one entry adds. The reversal of a whole settlement removes a payment, that of a refund the refund; others move money only.

    Of several captures, the first counts the payment.
    """
    payment_id, is_first = captures.get(entry.reference.id, (_payment_id(entry) or "", False))
    method, amount = facts.get(payment_id, (OTHER, 0))
    change = entry.credit - entry.debit
    match entry.reference.type:
        case ReferenceType.CAPTURE:
            return Count(entry.created_at, f"{PAID}:{method}", int(is_first), change)
        case ReferenceType.PAYMENT:
            return Count(entry.created_at, f"{PAID}:{method}", 1, change)
        case ReferenceType.REVERSAL if entry.reference.id.startswith("ref_"):
            return Count(entry.created_at, REFUND, -1, -change)
        case ReferenceType.REVERSAL:
            return Count(entry.created_at, f"{REVERSED}:{method}", -1 if entry.debit == amount else 0, change)
        case ReferenceType.REFUND | ReferenceType.WALLET_REFUND:
            return Count(entry.created_at, REFUND, 1, -change)
        case _:
            return Count(entry.created_at, f"{SURPLUS}:{method}", 0, change)


def _payment_id(entry: Entry) -> str | None:
    found = _PAYMENT_ID.match(entry.reference.id)
    return found[0] if found else None
