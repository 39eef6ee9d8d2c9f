"""The `captures` table. Each write goes with the payment's next version, whose condition guards both."""

from typing import Final

from paycorex import storage
from paycorex.records.capture import CaptureItem

_BY_PAYMENT: Final = "by_payment"


def new_capture(item: CaptureItem) -> storage.Write:
    """Store a capture that is not there yet."""
    return storage.put(item, CaptureItem.capture_id.does_not_exist())


def change_capture(before: CaptureItem, after: CaptureItem) -> storage.Write:
    """Store a capture's next version, unless another write did since `before` was read."""
    return storage.put(after, CaptureItem.version == int(before.version))


def find_capture(capture_id: str) -> CaptureItem | None:
    """A capture as it stands now."""
    return storage.get(CaptureItem, capture_id)


def captures_of(payment_id: str, *, limit: int, position: str | None) -> storage.Merged[CaptureItem]:
    """A payment's captures, newest first."""

    def read(partition: str, below: str | None) -> storage.Page[CaptureItem]:
        condition = CaptureItem.payment_id == partition
        if below:
            condition &= CaptureItem.order_key < below
        return storage.query(CaptureItem, condition, index=_BY_PAYMENT, newest_first=True, limit=limit + 1)

    return storage.merge_newest_first(
        [payment_id], read, sort_key=lambda item: item.order_key, keep=lambda _item: True, limit=limit, position=position
    )
