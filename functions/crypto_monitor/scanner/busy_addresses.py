"""Busy addresses: those with more transfers than the network's scan can wait for.

Anybody may send ten thousand transfers to one address, and many merchants may watch it. The scan goes on without such an address, and the
address follows at its own pace, with a place of its own: every tick serves each busy address in turn with the time that is left. Its
transfers are recorded late and none is left out; a payment to it does not expire before they are (`outgoing.has_passed`). All of this is
one attribute of the network's cursor, and changes with it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from crypto_monitor.scanner.block_transfers import Found
from crypto_monitor.stores.cursors import CursorItem
from paycorex import clock

# How many records an address may cause in one batch of blocks before it is read apart.
SHARE: Final = 100
# How many addresses are read apart at a time. One more is scanned with the network, whose cursor then waits at its place.
MAX_BUSY: Final = 24


@dataclass(frozen=True, slots=True)
class Behind:
    """Where a busy address stands. number: the last block whose transfers to it are all recorded; place: how far the next one is.

    time_ms: when that block was made. late_at: when it was last passed late; 0 while it was not. Kept for a while after it caught up
    (is_done): what was found late must still be told.
    """

    number: int
    time_ms: int
    place: str | None = None
    late_at: int = 0
    is_done: bool = False


# What the monitor finds reaches the payments through a stream, which may be held up for a while.
TOLD_MS: Final = 300_000

Entries = dict[str, Behind]


def entries(cursor: CursorItem) -> Entries:
    """The busy addresses of a network, the one first that waits for longest."""
    stored = json.loads(cursor.busy or "{}")
    return {address: Behind(*fields) for address, fields in stored.items()}


def stored(current: Entries) -> str | None:
    """The attribute that keeps them; None for none."""
    fields = {address: [at.number, at.time_ms, at.place, at.late_at, at.is_done] for address, at in current.items()}
    return json.dumps(fields, separators=(",", ":")) if fields else None


def behind(current: Entries) -> frozenset[str]:
    """Addresses that the network's scan leaves out."""
    return frozenset(address for address, at in current.items() if not at.is_done)


def crowded(found: Iterable[Found], ids_at: Mapping[str, tuple[str, ...]], current: Entries) -> list[str]:
    """Recipients that cause more records than their share, as far as there is room for them among the busy ones."""
    records: Counter[str] = Counter()
    for transfer in found:
        records[transfer.recipient] += len(ids_at[transfer.recipient])
    room = MAX_BUSY - len(current)
    candidates = [address for address, count in records.most_common() if count > SHARE]
    again = [address for address in candidates if address in current]
    return again + [address for address in candidates if address not in current][: max(room, 0)]


def gone_back(current: Entries, number: int, time_ms: int) -> Entries:
    """The busy addresses after the scan went back to a block: what was recorded above it is read again."""
    return {
        address: replace(at, number=number, time_ms=time_ms, place=None) if at.number >= number and not at.is_done else at
        for address, at in current.items()
    }


def has_passed(cursor: CursorItem, address: str, moment_ms: int) -> bool:
    """True when every block made by that moment was read for this address, and what was found late had time to be told.

    True, too, for an address that is not busy: then the network's own cursor knows.
    """
    at = entries(cursor).get(address)
    return at is None or (at.time_ms > moment_ms and clock.now_ms() > at.late_at + TOLD_MS)
