"""Lists of payments: filters over the merchant's lanes, and the payments that a reference names."""

from dataclasses import dataclass, replace
from typing import Any

from paycorex import clock, ids, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import AUTOMATIC
from payments.captures import review
from payments.payment import references, store
from payments.routes.list_requests import PaymentsQuery


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
    provider: str | None = None
    failure_code: str | None = None
    qr_code_id: str | None = None
    capture_method: str | None = None

    @classmethod
    def of(cls, query: PaymentsQuery, default_currency: str) -> "Filter":
        """The filter of a query. Amounts are in its currency, the merchant's by default. Raises InvalidAmount."""
        currency = query.currency or default_currency
        bounds = (query.min_amount, query.max_amount)
        low, high = (None if text is None else Money.parse(text, currency).minor for text in bounds)
        in_currency = query.currency or (currency if low is not None or high is not None else None)
        return cls(
            query.status,
            query.method,
            query.user_id,
            in_currency,
            query.reference,
            low,
            high,
            query.provider,
            query.failure_code,
            query.qr_code_id,
            query.capture_method,
        )

    def accepts(self, item: PaymentItem) -> bool:
        """True when the payment matches."""
        equal = (
            (self.status, item.status),
            (self.method, item.method),
            (self.user_id, item.user_id),
            (self.currency, item.currency),
            (self.provider, item.provider),
            (self.qr_code_id, item.qr_code_id),
            (self.capture_method, item.capture_method or AUTOMATIC),
        )
        if any(wanted is not None and wanted != found for wanted, found in equal):
            return False
        if self.reference is not None and not _carries(item, self.reference):
            return False
        if self.failure_code is not None and not _failed_so(item, self.failure_code):
            return False
        amount = int(item.amount)
        return (self.min_minor is None or amount >= self.min_minor) and (self.max_minor is None or amount <= self.max_minor)


def payments(caller: Caller, query: PaymentsQuery, position: str | None) -> storage.Merged[PaymentItem]:
    """One page, newest first. Raises InvalidRequest for an empty range of time.

    A reference is looked up by its rows. Payments that are older than these rows are found by reading the merchant's list, as by any other
    filter.
    """
    from_ms, to_ms = _range(query)
    wanted = Filter.of(query, caller.currency)
    if query.reference is not None and position is None:
        # A payment is found by what it no longer shows, too: the link of one that is paid.
        others = replace(wanted, reference=None)
        named = _named(caller.merchant_id, query.reference)
        found = [item for item in named if _is_within(item, from_ms, to_ms) and others.accepts(item)]
        if found:
            return storage.Merged(sorted(found, key=lambda item: str(item.order_key), reverse=True), None)
    return store.list_payments(
        merchant_id=caller.merchant_id,
        lanes=ledger.lanes_to_read(caller.merchant_id),
        from_ms=from_ms,
        to_ms=to_ms,
        keep=wanted.accepts,
        limit=query.limit,
        position=position,
    )


def in_review(caller: Caller, query: PaymentsQuery, position: str | None) -> storage.Merged[PaymentItem]:
    """One page of those about which a person must decide, newest first. It may hold fewer than `limit` where more follow."""
    found, more = review.waiting(caller.merchant_id, limit=query.limit, position=position)
    from_ms, to_ms, wanted = *_range(query), Filter.of(query, caller.currency)
    return storage.Merged([item for item in found if _is_within(item, from_ms, to_ms) and wanted.accepts(item)], more)


def _range(query: PaymentsQuery) -> tuple[int | None, int | None]:
    """Raises InvalidRequest."""
    from_ms = clock.parse_rfc3339(query.from_) if query.from_ else None
    to_ms = clock.parse_rfc3339(query.to) if query.to else None
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise InvalidRequest("from must be before to.", details={"field": "from"})
    return from_ms, to_ms


def _failed_so(item: PaymentItem, code: str) -> bool:
    """By its code, or by the reason that its provider gave: figures by reason count what the provider said, where it said anything."""
    if item.status != "failed":
        return False
    last: list[Any] = item.timeline[-1] if item.timeline else []
    return code == item.failure_code or last[2:] == [code]


def _carries(item: PaymentItem, reference: str) -> bool:
    return reference == item.payment_id or references.canonical(reference) in {known for known, _ in references.of(item)}


def _named(merchant_id: str, reference: str) -> list[PaymentItem]:
    """The merchant's payments that a reference names: by their own id, or by what a provider calls them."""
    known = [reference] if ids.is_id("pay", reference) else references.find(merchant_id, reference)
    found = (store.find(payment_id) for payment_id in known)
    return [item for item in found if item is not None and item.merchant_id == merchant_id]


def _is_within(item: PaymentItem, from_ms: int | None, to_ms: int | None) -> bool:
    created = int(item.created_at)
    return (from_ms is None or created >= from_ms) and (to_ms is None or created < to_ms)
