"""The main scan: from the cursor to the head, batch by batch. The cursor follows what is recorded, also within a block."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from crypto_monitor.chain import block_ranges
from crypto_monitor.chain.block_comparison import Interest
from crypto_monitor.chain.block_ranges import Range
from crypto_monitor.chain.failures import Narrower
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.shapes import Block
from crypto_monitor.scanner import busy_addresses, detection
from crypto_monitor.scanner.budget import Budget
from crypto_monitor.scanner.detection import Sighting
from crypto_monitor.scanner.watchlist import WatchList
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.cursors import CursorItem
from paycorex import clock, redaction

logger: Final = redaction.logger("crypto_scanner")

BATCH_BLOCKS: Final = 25
# A block that was made longer ago than this when the cursor passes it was read late.
LATE_BLOCK_MS: Final = 240_000
# The position is stored after so many parts. What a killed tick recorded beyond it is read again, as known rows.
PARTS_A_SAVE: Final = 10
# How long, after a block in which two nodes differed under one hash, what either of them has is recorded at once.
EITHER_MS: Final = 3_600_000
# An alarm matches this text.
DIFFERENT: Final = "nodes list different money in one block"


@dataclass(slots=True)
class Scanned:
    """The results of a scan: blocks passed, and sightings recorded (known ones included). problem: why a busy address could not be read."""

    blocks: int = 0
    found: int = 0
    problem: str | None = None


def scan(node_set: NodeSet, cursor: CursorItem, watched: WatchList, budget: Budget, scanned: Scanned, *, takes_either: bool) -> None:
    """Scan towards the head as far as the time allows. Raises BrokenLink, Disputed, NodeFailure, LeaseLost, storage.Unavailable."""
    interest = Interest(contracts_of(node_set), watched.ids_at, takes_either)
    size = BATCH_BLOCKS
    while int(cursor.number or 0) < node_set.head and budget.allows():
        first = int(cursor.number or 0) + 1
        try:
            read = block_ranges.read(node_set, first, min(first + size - 1, node_set.head), cursor.block_hash, interest)
        except Narrower:
            if size == 1:
                raise
            size = max(size // 2, 1)
            continue
        if not read.blocks or not _pass(node_set, cursor, watched, read, budget, scanned):
            return


def contracts_of(node_set: NodeSet) -> list[str]:
    """The allow-listed tokens of the network."""
    return [token.contract for token in node_set.network.tokens if token.contract is not None]


def _pass(node_set: NodeSet, cursor: CursorItem, watched: WatchList, read: Range, budget: Budget, scanned: Scanned) -> bool:
    """Record a range and pass it. Returns False when the time ended first, with the cursor within the range."""
    apart = _with_overloaded(node_set, cursor, watched, read)
    left_out = busy_addresses.left_out(apart)
    found = (each for each in detection.matches(node_set.network, read, watched.ids_at) if each.recipient not in left_out)
    step = _Step(cursor, read, node_set.head, watched, busy_store.serialized(apart))
    seen = detection.sightings(found, watched.ids_at, cursor.position)
    last = recorded(node_set, cursor, seen, budget, save=step.stop_at, scanned=scanned)
    if last is not None:
        scanned.blocks += step.stop_at(last)
        return False
    scanned.blocks += step.finish()
    return True


def recorded(
    node_set: NodeSet,
    cursor: CursorItem,
    seen: Iterator[Sighting],
    budget: Budget,
    *,
    save: Callable[[Sighting], int],
    scanned: Scanned,
    is_busy: bool = False,
) -> Sighting | None:
    """Record sightings. Returns None at their end, or the last recorded one when the time ends. save: stores the position at intervals."""
    parts = batched(seen, detection.TOGETHER, strict=False)
    for count, part in enumerate(parts, start=1):
        detection.record(node_set, cursor, part, is_busy=is_busy)
        scanned.found += len(part)
        if not budget.allows():
            return part[-1]
        if count % PARTS_A_SAVE == 0:
            scanned.blocks += save(part[-1])
    return None


def _with_overloaded(node_set: NodeSet, cursor: CursorItem, watched: WatchList, read: Range) -> busy_store.Entries:
    """The busy addresses, including those that have too many transfers in this range for the main scan."""
    entries = _kept(busy_store.entries(cursor))
    left_out = busy_addresses.left_out(entries)
    found = (each for each in detection.matches(node_set.network, read, watched.ids_at) if each.recipient not in left_out)
    for address in busy_addresses.overloaded(found, watched.ids_at, entries):
        logger.warning("address read apart", extra={"network": node_set.network.name, "address": address})
        late_at = entries[address].late_at if address in entries else 0
        entries[address] = busy_store.BusyAddress(int(cursor.number or 0), int(cursor.block_time or 0), cursor.position, late_at)
    return entries


def _kept(entries: busy_store.Entries) -> busy_store.Entries:
    """Without the addresses that caught up so long ago that the payments know what was found."""
    now = clock.now_ms()
    return {address: at for address, at in entries.items() if not at.is_done or now <= at.late_at + busy_store.STREAM_DELAY_MS}


class _Step:
    """Moves the cursor through one range, up to its end."""

    def __init__(self, cursor: CursorItem, read: Range, head: int, watched: WatchList, apart: str | None) -> None:
        self._cursor = cursor
        self._read = read
        self._head = head
        self._matched_at = watched.readings[-1]
        self._apart = apart

    def stop_at(self, last: Sighting) -> int:
        """Move past all blocks before this sighting's, and store its position. Returns how many blocks were passed."""
        return self._move(last.found.block.number - 1, last.position)

    def finish(self) -> int:
        """Move to the end of the range. Returns how many blocks were passed."""
        return self._move(self._read.blocks[-1].number, None)

    def _move(self, number: int, position: str | None) -> int:
        cursor = self._cursor
        passed = [block for block in self._read.blocks if int(cursor.number or 0) < block.number <= number]
        values: dict[str, Any] = {"position": position, "moved_at": clock.now_ms(), "matched_at": self._matched_at, "head": self._head}
        if self._apart != cursor.busy:
            values["busy"] = self._apart
        if any(block.number in self._read.completed for block in passed):
            values["either_until"] = clock.now_ms() + EITHER_MS
        cursor_store.change(cursor, **values, **_passing(cursor, passed))
        self._log(passed)
        return len(passed)

    def _log(self, passed: list[Block]) -> None:
        for block in passed:
            if block.number in self._read.completed:
                logger.error(DIFFERENT, extra={"network": self._cursor.network, "block": block.number})
        if passed:
            fields = {"network": self._cursor.network, "first": passed[0].number, "last": passed[-1].number}
            logger.info("blocks scanned", extra=fields)


def _passing(cursor: CursorItem, passed: list[Block]) -> dict[str, Any]:
    if not passed:
        return {}
    last = passed[-1]
    window = cursor_store.extended(cursor.window, [block.hash for block in passed])
    values: dict[str, Any] = {"number": last.number, "block_hash": last.hash, "window": window, "block_time": last.time * 1_000}
    if clock.now_ms() - passed[0].time * 1_000 > LATE_BLOCK_MS:
        values["behind_at"] = clock.now_ms()
    return values
