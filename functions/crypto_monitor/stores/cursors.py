"""The `crypto_cursors` table: per network the scanner's progress, the hashes of the last blocks, and the lease.

The lease has a fence: every holder receives a number higher than any before, and each of its writes has the condition that this number is
still the current one. So a tick that continues after its lease has expired can write nothing.
"""

from collections.abc import Sequence
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from paycorex import clock, storage

# How many blocks back a changed hash is noticed by itself.
WINDOW_BLOCKS: Final = 256
# 64 bits of each hash: finding a block with a chosen start is not feasible, and the item stays at five write units.
HASH_CHARACTERS: Final = 16


class CursorItem(storage.Item):
    """The progress of one network's scanner. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "crypto_cursors"

    network = UnicodeAttribute(hash_key=True)
    # The last block scanned, its hash, and the first 16 digits of the hashes of the blocks up to it, oldest first.
    number = NumberAttribute(null=True)
    block_hash = UnicodeAttribute(null=True)
    window = UnicodeAttribute(default="")
    head = NumberAttribute(default=0)
    # How far the block after it is recorded, see `scanner.positions` (stored as `place`); and the busy addresses, see `busy_addresses`.
    position = UnicodeAttribute(null=True, attr_name="place")
    busy = UnicodeAttribute(null=True)
    # When the cursor last passed a block, and when the watch list was read that it passed it with.
    moved_at = NumberAttribute(null=True)
    matched_at = NumberAttribute(null=True)
    # When the last block scanned was made; and when the scanner was last seen further behind than it is in ordinary times.
    block_time = NumberAttribute(null=True)
    behind_at = NumberAttribute(null=True)
    fence = NumberAttribute(default=0)
    lease_owner = UnicodeAttribute(null=True)
    lease_until = NumberAttribute(default=0)
    failed_ticks = NumberAttribute(default=0)
    # After a reorganisation, confirmed transfers from this block on are compared with the chain again, until this moment.
    recheck_from = NumberAttribute(null=True)
    recheck_until = NumberAttribute(default=0)
    # Where the round of these comparisons is, and whether it must be followed by another one.
    recheck_after = UnicodeAttribute(null=True)
    recheck_open = BooleanAttribute(default=False)
    # Where the judging of detected transfers goes on, when there are more than a tick looks at.
    judged_after = UnicodeAttribute(null=True)
    judged_busy_after = UnicodeAttribute(null=True)
    # Until this moment, of a block that two nodes have under one hash, what either has is taken.
    either_until = NumberAttribute(default=0)
    # How many of the older deposit addresses had their balance compared, round and round.
    balances_after = NumberAttribute(null=True)


class LeaseLost(Exception):
    """Another tick holds the lease of this network. The write of this tick was refused."""


def find(network: str) -> CursorItem | None:
    """The scanner's progress. Eventually consistent."""
    return storage.get(CursorItem, network, consistent=False)


def acquire(network: str, owner: str, *, until_ms: int) -> CursorItem | None:
    """Take the lease; None when another tick holds it. Raises storage.Unavailable or OutcomeUnknown."""
    free = CursorItem.network.does_not_exist() | (CursorItem.lease_until < clock.now_ms())
    actions = [CursorItem.lease_owner.set(owner), CursorItem.lease_until.set(until_ms), CursorItem.fence.add(1)]
    try:
        return CursorItem.load(storage.run(storage.update(CursorItem, CursorItem.wire_key(network), actions, free)))
    except storage.ConditionRefused:
        return None


def fenced(cursor: CursorItem) -> storage.Write:
    """The condition that this tick still holds the lease, for each of its transactions."""
    return storage.check(CursorItem, CursorItem.wire_key(cursor.network), CursorItem.fence == int(cursor.fence))


def change(cursor: CursorItem, **values: Any) -> None:
    """Write some attributes of the cursor under its fence, here and in the store. Raises LeaseLost, storage.Unavailable."""
    actions: list[Action] = []
    for name, value in values.items():
        attribute = getattr(CursorItem, name)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    write = storage.update(CursorItem, CursorItem.wire_key(cursor.network), actions, CursorItem.fence == int(cursor.fence))
    try:
        storage.run(write)
    except storage.ConditionRefused as refused:
        raise LeaseLost(cursor.network) from refused
    for name, value in values.items():
        setattr(cursor, name, value)


def known_hashes(cursor: CursorItem) -> dict[int, str]:
    """The starts of the hashes of the last blocks, by number."""
    if cursor.number is None:
        return {}
    parts = [cursor.window[at : at + HASH_CHARACTERS] for at in range(0, len(cursor.window), HASH_CHARACTERS)]
    first = int(cursor.number) - len(parts) + 1
    return {first + position: part for position, part in enumerate(parts)}


def start_of(block_hash: str) -> str:
    """The part of a hash that is stored."""
    return block_hash[2 : 2 + HASH_CHARACTERS]


def extended(window: str, hashes: Sequence[str]) -> str:
    """The window after these blocks."""
    return (window + "".join(map(start_of, hashes)))[-WINDOW_BLOCKS * HASH_CHARACTERS :]
