"""What a merchant's test clock makes come earlier of the settlements: the payments' room has moved the sandbox's payouts, so their
reports are fetched now and not with the next daily imports.
"""

from collections.abc import Callable
from typing import Final

from paycorex import clock, set_aside, storage, test_clock
from paycorex.records.merchant import MerchantItem
from paycorex.set_aside import AsideItem, Subject, guarded
from paycorex.test_clock import ClockItem
from settlements.sources import daily

LOOP: Final = "settlements.clock_moves"


def run(may_go_on: Callable[[], bool]) -> int:
    """Begin the imports of merchants whose payouts have moved; how many merchants. Raises storage.Unavailable."""
    begun = 0
    for row in test_clock.work(test_clock.SETTLEMENTS):
        if not may_go_on():
            return begun
        waits = int(row.not_before or 0) == 0 or clock.now_ms() < int(row.not_before)
        if not waits:
            with guarded(Subject(LOOP, row.position, row.position)):
                _begin(row)
            begun += 1
    if test_clock.is_there():
        set_aside.retry_due(LOOP, _again, may_go_on)
    return begun


def _again(row: AsideItem) -> None:
    work = test_clock.part_of(test_clock.SETTLEMENTS, row.item_id)
    if work is not None:
        _begin(work)


def _begin(row: ClockItem) -> None:
    merchant = storage.get(MerchantItem, row.position)
    if merchant is not None:
        daily.begin_of(merchant, "clock", str(int(row.number)))
    test_clock.done(row)
