"""Rows by which a payment is found under what a processor keeps of our name of it, where that is less than the whole name."""

from collections.abc import Iterable

from paycorex import storage
from paycorex.records.payment import PaymentItem
from payments.connectors import capabilities
from payments.payment import references


def rows(payment: PaymentItem, connectors: Iterable[str]) -> list[storage.Write]:
    """What the payment's first version brings along: a callback leads here, although the answer before it was lost."""
    names = ((connector, capabilities.short_name(connector, payment.payment_id)) for connector in connectors)
    return [references.row(payment, short, connector) for connector, short in names if short is not None]
