"""What waits for an operator: a row for each payment in review and each answer to a dispute whose outcome is not known, so that no list of
them reads a whole table. A row is written and taken away in the transaction that changes its record, and says no more than where that is.
"""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, storage

REVIEWS: Final = "reviews"
ANSWERS: Final = "answers"


class OperatorWorkItem(storage.Item):
    """One record that waits. since: when it began to, in milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "operator_work"

    # REVIEWS or ANSWERS.
    scope = UnicodeAttribute(hash_key=True)
    # The record's id.
    position = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    since = NumberAttribute()


def row(scope: str, record_id: str, merchant_id: str) -> storage.Write:
    """List a record, from now on; again, it changes no more than the time."""
    return storage.put(OperatorWorkItem(scope=scope, position=record_id, merchant_id=merchant_id, since=clock.now_ms()), None)


def changes(scope: str, record_id: str, merchant_id: str, *, was: bool, is_now: bool) -> list[storage.Write]:
    """The writes that belong to a record's next version: whether it waited before, and whether it does then."""
    if was is is_now:
        return []
    if is_now:
        return [row(scope, record_id, merchant_id)]
    return [storage.delete(OperatorWorkItem, OperatorWorkItem.wire_key(scope, record_id), None)]


def page(scope: str, *, limit: int, position: str | None) -> tuple[list[OperatorWorkItem], str | None]:
    """Some rows in the order of their records' ids, and the position to go on after. Raises storage.Unavailable."""
    condition = OperatorWorkItem.scope == scope
    if position is not None:
        condition &= OperatorWorkItem.position > position
    found = storage.query(OperatorWorkItem, condition, limit=limit).items
    return found, found[-1].position if len(found) == limit else None
