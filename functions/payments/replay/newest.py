"""A merchant's newest payments, as many as a bound lets be read."""

from collections.abc import Iterator
from typing import Final

from paycorex import clock, ledger
from paycorex.records.payment import PaymentItem
from payments.payment import store

_PAGE: Final = 500


class Newest:
    """The payments, newest first, made from `from_ms` until `to_ms`; read page by page. Raises storage.Unavailable.

    most: after so many, rounded up to a page, no more are read; ends_ms: nor after that time. complete: False where that left some out.
    """

    def __init__(
        self, merchant_id: str, *, most: int, from_ms: int | None = None, to_ms: int | None = None, ends_ms: int | None = None
    ) -> None:
        self.complete = True
        self._merchant_id = merchant_id
        self._most = most
        self._times = (from_ms, to_ms)
        self._ends_ms = ends_ms

    def __iter__(self) -> Iterator[PaymentItem]:
        """Each payment once."""
        lanes, position, read = ledger.lanes_to_read(self._merchant_id), None, 0
        from_ms, to_ms = self._times
        while read < self._most and (self._ends_ms is None or clock.now_ms() < self._ends_ms):
            page = store.list_payments(
                merchant_id=self._merchant_id,
                lanes=lanes,
                from_ms=from_ms,
                to_ms=to_ms,
                keep=lambda _payment: True,
                limit=_PAGE,
                position=position,
            )
            read += len(page.items)
            yield from page.items
            position = page.position
            if position is None:
                return
        self.complete = False
