"""Events. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.events import Event
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
        after: str | NotGiven = NOT_GIVEN,
        event: Literal[
            "payment.created",
            "payment.processing",
            "payment.success",
            "payment.failed",
            "payment.expired",
            "payment.late_money",
            "payment.contradicted",
            "payment.disputed",
            "payment.authorized",
            "payment.captured",
            "payment.voided",
            "payment.released",
            "payment.reviewed",
            "authorization.expiring",
            "authorization.expired",
            "refund.created",
            "refund.external",
            "refund.success",
            "refund.failed",
            "dispute.created",
            "dispute.updated",
            "dispute.closed",
            "dispute.double_loss",
            "settlement.reconciled",
            "reconciliation.exception",
            "wallet.topup",
            "crypto.detected",
            "crypto.confirmed",
            "crypto.reorged",
            "checkout.created",
            "checkout.paid",
            "checkout.expired",
            "token.created",
            "token.deleted",
            "apikey.rotated",
            "webhook.disabled",
            "webhook.test",
        ]
        | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[Event]:
        """Events of what the key may read: newest first, or with `after` what followed that event, oldest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        after: List what comes after this id.
        event: The event's name.
        """
        call = Call("GET", "/v1/events", query=given({"limit": limit, "after": after, "event": event}), timeout=timeout)
        return Pages(self._transport, call, Event)

    def get(self, event_id: str, *, timeout: float | None = None) -> Event:
        """One event: what its webhooks carried."""
        call = Call("GET", f"/v1/events/{segment(event_id)}", timeout=timeout)
        return self._transport.answer(call, {200: Event})


class AsyncEvents:
    """Events."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        after: str | NotGiven = NOT_GIVEN,
        event: Literal[
            "payment.created",
            "payment.processing",
            "payment.success",
            "payment.failed",
            "payment.expired",
            "payment.late_money",
            "payment.contradicted",
            "payment.disputed",
            "payment.authorized",
            "payment.captured",
            "payment.voided",
            "payment.released",
            "payment.reviewed",
            "authorization.expiring",
            "authorization.expired",
            "refund.created",
            "refund.external",
            "refund.success",
            "refund.failed",
            "dispute.created",
            "dispute.updated",
            "dispute.closed",
            "dispute.double_loss",
            "settlement.reconciled",
            "reconciliation.exception",
            "wallet.topup",
            "crypto.detected",
            "crypto.confirmed",
            "crypto.reorged",
            "checkout.created",
            "checkout.paid",
            "checkout.expired",
            "token.created",
            "token.deleted",
            "apikey.rotated",
            "webhook.disabled",
            "webhook.test",
        ]
        | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[Event]:
        """Events of what the key may read: newest first, or with `after` what followed that event, oldest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        after: List what comes after this id.
        event: The event's name.
        """
        call = Call("GET", "/v1/events", query=given({"limit": limit, "after": after, "event": event}), timeout=timeout)
        return AsyncPages(self._transport, call, Event)

    async def get(self, event_id: str, *, timeout: float | None = None) -> Event:
        """One event: what its webhooks carried."""
        call = Call("GET", f"/v1/events/{segment(event_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: Event})
