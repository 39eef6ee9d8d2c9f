"""Books what a report says of a payment's fee, and says whether it is what was known."""

from typing import Final

from paycorex.errors import InvalidState, NotFound
from paycorex.records.payment_fee import CHARGE
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.settlement_line import SettlementLineItem
from payments.connectors.settling import LineKind
from payments.payment import fee_books
from payments.payment.fees import KnownFee
from settlements.matching import clearing

REPORT: Final = "report"


def booked(item: ReconciliationItem, line: SettlementLineItem) -> list[int] | None:
    """Book the fee of a line about a payment; [known before, reported], with tax, in minor units. None where nothing was known before.

    Raises TemporarilyUnavailable, storage.Unavailable.
    """
    kind, _, record_id = item.record.partition(":")
    payment_id = record_id.partition(".")[0]
    if kind not in {clearing.PAYMENT, clearing.LATE} or line.kind != LineKind.PAYMENT:
        return None
    # A line for each part of a payment has a fee of its own.
    key = CHARGE if not item.shares else line.order_key
    try:
        noted = fee_books.book(payment_id, KnownFee(REPORT, int(line.fee), int(line.tax), line.currency, key))
    except (NotFound, InvalidState):
        return None
    if noted.before is None or not noted.is_new or key != CHARGE:
        return None
    return [noted.before.fee + noted.before.tax, int(line.fee) + int(line.tax)]
