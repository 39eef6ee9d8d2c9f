"""Brings the money of reports' lines where it belongs: clearing for those that count for a record of ours, suspense for all others.

Where it belongs follows from what is known now, never from the order in which it became known. Each journal is one transaction with the
item of its line, and is made when that item says that the money is elsewhere: so a kill at any step is made up for by doing it again.
"""

from typing import Final

from paycorex import clock, credentials, ledger, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Entity, Journal
from paycorex.money import Money
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import PROVIDER, ReconciliationItem
from paycorex.records.reconciliation_position import is_in_transit, ledger_account
from settlements.matching import items
from settlements.matching.assignment import Part, Share
from settlements.matching.judging import CLEARING, SUSPENSE
from settlements.stores import reconciliation as store

MAX_TRIES: Final = 8
WHO: Final = "paycorex"
DUPLICATE: Final = "duplicate"


def settle(item: ReconciliationItem) -> ReconciliationItem:
    """Move what must be moved of the lines about a record of ours; the item then. Raises TemporarilyUnavailable, storage.Unavailable."""
    for _attempt in range(MAX_TRIES):
        parts = items.parts_of(item)
        for share in items.shares_of(item):
            place(item, share, parts[share.key])
        if not item.pending:
            return item
        done = storage.copy_of(item)
        done.pending = None
        done = items.restated(item, done, clock.now_ms())
        if _is_written(item, done):
            return done
        item = fresh(item.item_id)
    raise TemporarilyUnavailable


def fresh(item_id: str) -> ReconciliationItem:
    """The item as it stands now. Raises storage.Unavailable."""
    found = store.find(item_id)
    if found is None:
        raise AssertionError("an item vanished")
    return found


def _is_written(before: ReconciliationItem, after: ReconciliationItem) -> bool:
    try:
        storage.run(store.change(before, after))
    except (storage.ConditionRefused, storage.OutcomeUnknown):
        return False
    return True


def place(item: ReconciliationItem, share: Share, part: Part) -> None:
    """Bring the money of one line where its part in a record says. Raises TemporarilyUnavailable, storage.Unavailable."""
    wanted = CLEARING if part is Part.COUNTS else SUSPENSE
    item_id = record.item_id(item.merchant_id, PROVIDER, item.source, share.currency, share.key)
    for _attempt in range(MAX_TRIES):
        # A line without an item of its own is where its settlement booked it: with what is known.
        before = store.find(item_id)
        if before is None and wanted == CLEARING:
            return
        before = before or items.of_line(item.merchant_id, item.source, share, CLEARING, item.provider_reference)
        reason = DUPLICATE if part is Part.DUPLICATE else None
        if before.place not in {CLEARING, SUSPENSE} or (before.place == wanted and before.reason == reason):
            return
        if before.place == wanted:
            explained = storage.copy_of(before)
            explained.reason, explained.payment_id = reason, item.payment_id
            if _is_written(before, items.restated(before, explained, clock.now_ms())):
                return
            continue
        try:
            _move(before, wanted, reason, item)
        except ledger.RecordRefused:
            continue
        return
    raise TemporarilyUnavailable


def _move(before: ReconciliationItem, wanted: str, reason: str | None, about: ReconciliationItem) -> None:
    """One journal between clearing and suspense, with the line's item."""
    gross = int(before.reported)
    credited, debited = (wanted, before.place or "") if gross > 0 else (before.place or "", wanted)
    now = clock.now_ms()
    item = storage.copy_of(before)
    item.place, item.reason, item.payment_id = wanted, reason, about.payment_id
    why = f"{about.record} {'counts it' if wanted == CLEARING else 'was paid by another line'}"
    item.decided = -gross if wanted == CLEARING else 0
    item = items.decided(item, action="placed", reason=why, who=WHO, moved=(debited, credited, abs(gross)), now_ms=now)
    after = items.restated(before, item, now)
    journal = Journal.transfer(
        source=account(before, debited),
        target=account(before, credited),
        amount=Money(abs(gross), before.currency),
        reference=record.move_reference(before.item_id, items.move_count(after)),
        description=about.item_id,
    )
    ledger.post(journal, lambda _entries: [store.change(before, after)], lanes=credentials.lanes_of(before.merchant_id))


def holder(item: ReconciliationItem) -> str:
    """In which account what is open of an item is, by its entity."""
    if item.side == PROVIDER:
        return SUSPENSE
    return Entity.BANK_IN_TRANSIT.value if is_in_transit(item.source) else CLEARING


def account(item: ReconciliationItem, entity: str) -> Account:
    """The account of an item's money by its entity."""
    if entity == CLEARING:
        return Account.clearing(item.merchant_id, item.source, item.currency)
    if entity == Entity.BANK_IN_TRANSIT:
        return ledger_account(item.merchant_id, item.source, item.currency)
    if entity == SUSPENSE:
        return Account.suspense(item.merchant_id, item.currency)
    return Account.of_merchant(item.merchant_id, item.currency) if entity == "merchant" else Account.fees(item.merchant_id, item.currency)
