"""Requests. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Requests:
    """Requests."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        status: str | NotGiven = NOT_GIVEN,
        key_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.RequestView]:
        """The merchant's own requests of the last thirty days, newest first. One is listed some seconds after its answer.

        An iterator that asks for the pages.

        limit: At most so many items.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        status: An HTTP status, or a class of them such as `4xx`.
        key_id: The id of the API key.
        """
        call = Call(
            "GET",
            "/v1/requests",
            query=given({"limit": limit, "from": from_, "to": to, "status": status, "key_id": key_id}),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.RequestView)


class AsyncRequests:
    """Requests."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        status: str | NotGiven = NOT_GIVEN,
        key_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.RequestView]:
        """The merchant's own requests of the last thirty days, newest first. One is listed some seconds after its answer.

        An iterator that asks for the pages.

        limit: At most so many items.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        status: An HTTP status, or a class of them such as `4xx`.
        key_id: The id of the API key.
        """
        call = Call(
            "GET",
            "/v1/requests",
            query=given({"limit": limit, "from": from_, "to": to, "status": status, "key_id": key_id}),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.RequestView)
