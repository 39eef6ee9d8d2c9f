"""The `ledger_work` table: which accounts have entries that no checkpoint seals yet, and where those are that one does.

All of it follows from the ledger and the checkpoints, and none of it is proof of anything.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from paycorex import aws, clock, redaction, storage
from paycorex.storage.failures import translated

# What the alarm on the ledger looks for, too.
UNREADABLE_NOTE: Final = "a note of what to seal cannot be read"
_CHANGED: Final = "changed"
# Sorts behind the sequence numbers of the stream, so that what cannot be sealed yet holds up nothing else.
_LATER: Final = "later#"
_SEALED: Final = "sealed#"
_INDEXED: Final = "indexed"
# The template lets the dashboard write in this scope only.
ASKED: Final = "asked"
_BATCH_ITEMS: Final = 25
# However large a batch of the stream is: a note stays one small item.
MAX_ACCOUNTS_PER_NOTE: Final = 1_000

logger = redaction.logger("checkpoints")


class WorkItem(storage.Item):
    """One row."""

    class Meta:
        """Which table."""

        table_name = "ledger_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    accounts = BinaryAttribute(legacy_encoding=False, null=True)
    noted_at = NumberAttribute(null=True)
    number = NumberAttribute(null=True)
    leaf = NumberAttribute(null=True)
    hash = BinaryAttribute(legacy_encoding=False, null=True)


@dataclass(frozen=True, slots=True)
class Changed:
    """A note that these accounts have new entries."""

    scope: str
    position: str
    accounts: tuple[str, ...]
    noted_at: int

    @property
    def is_asked_for(self) -> bool:
        """True when a proof waits for it."""
        return self.scope == ASKED

    @property
    def is_later(self) -> bool:
        """True when it is about one account that could not be sealed to its end."""
        return self.position.startswith(_LATER)


@dataclass(frozen=True, slots=True)
class SealPosition:
    """Where an account is sealed: up to which entry, by which leaf of which checkpoint."""

    seq: int
    hash: bytes
    number: int
    leaf: int


def note(sequence: str, accounts: Iterable[str]) -> None:
    """Remember that accounts changed. `sequence` orders the notes; the same note twice is one. Raises Unavailable or OutcomeUnknown."""
    names = sorted(set(accounts))
    for at in range(0, len(names), MAX_ACCOUNTS_PER_NOTE):
        part = names[at : at + MAX_ACCOUNTS_PER_NOTE]
        storage.run(storage.put(_noted(f"{sequence}#{_digest(part)}", part)))


def note_later(account: str) -> None:
    """Remember that an account could not be sealed to its end; the time of the first such note is kept."""
    try:
        storage.run(storage.put(_noted(_LATER + account, [account]), WorkItem.position.does_not_exist()))
    except storage.ConditionRefused:
        return


def changed(limit: int) -> storage.Page[Changed]:
    """The oldest notes, in one read. Raises Unavailable."""
    found = storage.query(WorkItem, WorkItem.scope == _CHANGED, limit=limit, consistent=True)
    return storage.Page([_note(item) for item in found.items], found.next_start)


def forget(notes: Iterable[Changed]) -> None:
    """Remove notes that were dealt with. Raises Unavailable."""
    _write_batches([{"DeleteRequest": {"Key": WorkItem.wire_key(note.scope, note.position)}} for note in notes])


def ask(accounts: Iterable[str]) -> None:
    """Remember that a proof of some accounts' entries was asked for which is not there yet. Raises Unavailable or OutcomeUnknown."""
    names = sorted(set(accounts))
    storage.run(storage.put(_noted(_digest(names), names, scope=ASKED)))


def asked(limit: int) -> list[Changed]:
    """What was asked for, as notes; they need no stream to come here. Raises Unavailable."""
    return [_note(item) for item in storage.query(WorkItem, WorkItem.scope == ASKED, limit=limit, consistent=True).items]


def index(positions: Iterable[tuple[str, SealPosition]]) -> None:
    """Remember where accounts are sealed. Writing it again changes nothing. Raises Unavailable."""
    items = [
        WorkItem(scope=_SEALED + account, position=_seq(sealed.seq), number=sealed.number, leaf=sealed.leaf, hash=sealed.hash)
        for account, sealed in positions
    ]
    _write_batches([{"PutRequest": {"Item": item.serialize()}} for item in items])


def indexed_up_to() -> int:
    """The checkpoint up to which all positions are indexed. Raises Unavailable."""
    found = storage.get(WorkItem, _INDEXED, _INDEXED)
    return int(found.number or 0) if found else 0


def set_indexed_up_to(number: int) -> None:
    """Remember it. Two that do this at once may leave the lower one, and then some positions are written once more."""
    storage.run(storage.put(WorkItem(scope=_INDEXED, position=_INDEXED, number=number)))


def sealed_up_to(account: str) -> SealPosition | None:
    """The newest sealed position of an account. Raises Unavailable."""
    found = storage.query(WorkItem, WorkItem.scope == _SEALED + account, newest_first=True, limit=1, consistent=True).items
    return _position(found[0]) if found else None


def sealed_by(account: str, seq: int) -> SealPosition | None:
    """The position whose run holds an entry; None before any does. Raises Unavailable."""
    condition = (WorkItem.scope == _SEALED + account) & (WorkItem.position >= _seq(seq))
    found = storage.query(WorkItem, condition, limit=1).items
    return _position(found[0]) if found else None


def _noted(position: str, names: Sequence[str], scope: str = _CHANGED) -> WorkItem:
    packed = zlib.compress(json.dumps(list(names)).encode())
    return WorkItem(scope=scope, position=position, accounts=packed, noted_at=clock.now_ms())


def _note(item: WorkItem) -> Changed:
    return Changed(item.scope, item.position, _names(item), int(item.noted_at or 0))


def _digest(names: list[str]) -> str:
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]


def _names(item: WorkItem) -> tuple[str, ...]:
    try:
        return tuple(json.loads(zlib.decompress(item.accounts or b"")))
    except (zlib.error, ValueError, TypeError):
        # It names no account, and is removed like every note that is dealt with: `paycorex ledger verify` lists what nothing seals.
        logger.critical(UNREADABLE_NOTE, extra={"position": item.position})
        return ()


def _position(item: WorkItem) -> SealPosition:
    return SealPosition(int(item.position), item.hash or b"", int(item.number or 0), int(item.leaf or 0))


def _seq(seq: int) -> str:
    return f"{seq:018d}"


def _write_batches(requests: list[dict[str, Any]]) -> None:
    client: Any = aws.dynamodb()
    for at in range(0, len(requests), _BATCH_ITEMS):
        with translated():
            answer = client.batch_write_item(RequestItems={WorkItem.physical_table(): requests[at : at + _BATCH_ITEMS]})
        if answer.get("UnprocessedItems"):
            raise storage.Unavailable("UnprocessedItems")
