"""Holds in the sandbox's books: captured in part and more than once, made larger, released, ended by their time.

A hold is a charge's line with `held_until`. Every step is on the condition of what was read, so that two at once are two.
"""

from typing import Any, Final

from paycorex import clock, storage
from payments.connectors.requests import CaptureRequest
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import APPROVED, HELD, RELEASED, BookItem

VOIDED: Final = "voided"
EXPIRED: Final = "authorization_expired"
# How often a step is tried again that another one came before.
_TRIES: Final = 5


class NotHeld(Exception):
    """The money is not held, or not as much of it. code: `not_capturable` or `capture_exceeds_authorization`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


def find(merchant_id: str, reference: str) -> BookItem:
    """The hold with this reference, ended when its time is over. Raises NotHeld for none."""
    item = books.find(merchant_id, "att_" + reference.removeprefix("sbx_"))
    if item is None or item.held_until is None or item.status not in {HELD, APPROVED, RELEASED}:
        raise NotHeld("not_capturable", "The sandbox knows no such hold.")
    return ended_by_time(item)


def ended_by_time(item: BookItem) -> BookItem:
    """The line as it now stands: a hold whose time is over has ended."""
    if item.held_until is None or item.status != HELD or clock.now_ms() < int(item.held_until):
        return item
    return release(item, EXPIRED)


def release(item: BookItem, why: str) -> BookItem:
    """End a hold: what was captured of it stays taken, the rest is the payer's again. The line as it then stands."""
    for _ in range(_TRIES):
        if item.status != HELD:
            return item
        after = _step(item, [BookItem.status.set(_status_after(int(item.captured or 0))), BookItem.code.set(why)])
        if after is not None:
            return after
        item = _reread(item)
    raise storage.Unavailable("busy")


def grow(item: BookItem, total_minor: int) -> BookItem:
    """Make a hold larger. The line as it then stands. Raises NotHeld."""
    for _ in range(_TRIES):
        if item.status != HELD:
            raise NotHeld("not_capturable", "The hold has ended.")
        if total_minor <= int(item.amount):
            return item
        after = _step(item, [BookItem.amount.set(total_minor)])
        if after is not None:
            return after
        item = _reread(item)
    raise storage.Unavailable("busy")


def capture(request: CaptureRequest, hold: BookItem, *, status: str, way: str, took_minor: int, over_percent: int) -> BookItem:
    """A capture's line, taken out of its hold in the same transaction; the line of before when there is one. Raises NotHeld.

    took_minor: what the sandbox really takes. status: a declined capture has a line only.
    """
    line = _line(request, hold, status, way, took_minor)
    if status == books.DECLINED:
        return books.enter(line)
    books.join_payout(line)
    for _ in range(_TRIES):
        _refuse_unless_held(hold, request, over_percent)
        captured = int(hold.captured or 0) + took_minor
        actions = [BookItem.captured.set(captured)]
        if request.is_final:
            actions.append(BookItem.status.set(APPROVED))
        taken = storage.update(BookItem, BookItem.wire_key(hold.charge_id), actions, _as_read(hold))
        try:
            storage.transact([storage.put(line, BookItem.charge_id.does_not_exist()), taken])
        except storage.TransactionRefused as refused:
            if refused.reasons[0].is_condition:
                return BookItem.load(refused.reasons[0].item)
            hold = _reread(hold)
            continue
        return line
    raise storage.Unavailable("busy")


def _line(request: CaptureRequest, hold: BookItem, status: str, way: str, took_minor: int) -> BookItem:
    return BookItem(
        charge_id=f"{request.merchant_id}#{request.capture_id}",
        connector=hold.connector,
        payment_id=request.payment_id,
        kind="capture",
        amount=took_minor,
        currency=hold.currency,
        status=status,
        way=str(way),
        reason=hold.reference,
        reference="sbxc_" + request.capture_id.removeprefix("cap_"),
        created_at=clock.now_ms(),
    )


def _refuse_unless_held(hold: BookItem, request: CaptureRequest, over_percent: int) -> None:
    """Raises NotHeld."""
    if hold.status != HELD:
        raise NotHeld(EXPIRED if hold.code == EXPIRED else "not_capturable", "The hold has ended.")
    limit = int(hold.amount) * (100 + over_percent) // 100
    if request.amount.currency != hold.currency or int(hold.captured or 0) + request.amount.minor > limit:
        raise NotHeld("capture_exceeds_authorization", "More than what is held.")


def _status_after(captured: int) -> str:
    return APPROVED if captured else RELEASED


def _as_read(item: BookItem) -> Any:
    return (BookItem.status == HELD) & (BookItem.captured == int(item.captured or 0)) & (BookItem.amount == int(item.amount))


def _step(item: BookItem, actions: list[Any]) -> BookItem | None:
    """None when the line is another one by now."""
    try:
        return BookItem.load(storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), actions, _as_read(item))))
    except storage.ConditionRefused:
        return None


def _reread(item: BookItem) -> BookItem:
    found = storage.get(BookItem, item.charge_id)
    assert found is not None
    return found
