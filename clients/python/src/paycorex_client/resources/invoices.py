"""Invoices. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Invoices:
    """Invoices."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.Invoice]:
        """Invoices of what the operator charged, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/invoices", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.Invoice)

    def get(self, number: str, *, timeout: float | None = None) -> models.Invoice:
        """One invoice."""
        call = Call("GET", f"/v1/invoices/{segment(number)}", timeout=timeout)
        return self._transport.answer(call, {200: models.Invoice})

    def get_csv(self, number: str, *, timeout: float | None = None) -> Content:
        """One invoice, as CSV."""
        call = Call("GET", f"/v1/invoices/{segment(number)}/csv", timeout=timeout)
        return self._transport.content(call)

    def get_pdf(self, number: str, *, timeout: float | None = None) -> Content:
        """One invoice, as PDF."""
        call = Call("GET", f"/v1/invoices/{segment(number)}/pdf", timeout=timeout)
        return self._transport.content(call)


class AsyncInvoices:
    """Invoices."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.Invoice]:
        """Invoices of what the operator charged, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/invoices", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.Invoice)

    async def get(self, number: str, *, timeout: float | None = None) -> models.Invoice:
        """One invoice."""
        call = Call("GET", f"/v1/invoices/{segment(number)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.Invoice})

    async def get_csv(self, number: str, *, timeout: float | None = None) -> Content:
        """One invoice, as CSV."""
        call = Call("GET", f"/v1/invoices/{segment(number)}/csv", timeout=timeout)
        return await self._transport.content(call)

    async def get_pdf(self, number: str, *, timeout: float | None = None) -> Content:
        """One invoice, as PDF."""
        call = Call("GET", f"/v1/invoices/{segment(number)}/pdf", timeout=timeout)
        return await self._transport.content(call)
