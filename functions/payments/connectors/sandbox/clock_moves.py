"""What a merchant's test clock makes earlier in the sandbox's books: what waits there, and what is not paid out yet.

The sandbox stands for a provider, which knows no test clock; so its deadlines go with those of the payment.
"""

from typing import Any, Final

from paycorex import storage
from paycorex.test_clock import STEP_RECORDS, Advance
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import WAITING, BookItem

# A payout that is due now is paid so much later: by then all its lines have moved.
PAID_AFTER_MS: Final = 60_000
_DISPUTE: Final = "dispute"
_INDEX: Final = "by_payout"


def move(advance: Advance, key: str) -> None:
    """Make a line's deadlines earlier, once an advance; nothing where there is no such line. Raises storage.Unavailable."""
    item = books.find(advance.merchant_id, key)
    if item is None or not advance.moves(item):
        return
    # When it came is what a waiting payer and a bank count from; of what has moved money it stays as it was.
    begins = item.created_at if item.status == WAITING or item.kind == _DISPUTE else None
    said = (BookItem.created_at, begins), (BookItem.expires_at, item.expires_at), (BookItem.held_until, item.held_until)
    _store(item, advance, [attribute.set(int(moment) - advance.by_ms) for attribute, moment in said if moment is not None])


def to_pay(merchant_id: str, connector: str, now_ms: int, start: Any) -> storage.Page[BookItem]:
    """Some lines whose payout is to come, and where the next begin. Raises storage.Unavailable."""
    account = f"{merchant_id}#{connector}"
    to_come = (BookItem.account == account) & (BookItem.payout > f"{now_ms + PAID_AFTER_MS:013d}$")
    return storage.query(BookItem, to_come, index=_INDEX, limit=STEP_RECORDS, start=start)


def pay_earlier(advance: Advance, item: BookItem, now_ms: int) -> bool:
    """Make the payout of a line earlier, once an advance. False when nothing was to be done. Raises storage.Unavailable.

    One that is due then is paid PAID_AFTER_MS later, in a payout of its own: another one's lines are never added to after it was paid.
    """
    fresh = storage.get(BookItem, item.charge_id)
    if fresh is None or fresh.payout != item.payout or int(fresh.payout_moves or 0) >= advance.number:
        return False
    due, _, currency = str(item.payout).partition("#")
    due_ms = max(int(due) - advance.by_ms, now_ms + PAID_AFTER_MS)
    actions = [BookItem.payout.set(f"{due_ms:013d}#{currency}"), BookItem.payout_moves.set(advance.number)]
    return _run(fresh, actions, BookItem.payout == item.payout)


def _store(item: BookItem, advance: Advance, actions: list[Any]) -> None:
    unmoved = BookItem.clock_moves.does_not_exist() | (BookItem.clock_moves < advance.number)
    _run(item, [*actions, BookItem.clock_moves.set(advance.number)], unmoved)


def _run(item: BookItem, actions: list[Any], condition: Any) -> bool:
    try:
        storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), actions, condition))
    except storage.ConditionRefused:
        return False
    return True
