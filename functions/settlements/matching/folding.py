"""Reads the chains of the accounts that must be explained into items, each entry exactly once.

The position and the items that its entries change are written in one transaction, so a reader that dies, or two at once, change nothing
twice. Settlements' and resolutions' entries move the position only: their items change by their own writes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from paycorex import clock, ledger, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Entry
from paycorex.ledger import store as ledger_store
from paycorex.records.reconciliation_item import BANK_LINE, ReconciliationItem
from paycorex.records.reconciliation_position import (
    BANK,
    ReconciliationPosition,
    account_name,
    is_on_chain,
    lanes_of,
    ledger_account,
    source_of,
)
from settlements.matching import clearing, due_dates, items
from settlements.matching.clearing import Change, Folded
from settlements.stores import reconciliation as store

# Items and the position are one transaction, which takes a hundred writes.
ITEMS_PER_STEP: Final = 90
ENTRIES_PER_READ: Final = 400
MAX_TRIES: Final = 8


@dataclass(slots=True)
class Read:
    """What one reading came to. is_done: it reached the end of all lanes."""

    entries: int = 0
    items: int = 0
    is_done: bool = True
    balance: int = 0
    lanes: dict[int, tuple[int, int]] = field(default_factory=dict)


def read_account(merchant_id: str, source: str, currency: str, may_go_on: Callable[[], bool] = lambda: True) -> Read:
    """Read what is new on all lanes of an account. Raises storage.Unavailable, TemporarilyUnavailable."""
    done = Read()
    account = ledger_account(merchant_id, source, currency)
    for lane in range(ledger.lanes_to_read(merchant_id)):
        while True:
            if not may_go_on():
                done.is_done = False
                break
            if not _step(account.on_lane(lane), done):
                break
    position = store.position(merchant_id, account_name(source, currency))
    done.lanes = lanes_of(position)
    done.balance = sum(balance for _seq, balance in done.lanes.values())
    return done


def _step(account: Account, done: Read) -> bool:
    """Some entries of one lane; False at its end. Raises TemporarilyUnavailable when others are faster again and again."""
    for _attempt in range(MAX_TRIES):
        before = store.position(account.merchant_id, _name(account))
        lanes = lanes_of(before)
        entries = _few(
            ledger_store.read(account, first_seq=lanes.get(account.lane, (0, 0))[0] + 1, limit=ENTRIES_PER_READ, consistent=True).items
        )
        if not entries:
            return False
        folded = clearing.fold(entries)
        writes = [store.move_position(before, _moved(account, before, entries[-1])), *_item_writes(account, folded)]
        try:
            storage.transact(writes)
        except storage.TransactionRefused as refused:
            if not refused.is_passing:
                raise
            continue
        except storage.OutcomeUnknown:
            continue
        done.entries += len(entries)
        done.items += len(writes) - 1
        return True
    raise TemporarilyUnavailable


def _name(account: Account) -> str:
    return account_name(str(source_of(account)), account.currency)


def _few(entries: list[Entry]) -> list[Entry]:
    """As many of the first entries as change no more items than one transaction takes."""
    records: set[str] = set()
    for index, entry in enumerate(entries):
        records.add(clearing.record_of(entry))
        if len(records) > ITEMS_PER_STEP:
            return entries[:index]
    return entries


def _moved(account: Account, before: ReconciliationPosition | None, last: Entry) -> ReconciliationPosition:
    lanes = {**lanes_of(before), account.lane: (last.seq, -last.balance)}
    after = storage.copy_of(before) if before is not None else ReconciliationPosition(merchant_id=account.merchant_id)
    after.account = _name(account)
    after.lanes = {str(lane): list(place) for lane, place in sorted(lanes.items())}
    after.version, after.updated_at = int(before.version if before else 0) + 1, clock.now_ms()
    return after


def _item_writes(account: Account, folded: Folded) -> list[storage.Write]:
    merchant_id, source, currency = account.merchant_id, str(source_of(account)), account.currency
    ids = {name: items.id_of(merchant_id, source, currency, name) for name in folded.changes}
    known = store.find_many(list(ids.values()))
    writes: list[storage.Write] = []
    for name, change in folded.changes.items():
        before = known.get(ids[name]) or items.of_record(merchant_id, source, currency, name)
        writes.append(store.change(before, _after(before, change, source)))
    return writes


def _after(before: ReconciliationItem, change: Change, source: str) -> ReconciliationItem:
    item = storage.copy_of(before)
    if item.side == BANK_LINE and item.source == BANK:
        # It was about nothing of ours until it was booked as a payout's.
        item.source, item.reported, item.decided = source, 0, 0
    item.booked = int(before.booked) + change.owed
    # What the chain shows of it is looked up anew.
    item.pending = True if is_on_chain(source) else item.pending
    if change.kind == clearing.PAYOUT:
        item.settlement_id = change.record_id
    item.payment_id = item.payment_id or payment_of(change)
    due_at = due_dates.due_ms(item.merchant_id, item.source, change.at)
    item.due_at = due_at if due_at is None or item.due_at is None else max(due_at, int(item.due_at))
    return items.restated(before, item, clock.now_ms())


def payment_of(change: Change) -> str | None:
    """The payment that a record's name tells; None for records that have ids of their own."""
    return change.record_id.partition(".")[0] if change.kind in {clearing.PAYMENT, clearing.LATE} else None
