"""Processors. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Processors:
    """Processors."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.ProcessorView]:
        """Processors by which merchants may be paid, by name.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/processors", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.ProcessorView)

    def get(self, name: str, *, timeout: float | None = None) -> models.ProcessorView:
        """One processor."""
        call = Call("GET", f"/v1/processors/{segment(name)}", timeout=timeout)
        return self._transport.answer(call, {200: models.ProcessorView})


class AsyncProcessors:
    """Processors."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.ProcessorView]:
        """Processors by which merchants may be paid, by name.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/processors", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.ProcessorView)

    async def get(self, name: str, *, timeout: float | None = None) -> models.ProcessorView:
        """One processor."""
        call = Call("GET", f"/v1/processors/{segment(name)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.ProcessorView})
