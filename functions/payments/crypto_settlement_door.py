"""Door of the crypto settlement: the stream of `crypto_transactions`, at least once and in order per transfer."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws, redaction
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.storage import OutcomeUnknown, Unavailable
from payments import crypto_settlement

logger: Final = redaction.logger("crypto_settlement")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Settle what the records say. A record that cannot be settled now is given back, with all after it."""
    for record in event.get("Records", ()):
        image = record.get("dynamodb", {}).get("NewImage")
        if image is None or "payment_id" not in image:
            continue
        transfer = CryptoTransactionItem.load(image)
        try:
            crypto_settlement.hear(transfer)
        except (TemporarilyUnavailable, Unavailable, OutcomeUnknown) as trouble:
            logger.warning("given back", extra={"payment_id": transfer.payment_id, "problem": type(trouble).__name__})
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


redaction.guard_root()
aws.warm("dynamodb")
