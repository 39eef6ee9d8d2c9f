"""The beginning of an import: what a merchant announces is checked and kept, and the file may then be put to its link."""

from typing import Any, Final

from pydantic import ValidationError

from paycorex import clock, ids, storage
from paycorex.errors import InvalidRequest, NotFound
from paycorex.idempotency import Claim
from paycorex.records.merchant import MerchantItem
from paycorex.records.order import order_key
from paycorex.records.settlement_import import UPLOADING, SettlementImportItem
from settlements.imports import bank_files
from settlements.imports.csv.mapping import CsvMapping
from settlements.imports.csv.ready import READY
from settlements.requests import ImportReport
from settlements.sources import asked
from settlements.stores import imports as store
from settlements.stores import mappings

CSV: Final = "csv"
# The importer looks for the file from then on.
FIRST_LOOK_MS: Final = 5_000


def begin(merchant_id: str, body: ImportReport, claim: Claim) -> SettlementImportItem:
    """Announce a file, or have the provider's API asked.

    Raises InvalidRequest, storage's failures, storage.TransactionRefused when the claim is taken.
    """
    if body.from_ is not None and body.to is not None:
        return _fetched(merchant_id, body.source, clock.parse_rfc3339(body.from_), clock.parse_rfc3339(body.to), claim)
    import_id, now = claim.record_id("imp"), clock.now_ms()
    is_bank = bank_files.is_of_bank(body)
    mapping = body.mapping if is_bank else _mapping_of(merchant_id, body)
    item = SettlementImportItem(
        import_id=import_id,
        merchant_id=merchant_id,
        source=body.source,
        format=body.format,
        mapping=mapping,
        size=body.size,
        sha256=body.sha256,
        is_preview=body.dry_run,
        status=UPLOADING,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, import_id),
    )
    store.set_due(item, now + FIRST_LOOK_MS)
    kept = [] if body.mapping is None or body.dry_run or is_bank else [mappings.keep(merchant_id, body.source, dict(body.mapping))]
    storage.transact([store.new(item), *kept, *claim.rows(reference=import_id)])
    return item


def _fetched(merchant_id: str, source: str, from_ms: int, to_ms: int, claim: Claim) -> SettlementImportItem:
    merchant = storage.get(MerchantItem, merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    asked.check(merchant, source, from_ms, to_ms)
    item = asked.import_of(merchant_id, source, from_ms, to_ms, "asked", claim.names[0])
    storage.transact([store.new(item), *claim.rows(reference=item.import_id)])
    return item


def _mapping_of(merchant_id: str, body: ImportReport) -> dict[str, Any]:
    """The whole mapping, as the importer uses it."""
    given = dict(body.mapping) if body.mapping is not None else mappings.find(merchant_id, body.source)
    try:
        own = CsvMapping.model_validate(given or {})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InvalidRequest(f"The mapping is not valid: {where}.", details={"field": f"mapping.{where}"}) from error
    base = own.extends or body.format
    ready = {str(name): mapping for name, mapping in READY.items()}
    whole = own if base in {None, CSV} else own.over(ready[str(base)])
    if not whole.columns:
        raise InvalidRequest("A csv needs a mapping that names its columns.", details={"field": "mapping"})
    return whole.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def find(merchant_id: str, import_id: str) -> SettlementImportItem | None:
    """An import of the merchant. Raises storage.Unavailable."""
    item = store.find(import_id) if ids.is_id("imp", import_id) else None
    return item if item is not None and item.merchant_id == merchant_id else None
