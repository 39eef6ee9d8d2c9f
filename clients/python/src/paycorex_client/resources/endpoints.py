"""Endpoints. Generated from the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Endpoints:
    """Endpoints."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.EndpointView]:
        """The merchant's endpoints, newest first, without their secrets.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/webhooks/provider", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.EndpointView)

    def create(
        self,
        *,
        bus_arn: str | NotGiven | None = NOT_GIVEN,
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
                "*",
            ]
        ]
        | NotGiven
        | None = NOT_GIVEN,
        kind: Literal["https", "eventbridge"] | NotGiven | None = NOT_GIVEN,
        url: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.SecretView:
        """Register an endpoint; its secret is in this answer only.

        bus_arn: The ARN of an event bus of Amazon EventBridge, called `paycorex-` and the merchant's id, in the region of
        this API.
        events: Names of events; `*` stands for all.
        kind: A URL (`https`, the default), or an event bus of Amazon EventBridge.
        url: An https address.
        """
        call = Call(
            "POST",
            "/v1/webhooks/provider",
            body=given({"bus_arn": bus_arn, "events": events, "kind": kind, "url": url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.SecretView})

    def delete(self, endpoint_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.EndpointView:
        """Remove an endpoint; its unfinished deliveries end as failed."""
        call = Call("DELETE", f"/v1/webhooks/provider/{segment(endpoint_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.EndpointView})

    def change(
        self,
        endpoint_id: str,
        *,
        bus_arn: str | NotGiven | None = NOT_GIVEN,
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
                "*",
            ]
        ]
        | NotGiven
        | None = NOT_GIVEN,
        is_active: bool | NotGiven | None = NOT_GIVEN,
        url: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.EndpointView:
        """Change URL, events or activity; activating ends an automatic disabling.

        bus_arn: The ARN of an event bus of Amazon EventBridge, called `paycorex-` and the merchant's id, in the region of
        this API.
        events: Names of events; `*` stands for all.
        is_active: Whether it is in use.
        url: An https address.
        """
        call = Call(
            "PATCH",
            f"/v1/webhooks/provider/{segment(endpoint_id)}",
            body=given({"bus_arn": bus_arn, "events": events, "is_active": is_active, "url": url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.EndpointView})

    def rotate(
        self,
        endpoint_id: str,
        *,
        overlap_seconds: int | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.SecretView:
        """Create a new secret, shown in this answer only; the earlier ones keep signing for the overlap.

        overlap_seconds: For how long both secrets sign, in seconds. Default: 86400.
        """
        call = Call(
            "POST",
            f"/v1/webhooks/provider/{segment(endpoint_id)}/rotate",
            body=given({"overlap_seconds": overlap_seconds}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.SecretView})

    def test(self, endpoint_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.DeliveryView:
        """Send `webhook.test` now; answers the delivery with the endpoint's response."""
        call = Call("POST", f"/v1/webhooks/provider/{segment(endpoint_id)}/test", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.DeliveryView})


class AsyncEndpoints:
    """Endpoints."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.EndpointView]:
        """The merchant's endpoints, newest first, without their secrets.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/webhooks/provider", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.EndpointView)

    async def create(
        self,
        *,
        bus_arn: str | NotGiven | None = NOT_GIVEN,
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
                "*",
            ]
        ]
        | NotGiven
        | None = NOT_GIVEN,
        kind: Literal["https", "eventbridge"] | NotGiven | None = NOT_GIVEN,
        url: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.SecretView:
        """Register an endpoint; its secret is in this answer only.

        bus_arn: The ARN of an event bus of Amazon EventBridge, called `paycorex-` and the merchant's id, in the region of
        this API.
        events: Names of events; `*` stands for all.
        kind: A URL (`https`, the default), or an event bus of Amazon EventBridge.
        url: An https address.
        """
        call = Call(
            "POST",
            "/v1/webhooks/provider",
            body=given({"bus_arn": bus_arn, "events": events, "kind": kind, "url": url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.SecretView})

    async def delete(self, endpoint_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.EndpointView:
        """Remove an endpoint; its unfinished deliveries end as failed."""
        call = Call("DELETE", f"/v1/webhooks/provider/{segment(endpoint_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.EndpointView})

    async def change(
        self,
        endpoint_id: str,
        *,
        bus_arn: str | NotGiven | None = NOT_GIVEN,
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
                "*",
            ]
        ]
        | NotGiven
        | None = NOT_GIVEN,
        is_active: bool | NotGiven | None = NOT_GIVEN,
        url: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.EndpointView:
        """Change URL, events or activity; activating ends an automatic disabling.

        bus_arn: The ARN of an event bus of Amazon EventBridge, called `paycorex-` and the merchant's id, in the region of
        this API.
        events: Names of events; `*` stands for all.
        is_active: Whether it is in use.
        url: An https address.
        """
        call = Call(
            "PATCH",
            f"/v1/webhooks/provider/{segment(endpoint_id)}",
            body=given({"bus_arn": bus_arn, "events": events, "is_active": is_active, "url": url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.EndpointView})

    async def rotate(
        self,
        endpoint_id: str,
        *,
        overlap_seconds: int | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.SecretView:
        """Create a new secret, shown in this answer only; the earlier ones keep signing for the overlap.

        overlap_seconds: For how long both secrets sign, in seconds. Default: 86400.
        """
        call = Call(
            "POST",
            f"/v1/webhooks/provider/{segment(endpoint_id)}/rotate",
            body=given({"overlap_seconds": overlap_seconds}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.SecretView})

    async def test(self, endpoint_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.DeliveryView:
        """Send `webhook.test` now; answers the delivery with the endpoint's response."""
        call = Call("POST", f"/v1/webhooks/provider/{segment(endpoint_id)}/test", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.DeliveryView})
