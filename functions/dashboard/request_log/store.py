"""The `requests` table: one row a request, gone after thirty days."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from dashboard.request_log.lines import Request
from paycorex import aws, storage
from paycorex.storage.failures import translated

KEPT_SECONDS: Final = 30 * 86_400
# DynamoDB takes so many in one call.
_BATCH_ITEMS: Final = 25
PAGE_ROWS: Final = 200
# After every other character of a key's second half.
_LAST: Final = "~"


class RequestItem(storage.Item):
    """One request. Times are milliseconds since the epoch; expires_at in seconds (TTL)."""

    class Meta:
        """Which table."""

        table_name = "requests"

    merchant_id = UnicodeAttribute(hash_key=True)
    # <at, 13 digits>#<request_id>
    order_key = UnicodeAttribute(range_key=True)
    method = UnicodeAttribute()
    path = UnicodeAttribute()
    status = NumberAttribute()
    code = UnicodeAttribute(null=True)
    duration_ms = NumberAttribute()
    key_id = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    @property
    def at_ms(self) -> int:
        """When its answer was ready."""
        return int(self.order_key.partition("#")[0])

    @property
    def request_id(self) -> str:
        """Its id, as the answer had it."""
        return self.order_key.partition("#")[2]


def keep(requests: Sequence[Request]) -> None:
    """Store requests; one that is there already is stored again as the same. Raises storage.Unavailable, OutcomeUnknown."""
    rows = {(each.merchant_id, each.at_ms, each.request_id): _row(each) for each in requests}
    puts = [{"PutRequest": {"Item": row.serialize()}} for row in rows.values()]
    client: Any = aws.dynamodb()
    table = RequestItem.physical_table()
    for at in range(0, len(puts), _BATCH_ITEMS):
        with translated():
            answer = client.batch_write_item(RequestItems={table: puts[at : at + _BATCH_ITEMS]})
        if answer.get("UnprocessedItems"):
            raise storage.Unavailable("UnprocessedItems")


def newest(
    merchant_id: str, *, from_ms: int, to_ms: int, keep: Callable[[RequestItem], bool], limit: int, position: str | None
) -> storage.Merged[RequestItem]:
    """A merchant's requests from one time to before another, newest first. Raises storage.Unavailable."""
    return storage.merge_newest_first(
        [merchant_id],
        lambda partition, below: storage.query(
            RequestItem,
            (RequestItem.merchant_id == partition) & RequestItem.order_key.between(_at(from_ms), _before(below or _at(to_ms))),
            newest_first=True,
            limit=PAGE_ROWS,
        ),
        sort_key=lambda item: item.order_key,
        keep=keep,
        limit=limit,
        position=position,
    )


def _row(request: Request) -> RequestItem:
    return RequestItem(
        merchant_id=request.merchant_id,
        order_key=f"{_at(request.at_ms)}{request.request_id}",
        method=request.method,
        path=request.path,
        status=request.status,
        code=request.code,
        duration_ms=request.duration_ms,
        key_id=request.key_id,
        expires_at=request.at_ms // 1000 + KEPT_SECONDS,
    )


def _at(milliseconds: int) -> str:
    return f"{milliseconds:013d}#"


def _before(order_key: str) -> str:
    """The greatest key below this one: keys are printable, and a shorter one comes first."""
    return order_key[:-1] + chr(ord(order_key[-1]) - 1) + _LAST
