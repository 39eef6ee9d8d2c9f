"""Seals: the head of each audit chain that grew is signed by the ledger's key, beside its checkpoints.

A seal names merchant, number and hash of an entry, and the digest of the seal before it; so an entry that is changed, put between or taken
away, at the end too, no longer fits the seals. Appended under the entry's number, on the condition that it is free.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, settings, storage
from paycorex.audit import chain
from paycorex.audit.chain import CHANGED, WorkItem
from paycorex.audit.entry import GENESIS
from paycorex.ledger.proof import proof_key

# At most so many chains a tick; the others wait for the next.
MOST: Final = 50


class SealItem(storage.Item):
    """One seal: the entry, and the signature (base64) over `message`."""

    class Meta:
        """Which table."""

        table_name = "audit_seals"

    merchant_id = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)
    hash = UnicodeAttribute()
    prev_seal = UnicodeAttribute()
    at = NumberAttribute()
    key_id = UnicodeAttribute()
    signature = UnicodeAttribute()


def message(item: SealItem) -> bytes:
    """What is signed: every field but the signature, each behind its length."""
    parts = (item.merchant_id, str(int(item.seq)), item.hash, item.prev_seal, str(int(item.at)), item.key_id)
    return b"paycorex-audit-seal-1\0" + b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))


def digest(item: SealItem) -> str:
    """What the next seal names this one by."""
    return hashlib.sha256(message(item) + item.signature.encode()).hexdigest()


def seal(has_time: Callable[[], bool]) -> int:
    """Seal the chains that grew; how many. One that another tick seals at the same moment is left to it. Raises storage.Unavailable."""
    grown = storage.query(WorkItem, WorkItem.scope == CHANGED, limit=MOST, consistent=True).items
    sealed = 0
    for note in grown:
        if not has_time():
            break
        sealed += _seal(note)
    return sealed


def seals(merchant_id: str, behind: int = 0) -> list[SealItem]:
    """A page of a chain's seals in their order, behind a number."""
    condition = (SealItem.merchant_id == merchant_id) & (SealItem.seq > behind)
    return storage.query(SealItem, condition, limit=100, consistent=True).items


def newest(merchant_id: str, *, up_to: int | None = None) -> SealItem | None:
    """The newest seal of a chain, or of its entries up to a number; None before the first."""
    condition = SealItem.merchant_id == merchant_id
    if up_to is not None:
        condition &= SealItem.seq <= up_to
    found = storage.query(SealItem, condition, newest_first=True, limit=1, consistent=True)
    return found.items[0] if found.items else None


def _seal(note: WorkItem) -> int:
    merchant_id = note.position
    entry, before = chain.head(merchant_id), newest(merchant_id)
    sealed = 0
    if entry is not None and (before is None or int(before.seq) < int(entry.seq)):
        item = SealItem(
            merchant_id=merchant_id,
            seq=int(entry.seq),
            hash=entry.hash,
            prev_seal=GENESIS if before is None else digest(before),
            at=clock.now_ms(),
            key_id=settings.current().proof_key_id,
        )
        item.signature = base64.b64encode(proof_key.sign(item.key_id, message(item))).decode()
        try:
            storage.run(storage.put(item, SealItem.seq.does_not_exist()))
        except storage.ConditionRefused:
            return 0
        sealed = 1
    unchanged = WorkItem.at == int(note.at)
    try:
        storage.run(storage.delete(WorkItem, WorkItem.wire_key(CHANGED, merchant_id), unchanged))
    except storage.ConditionRefused:
        return sealed  # it grew meanwhile: the next tick seals what came
    return sealed
