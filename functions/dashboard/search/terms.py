"""The `search_terms` table: which payments a term leads to. Written by the fold of the payments' stream, so no payment waits for it.

A row is a term's payments of one batch, so that a shop with one price pays one write for all payments of a batch. A batch that comes
again writes the same row, or one that names some payments a second time: readers take each payment once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from paycorex import aws, storage
from paycorex.storage.failures import translated

AMOUNT: Final = "amount"
USER: Final = "user"
LAST4: Final = "last4"
METADATA: Final = "metadata"
# How many payments one row names, and what DynamoDB takes in one call.
MAX_PAYMENTS: Final = 50
_BATCH_ITEMS: Final = 25
# Rows of one term in which a payment is looked for: those of the batches around it.
_NEAR_ROWS: Final = 100
_BATCH_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Term:
    """What a merchant may search for: an amount as `INR 100000`, a user, the last four digits of a card, a value of metadata."""

    merchant_id: str
    kind: str
    value: str

    @property
    def key(self) -> str:
        """The partition of its rows. Values are compared without regard to case."""
        return f"{self.merchant_id}#{self.kind}#{self.value.casefold()}"


@dataclass(frozen=True, slots=True)
class Found:
    """A payment that a term leads to, by its place in lists."""

    order_key: str
    payment_id: str


class SearchTermItem(storage.Item):
    """Some payments of a term, the newest of which gives the row its place."""

    class Meta:
        """Which table."""

        table_name = "search_terms"

    # <merchant_id>#<kind>#<value>
    term = UnicodeAttribute(hash_key=True)
    order_key = UnicodeAttribute(range_key=True)
    # Newest first, at most MAX_PAYMENTS.
    payments = JSONAttribute()


def keep(found: Mapping[Term, Iterable[Found]]) -> None:
    """Store which payments terms lead to. Raises storage.Unavailable, storage.OutcomeUnknown; again, it changes nothing."""
    puts = [{"PutRequest": {"Item": row.serialize()}} for row in _rows(found)]
    client: Any = aws.dynamodb()
    table = SearchTermItem.physical_table()
    for part in batched(puts, _BATCH_ITEMS, strict=False):
        waiting: Any = list(part)
        for _attempt in range(_BATCH_ATTEMPTS):
            with translated():
                answer = client.batch_write_item(RequestItems={table: waiting})
            waiting = (answer.get("UnprocessedItems") or {}).get(table)
            if not waiting:
                break
        else:
            raise storage.Unavailable("UnprocessedItems")


def _rows(found: Mapping[Term, Iterable[Found]]) -> Iterator[SearchTermItem]:
    for term, each in found.items():
        newest_first = sorted(set(each), key=lambda one: one.order_key, reverse=True)
        for part in batched(newest_first, MAX_PAYMENTS, strict=False):
            yield SearchTermItem(term=term.key, order_key=part[0].order_key, payments=[one.payment_id for one in part])


def forget(term: Term, place: Found) -> None:
    """Take a payment out of the rows of a term that it no longer has. Raises storage.Unavailable, storage.OutcomeUnknown.

    A row has the place of its batch's newest payment, so the payment's row is among the first that are no older than the payment.
    Again, it changes nothing.
    """
    near = (SearchTermItem.term == term.key) & (SearchTermItem.order_key >= place.order_key)
    for row in storage.query(SearchTermItem, near, limit=_NEAR_ROWS, consistent=True).items:
        if place.payment_id not in row.payments:
            continue
        left = [each for each in row.payments if each != place.payment_id]
        if left:
            storage.run(storage.put(SearchTermItem(term=row.term, order_key=row.order_key, payments=left), None))
        else:
            storage.run(storage.delete(SearchTermItem, SearchTermItem.wire_key(row.term, row.order_key), None))


def payments_of(term: Term, *, limit: int) -> list[str]:
    """Ids of the newest payments that a term leads to, each once: one query of at most `limit` rows."""
    rows: Sequence[SearchTermItem] = storage.query(SearchTermItem, SearchTermItem.term == term.key, newest_first=True, limit=limit).items
    return list(dict.fromkeys(payment_id for row in rows for payment_id in row.payments))[:limit]
