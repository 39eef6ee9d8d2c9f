"""Deliveries. Generated from the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Deliveries:
    """Deliveries."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        payment_id: str | None | NotGiven = NOT_GIVEN,
        status: Literal["pending", "retrying", "sent", "failed"] | None | NotGiven = NOT_GIVEN,
        endpoint_id: str | None | NotGiven = NOT_GIVEN,
        event_id: str | None | NotGiven = NOT_GIVEN,
        event: str | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.DeliveryView]:
        """The delivery log, newest first.

        An iterator that asks for the pages.
        """
        call = Call(
            "GET",
            "/v1/webhooks/deliveries",
            query=given(
                {
                    "limit": limit,
                    "payment_id": payment_id,
                    "status": status,
                    "endpoint_id": endpoint_id,
                    "event_id": event_id,
                    "event": event,
                }
            ),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.DeliveryView)

    def get(self, delivery_id: str, *, timeout: float | None = None) -> models.DeliveryView:
        """One delivery with its attempts."""
        call = Call("GET", f"/v1/webhooks/deliveries/{segment(delivery_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.DeliveryView})

    def redeliver(self, delivery_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.DeliveryView:
        """Send one delivery again, with the same event id."""
        call = Call("POST", f"/v1/webhooks/deliveries/{segment(delivery_id)}/redeliver", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.DeliveryView})

    def replay(
        self,
        *,
        from_: Moment,
        to: Moment,
        endpoint_id: str | None | NotGiven = NOT_GIVEN,
        events: Sequence[str] | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.webhooks__recovery__replays__ReplayView:
        """Send the events of a range of time again."""
        call = Call(
            "POST",
            "/v1/webhooks/replay",
            body=given({"endpoint_id": endpoint_id, "events": events, "from": from_, "to": to}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {202: models.webhooks__recovery__replays__ReplayView})


class AsyncDeliveries:
    """Deliveries."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        payment_id: str | None | NotGiven = NOT_GIVEN,
        status: Literal["pending", "retrying", "sent", "failed"] | None | NotGiven = NOT_GIVEN,
        endpoint_id: str | None | NotGiven = NOT_GIVEN,
        event_id: str | None | NotGiven = NOT_GIVEN,
        event: str | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.DeliveryView]:
        """The delivery log, newest first.

        An iterator that asks for the pages.
        """
        call = Call(
            "GET",
            "/v1/webhooks/deliveries",
            query=given(
                {
                    "limit": limit,
                    "payment_id": payment_id,
                    "status": status,
                    "endpoint_id": endpoint_id,
                    "event_id": event_id,
                    "event": event,
                }
            ),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.DeliveryView)

    async def get(self, delivery_id: str, *, timeout: float | None = None) -> models.DeliveryView:
        """One delivery with its attempts."""
        call = Call("GET", f"/v1/webhooks/deliveries/{segment(delivery_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.DeliveryView})

    async def redeliver(self, delivery_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.DeliveryView:
        """Send one delivery again, with the same event id."""
        call = Call("POST", f"/v1/webhooks/deliveries/{segment(delivery_id)}/redeliver", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.DeliveryView})

    async def replay(
        self,
        *,
        from_: Moment,
        to: Moment,
        endpoint_id: str | None | NotGiven = NOT_GIVEN,
        events: Sequence[str] | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.webhooks__recovery__replays__ReplayView:
        """Send the events of a range of time again."""
        call = Call(
            "POST",
            "/v1/webhooks/replay",
            body=given({"endpoint_id": endpoint_id, "events": events, "from": from_, "to": to}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {202: models.webhooks__recovery__replays__ReplayView})
