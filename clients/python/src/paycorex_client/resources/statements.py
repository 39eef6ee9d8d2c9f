"""Statements. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Statements:
    """Statements."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        month: str,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> models.StatementView:
        """What the merchant's account held and what moved it, in one month and currency. With each movement: as CSV, PDF or
        camt.053.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call(
            "GET", "/v1/statements", query=given({"limit": limit, "cursor": cursor, "month": month, "currency": currency}), timeout=timeout
        )
        return self._transport.answer(call, {200: models.StatementView})

    def get_camt053(self, *, month: str, currency: str | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Content:
        """What the merchant's account held and what moved it, in one month and currency, as ISO 20022 camt.053.001.08.

        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call("GET", "/v1/statements/camt053", query=given({"month": month, "currency": currency}), timeout=timeout)
        return self._transport.content(call)

    def get_csv(
        self,
        *,
        month: str,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """What the merchant's account held and what moved it, in one month and currency, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call(
            "GET",
            "/v1/statements/csv",
            query=given({"limit": limit, "cursor": cursor, "month": month, "currency": currency}),
            timeout=timeout,
        )
        return self._transport.content(call)

    def get_pdf(self, *, month: str, currency: str | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Content:
        """What the merchant's account held and what moved it, in one month and currency, as PDF.

        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call("GET", "/v1/statements/pdf", query=given({"month": month, "currency": currency}), timeout=timeout)
        return self._transport.content(call)


class AsyncStatements:
    """Statements."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(
        self,
        *,
        month: str,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> models.StatementView:
        """What the merchant's account held and what moved it, in one month and currency. With each movement: as CSV, PDF or
        camt.053.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call(
            "GET", "/v1/statements", query=given({"limit": limit, "cursor": cursor, "month": month, "currency": currency}), timeout=timeout
        )
        return await self._transport.answer(call, {200: models.StatementView})

    async def get_camt053(self, *, month: str, currency: str | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Content:
        """What the merchant's account held and what moved it, in one month and currency, as ISO 20022 camt.053.001.08.

        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call("GET", "/v1/statements/camt053", query=given({"month": month, "currency": currency}), timeout=timeout)
        return await self._transport.content(call)

    async def get_csv(
        self,
        *,
        month: str,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """What the merchant's account held and what moved it, in one month and currency, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call(
            "GET",
            "/v1/statements/csv",
            query=given({"limit": limit, "cursor": cursor, "month": month, "currency": currency}),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def get_pdf(self, *, month: str, currency: str | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Content:
        """What the merchant's account held and what moved it, in one month and currency, as PDF.

        month: The month, in UTC, such as 2026-11.
        currency: The currency; the merchant's own unless given.
        """
        call = Call("GET", "/v1/statements/pdf", query=given({"month": month, "currency": currency}), timeout=timeout)
        return await self._transport.content(call)
