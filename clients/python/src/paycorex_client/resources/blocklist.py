"""Blocklist. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Blocklist:
    """Blocklist."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        kind: Literal["ip", "card", "customer", "email"] | NotGiven = NOT_GIVEN,
        value: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.BlocklistView]:
        """What is blocked; with `kind` and `value`, whether that is.

        An iterator that asks for the pages.

        limit: At most so many items.
        kind: With `value`: whether that is blocked.
        value: With `kind`: whether that is blocked.
        """
        call = Call("GET", "/v1/blocklist", query=given({"limit": limit, "kind": kind, "value": value}), timeout=timeout)
        return Pages(self._transport, call, models.BlocklistView)

    def block(
        self,
        *,
        kind: Literal["ip", "card", "customer", "email"],
        value: str,
        expires_at: Moment | NotGiven | None = NOT_GIVEN,
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.BlocklistView:
        """Block a card, a bank's cards, an address, a customer or an e-mail address, for good or until a time.

        expires_at: Until when, in UTC; without it for good.
        kind: What is blocked: `ip`, `card`, `customer` or `email`.
        reason: Why, for those who read the list.
        value: An IP address (of IPv6 its /64 is blocked), the fingerprint of a card's token, a user's id, or an e-mail
        address. Kept as a keyed hash where it says who a person is.
        """
        call = Call(
            "POST",
            "/v1/blocklist",
            body=given({"expires_at": expires_at, "kind": kind, "reason": reason, "value": value}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.BlocklistView})

    def unblock(self, entry_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.BlocklistView:
        """Remove an entry: its value may pay again."""
        call = Call("DELETE", f"/v1/blocklist/{segment(entry_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.BlocklistView})


class AsyncBlocklist:
    """Blocklist."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        kind: Literal["ip", "card", "customer", "email"] | NotGiven = NOT_GIVEN,
        value: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.BlocklistView]:
        """What is blocked; with `kind` and `value`, whether that is.

        An iterator that asks for the pages.

        limit: At most so many items.
        kind: With `value`: whether that is blocked.
        value: With `kind`: whether that is blocked.
        """
        call = Call("GET", "/v1/blocklist", query=given({"limit": limit, "kind": kind, "value": value}), timeout=timeout)
        return AsyncPages(self._transport, call, models.BlocklistView)

    async def block(
        self,
        *,
        kind: Literal["ip", "card", "customer", "email"],
        value: str,
        expires_at: Moment | NotGiven | None = NOT_GIVEN,
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.BlocklistView:
        """Block a card, a bank's cards, an address, a customer or an e-mail address, for good or until a time.

        expires_at: Until when, in UTC; without it for good.
        kind: What is blocked: `ip`, `card`, `customer` or `email`.
        reason: Why, for those who read the list.
        value: An IP address (of IPv6 its /64 is blocked), the fingerprint of a card's token, a user's id, or an e-mail
        address. Kept as a keyed hash where it says who a person is.
        """
        call = Call(
            "POST",
            "/v1/blocklist",
            body=given({"expires_at": expires_at, "kind": kind, "reason": reason, "value": value}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.BlocklistView})

    async def unblock(self, entry_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.BlocklistView:
        """Remove an entry: its value may pay again."""
        call = Call("DELETE", f"/v1/blocklist/{segment(entry_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.BlocklistView})
