"""Which accounts a merchant has: a row of `ledger_work` for each chain that belongs to the merchant, and for each hold of a user's money.

The chains of users' wallets are not listed: there may be millions, and each of their journals has another side that is (a wallet's
journals with a hold are in the hold's chain). All of it follows from the ledger's stream, up to `LAG_MS` later, and proves nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from paycorex import storage
from paycorex.caching import TimedCache
from paycorex.ledger.account import Account, Entity

# Records of the stream are gathered for five minutes at most (RollupWindowSeconds); the rest is for a retry.
LAG_MS: Final = 600_000
_CHAINS: Final = "accounts#"
_HOLDS: Final = "holds#"
# An account's row is written again by each environment: so those of before a release that had no list come into it too.
_noted: Final = TimedCache[bool](lifetime_seconds=24 * 3600, max_entries=10_000)


class ListedItem(storage.Item):
    """One row. position: an account's key; of a hold, when its chain began in thirteen digits, and the account's key."""

    class Meta:
        """Which table."""

        table_name = "ledger_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)


def note(images: Iterable[Mapping[str, Any]]) -> None:
    """Remember the accounts of new entries, given as the stream has them. Raises Unavailable or OutcomeUnknown."""
    for image in images:
        account = Account.from_key(image["account"]["S"])
        if account.entity is Entity.HOLD and image["seq"]["N"] == "1":
            _put(_HOLDS + account.merchant_id, f"{int(image['created_at']['N']):013d}#{account.key}")
        elif account.is_laned and _noted.get(account.key) is None:
            _put(_CHAINS + account.merchant_id, account.key)
            _noted.put(account.key, value=True)


def chains_of(merchant_id: str) -> list[Account]:
    """Every chain of the merchant's own, each lane apart. Raises Unavailable."""
    found = _rows(ListedItem.scope == _CHAINS + merchant_id)
    return [Account.from_key(row.position) for row in found]


def holds_of(merchant_id: str, *, from_ms: int, to_ms: int) -> Iterator[Account]:
    """The accounts of holds that began in from ≤ t < to, oldest first. Raises Unavailable."""
    condition = (ListedItem.scope == _HOLDS + merchant_id) & ListedItem.position.between(f"{max(from_ms, 0):013d}", f"{to_ms:013d}")
    return (Account.from_key(row.position.partition("#")[2]) for row in _rows(condition))


def _put(scope: str, position: str) -> None:
    storage.run(storage.put(ListedItem(scope=scope, position=position)))


def _rows(condition: Any) -> Iterator[ListedItem]:
    start = None
    while True:
        page = storage.query(ListedItem, condition, start=start, consistent=True)
        yield from page.items
        start = page.next_start
        if start is None:
            return
