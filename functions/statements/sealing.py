"""What an entry of the ledger seals of a closed month: a document with its trial balance and the digests of its statements.

The digest of the document is the description of an entry that moves nothing, on a chain of its own. So the month is a leaf of a
checkpoint's tree, and everyone who has the document can check it against a signed root.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each
from statements import store
from statements.store import PeriodItem

FORMAT: Final = "paycorex-closed-month-1"
_CHAIN: Final = "closed_months"


def document_of(item: PeriodItem) -> dict[str, Any]:
    """All that is sealed of a month. Signed minor units, credits positive; books_sha256 is over them and the last entry of each chain."""
    return {
        "format": FORMAT,
        "merchant_id": item.merchant_id,
        "month": item.month,
        "version": store.version_of(item),
        "closed_at_ms": int(item.made_at or 0),
        "closed_by": item.made_by,
        "invoice": item.number,
        "chains": int(item.heads or 0),
        "books_sha256": item.digest,
        "balances": [
            [str(entity), str(name), str(currency), int(old), int(new)] for entity, name, currency, old, new in item.balances or ()
        ],
        "files": [[str(row[0]), str(row[1]), str(row[2]), int(row[3])] for row in item.files or ()],
    }


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the document as JSON with sorted keys and no spaces, UTF-8, in hexadecimal digits."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def journal_of(item: PeriodItem) -> Journal:
    """The entry that seals a month, whose `sealed` says what."""
    account = Account.reconciliation(item.merchant_id, _CHAIN, str(item.currency))
    return Journal.statement(account, _reference(item), str(item.sealed))


def place_of(item: PeriodItem) -> tuple[Account, int] | None:
    """Where the entry is; None of a month that was closed before months were sealed."""
    for _entity, _entity_id, _lane, seq in item.entries or ():
        return Account.reconciliation(item.merchant_id, _CHAIN, str(item.currency)), int(seq)
    return None


def closed_months() -> Iterator[MoneyRecord | Finding]:
    """Every closing as the ledger's verification sees it: one entry, and no money."""
    return of_each(PeriodItem, _said)


def _said(item: PeriodItem) -> Iterator[MoneyRecord]:
    if item.sealed is not None:
        places = tuple((str(entity), str(name), int(lane), int(seq)) for entity, name, lane, seq in item.entries or ())
        name = f"closing {store.version_of(item)} of {item.month}"
        yield MoneyRecord(name, _reference(item), item.merchant_id, str(item.currency), 0, places)


def _reference(item: PeriodItem) -> Reference:
    return Reference(ReferenceType.CLOSED_MONTH, f"{item.merchant_id}.{item.month}.{store.version_of(item)}")
