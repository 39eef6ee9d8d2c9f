"""The Lambda on the ledger's and the payments' streams: updates rollups, what routing knows of connectors, and notes what to seal, which
accounts there are, what costs something and what payments are searched by. Repeating a batch changes nothing.

One function does both, because more than two readers of one stream throttle each other, and the tamper detection must do nothing else.
"""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.search import fold as search_fold
from dashboard.statistics import ledger_rollup, payment_rollup
from paycorex import aws, fee_work, reconciliation_accounts, redaction, set_aside
from paycorex.caching import TimedCache
from paycorex.ledger import account_list
from paycorex.ledger.proof import sealing_work
from paycorex.routing_outcomes import fold
from paycorex.set_aside import SHARED_TROUBLE, AsideItem, Subject, guarded

LOOP: Final = "dashboard.rollups"
# No schedule calls this function: each environment tries again what was set aside, this often, together with a batch.
RETRY_SECONDS: Final = 60
_retried: Final = TimedCache[str](lifetime_seconds=RETRY_SECONDS, max_entries=1)

logger = redaction.logger("rollups")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Count a batch; answers Lambda's partial batch response: all of it comes again when the store was busy. A batch that cannot be counted
    as a whole is counted record by record, and what fails then is set aside.
    """
    records = event.get("Records", [])
    try:
        try:
            _count(records)
        except SHARED_TROUBLE:
            raise
        except Exception as error:  # noqa: BLE001 - which record it is, is found by counting each alone
            logger.warning("rollups counted one by one", extra={"exception": type(error).__name__, "records": len(records)})
            _count_each(records)
        _retry()
    except SHARED_TROUBLE as failure:
        logger.warning("rollups not counted", extra={"exception": type(failure).__name__, "records": len(records)})
        return {"batchItemFailures": [{"itemIdentifier": records[0]["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _count(records: list[Mapping[str, Any]]) -> None:
    entries = _new_entries(records)
    if entries:
        reconciliation_accounts.note(entry["account"]["S"] for entry in entries)
        sealing_work.note(records[0]["dynamodb"]["SequenceNumber"].zfill(40), (entry["account"]["S"] for entry in entries))
        account_list.note(entries)
    ledger_rollup.count(entries)
    payments = _of(records, "payment_id")
    payment_rollup.count(found for record in payments if (found := payment_rollup.changed(record)))
    fold.count(payments)
    reconciliation_accounts.note_crypto(record["dynamodb"]["NewImage"] for record in payments if record.get("eventName") == "INSERT")
    fee_work.note(payments)
    search_fold.note(payments)


def _count_each(records: list[Mapping[str, Any]]) -> None:
    for record in records:
        with guarded(_subject(record)):
            _count([record])


def _subject(record: Mapping[str, Any]) -> Subject:
    """By account or payment: the newest record of one covers those before it."""
    keys = record["dynamodb"]["Keys"]
    owner = (record["dynamodb"].get("NewImage") or {}).get("merchant_id", {}).get("S")
    if "account" in keys:
        account: str = keys["account"]["S"]
        return Subject(LOOP, account, account.partition("#")[0], payload=record)
    return Subject(LOOP, keys["payment_id"]["S"], owner, payload=record)


def _retry() -> None:
    if _retried.get(LOOP) is None:
        _retried.put(LOOP, LOOP)
        set_aside.retry_due(LOOP, _count_again)


def _count_again(row: AsideItem) -> None:
    _count([set_aside.payload_of(row)])


def _new_entries(records: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Entries are only appended; any other change is for the tamper detection."""
    return [record["dynamodb"]["NewImage"] for record in _of(records, "account") if record.get("eventName") == "INSERT"]


def _of(records: list[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [record for record in records if key in record["dynamodb"]["Keys"]]


aws.warm("dynamodb")
