"""The daily imports: one for each connector of each merchant whose provider can be asked, begun once a day whatever ticks there are.

Each looks back some days, because a payout is paid some days after it was made; what was read before is not stored again. On a laptop
minutes take the place of days, as in the sandbox's payouts.
"""

from collections.abc import Callable
from typing import Any, Final

from paycorex import clock, ids, set_aside, settings, storage
from paycorex.records.merchant import MerchantItem
from paycorex.records.order import order_key
from paycorex.records.settlement_import import DONE, READING, SettlementImportItem
from paycorex.set_aside import AsideItem, Subject, guarded
from payments.connectors import capabilities, registry
from settlements.sources.asked import DAY_MS, import_of
from settlements.stores import imports

LOOP: Final = "settlements.daily_imports"
# A day's imports begin at this time (UTC): by then the providers' own days are over, and their reports made.
BEGIN_MS: Final = 4 * 3600 * 1000
LOCAL_PERIOD_MS: Final = 5 * 60 * 1000
LOOK_BACK_DAYS: Final = 10
MERCHANTS: Final = 100
# Whose row says how far a day's merchants were read.
_ALL: Final = "all"


def tick(may_go_on: Callable[[], bool]) -> int:
    """Begin what is not begun yet; how many imports were. Raises storage's failures."""
    begun, run = 0, _run_of(_number())
    while run.status == READING and may_go_on():
        page = storage.scan_segment(MerchantItem.physical_table(), segment=0, segments=1, start=run.place, limit=MERCHANTS)
        for stored in page.items:
            with guarded(Subject(LOOP, stored["merchant_id"]["S"], stored["merchant_id"]["S"])):
                begun += _begin(MerchantItem.load(stored))
        run = _gone_on(run, page.next_start)
    set_aside.retry_due(LOOP, _again, may_go_on)
    return begun


def _number() -> int:
    """Which day it is, from its beginning on."""
    if settings.current().has_short_sandbox_days:
        return clock.now_ms() // LOCAL_PERIOD_MS
    return (clock.now_ms() - BEGIN_MS) // DAY_MS


def _run_of(number: int) -> SettlementImportItem:
    """How far this day's merchants were read. It is no import itself, and is in no list of any merchant."""
    run_id, now = ids.derive("imp", _ALL, str(number)), clock.now_ms()
    found = imports.find(run_id)
    if found is not None:
        return found
    run = SettlementImportItem(
        import_id=run_id,
        merchant_id=_ALL,
        source=_ALL,
        status=READING,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, run_id),
    )
    try:
        storage.run(imports.new(run))
    except storage.ConditionRefused as refused:
        return SettlementImportItem.load(refused.item)
    return run


def _gone_on(run: SettlementImportItem, place: Any) -> SettlementImportItem:
    """The run after a page of merchants; as another tick left it, where that was faster."""
    after = storage.copy_of(run)
    after.place, after.status = (None, DONE) if place is None else (dict(place), READING)
    after.version, after.updated_at = int(run.version) + 1, clock.now_ms()
    try:
        storage.run(imports.change(run, after))
    except storage.ConditionRefused as refused:
        return SettlementImportItem.load(refused.item)
    return after


def begin_of(merchant: MerchantItem, *parts: str) -> int:
    """The imports of a merchant; how many are new. parts: of what their ids follow from. Raises storage's failures."""
    return sum(_begin_one(merchant, name, parts) for name in registry.names(merchant) if capabilities.pays_out(name))


def _begin(merchant: MerchantItem) -> int:
    return begin_of(merchant, "daily", str(_number()))


def _begin_one(merchant: MerchantItem, name: str, parts: tuple[str, ...]) -> bool:
    now = clock.now_ms()
    item = import_of(merchant.merchant_id, name, max(now - LOOK_BACK_DAYS * DAY_MS, 0), now, *parts)
    try:
        storage.run(imports.new(item))
    except storage.ConditionRefused:
        return False
    return True


def _again(row: AsideItem) -> None:
    """A merchant that was set aside."""
    found = storage.get(MerchantItem, row.item_id)
    if found is not None:
        _begin(found)
