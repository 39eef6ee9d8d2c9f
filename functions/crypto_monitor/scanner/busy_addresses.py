"""Busy addresses: those with more transfers than the scan of the network can wait for.

Anyone can send ten thousand transfers to one address, and many merchants may watch it. The scan goes on without such an address, and the
address is scanned separately, with a position of its own: every tick scans the busy addresses in turn in the time that is left. Their
transfers are recorded late, and none is left out; a payment to one does not expire before they are (`refund_transactions.has_passed`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from crypto_monitor.scanner.block_transfers import Found
from crypto_monitor.stores.busy_addresses import Entries

# How many records an address may cause in one batch of blocks before it is scanned separately.
SHARE: Final = 100
# How many addresses are scanned separately at a time. One more stays in the scan of the network, which then takes several ticks.
MAX_BUSY: Final = 24


def left_out(current: Entries) -> frozenset[str]:
    """The addresses that the scan of the network leaves out."""
    return frozenset(address for address, at in current.items() if not at.is_done)


def overloaded(found: Iterable[Found], ids_at: Mapping[str, tuple[str, ...]], current: Entries) -> list[str]:
    """Recipients that cause more records than their share, as many as there is room for among the busy addresses."""
    records: Counter[str] = Counter()
    for transfer in found:
        records[transfer.recipient] += len(ids_at[transfer.recipient])
    room = MAX_BUSY - len(current)
    candidates = [address for address, count in records.most_common() if count > SHARE]
    again = [address for address in candidates if address in current]
    return again + [address for address in candidates if address not in current][: max(room, 0)]


def rolled_back(current: Entries, number: int, time_ms: int) -> Entries:
    """The busy addresses after the cursor was rolled back to a block: the blocks above it are read again."""
    return {
        address: replace(at, number=number, time_ms=time_ms, position=None) if at.number >= number and not at.is_done else at
        for address, at in current.items()
    }
