"""Crypto against the chain's own transfers: what of a network's account the chain shows, and transfers that are booked nowhere.

A payment's money stays where it came, so the account of a network never goes back to zero. What the chain shows of it is `held`: a sum of
the account's position, which changes in the transaction that changes an item by the same amount. Balance = open items + held, always.
"""

from collections.abc import Callable
from itertools import islice
from typing import Final

from crypto_monitor.stores import transfers
from paycorex import clock, set_aside, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records import reconciliation_item as record
from paycorex.records.crypto_transaction import CONFIRMED, REVIEW, CryptoTransactionItem
from paycorex.records.order import order_key
from paycorex.records.reconciliation_item import CHAIN, OURS, ReconciliationItem
from paycorex.records.reconciliation_position import ReconciliationPosition, account_name, source_and_currency
from paycorex.set_aside import Subject
from payments.crypto import settlement as crypto_settlement
from settlements.matching import chain_evidence, items
from settlements.matching.chain_evidence import Unbooked
from settlements.stores import reconciliation as store

# What one run looks at of an account: the rest is the next run's.
MAX_ITEMS: Final = 2_000
MAX_TRIES: Final = 8
PAGE: Final = 200
# Each transfer is looked at twice: once it should be final and booked, and a day after it came, when no reorganisation is left to come.
FIRST_LOOK_MS: Final = 3_600_000
SECOND_LOOK_MS: Final = 24 * 3_600_000
# How long after the payments were asked to book a transfer they are asked again.
ASK_AGAIN_MS: Final = 24 * 3_600_000
BOOKED: Final = "booked"
ASIDE: Final = "aside"
WHY: Final = "the chain has a transfer that is booked nowhere"
MayGoOn = Callable[[], bool]


def settle(position: ReconciliationPosition, may_go_on: MayGoOn, *, look_up: bool) -> bool:
    """Hold a network's account against the chain; False when there was no time for all of it.

    Raises storage.Unavailable, TemporarilyUnavailable.
    """
    source, currency = source_and_currency(position.account)
    for item in islice(list(store.open_items(position.merchant_id, source, currency)), MAX_ITEMS):
        if not may_go_on():
            return False
        if item.side == OURS:
            look(item.item_id)
        elif item.side == CHAIN:
            _look_again(item, ask=look_up)
    is_done = _walk(position, "seen", FIRST_LOOK_MS, may_go_on, look_up=look_up)
    return _walk(position, "checked", SECOND_LOOK_MS, may_go_on, look_up=look_up) and is_done


def look(item_id: str) -> None:
    """Have an item of ours say what the chain shows of it now. Raises storage.Unavailable, TemporarilyUnavailable."""
    for _attempt in range(MAX_TRIES):
        before = store.find(item_id)
        if before is None:
            return
        found = chain_evidence.of_item(before)
        after = storage.copy_of(before)
        after.reported, after.reason, after.pending = found.minor, found.reason, None
        after.provider_reference = found.transaction or before.provider_reference
        after = items.restated(before, after, clock.now_ms())
        said = ("reported", "reason", "pending", "provider_reference", "state", "open_key")
        if all(getattr(before, name) == getattr(after, name) for name in said) or _is_moved(before, after):
            return
    raise TemporarilyUnavailable


def _is_moved(before: ReconciliationItem, after: ReconciliationItem) -> bool:
    """Write an item and the sum that the chain shows, by the same amount; False when another writer was faster."""
    position = store.position(before.merchant_id, account_name(before.source, before.currency))
    if position is None:
        raise AssertionError("an item without its account")
    moved = storage.copy_of(position)
    moved.held = int(position.held) + int(after.reported) - int(before.reported)
    moved.version = int(position.version) + 1
    try:
        storage.transact([store.move_position(position, moved), store.change(before, after)])
    except storage.TransactionRefused as refused:
        if not refused.is_passing:
            raise
        return False
    except storage.OutcomeUnknown:
        return False
    return True


def _walk(position: ReconciliationPosition, name: str, wait_ms: int, may_go_on: MayGoOn, *, look_up: bool) -> bool:
    """Look at each transfer that came so long ago and was not looked at yet, from where the walk before stopped."""
    source, currency = source_and_currency(position.account)
    until = order_key(clock.now_ms() - wait_ms, "")
    after: str | None = getattr(position, name)
    while may_go_on():
        page = transfers.between(position.merchant_id, after, until, PAGE)
        for row in page:
            if row.network == source and row.payment_id is not None:
                _look_at(row, currency, look_up=look_up, is_last=name == "checked")
        if page:
            after = page[-1].order_key
            store.note_walk(position, name, after)
        if len(page) < PAGE:
            return True
    return False


def _look_at(row: CryptoTransactionItem, currency: str, *, look_up: bool, is_last: bool) -> None:
    if row.status in {CONFIRMED, REVIEW}:
        found = chain_evidence.unbooked(row)
        if found is not None and found.currency in {None, currency}:
            _list(row, found, currency, look_up=look_up)
    if is_last:
        for name in chain_evidence.names_of(row):
            look(items.id_of(row.merchant_id, row.network, currency, name))


def _list(row: CryptoTransactionItem, found: Unbooked, currency: str, *, look_up: bool) -> None:
    """A transfer that is booked nowhere has an item, and the payments' own service is asked to book it."""
    item_id = record.item_id(row.merchant_id, CHAIN, row.network, currency, _name(row))
    if store.find(item_id) is not None:
        return
    draft = items.of_transfer(row.merchant_id, row.network, currency, _name(row))
    draft.reported, draft.reason, draft.payment_id, draft.provider_reference = found.minor, found.reason, row.payment_id, row.tx_hash
    if _is_written(draft, draft) and look_up:
        _ask(store.find(item_id) or draft, row)


def _look_again(item: ReconciliationItem, *, ask: bool) -> None:
    """A transfer that was booked nowhere: is it now, or is it gone from the chain?"""
    row = transfers.find(item.source, item.record.partition(":")[2])
    found = chain_evidence.unbooked(row) if row is not None and row.status in {CONFIRMED, REVIEW} else None
    if found is None:
        after = storage.copy_of(item)
        after.place, after.decided = BOOKED, -int(item.reported)
        _is_written(item, after)
    elif ask and row is not None and (item.looked_at is None or clock.now_ms() - int(item.looked_at) >= ASK_AGAIN_MS):
        _ask(item, row)


def _ask(item: ReconciliationItem, row: CryptoTransactionItem) -> None:
    """The payments' own service books it: it may be late money by now. What only a person can judge is left to one."""
    if item.reason is not None:
        return
    subject = Subject(crypto_settlement.LOOP, f"{row.network}#{row.transfer_id}", row.merchant_id, payload=row.serialize())
    set_aside.hand_over(subject, WHY)
    after = storage.copy_of(item)
    after.looked_at = clock.now_ms()
    _is_written(item, after)


def _is_written(before: ReconciliationItem, after: ReconciliationItem) -> bool:
    """Another writer's knowledge is as good: the next run looks again."""
    try:
        storage.run(store.change(before, items.restated(before, after, clock.now_ms())))
    except (storage.ConditionRefused, storage.OutcomeUnknown):
        return False
    return True


def _name(row: CryptoTransactionItem) -> str:
    return f"transfer:{row.transfer_id}"
