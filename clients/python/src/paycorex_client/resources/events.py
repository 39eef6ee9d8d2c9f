"""Events. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Events:
    """Events."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        after: str | None | NotGiven = NOT_GIVEN,
        event: str | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.EventView]:
        """Events of what the key may read: newest first, or with `after` what followed that event, oldest first.

        An iterator that asks for the pages.
        """
        call = Call("GET", "/v1/events", query=given({"limit": limit, "after": after, "event": event}), timeout=timeout)
        return Pages(self._transport, call, models.EventView)


class AsyncEvents:
    """Events."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        after: str | None | NotGiven = NOT_GIVEN,
        event: str | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.EventView]:
        """Events of what the key may read: newest first, or with `after` what followed that event, oldest first.

        An iterator that asks for the pages.
        """
        call = Call("GET", "/v1/events", query=given({"limit": limit, "after": after, "event": event}), timeout=timeout)
        return AsyncPages(self._transport, call, models.EventView)
