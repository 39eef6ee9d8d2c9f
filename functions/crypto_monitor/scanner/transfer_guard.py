"""One transfer that cannot be recorded or judged, for a reason of its own, is set aside; the others of its block and its batch go on.

A lost lease and a failure of the store concern all transfers, so they are raised.
"""

from collections.abc import Callable
from typing import Final

from crypto_monitor.stores.cursors import LeaseLost
from paycorex import clock, set_aside
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.set_aside import AsideItem, Subject

# How many set-aside transfers an execution environment remembers; their rows are in the table in any case.
MAX_REMEMBERED: Final = 10_000

_until: dict[str, int] = {}


def recording(network: str) -> str:
    """The loop's name for transfers that could not be recorded."""
    return f"crypto_{network}_record"


def judging(network: str) -> str:
    """The loop's name for transfers that could not be judged."""
    return f"crypto_{network}_judge"


def attempt(loop: str, item: CryptoTransactionItem, step: Callable[[], object]) -> None:
    """Take a step for one transfer, or set it aside. Raises LeaseLost, storage.Unavailable, storage.OutcomeUnknown."""
    lost: LeaseLost | None = None
    with set_aside.guarded(Subject(loop, item.transfer_id, item.merchant_id, payload=item.serialize())) as guard:
        try:
            step()
        except LeaseLost as caught:
            lost = caught
    if lost is not None:
        raise lost
    if guard.next_try_at is not None:
        if len(_until) >= MAX_REMEMBERED:
            _until.clear()
        _until[item.transfer_id] = guard.next_try_at


def is_waiting(item: CryptoTransactionItem) -> bool:
    """True while a transfer that this environment set aside is not to be tried again."""
    return clock.now_ms() < _until.get(item.transfer_id, 0)


def payload_of(row: AsideItem) -> CryptoTransactionItem:
    """The transfer as it was set aside."""
    return CryptoTransactionItem.load(set_aside.payload_of(row))


def forget() -> None:
    """Clear what this execution environment has cached, as in a new one."""
    _until.clear()
