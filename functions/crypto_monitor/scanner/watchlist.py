"""The watch list of a network, in memory: 100,000 addresses are matched against a block's transfers by looking them up in a dict.

Kept by a warm environment and brought up to date by what was added since. The index it reads lags behind the table, a little and without
a bound, so addresses are read again for a while after they appeared, and one that turns up late says from when on blocks must be looked
at once more. What is late is measured by the reading that the cursor's blocks were matched with, which the cursor's row keeps: it may have
been another environment's, and a tick that could not go back is repeated by the next.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crypto_monitor.scanner.budget import Budget
from crypto_monitor.stores import addresses as address_store
from paycorex import caching, clock
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.order import lower_bound

# How far back every refresh reads again: index lag, and clocks of the machines that made the records.
OVERLAP_MS: Final = 120_000


class NotRead(Exception):
    """There was not enough time to read the whole list. What was read is kept, and the next tick of this environment continues."""


@dataclass(slots=True)
class DepositAddress:
    """A payment's address, and the balance that was last explained, in the coin's smallest units."""

    address_id: str
    balance_seen: int


@dataclass(slots=True)
class WatchList:
    """ids_at: canonical address → ids of the records that watch it (one per merchant). deposits: the payments' own, oldest first.

    readings: when this environment read the whole list; added: when it first saw the youngest records, by id. Both since `matched_at`.
    """

    network: str
    ids_at: dict[str, tuple[str, ...]] = field(default_factory=dict)
    deposits: dict[str, DepositAddress] = field(default_factory=dict)
    readings: list[int] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)
    # The first reading, while it goes on: when it began, where it goes on in each shard, and which shards are read.
    begun_at: int = 0
    starts: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    ends: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.ids_at)

    def refresh(self, matched_at: int | None, budget: Budget) -> int | None:
        """Read what was added. matched_at: when the list was read that the last blocks were matched with; None when there was none.

        Returns the creation time of the oldest address that was there by then and that this reading may have lacked, else None: one that
        this environment first saw later, or any of those moments when the reading was another environment's. Addresses that were stopped
        stay until the environment ends; a match always reads the record. Raises NotRead, storage.Unavailable.
        """
        if not self.readings:
            self._read_first(budget)
        now = clock.now_ms()
        matched = now if matched_at is None else matched_at
        since = min(self.readings[-1], matched) - OVERLAP_MS
        readings = [reading for reading in self.readings if reading >= matched]
        self.added = {address_id: reading for address_id, reading in self.added.items() if reading > matched}
        late: list[int] = []
        for item in self._watched_since(lower_bound(since)):
            is_new, came_at = self._add(item), int((item.watch_key or "")[:13])
            if not matched - OVERLAP_MS <= came_at < matched:
                continue
            if is_new:
                self.added[item.address_id] = now
            if item.address_id in self.added or matched not in readings:
                late.append(came_at)
        self.readings = [*readings, now]
        return min(late, default=None)

    def _read_first(self, budget: Budget) -> None:
        """Read the whole list, in as many ticks as it takes; the first of them is the moment that the reading counts for."""
        self.begun_at = self.begun_at or clock.now_ms()
        for shard in address_store.SHARDS:
            while shard not in self.ends:
                if not budget.allows():
                    raise NotRead(f"the watch list is not read yet: {len(self)} addresses so far")
                page = address_store.watched_since(self.network, shard, lower_bound(0), self.starts.get(shard))
                for item in page.items:
                    self._add(item)
                if page.next_start is None:
                    self.ends.add(shard)
                else:
                    self.starts[shard] = page.next_start
        self.readings = [self.begun_at]

    def _watched_since(self, since: str) -> Iterator[CryptoAddressItem]:
        for shard in address_store.SHARDS:
            start = None
            while True:
                page = address_store.watched_since(self.network, shard, since, start)
                yield from page.items
                start = page.next_start
                if start is None:
                    break

    def _add(self, item: CryptoAddressItem) -> bool:
        known = self.ids_at.get(item.address, ())
        if item.address_id in known:
            return False
        self.ids_at[item.address] = (*known, item.address_id)
        if item.payment_id is not None:
            self.deposits[item.address] = DepositAddress(item.address_id, int(item.balance_seen or "0"))
        return True


_lists: dict[str, WatchList] = {}


def of(network: str) -> WatchList:
    """This environment's watch list of a network."""
    return _lists.setdefault(network, WatchList(network))


def forget() -> None:
    """Clear what this execution environment has cached, as in a new one."""
    _lists.clear()


caching.on_forget(forget)
