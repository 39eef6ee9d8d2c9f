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
        payment_id: str | NotGiven = NOT_GIVEN,
        status: Literal["pending", "retrying", "sent", "failed"] | NotGiven = NOT_GIVEN,
        endpoint_id: str | NotGiven = NOT_GIVEN,
        event_id: str | NotGiven = NOT_GIVEN,
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
    ) -> Pages[models.DeliveryView]:
        """The delivery log, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        payment_id: The id of the payment.
        status: Where it stands.
        endpoint_id: The id of the webhook endpoint.
        event_id: The id of the event.
        event: The event's name.
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
        endpoint_id: str | NotGiven | None = NOT_GIVEN,
        events: Sequence[
            Literal[
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
        ]
        | NotGiven
        | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ReplayView:
        """Send the events of a range of time again.

        endpoint_id: The id of the webhook endpoint.
        events: Only events of these names. Default: all.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "POST",
            "/v1/webhooks/replay",
            body=given({"endpoint_id": endpoint_id, "events": events, "from": from_, "to": to}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {202: models.ReplayView})


class AsyncDeliveries:
    """Deliveries."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        status: Literal["pending", "retrying", "sent", "failed"] | NotGiven = NOT_GIVEN,
        endpoint_id: str | NotGiven = NOT_GIVEN,
        event_id: str | NotGiven = NOT_GIVEN,
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
    ) -> AsyncPages[models.DeliveryView]:
        """The delivery log, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        payment_id: The id of the payment.
        status: Where it stands.
        endpoint_id: The id of the webhook endpoint.
        event_id: The id of the event.
        event: The event's name.
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
        endpoint_id: str | NotGiven | None = NOT_GIVEN,
        events: Sequence[
            Literal[
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
        ]
        | NotGiven
        | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ReplayView:
        """Send the events of a range of time again.

        endpoint_id: The id of the webhook endpoint.
        events: Only events of these names. Default: all.
        from_: Start of the time, inclusive: RFC 3339.
        to: End of the time, exclusive: RFC 3339.
        """
        call = Call(
            "POST",
            "/v1/webhooks/replay",
            body=given({"endpoint_id": endpoint_id, "events": events, "from": from_, "to": to}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {202: models.ReplayView})
