"""The scan of busy addresses: each follows the network's cursor with a position of its own, in turn, in the time that the main scan leaves.

Which addresses these are, and why: `busy_addresses`.
"""

from dataclasses import replace
from typing import Final

from crypto_monitor.chain import block_ranges
from crypto_monitor.chain.block_comparison import Interest
from crypto_monitor.chain.block_ranges import Range
from crypto_monitor.chain.failures import Disputed, Narrower
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.scanner import detection, scan
from crypto_monitor.scanner.budget import Budget
from crypto_monitor.scanner.detection import Sighting
from crypto_monitor.scanner.scan import Scanned
from crypto_monitor.scanner.watchlist import WatchList
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.busy_addresses import BusyAddress
from crypto_monitor.stores.cursors import CursorItem
from paycorex import clock

# The part of the reading time for the main scan while there are busy addresses: numerator and denominator.
NETWORK_PART: Final = (2, 3)


def serve_all(node_set: NodeSet, cursor: CursorItem, watched: WatchList, budget: Budget, scanned: Scanned, *, takes_either: bool) -> None:
    """Give each busy address an equal part of the time that is left. Raises NodeFailure, LeaseLost, storage.Unavailable."""
    waiting = [address for address, at in busy_store.entries(cursor).items() if not at.is_done]
    for position, address in enumerate(waiting):
        service = _Service(node_set, cursor, address, watched.ids_at.get(address, ()), scanned, takes_either=takes_either)
        try:
            service.run(budget.part(1, len(waiting) - position))
        except Disputed as disputed:
            # The others are still scanned; this address comes first again when all others have had their turn.
            scanned.problem = scanned.problem or str(disputed)
            service.wait()


class _Service:
    """The scan of one address, from its position towards the network's cursor."""

    def __init__(
        self, node_set: NodeSet, cursor: CursorItem, address: str, ids: tuple[str, ...], scanned: Scanned, *, takes_either: bool
    ) -> None:
        self._panel = node_set
        self._cursor = cursor
        self._address = address
        self._ids_at = {address: ids}
        self._interest = Interest(scan.contracts_of(node_set), self._ids_at, takes_either)
        self._scanned = scanned

    def wait(self) -> None:
        """Move behind the other addresses."""
        self._store(self._at)

    def run(self, budget: Budget) -> None:
        """Record as far as the time allows. An address that has caught up returns to the main scan."""
        size = scan.BATCH_BLOCKS
        while self._at.number < int(self._cursor.number or 0) and budget.allows():
            first = self._at.number + 1
            try:
                # Not linked to the blocks before: the main scan follows reorganisations, and rolls this address back too.
                read = block_ranges.read(self._panel, first, min(first + size - 1, int(self._cursor.number or 0)), None, self._interest)
            except Narrower:
                if size == 1:
                    raise
                size = max(size // 2, 1)
                continue
            if not read.blocks or not self._pass(read, budget):
                return
        if self._at.number >= int(self._cursor.number or 0) and self._cursor.position is None:
            self._store(replace(self._at, position=None, is_done=True))

    def _pass(self, read: Range, budget: Budget) -> bool:
        found = detection.matches(self._panel.network, read, self._ids_at)
        seen = detection.sightings(found, self._ids_at, self._at.position)

        def stop_at(last: Sighting) -> int:
            self._move(read, last.found.block.number - 1, last.position)
            return 0

        last = scan.recorded(self._panel, self._cursor, seen, budget, save=stop_at, scanned=self._scanned, is_busy=True)
        if last is None:
            self._move(read, read.blocks[-1].number, None)
        else:
            stop_at(last)
        return last is None

    def _move(self, read: Range, number: int, position: str | None) -> None:
        passed = [block for block in read.blocks if block.number <= number]
        late_at = clock.now_ms() if clock.now_ms() - read.blocks[0].time * 1_000 > scan.LATE_BLOCK_MS else self._at.late_at
        time_ms = passed[-1].time * 1_000 if passed else self._at.time_ms
        self._store(BusyAddress(number, time_ms, position, late_at))

    @property
    def _at(self) -> BusyAddress:
        return busy_store.entries(self._cursor)[self._address]

    def _store(self, at: BusyAddress) -> None:
        entries = busy_store.entries(self._cursor)
        # Last in the order: an address that was scanned waits for the others.
        entries.pop(self._address)
        entries[self._address] = at
        cursor_store.change(self._cursor, busy=busy_store.serialized(entries), moved_at=clock.now_ms())
