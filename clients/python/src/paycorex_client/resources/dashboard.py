"""Dashboard. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, Moment, NotGiven, given


class Dashboard:
    """Dashboard."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ledgers(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        entity: Literal[
            "merchant", "wallet", "clearing", "suspense", "fees", "tax", "platform_fees", "hold", "disputed", "bank_in_transit", "bank"
        ]
        | NotGiven = NOT_GIVEN,
        entity_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.EntryView]:
        """Ledger entries of the merchant or of one of its accounts, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        entity: The kind of ledger account.
        entity_id: Whose account it is.
        currency: ISO 4217, in capitals.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/ledgers",
            query=given({"limit": limit, "entity": entity, "entity_id": entity_id, "currency": currency, "from": from_, "to": to}),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.EntryView)

    def ledgers_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        entity: Literal[
            "merchant", "wallet", "clearing", "suspense", "fees", "tax", "platform_fees", "hold", "disputed", "bank_in_transit", "bank"
        ]
        | NotGiven = NOT_GIVEN,
        entity_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Ledger entries of the merchant or of one of its accounts, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        entity: The kind of ledger account.
        entity_id: Whose account it is.
        currency: ISO 4217, in capitals.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/ledgers/csv",
            query=given(
                {"limit": limit, "cursor": cursor, "entity": entity, "entity_id": entity_id, "currency": currency, "from": from_, "to": to}
            ),
            timeout=timeout,
        )
        return self._transport.content(call)

    def money(self, *, currency: str | NotGiven = NOT_GIVEN, timeout: float | None = None) -> models.MoneyView:
        """Where the money is now: available, with providers, on its way to the bank, held.

        currency: ISO 4217, in capitals.
        """
        call = Call("GET", "/v1/dashboard/money", query=given({"currency": currency}), timeout=timeout)
        return self._transport.answer(call, {200: models.MoneyView})

    def payment_sums(
        self,
        *,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> models.PaymentSums:
        """Count and sums of the payments that a filter finds: of the newest 2,000 that it looks at, and whether that is all.

        status: Where it stands.
        method: How it is paid.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: The provider that took part; null where none did.
        failure_code: Why it failed, as a stable code; null when it did not.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/payment_sums",
            query=given(
                {
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentSums})

    def payments(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.PaymentView]:
        """Payments by filter, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        status: Where it stands.
        method: How it is paid.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: The provider that took part; null where none did.
        failure_code: Why it failed, as a stable code; null when it did not.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/payments",
            query=given(
                {
                    "limit": limit,
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.PaymentView)

    def payments_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Payments by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        status: Where it stands.
        method: How it is paid.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: The provider that took part; null where none did.
        failure_code: Why it failed, as a stable code; null when it did not.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/payments/csv",
            query=given(
                {
                    "limit": limit,
                    "cursor": cursor,
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return self._transport.content(call)

    def stats(
        self,
        *,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        timezone: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> models.StatsView:
        """Volume, counts, success rate, refunds and balance of a period, by method and by day.

        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        currency: Only this currency. Default: the merchant's.
        timezone: The time zone by which days are cut (IANA), such as `Asia/Kolkata`.
        """
        call = Call(
            "GET",
            "/v1/dashboard/stats",
            query=given({"from": from_, "to": to, "currency": currency, "timezone": timezone}),
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.StatsView})


class AsyncDashboard:
    """Dashboard."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def ledgers(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        entity: Literal[
            "merchant", "wallet", "clearing", "suspense", "fees", "tax", "platform_fees", "hold", "disputed", "bank_in_transit", "bank"
        ]
        | NotGiven = NOT_GIVEN,
        entity_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.EntryView]:
        """Ledger entries of the merchant or of one of its accounts, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        entity: The kind of ledger account.
        entity_id: Whose account it is.
        currency: ISO 4217, in capitals.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/ledgers",
            query=given({"limit": limit, "entity": entity, "entity_id": entity_id, "currency": currency, "from": from_, "to": to}),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.EntryView)

    async def ledgers_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        entity: Literal[
            "merchant", "wallet", "clearing", "suspense", "fees", "tax", "platform_fees", "hold", "disputed", "bank_in_transit", "bank"
        ]
        | NotGiven = NOT_GIVEN,
        entity_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Ledger entries of the merchant or of one of its accounts, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        entity: The kind of ledger account.
        entity_id: Whose account it is.
        currency: ISO 4217, in capitals.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/ledgers/csv",
            query=given(
                {"limit": limit, "cursor": cursor, "entity": entity, "entity_id": entity_id, "currency": currency, "from": from_, "to": to}
            ),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def money(self, *, currency: str | NotGiven = NOT_GIVEN, timeout: float | None = None) -> models.MoneyView:
        """Where the money is now: available, with providers, on its way to the bank, held.

        currency: ISO 4217, in capitals.
        """
        call = Call("GET", "/v1/dashboard/money", query=given({"currency": currency}), timeout=timeout)
        return await self._transport.answer(call, {200: models.MoneyView})

    async def payment_sums(
        self,
        *,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> models.PaymentSums:
        """Count and sums of the payments that a filter finds: of the newest 2,000 that it looks at, and whether that is all.

        status: Where it stands.
        method: How it is paid.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: The provider that took part; null where none did.
        failure_code: Why it failed, as a stable code; null when it did not.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/payment_sums",
            query=given(
                {
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentSums})

    def payments(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.PaymentView]:
        """Payments by filter, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        status: Where it stands.
        method: How it is paid.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: The provider that took part; null where none did.
        failure_code: Why it failed, as a stable code; null when it did not.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/payments",
            query=given(
                {
                    "limit": limit,
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.PaymentView)

    async def payments_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven = NOT_GIVEN,
        user_id: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        reference: str | NotGiven = NOT_GIVEN,
        qr_code_id: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        failure_code: str | NotGiven = NOT_GIVEN,
        min_amount: Amount | NotGiven = NOT_GIVEN,
        max_amount: Amount | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Payments by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        status: Where it stands.
        method: How it is paid.
        capture_method: `manual` when the merchant captures what was authorized; else `automatic`.
        user_id: The merchant's own name for its user.
        currency: ISO 4217, in capitals.
        reference: The merchant's own name for it, such as an order number.
        qr_code_id: The id of the code on a counter; null for a payment that was not made by one.
        provider: The provider that took part; null where none did.
        failure_code: Why it failed, as a stable code; null when it did not.
        min_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        max_amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "GET",
            "/v1/dashboard/payments/csv",
            query=given(
                {
                    "limit": limit,
                    "cursor": cursor,
                    "status": status,
                    "method": method,
                    "capture_method": capture_method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "qr_code_id": qr_code_id,
                    "provider": provider,
                    "failure_code": failure_code,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def stats(
        self,
        *,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        timezone: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> models.StatsView:
        """Volume, counts, success rate, refunds and balance of a period, by method and by day.

        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        currency: Only this currency. Default: the merchant's.
        timezone: The time zone by which days are cut (IANA), such as `Asia/Kolkata`.
        """
        call = Call(
            "GET",
            "/v1/dashboard/stats",
            query=given({"from": from_, "to": to, "currency": currency, "timezone": timezone}),
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.StatsView})
