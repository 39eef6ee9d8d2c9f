"""The tables `audit` and `audit_work`: entries are appended, each on the condition that its number is free, and read.

What is begun is noted in `audit_work` before it is carried out, so that nothing changes without a trace: the note goes with the entry, in
one transaction. A note that is left over belongs to a process that ended between; the next look at the log makes an entry of it.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from paycorex import clock, storage
from paycorex.audit.entry import GENESIS, UNKNOWN, AuditItem, hash_of
from paycorex.backoff import jitter
from paycorex.errors import TemporarilyUnavailable

# No function runs for longer than fifteen minutes, so what was begun before is over.
LEFT_AFTER_MS: Final = 15 * 60 * 1000
_PATIENCE_SECONDS: Final = 5
_WAIT_SECONDS: Final = 0.03
CHANGED: Final = "changed"
# Which write of an entry's transaction takes the note away.
_NOTE: Final = 1


class AlreadyThere(Exception):
    """Another reader made an entry of this note."""


class WorkItem(storage.Item):
    """`open#<merchant>`, audit id: a change that was begun · `changed`, merchant: a chain that grew since it was sealed."""

    class Meta:
        """Which table."""

        table_name = "audit_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    at = NumberAttribute()
    fields = JSONAttribute(default=dict)


def begin(merchant_id: str, fields: Mapping[str, Any]) -> None:
    """Note what is about to be done. One write unit. Raises storage.Unavailable or storage.OutcomeUnknown: then nothing may be done."""
    item = WorkItem(scope=f"open#{merchant_id}", position=fields["audit_id"], at=clock.now_ms(), fields=dict(fields))
    storage.run(storage.put(item))


def drop(merchant_id: str, audit_id: str) -> None:
    """Take a note away: nothing was changed. One write unit. Raises like `begin`."""
    storage.run(_done(merchant_id, audit_id))


def append(merchant_id: str, fields: Mapping[str, Any], *, is_left_over: bool = False) -> AuditItem:
    """Append an entry and take its note away, in one transaction; again while others append, for some seconds.

    is_left_over: only while its note is there, since another reader may make an entry of it at the same moment.

    Raises TemporarilyUnavailable, storage.Unavailable or storage.OutcomeUnknown: then the note stays, and an entry follows later.
    """
    done = _done(merchant_id, fields["audit_id"], WorkItem.position.exists() if is_left_over else None)
    deadline, attempt = clock.now_seconds() + _PATIENCE_SECONDS, 0
    while True:
        item = _next(merchant_id, fields)
        grown = WorkItem(scope=CHANGED, position=merchant_id, at=clock.now_ms(), fields={"seq": int(item.seq)})
        try:
            storage.transact([storage.put(item, AuditItem.seq.does_not_exist()), done, storage.put(grown)])
        except storage.TransactionRefused as refused:
            if is_left_over and refused.reasons[_NOTE].is_condition:
                raise AlreadyThere from refused
            attempt += 1
            if clock.now_seconds() >= deadline:
                raise TemporarilyUnavailable from refused
            clock.sleep(jitter(_WAIT_SECONDS * attempt))
        else:
            return item


def head(merchant_id: str) -> AuditItem | None:
    """The newest entry; None before the first."""
    page = storage.query(AuditItem, AuditItem.merchant_id == merchant_id, newest_first=True, limit=1, consistent=True)
    return page.items[0] if page.items else None


def page(merchant_id: str, *, limit: int, below: int | None) -> list[AuditItem]:
    """Entries, the newest first; below: only those with a lower number."""
    condition = AuditItem.merchant_id == merchant_id
    if below is not None:
        condition &= AuditItem.seq < below
    return storage.query(AuditItem, condition, newest_first=True, limit=limit, consistent=True).items


def after(merchant_id: str, seq: int, *, limit: int = 100) -> list[AuditItem]:
    """Entries behind a number, in their order."""
    condition = (AuditItem.merchant_id == merchant_id) & (AuditItem.seq > seq)
    return storage.query(AuditItem, condition, limit=limit, consistent=True).items


def close_left_over(merchant_id: str) -> int:
    """Make entries of what was begun and never ended; how many. They say that their outcome is not known."""
    left = storage.query(WorkItem, WorkItem.scope == f"open#{merchant_id}", limit=25, consistent=True).items
    old = [note for note in left if clock.now_ms() - int(note.at) >= LEFT_AFTER_MS]
    for note in old:
        with suppress(AlreadyThere):
            append(merchant_id, {**note.fields, "outcome": UNKNOWN}, is_left_over=True)
    return len(old)


def _next(merchant_id: str, fields: Mapping[str, Any]) -> AuditItem:
    before = head(merchant_id)
    item = AuditItem(
        merchant_id=merchant_id,
        seq=1 if before is None else int(before.seq) + 1,
        prev_hash=GENESIS if before is None else before.hash,
        **fields,
    )
    item.hash = hash_of(item)
    return item


def _done(merchant_id: str, audit_id: str, condition: Condition | None = None) -> storage.Write:
    return storage.delete(WorkItem, WorkItem.wire_key(f"open#{merchant_id}", audit_id), condition)
