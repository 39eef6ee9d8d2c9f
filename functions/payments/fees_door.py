"""Door of the fees: the stream of `fee_work`, at least once. Books what payments cost, and nothing that is booked already."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws, redaction
from paycorex.fee_work import FeeWorkItem
from paycorex.set_aside import SHARED_TROUBLE, Subject, guarded, stream_moment_ms
from payments.payment import fee_books

logger: Final = redaction.logger("fees")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Book what the rows are about. A row that cannot be done now is given back, with all after it; a payment that cannot be handled as it
    is, is set aside, and so is one that could not be handled for ten minutes; the janitor's ticks try it again.
    """
    for record in event.get("Records", ()):
        change = record.get("dynamodb", {})
        image = change.get("NewImage")
        if image is None:
            # It was kept for long enough.
            continue
        row = FeeWorkItem.load(image)
        try:
            with guarded(Subject(fee_books.LOOP, row.payment_id, row.merchant_id, image, stream_moment_ms(record))):
                fee_books.charge(row.payment_id)
        except SHARED_TROUBLE as trouble:
            logger.warning("given back", extra={"payment_id": row.payment_id, "problem": type(trouble).__name__})
            return {"batchItemFailures": [{"itemIdentifier": change["SequenceNumber"]}]}
    return {"batchItemFailures": []}


redaction.guard_root()
aws.warm("dynamodb")
