"""Busy addresses as they are stored: one attribute of the network's cursor, so that they change together with it."""

import json
from dataclasses import dataclass
from typing import Final

from crypto_monitor.stores.cursors import CursorItem

# What the monitor finds reaches the payments through a stream. An entry is kept for the longest delay that is expected of it.
STREAM_DELAY_MS: Final = 300_000


@dataclass(frozen=True, slots=True)
class BusyAddress:
    """How far a busy address has been scanned.

    number: the last block whose transfers to it are all recorded. position: how far the next block is recorded.
    time_ms: when block `number` was made. late_at: when a block was last scanned late for it; 0 for never.
    is_done: it has caught up. The entry is then kept for STREAM_DELAY_MS after late_at.
    """

    number: int
    time_ms: int
    position: str | None = None
    late_at: int = 0
    is_done: bool = False


Entries = dict[str, BusyAddress]


def entries(cursor: CursorItem) -> Entries:
    """The busy addresses of a network, the one that has waited longest first."""
    stored = json.loads(cursor.busy or "{}")
    return {address: BusyAddress(*fields) for address, fields in stored.items()}


def serialized(current: Entries) -> str | None:
    """The value of the cursor's attribute `busy`; None for no entries."""
    fields = {address: [at.number, at.time_ms, at.position, at.late_at, at.is_done] for address, at in current.items()}
    return json.dumps(fields, separators=(",", ":")) if fields else None
