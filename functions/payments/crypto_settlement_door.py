"""Door of the crypto settlement: the stream of `crypto_transactions`, at least once and in order per transfer."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws, redaction
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.set_aside import SHARED_TROUBLE, Subject, guarded, stream_moment_ms
from payments.crypto import settlement as crypto_settlement

logger: Final = redaction.logger("crypto_settlement")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Settle what the records say. A record that cannot be settled now is given back, with all after it; one that cannot be settled as it
    is, is set aside, and so is one that could not be settled for ten minutes; the janitor's ticks try it again.
    """
    for record in event.get("Records", ()):
        change = record.get("dynamodb", {})
        image = change.get("NewImage")
        if image is None or "payment_id" not in image:
            continue
        try:
            with guarded(_subject(image, record)):
                crypto_settlement.apply_transfer(CryptoTransactionItem.load(image))
        except SHARED_TROUBLE as trouble:
            logger.warning("given back", extra={"payment_id": _text(image, "payment_id"), "problem": type(trouble).__name__})
            return {"batchItemFailures": [{"itemIdentifier": change["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _subject(image: Mapping[str, Any], record: Mapping[str, Any]) -> Subject:
    item_id = f"{_text(image, 'network')}#{_text(image, 'transfer_id')}"
    return Subject(crypto_settlement.LOOP, item_id, _text(image, "merchant_id"), payload=image, since_ms=stream_moment_ms(record))


def _text(image: Mapping[str, Any], name: str) -> str:
    return str(image.get(name, {}).get("S", ""))


redaction.guard_root()
aws.warm("dynamodb")
