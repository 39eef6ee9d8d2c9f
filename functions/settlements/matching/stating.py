"""States once a day what each clearing account is made of, on a chain of the ledger: so checkpoints seal it, and anybody can check a day.

The document names every lane's newest entry and every open item. Its digest is the description of an entry that moves nothing; it is stored
in the transaction of that entry, and never changed.
"""

import zlib
from contextlib import suppress
from itertools import batched
from typing import Any, Final

from paycorex import clock, ledger, storage
from paycorex.ledger import Account, Journal
from paycorex.ledger import store as ledger_store
from paycorex.ledger.money_records import MoneyRecord
from paycorex.records import reconciliation_day as record
from paycorex.records import reconciliation_item
from paycorex.records.payment import entry_references
from paycorex.records.reconciliation_day import FORMAT, FORMAT_HELD, PART_BYTES, ReconciliationDay
from paycorex.records.reconciliation_item import COUNTED
from paycorex.records.reconciliation_position import is_on_chain, ledger_account
from settlements.matching.proving import Explained
from settlements.stores import reconciliation as store

DAY_MS: Final = 86_400_000
FIRST: Final = 0


def state_yesterday(merchant_id: str, explained: Explained) -> bool:
    """State the day that is over, once; False when that was done. Raises storage.Unavailable, TemporarilyUnavailable."""
    day = clock.rfc3339(clock.now_ms() - DAY_MS)[:10]
    if store.find_day(merchant_id, explained.source, explained.currency, day) is not None:
        return False
    document = document_of(merchant_id, day, explained)
    packed = zlib.compress(record.encoded(document))
    parts = [bytes(part) for part in batched(packed, PART_BYTES, strict=False)]
    digest = record.digest_of(document)
    rows = [_row(merchant_id, store.day_position(day, number, digest), explained, part) for number, part in enumerate(parts)]
    first, rest = rows[FIRST], rows[FIRST + 1 :]
    first.parts, first.digest = len(parts), digest
    for row in rest:
        storage.run(storage.put(row))
    journal = Journal.statement(
        record.account_of(merchant_id, explained.source, explained.currency),
        record.day_reference(merchant_id, explained.source, explained.currency, day),
        digest,
    )

    def writes(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        first.entries = entry_references(entries)
        return [storage.put(first, ReconciliationDay.account.does_not_exist())]

    with suppress(ledger.RecordRefused):
        ledger.post(journal, writes)
        return True
    return False


def document_of(merchant_id: str, day: str, explained: Explained) -> dict[str, Any]:
    """All that is stated of a day. Signed minor units, + for what the provider owes; balances of lanes are as the ledger has them."""
    account = ledger_account(merchant_id, explained.source, explained.currency)
    lanes = [_lane(account.on_lane(lane), seq) for lane, (seq, _balance) in sorted(explained.lanes.items())]
    open_items = [item for item in explained.open_items if item.side in COUNTED]
    on_chain = {"held_minor": explained.held} if is_on_chain(explained.source) else {}
    return {
        "format": FORMAT_HELD if on_chain else FORMAT,
        **on_chain,
        "merchant_id": merchant_id,
        "source": explained.source,
        "currency": explained.currency,
        "day": day,
        "made_at_ms": clock.now_ms(),
        "lanes": lanes,
        "balance_minor": explained.balance,
        "explained_minor": explained.explained,
        "items": sorted([item.item_id, item.record, item.state, reconciliation_item.open_minor(item)] for item in open_items),
    }


def _lane(account: Account, seq: int) -> dict[str, Any]:
    entry = ledger_store.read(account, first_seq=seq, last_seq=seq, consistent=True).items[0]
    return {"account": account.key, "seq": seq, "balance_minor": entry.balance, "hash": entry.hash.hex()}


def _row(merchant_id: str, position: str, explained: Explained, packed: bytes) -> ReconciliationDay:
    return ReconciliationDay(
        account=reconciliation_item.open_key(merchant_id, explained.source, explained.currency),
        position=position,
        merchant_id=merchant_id,
        source=explained.source,
        currency=explained.currency,
        packed=packed,
        created_at=clock.now_ms(),
    )


def money_of(item: ReconciliationDay) -> list[MoneyRecord]:
    """A stated day as the ledger's verification sees it: one entry, and no money."""
    if item.digest is None:
        return []
    day = item.position.partition("#")[0]
    reference = record.day_reference(item.merchant_id, item.source, item.currency, day)
    places = tuple((str(e[0]), str(e[1]), int(e[2]), int(e[3])) for e in item.entries or ())
    return [MoneyRecord(f"reconciliation of {day}, {item.account}", reference, item.merchant_id, item.currency, 0, places)]
