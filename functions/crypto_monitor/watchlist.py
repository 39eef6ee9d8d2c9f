"""The watch list of a network, in memory: 100,000 addresses are matched against a block's transfers by looking them up in a dict.

Kept by a warm environment and brought up to date by what was added since. The index it reads lags behind the table, a little and without
a bound, so addresses are read again for a while after they appeared, and one that turns up late says from when on blocks must be looked
at once more.
"""

from dataclasses import dataclass, field
from typing import Final

from crypto_monitor import address_store
from paycorex import clock
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.order import lower_bound

# How far back every refresh reads again: index lag, and clocks of the machines that made the records.
OVERLAP_MS: Final = 120_000


@dataclass(slots=True)
class DepositAddress:
    """A payment's address, and the balance that was last explained, in the coin's smallest units."""

    address_id: str
    balance_seen: int


@dataclass(slots=True)
class WatchList:
    """ids_at: canonical address → ids of the records that watch it (one per merchant). deposits: the payments' own, oldest first."""

    network: str
    ids_at: dict[str, tuple[str, ...]] = field(default_factory=dict)
    deposits: dict[str, DepositAddress] = field(default_factory=dict)
    refreshed_at: int | None = None

    def __len__(self) -> int:
        return len(self.ids_at)

    def refresh(self) -> int | None:
        """Read what was added. The creation time of the oldest address that an earlier refresh should have seen and did not; else None.

        Without an earlier refresh in this process, one before it may have missed as much: then it is the overlap's start. Addresses that
        were stopped stay until the environment ends; whoever acts on a match reads the record. Raises storage.Unavailable.
        """
        now = clock.now_ms()
        since = lower_bound(0 if self.refreshed_at is None else self.refreshed_at - OVERLAP_MS)
        missed: int | None = None if self.refreshed_at is not None else now - OVERLAP_MS
        for shard in address_store.SHARDS:
            for item in self._added(shard, since):
                came_at = int((item.watch_key or "")[:13])
                if self.refreshed_at is not None and came_at < self.refreshed_at:
                    missed = min(missed or now, came_at)
        self.refreshed_at = now
        return missed

    def _added(self, shard: int, since: str) -> list[CryptoAddressItem]:
        added: list[CryptoAddressItem] = []
        start = None
        while True:
            page = address_store.watched_since(self.network, shard, since, start)
            added += [item for item in page.items if self._add(item)]
            start = page.next_start
            if start is None:
                return added

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
    """What a new execution environment knows: nothing."""
    _lists.clear()
