"""Api keys. Generated from the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class ApiKeys:
    """Api keys."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def rotate(
        self,
        *,
        expires_at: Moment | NotGiven | None = NOT_GIVEN,
        overlap_seconds: int | NotGiven = NOT_GIVEN,
        scopes: Sequence[
            Literal[
                "payments:read",
                "payments:write",
                "disputes:read",
                "disputes:write",
                "settlements:read",
                "settlements:write",
                "wallet:read",
                "wallet:write",
                "tokens:read",
                "tokens:write",
                "webhooks:read",
                "webhooks:write",
                "crypto:read",
                "crypto:write",
                "dashboard:read",
                "customers:read",
                "customers:write",
                "checkout:read",
                "checkout:write",
                "risk:read",
                "risk:write",
                "merchant:read",
                "merchant:write",
                "people:read",
                "people:write",
                "audit:read",
            ]
        ]
        | NotGiven
        | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RotatedView:
        """Issue a new key pair that ends no later than the key that signed this request, which stays valid for the overlap.

        expires_at: When the new key ends: RFC 3339. Default: it does not.
        overlap_seconds: For how long the key that signed this request stays valid, in seconds. Default: 86400.
        scopes: What the new key may do. Default: all.
        """
        call = Call(
            "POST",
            "/v1/merchants/apikey",
            body=given({"expires_at": expires_at, "overlap_seconds": overlap_seconds, "scopes": scopes}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.RotatedView})

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.ApiKeyView]:
        """API keys of the merchant, newest first, without their secrets.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/merchants/apikeys", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.ApiKeyView)

    def revoke(self, key_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.ApiKeyView:
        """Revoke a key; never the last active one, nor the one that may manage keys the longest."""
        call = Call("DELETE", f"/v1/merchants/apikeys/{segment(key_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.ApiKeyView})


class AsyncApiKeys:
    """Api keys."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def rotate(
        self,
        *,
        expires_at: Moment | NotGiven | None = NOT_GIVEN,
        overlap_seconds: int | NotGiven = NOT_GIVEN,
        scopes: Sequence[
            Literal[
                "payments:read",
                "payments:write",
                "disputes:read",
                "disputes:write",
                "settlements:read",
                "settlements:write",
                "wallet:read",
                "wallet:write",
                "tokens:read",
                "tokens:write",
                "webhooks:read",
                "webhooks:write",
                "crypto:read",
                "crypto:write",
                "dashboard:read",
                "customers:read",
                "customers:write",
                "checkout:read",
                "checkout:write",
                "risk:read",
                "risk:write",
                "merchant:read",
                "merchant:write",
                "people:read",
                "people:write",
                "audit:read",
            ]
        ]
        | NotGiven
        | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RotatedView:
        """Issue a new key pair that ends no later than the key that signed this request, which stays valid for the overlap.

        expires_at: When the new key ends: RFC 3339. Default: it does not.
        overlap_seconds: For how long the key that signed this request stays valid, in seconds. Default: 86400.
        scopes: What the new key may do. Default: all.
        """
        call = Call(
            "POST",
            "/v1/merchants/apikey",
            body=given({"expires_at": expires_at, "overlap_seconds": overlap_seconds, "scopes": scopes}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.RotatedView})

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.ApiKeyView]:
        """API keys of the merchant, newest first, without their secrets.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/merchants/apikeys", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.ApiKeyView)

    async def revoke(self, key_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.ApiKeyView:
        """Revoke a key; never the last active one, nor the one that may manage keys the longest."""
        call = Call("DELETE", f"/v1/merchants/apikeys/{segment(key_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.ApiKeyView})
