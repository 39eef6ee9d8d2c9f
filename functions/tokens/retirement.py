"""The end of keys: a version that nothing uses is retired; a merchant that leaves is shredded."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from tokens import key_store, keys, store, vault

Outcome = Literal["retired", "in_use", "too_recent"]


@dataclass(frozen=True, slots=True)
class Retirement:
    """The result for one superseded version; `tokens` still use it."""

    merchant_id: str
    version: int
    outcome: Outcome
    tokens: int = 0


def retire(merchant_id: str | None) -> list[Retirement]:
    """Retire every superseded version of one merchant (None: all) that no token uses.

    A version is kept for ten minutes after it was superseded: by then every write that began under it has ended, so the scan
    misses none. Raises storage.Unavailable.
    """
    merchants = [merchant_id] if merchant_id is not None else [ring.merchant_id for ring in key_store.rings()[0]]
    rows = [row for merchant in merchants for row in keys.superseded(merchant)]
    used, unknown = _usage() if any(keys.is_retirable(row) for row in rows) else (Counter(), frozenset())
    done = []
    for row in rows:
        version, tokens = int(row.version), used[row.merchant_id, int(row.version)]
        outcome: Outcome = "retired"
        if not keys.is_retirable(row):
            outcome = "too_recent"
        elif tokens or unknown & {"", row.merchant_id}:
            # A token that cannot be read may need any version of its merchant.
            outcome = "in_use"
        else:
            keys.retire(row)
        done.append(Retirement(row.merchant_id, version, outcome, tokens))
    return done


def shred(merchant_id: str) -> int:
    """Destroy a merchant's keys: all its tokens are unreadable for good, within a minute in every process. How many keys that took."""
    return keys.shred(merchant_id)


def _usage() -> tuple[Counter[tuple[str, int]], frozenset[str]]:
    """How many tokens each version of each merchant seals, by consistent reads; and the merchants of tokens that cannot be read."""
    used: Counter[tuple[str, int]] = Counter()
    unknown: set[str] = set()
    position = None
    while True:
        items, position = store.scan(position, 200)
        for item in items:
            version = None if isinstance(item, store.Unreadable) else vault.key_version(item)
            if isinstance(item, store.Unreadable):
                unknown.add(item.merchant_id)
            elif version is not None:
                used[item.merchant_id, version] += 1
        if position is None:
            return used, frozenset(unknown)
