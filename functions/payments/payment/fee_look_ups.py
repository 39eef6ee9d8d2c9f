"""Asking providers what they kept of a payment, where the merchant bears it and no answer said so. The report brings what no look-up finds.

Asked a few times, less and less often, by the janitor: six looks over half a day.
"""

from typing import Final

from paycorex import clock, redaction, storage
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_fee import PROVIDER, PaymentFee
from payments.connectors import calls as calling
from payments.connectors.model import Connector
from payments.connectors.results import NotFound
from payments.connectors.settling import FoundFee, ProviderFee, Settling
from payments.payment import due, fee_books, fees, hold_times, versions
from payments.payment import settlement as settle
from payments.payment.fees import KnownFee

logger: Final = redaction.logger("fees")


def look_at(payment: PaymentItem) -> PaymentItem:
    """Ask its provider once; the payment as it then stands. Raises TemporarilyUnavailable, storage.Unavailable."""
    reference = payment.provider_reference or ""
    found = calling.call(payment.merchant_id, payment.provider or "", lambda connector: _ask(connector, payment.merchant_id, reference))
    if isinstance(found, ProviderFee) and found.charge_reference == reference:
        known = KnownFee(PROVIDER, found.fee, found.tax, found.currency)
        return settle.postpone(fee_books.book(payment.payment_id, known).payment, None)
    logger.info("fee not found", extra={"payment_id": payment.payment_id, "answer": type(found).__name__})
    return settle.revise(payment, _looked)


def _ask(connector: Connector, merchant_id: str, reference: str) -> FoundFee:
    return connector.fee_of(merchant_id, reference) if isinstance(connector, Settling) else NotFound()


def _looked(payment: PaymentItem) -> PaymentItem:
    """With one look more, and the time of the next."""
    now, after = clock.now_ms(), storage.copy_of(payment)
    after.fee = PaymentFee.load(payment.fee).looked().stored()
    due.set_due(after, hold_times.next_due(after, now) if fees.is_looked_for(after) else None)
    return versions.next_revision(payment, after, now)
