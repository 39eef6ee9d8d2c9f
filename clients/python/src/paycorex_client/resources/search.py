"""Search. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Search:
    """Search."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find(self, *, q: str, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> models.SearchView:
        """Find records of any kind by one text: each kind is shown to those whose scopes show it.

        q: What to look for: the id of any record, a reference of yours or of a provider, a UPI `tr`, an amount such as
        `1,250.75` or `USD 12`, the last four digits of a card, a customer's e-mail address, a user, a value of a payment's
        metadata. Compared whole; amounts, users and metadata without regard to case.
        limit: At most so many items.
        """
        call = Call("GET", "/v1/search", query=given({"q": q, "limit": limit}), timeout=timeout)
        return self._transport.answer(call, {200: models.SearchView})


class AsyncSearch:
    """Search."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def find(self, *, q: str, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> models.SearchView:
        """Find records of any kind by one text: each kind is shown to those whose scopes show it.

        q: What to look for: the id of any record, a reference of yours or of a provider, a UPI `tr`, an amount such as
        `1,250.75` or `USD 12`, the last four digits of a card, a customer's e-mail address, a user, a value of a payment's
        metadata. Compared whole; amounts, users and metadata without regard to case.
        limit: At most so many items.
        """
        call = Call("GET", "/v1/search", query=given({"q": q, "limit": limit}), timeout=timeout)
        return await self._transport.answer(call, {200: models.SearchView})
