"""A merchant's chains, read forwards from a moment on: its own, and those of holds. Wallets are not read here (see `users`)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from paycorex.ledger import Account, Entry, account_list, head_at, store

READERS: Final = 16
PAGE_ENTRIES: Final = 500
# A wallet's money is held for thirty days at most (`hold_for`), and a day is left for its release.
LONGEST_HOLD_MS: Final = 31 * 24 * 3600 * 1000


def ascending(merchant_id: str, *, from_ms: int, to_ms: int) -> list[Iterator[Entry]]:
    """The entries with from ≤ t < to of each chain, oldest first. Raises storage.Unavailable."""
    own = forwards(account_list.chains_of(merchant_id), from_ms=from_ms, to_ms=to_ms)
    return [*own, _holds(merchant_id, from_ms, to_ms)]


def forwards(accounts: list[Account], *, from_ms: int, to_ms: int) -> list[Iterator[Entry]]:
    """The same of some chains."""
    before = states_at(accounts, from_ms - 1)
    return [_forwards(account, 1 if entry is None else entry.seq + 1, to_ms) for account, entry in before.items()]


def states_at(accounts: list[Account], moment_ms: int) -> dict[Account, Entry | None]:
    """The last entry of each chain that was made at or before a moment."""
    with ThreadPoolExecutor(max_workers=READERS) as readers:
        return dict(zip(accounts, readers.map(lambda account: head_at(account, moment_ms, consistent=True), accounts), strict=True))


def holds_open_around(merchant_id: str, *, from_ms: int, to_ms: int) -> list[Account]:
    """The accounts of holds that may have moved in a period."""
    return list(account_list.holds_of(merchant_id, from_ms=from_ms - LONGEST_HOLD_MS, to_ms=to_ms))


def _holds(merchant_id: str, from_ms: int, to_ms: int) -> Iterator[Entry]:
    """The entries of all holds, oldest first: a chain of a hold has a handful."""
    accounts = holds_open_around(merchant_id, from_ms=from_ms, to_ms=to_ms)
    with ThreadPoolExecutor(max_workers=READERS) as readers:
        found = [
            entry for entries in readers.map(lambda account: store.read(account, consistent=True).items, accounts) for entry in entries
        ]
    return iter(sorted((entry for entry in found if from_ms <= entry.created_at < to_ms), key=lambda entry: entry.created_at))


def _forwards(account: Account, first_seq: int, to_ms: int) -> Iterator[Entry]:
    while True:
        entries = store.read(account, first_seq=first_seq, limit=PAGE_ENTRIES, consistent=True).items
        for entry in entries:
            if entry.created_at >= to_ms:
                return
            yield entry
        if len(entries) < PAGE_ENTRIES:
            return
        first_seq = entries[-1].seq + 1
