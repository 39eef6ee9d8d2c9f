"""The `rollups` table: packed days, how far each lane of a merchant's account is counted, and what is counted of each open payment."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from dashboard.statistics import packed_days
from dashboard.statistics.packed_days import Day
from dashboard.statistics.tallies import DAY_MS, Tally
from paycorex import aws, settings, storage
from paycorex.records.capture import CaptureItem
from paycorex.storage.failures import translated

MONEY: Final = "money"
OPEN: Final = "open"
_LANE: Final = "lane"
_COUNTED: Final = "counted"
BATCH_KEYS: Final = 100


class RollupItem(storage.Item):
    """One row. `seq` is a lane's last counted entry, or a payment's counted version; `count_as` what that payment is counted as."""

    class Meta:
        """Which table."""

        table_name = "rollups"

    # The merchant; for what is counted of one payment, the payment, so that those rows crowd no partition.
    merchant_id = UnicodeAttribute(hash_key=True)
    bucket = UnicodeAttribute(range_key=True)
    version = NumberAttribute(default=0)
    packed = BinaryAttribute(legacy_encoding=False, null=True)
    seq = NumberAttribute(null=True)
    count_as = UnicodeAttribute(null=True)
    # What of its costs is counted, in minor units; absent for none.
    costs = JSONAttribute(null=True)
    # Under which other names that payment is counted (`ways`), two at most; absent for none.
    ways = JSONAttribute(null=True)


def day_bucket(kind: str, currency: str, day: int) -> str:
    """The sort key of a day."""
    return f"{kind}#{currency}#{datetime.fromtimestamp(day * DAY_MS // 1000, UTC):%Y-%m-%d}"


def lane_bucket(currency: str, lane: int) -> str:
    """The sort key of a lane's cursor."""
    return f"{_LANE}#{currency}#{lane:02d}"


def find(merchant_id: str, bucket: str) -> RollupItem | None:
    """One row. Consistent read."""
    return storage.get(RollupItem, merchant_id, bucket)


def find_counted(payment_id: str) -> RollupItem | None:
    """What is counted of a payment."""
    return storage.get(RollupItem, payment_id, _COUNTED)


def lanes_counted(merchant_id: str, currency: str) -> dict[int, int]:
    """The last counted entry of each lane."""
    condition = (RollupItem.merchant_id == merchant_id) & RollupItem.bucket.startswith(f"{_LANE}#{currency}#")
    rows = storage.query(RollupItem, condition, consistent=True).items
    return {int(row.bucket.rsplit("#", 1)[1]): int(row.seq or 0) for row in rows}


def days_between(kind: str, merchant_id: str, currency: str, first_day: int, last_day: int, *, consistent: bool) -> Iterator[Day]:
    """Every stored day from the first to the last; none when the last lies before the first."""
    bounds = (day_bucket(kind, currency, first_day), day_bucket(kind, currency, last_day))
    condition = (RollupItem.merchant_id == merchant_id) & RollupItem.bucket.between(*bounds)
    start = None
    while True:
        page = storage.query(RollupItem, condition, start=start, consistent=consistent)
        yield from (packed_days.unpack(row.packed) for row in page.items if row.packed is not None)
        start = page.next_start
        if start is None:
            return


def with_more(kind: str, merchant_id: str, currency: str, more: Tally) -> list[storage.Write]:
    """The writes that add to the stored days; each demands that its day did not change since it was read here."""
    return [_day_write(merchant_id, kind, currency, day, added) for day, added in sorted(more.by_day().items())]


def move_lane(merchant_id: str, currency: str, lane: int, *, before: int, after: int) -> storage.Write:
    """Store that a lane is counted up to `after`, if it was counted up to `before`."""
    item = RollupItem(merchant_id=merchant_id, bucket=lane_bucket(currency, lane), seq=after)
    return storage.put(item, RollupItem.seq == before if before else RollupItem.bucket.does_not_exist())


def recount(
    payment_id: str, *, version: int, count_as: str, costs: Sequence[int] = (), ways: Sequence[str] = (), before: RollupItem | None
) -> storage.Write:
    """Store what is counted of a payment, unless it changed since it was read."""
    item = RollupItem(
        merchant_id=payment_id, bucket=_COUNTED, seq=version, count_as=count_as, costs=list(costs) or None, ways=list(ways) or None
    )
    return storage.put(item, RollupItem.bucket.does_not_exist() if before is None else RollupItem.seq == int(before.seq or 0))


def payment_facts(payment_ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Method and amount of payments, which never change: any version will do, so a payment is read consistently only when it is not found.

    Raises Unavailable when some could not be read.
    """
    wanted = sorted(set(payment_ids))
    found = _facts(wanted, consistent=False)
    return found | _facts([payment_id for payment_id in wanted if payment_id not in found], consistent=True)


def capture_facts(capture_ids: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Of captures that were made: their payment, and whether they were its first. Raises Unavailable when some could not be read."""
    keys = [CaptureItem.wire_key(capture_id) for capture_id in sorted(set(capture_ids))]
    return {item.capture_id: (item.payment_id, bool(item.first)) for item in storage.get_many(CaptureItem, keys)}


def _facts(payment_ids: Sequence[str], *, consistent: bool) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    table, client = settings.current().table("payments"), _client()
    for start in range(0, len(payment_ids), BATCH_KEYS):
        keys = [{"payment_id": {"S": payment_id}} for payment_id in payment_ids[start : start + BATCH_KEYS]]
        asked = {"Keys": keys, "ConsistentRead": consistent, "ProjectionExpression": "payment_id, #m, amount"}
        with translated():
            answer = client.batch_get_item(RequestItems={table: asked | {"ExpressionAttributeNames": {"#m": "method"}}})
        if answer.get("UnprocessedKeys"):
            raise storage.Unavailable("UnprocessedKeys")
        for item in answer["Responses"].get(table, ()):
            found[item["payment_id"]["S"]] = (item["method"]["S"], int(item["amount"]["N"]))
    return found


def commit(writes: Sequence[storage.Write]) -> None:
    """All of it or nothing. Raises storage's failures."""
    storage.transact(writes)


def _client() -> Any:
    return aws.dynamodb()


def _day_write(merchant_id: str, kind: str, currency: str, day: int, added: Tally) -> storage.Write:
    bucket = day_bucket(kind, currency, day)
    known = find(merchant_id, bucket)
    whole = Tally()
    if known is not None and known.packed is not None:
        whole.include_lines(packed_days.unpack(known.packed).lines())
    whole.include(added)
    version = int(known.version) if known else 0
    item = RollupItem(merchant_id=merchant_id, bucket=bucket, version=version + 1, packed=packed_days.pack(day, whole))
    return storage.put(item, RollupItem.version == version if known else RollupItem.bucket.does_not_exist())
