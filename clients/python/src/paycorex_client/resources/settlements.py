"""Settlements. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


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
        """Payouts of providers by filter, newest first; as CSV too, where a header X-Next-Cursor says that there is more.

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
        """Payouts of providers by filter, newest first; as CSV too, where a header X-Next-Cursor says that there is more.

        As csv, a page of it where there are pages; `next_cursor` continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        provider: Only payouts of this connector.
        state: Only settlements in this state.
        """
        call = Call(
            "GET",
            "/v1/settlements",
            query=given({"limit": limit, "cursor": cursor, "provider": provider, "state": state, "format": "csv"}),
            timeout=timeout,
        )
        return self._transport.content(call)

    def get(self, settlement_id: str, *, timeout: float | None = None) -> models.SettlementView:
        """One payout of a provider, with sums over its lines and its journals."""
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.SettlementView})

    def items(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> Pages[models.SettlementLineView]:
        """The lines of a settlement, oldest first; as CSV too, where a header X-Next-Cursor says that there is more.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}/items", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.SettlementLineView)

    def items_csv(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, cursor: str | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> Content:
        """The lines of a settlement, oldest first; as CSV too, where a header X-Next-Cursor says that there is more.

        As csv, a page of it where there are pages; `next_cursor` continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        """
        call = Call(
            "GET",
            f"/v1/settlements/{segment(settlement_id)}/items",
            query=given({"limit": limit, "cursor": cursor, "format": "csv"}),
            timeout=timeout,
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
        """Payouts of providers by filter, newest first; as CSV too, where a header X-Next-Cursor says that there is more.

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
        """Payouts of providers by filter, newest first; as CSV too, where a header X-Next-Cursor says that there is more.

        As csv, a page of it where there are pages; `next_cursor` continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        provider: Only payouts of this connector.
        state: Only settlements in this state.
        """
        call = Call(
            "GET",
            "/v1/settlements",
            query=given({"limit": limit, "cursor": cursor, "provider": provider, "state": state, "format": "csv"}),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def get(self, settlement_id: str, *, timeout: float | None = None) -> models.SettlementView:
        """One payout of a provider, with sums over its lines and its journals."""
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.SettlementView})

    def items(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.SettlementLineView]:
        """The lines of a settlement, oldest first; as CSV too, where a header X-Next-Cursor says that there is more.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/settlements/{segment(settlement_id)}/items", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.SettlementLineView)

    async def items_csv(
        self, settlement_id: str, *, limit: int | NotGiven = NOT_GIVEN, cursor: str | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> Content:
        """The lines of a settlement, oldest first; as CSV too, where a header X-Next-Cursor says that there is more.

        As csv, a page of it where there are pages; `next_cursor` continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        """
        call = Call(
            "GET",
            f"/v1/settlements/{segment(settlement_id)}/items",
            query=given({"limit": limit, "cursor": cursor, "format": "csv"}),
            timeout=timeout,
        )
        return await self._transport.content(call)
