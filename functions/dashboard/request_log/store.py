"""The `requests` table: an item for each pack of requests (`packs.py`), gone after thirty days."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from dashboard.request_log import packs
from dashboard.request_log.lines import Request, order_time
from paycorex import aws, storage
from paycorex.storage.failures import translated

KEPT_SECONDS: Final = 30 * 86_400
# DynamoDB takes so many in one call.
_BATCH_ITEMS: Final = 25
PAGE_ITEMS: Final = 100


class RequestItem(storage.Item):
    """The newest request of a pack, and the others. Times are milliseconds since the epoch; expires_at in seconds (TTL)."""

    class Meta:
        """Which table."""

        table_name = "requests"

    merchant_id = UnicodeAttribute(hash_key=True)
    # <at, 13 digits>#<request_id> of the newest, and where there are others #<the pack's mark>
    order_key = UnicodeAttribute(range_key=True)
    method = UnicodeAttribute()
    path = UnicodeAttribute()
    status = NumberAttribute()
    code = UnicodeAttribute(null=True)
    duration_ms = NumberAttribute()
    key_id = UnicodeAttribute(null=True)
    # As `packs.encoded` makes them.
    others = BinaryAttribute(legacy_encoding=False, null=True)
    expires_at = NumberAttribute()

    @property
    def at_ms(self) -> int:
        """When the newest one's answer was ready."""
        return int(self.order_key.partition("#")[0])

    @property
    def newest(self) -> Request:
        """The newest request."""
        return Request(
            merchant_id=self.merchant_id,
            request_id=self.order_key.split("#")[1],
            at_ms=self.at_ms,
            method=self.method,
            path=self.path,
            status=int(self.status),
            code=self.code,
            duration_ms=int(self.duration_ms),
            key_id=self.key_id,
        )

    @property
    def requests(self) -> packs.Pack:
        """All of the pack, newest first. Raises ValueError when it is not whole."""
        return (self.newest, *(packs.decoded(self.merchant_id, self.others) if self.others else ()))


def keep(requests: Sequence[Request]) -> None:
    """Store requests; a batch that is there already is stored again as the same. Raises storage.Unavailable, OutcomeUnknown."""
    puts = [{"PutRequest": {"Item": _item(pack).serialize()}} for pack in packs.packed(requests)]
    client: Any = aws.dynamodb()
    table = RequestItem.physical_table()
    for at in range(0, len(puts), _BATCH_ITEMS):
        with translated():
            answer = client.batch_write_item(RequestItems={table: puts[at : at + _BATCH_ITEMS]})
        if answer.get("UnprocessedItems"):
            raise storage.Unavailable("UnprocessedItems")


def newest(
    merchant_id: str, *, from_ms: int, to_ms: int, keep: Callable[[Request], bool], limit: int, position: str | None
) -> storage.Merged[Request]:
    """A merchant's requests from one time to before another, newest first. Raises storage.Unavailable."""
    first, end = order_time(from_ms), position or order_time(to_ms)
    found = packs.newest_first(_packs(merchant_id, first, end), lambda item: item.requests)
    within = (each for each in found if first <= each.order_key < end)
    return storage.take_newest([within], sort_key=lambda each: each.order_key, keep=keep, limit=limit)


def _packs(merchant_id: str, first: str, end: str) -> Iterator[RequestItem]:
    """Every pack that may have a request between two order keys, newest first, page by page as they are asked for."""
    newest_ms = int(end.partition("#")[0]) + packs.SPAN_MS
    condition = (RequestItem.merchant_id == merchant_id) & RequestItem.order_key.between(first, order_time(newest_ms + 1))
    start = None
    while True:
        page = storage.query(RequestItem, condition, newest_first=True, limit=PAGE_ITEMS, start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def _item(pack: packs.Pack) -> RequestItem:
    first, others = pack[0], pack[1:]
    return RequestItem(
        merchant_id=first.merchant_id,
        order_key=f"{first.order_key}#{packs.mark(pack)}" if others else first.order_key,
        method=first.method,
        path=first.path,
        status=first.status,
        code=first.code,
        duration_ms=first.duration_ms,
        key_id=first.key_id,
        others=packs.encoded(others) if others else None,
        expires_at=first.at_ms // 1000 + KEPT_SECONDS,
    )
