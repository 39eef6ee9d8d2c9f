"""What may be fetched from a provider's API, and the import that fetches it."""

from typing import Final

from paycorex import clock, ids
from paycorex.errors import InvalidRequest
from paycorex.records.merchant import MerchantItem
from paycorex.records.order import order_key
from paycorex.records.settlement_import import READING, SettlementImportItem
from payments.connectors import capabilities, registry
from settlements.stores import imports

DAY_MS: Final = 86_400_000
# One import reads so much; more is asked for by several.
MAX_DAYS: Final = 100
NO_REPORTS: Final = "This connector has no reports by API here. Upload a file."


def check(merchant: MerchantItem, source: str, from_ms: int, to_ms: int) -> None:
    """Whether reports of this connector can be fetched for this time. Raises InvalidRequest."""
    if not registry.usable(merchant, source):
        raise InvalidRequest("The connector is not configured.", details={"field": "source"})
    if not capabilities.pays_out(source):
        raise InvalidRequest(NO_REPORTS, details={"field": "source"})
    if not 0 <= from_ms < to_ms <= clock.now_ms() + 2 * DAY_MS:
        raise InvalidRequest("from must be before to, and to not later than tomorrow.", details={"field": "from"})
    if to_ms - from_ms > MAX_DAYS * DAY_MS:
        raise InvalidRequest(f"One import fetches {MAX_DAYS} days at most.", details={"field": "from"})


def import_of(merchant_id: str, source: str, from_ms: int, to_ms: int, *parts: str) -> SettlementImportItem:
    """A new import of payouts made from `from_ms` on and before `to_ms`. parts: of what its id follows from, beside merchant and source."""
    now, import_id = clock.now_ms(), ids.derive("imp", merchant_id, source, *parts)
    item = SettlementImportItem(
        import_id=import_id,
        merchant_id=merchant_id,
        source=source,
        from_ms=from_ms,
        to_ms=to_ms,
        status=READING,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, import_id),
    )
    imports.set_due(item, now)
    return item
