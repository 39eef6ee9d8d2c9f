"""The `ledger_checkpoints` table: checkpoints and the runs they seal. Only appended to, each put on the condition that its key is free.

Runs are stored under the root of their tree before the checkpoint that names it: of two that seal at once one gets the number, and what
the other stored is named by nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from paycorex import storage
from paycorex.ledger.proof import runs as runs_module
from paycorex.ledger.proof.checkpoint import Checkpoint, Statement
from paycorex.ledger.proof.runs import HASH_BYTES, Run

_CHECKPOINTS: Final = "checkpoint"
_RUNS: Final = "runs#"


class CheckpointItem(storage.Item):
    """A checkpoint, or a chunk of the runs below one."""

    class Meta:
        """Which table."""

        table_name = "ledger_checkpoints"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    packed = BinaryAttribute(legacy_encoding=False, null=True)
    root = BinaryAttribute(legacy_encoding=False, null=True)
    runs = NumberAttribute(null=True)
    total_entries = NumberAttribute(null=True)
    sealed_at = NumberAttribute(null=True)
    previous = BinaryAttribute(legacy_encoding=False, null=True)
    key_id = UnicodeAttribute(null=True)
    chunk_roots = BinaryAttribute(legacy_encoding=False, null=True)
    signature = BinaryAttribute(legacy_encoding=False, null=True)
    public_key = BinaryAttribute(legacy_encoding=False, null=True)


def add_runs(root: bytes, chunks: Sequence[Sequence[Run]]) -> None:
    """Store the runs below a root; what is there already under that root is the same. Raises Unavailable or OutcomeUnknown."""
    for number, chunk in enumerate(chunks):
        item = CheckpointItem(scope=_RUNS + root.hex(), position=_position(number), packed=runs_module.packed(chunk))
        with suppress(storage.ConditionRefused):
            storage.run(storage.put(item, CheckpointItem.position.does_not_exist()))


def add(checkpoint: Checkpoint) -> None:
    """Store a checkpoint under its number. Raises ConditionRefused when the number is taken, Unavailable or OutcomeUnknown."""
    said = checkpoint.statement
    item = CheckpointItem(
        scope=_CHECKPOINTS,
        position=_position(said.number),
        root=said.root,
        runs=said.runs,
        total_entries=said.total_entries,
        sealed_at=said.sealed_at,
        previous=said.previous,
        key_id=said.key_id,
        chunk_roots=b"".join(checkpoint.chunk_roots),
        signature=checkpoint.signature,
        public_key=checkpoint.public_key,
    )
    storage.run(storage.put(item, CheckpointItem.position.does_not_exist()))


def newest(*, consistent: bool = True) -> Checkpoint | None:
    """The checkpoint with the highest number. Raises Unavailable."""
    items = storage.query(CheckpointItem, _all(), newest_first=True, limit=1, consistent=consistent).items
    return _checkpoint(items[0]) if items else None


def find(number: int) -> Checkpoint | None:
    """One checkpoint. Raises Unavailable."""
    item = storage.get(CheckpointItem, _CHECKPOINTS, _position(number))
    return None if item is None else _checkpoint(item)


def page(*, limit: int, before: int | None = None) -> list[Checkpoint]:
    """Some checkpoints, newest first, below a number. Raises Unavailable."""
    below = _all() if before is None else (CheckpointItem.scope == _CHECKPOINTS) & (CheckpointItem.position < _position(before))
    return [_checkpoint(item) for item in storage.query(CheckpointItem, below, newest_first=True, limit=limit).items]


def every(after: int = 0) -> Iterator[Checkpoint]:
    """All checkpoints above a number, oldest first, as they stand now. Raises Unavailable."""
    condition = (CheckpointItem.scope == _CHECKPOINTS) & (CheckpointItem.position > _position(after))
    start = None
    while True:
        found = storage.query(CheckpointItem, condition, start=start, consistent=True)
        yield from map(_checkpoint, found.items)
        start = found.next_start
        if start is None:
            return


def chunk(root: bytes, number: int) -> list[Run]:
    """The runs of one chunk; none when it is missing. Raises Unavailable; ValueError, TypeError or zlib.error when they are unreadable."""
    item = storage.get(CheckpointItem, _RUNS + root.hex(), _position(number))
    return [] if item is None or item.packed is None else runs_module.unpacked(item.packed)


def _all() -> Condition:
    return CheckpointItem.scope == _CHECKPOINTS


def _position(number: int) -> str:
    return f"{number:012d}"


def _checkpoint(item: CheckpointItem) -> Checkpoint:
    joined = item.chunk_roots or b""
    said = Statement(
        number=int(item.position),
        root=item.root or b"",
        runs=int(item.runs or 0),
        total_entries=int(item.total_entries or 0),
        sealed_at=int(item.sealed_at or 0),
        previous=item.previous or b"",
        key_id=item.key_id or "",
    )
    roots = tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))
    return Checkpoint(said, roots, item.signature or b"", item.public_key or b"")
