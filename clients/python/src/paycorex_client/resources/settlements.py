"""Settlements. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Settlements:
    """Settlements."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        state: Literal["reading", "booked", "reconciled", "exception"] | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.SettlementView]:
        """Payouts of providers by filter, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        provider: Only payouts of this connector.
        state: Only settlements in this state.
        """
        call = Call("GET", "/v1/settlements", query=given({"limit": limit, "provider": provider, "state": state}), timeout=timeout)
        return Pages(self._transport, call, models.SettlementView)

    def list_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        state: Literal["reading", "booked", "reconciled", "exception"] | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Payouts of providers by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        provider: Only payouts of this connector.
        state: Only settlements in this state.
        """
        call = Call(
            "GET",
            "/v1/settlements/csv",
            query=given({"limit": limit, "cursor": cursor, "provider": provider, "state": state}),
            timeout=timeout,
        )
        return self._transport.content(call)

    def start_import(
        self,
        *,
        source: str,
        dry_run: bool | NotGiven = NOT_GIVEN,
        format: Literal["csv", "stripe", "razorpay", "adyen", "paypal", "cashfree", "camt053", "mt940", "bai2", "ofx"]
        | NotGiven
        | None = NOT_GIVEN,
        from_: Moment | NotGiven | None = NOT_GIVEN,
        mapping: Mapping[str, Any] | NotGiven | None = NOT_GIVEN,
        sha256: str | NotGiven | None = NOT_GIVEN,
        size: int | NotGiven | None = NOT_GIVEN,
        to: Moment | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.BegunImport:
        """Announce a provider's report and get a link to put it to; it is read from then on, line by line.

        dry_run: The file is read and judged, and nothing is stored or booked. Default: false.
        format: A ready format, or `csv` with a mapping; of a bank `camt053`, `mt940`, `bai2`, `ofx` or `csv`.
        from_: By the provider's API: beginning of the time in which payouts were made, RFC 3339.
        mapping: How a `csv` is read: `columns`, `kinds` and more (docs/settlements.md). Kept for the source, and used where
        an import gives none.
        sha256: SHA-256 of the file, in hexadecimal digits.
        size: The file's size in bytes.
        source: The connector whose report it is, or `bank` for a bank's statement.
        to: End of that time, exclusive.
        """
        call = Call(
            "POST",
            "/v1/settlements/import",
            body=given(
                {
                    "dry_run": dry_run,
                    "format": format,
                    "from": from_,
                    "mapping": mapping,
                    "sha256": sha256,
                    "size": size,
                    "source": source,
                    "to": to,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.BegunImport})

    def get_import(self, import_id: str, *, timeout: float | None = None) -> models.SettlementImportView:
        """How far an import was read, and which lines were refused."""
        call = Call("GET", f"/v1/settlements/imports/{segment(import_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.SettlementImportView})

    def get(self, settlement_id: str, *, timeout: float | None = None) -> models.SettlementView:
        """One payout of a provider, with sums over its lines and its journals."""
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.SettlementView})

    def items(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> Pages[models.SettlementLineView]:
        """The lines of a settlement, oldest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}/items", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.SettlementLineView)

    def items_csv(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, cursor: str | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> Content:
        """The lines of a settlement, oldest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        """
        call = Call(
            "GET", f"/v1/settlements/{segment(settlement_id)}/items/csv", query=given({"limit": limit, "cursor": cursor}), timeout=timeout
        )
        return self._transport.content(call)


class AsyncSettlements:
    """Settlements."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        state: Literal["reading", "booked", "reconciled", "exception"] | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.SettlementView]:
        """Payouts of providers by filter, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        provider: Only payouts of this connector.
        state: Only settlements in this state.
        """
        call = Call("GET", "/v1/settlements", query=given({"limit": limit, "provider": provider, "state": state}), timeout=timeout)
        return AsyncPages(self._transport, call, models.SettlementView)

    async def list_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        provider: str | NotGiven = NOT_GIVEN,
        state: Literal["reading", "booked", "reconciled", "exception"] | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Payouts of providers by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        provider: Only payouts of this connector.
        state: Only settlements in this state.
        """
        call = Call(
            "GET",
            "/v1/settlements/csv",
            query=given({"limit": limit, "cursor": cursor, "provider": provider, "state": state}),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def start_import(
        self,
        *,
        source: str,
        dry_run: bool | NotGiven = NOT_GIVEN,
        format: Literal["csv", "stripe", "razorpay", "adyen", "paypal", "cashfree", "camt053", "mt940", "bai2", "ofx"]
        | NotGiven
        | None = NOT_GIVEN,
        from_: Moment | NotGiven | None = NOT_GIVEN,
        mapping: Mapping[str, Any] | NotGiven | None = NOT_GIVEN,
        sha256: str | NotGiven | None = NOT_GIVEN,
        size: int | NotGiven | None = NOT_GIVEN,
        to: Moment | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.BegunImport:
        """Announce a provider's report and get a link to put it to; it is read from then on, line by line.

        dry_run: The file is read and judged, and nothing is stored or booked. Default: false.
        format: A ready format, or `csv` with a mapping; of a bank `camt053`, `mt940`, `bai2`, `ofx` or `csv`.
        from_: By the provider's API: beginning of the time in which payouts were made, RFC 3339.
        mapping: How a `csv` is read: `columns`, `kinds` and more (docs/settlements.md). Kept for the source, and used where
        an import gives none.
        sha256: SHA-256 of the file, in hexadecimal digits.
        size: The file's size in bytes.
        source: The connector whose report it is, or `bank` for a bank's statement.
        to: End of that time, exclusive.
        """
        call = Call(
            "POST",
            "/v1/settlements/import",
            body=given(
                {
                    "dry_run": dry_run,
                    "format": format,
                    "from": from_,
                    "mapping": mapping,
                    "sha256": sha256,
                    "size": size,
                    "source": source,
                    "to": to,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.BegunImport})

    async def get_import(self, import_id: str, *, timeout: float | None = None) -> models.SettlementImportView:
        """How far an import was read, and which lines were refused."""
        call = Call("GET", f"/v1/settlements/imports/{segment(import_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.SettlementImportView})

    async def get(self, settlement_id: str, *, timeout: float | None = None) -> models.SettlementView:
        """One payout of a provider, with sums over its lines and its journals."""
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.SettlementView})

    def items(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.SettlementLineView]:
        """The lines of a settlement, oldest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}/items", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.SettlementLineView)

    async def items_csv(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, cursor: str | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> Content:
        """The lines of a settlement, oldest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        """
        call = Call(
            "GET", f"/v1/settlements/{segment(settlement_id)}/items/csv", query=given({"limit": limit, "cursor": cursor}), timeout=timeout
        )
        return await self._transport.content(call)
