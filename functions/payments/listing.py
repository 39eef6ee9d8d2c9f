"""Lists of payments: filters over the merchant's lanes."""

from dataclasses import dataclass

from paycorex import clock, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments import store
from payments.requests import PaymentsQuery


@dataclass(frozen=True, slots=True)
class Filter:
    """What a payment must match; amounts in minor units."""

    status: str | None
    method: str | None
    user_id: str | None
    currency: str | None
    reference: str | None
    min_minor: int | None
    max_minor: int | None

    @classmethod
    def of(cls, query: PaymentsQuery, default_currency: str) -> "Filter":
        """The filter of a query. Amounts are in its currency, the merchant's by default. Raises InvalidAmount."""
        currency = query.currency or default_currency
        bounds = (query.min_amount, query.max_amount)
        low, high = (None if text is None else Money.parse(text, currency).minor for text in bounds)
        in_currency = query.currency or (currency if low is not None or high is not None else None)
        return cls(query.status, query.method, query.user_id, in_currency, query.reference, low, high)

    def accepts(self, item: PaymentItem) -> bool:
        """True when the payment matches."""
        equal = (
            (self.status, item.status),
            (self.method, item.method),
            (self.user_id, item.user_id),
            (self.currency, item.currency),
        )
        if any(wanted is not None and wanted != found for wanted, found in equal):
            return False
        if self.reference is not None and self.reference not in {item.provider_reference, item.payment_id}:
            return False
        amount = int(item.amount)
        return (self.min_minor is None or amount >= self.min_minor) and (self.max_minor is None or amount <= self.max_minor)


def payments(caller: Caller, query: PaymentsQuery, position: str | None) -> storage.Merged[PaymentItem]:
    """One page, newest first. Raises InvalidRequest for an empty range of time."""
    from_ms = clock.parse_rfc3339(query.from_) if query.from_ else None
    to_ms = clock.parse_rfc3339(query.to) if query.to else None
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise InvalidRequest("from must be before to.", details={"field": "from"})
    return store.list_payments(
        merchant_id=caller.merchant_id,
        lanes=caller.lanes_ever,
        from_ms=from_ms,
        to_ms=to_ms,
        keep=Filter.of(query, caller.currency).accepts,
        limit=query.limit,
        position=position,
    )
