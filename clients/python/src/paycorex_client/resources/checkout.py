"""Checkout. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, NotGiven, given


class Checkout:
    """Checkout."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def sessions(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.SessionView]:
        """Checkouts, newest first; those that were begun from a link too.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/checkout/sessions", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.SessionView)

    def create(
        self,
        *,
        amount: Amount,
        cancel_url: str | NotGiven | None = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        customer_id: str | NotGiven | None = NOT_GIVEN,
        description: str | NotGiven | None = NOT_GIVEN,
        expires_in: int | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        methods: Sequence[Literal["wallet", "tokenized", "upi_intent", "crypto"]] | NotGiven | None = NOT_GIVEN,
        save: bool | NotGiven = NOT_GIVEN,
        success_url: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.SessionView:
        """Make a checkout: send the payer to `url`. What the browser brings back proves nothing; the event or a GET does.

        amount: What the payer pays, in major units: `1000`, `1000.5` or `"1000.50"`, not paise or cents.
        cancel_url: Where the payer goes without having paid, with the `session_id` added.
        capture_method: `manual` holds the money, and you capture it; `automatic` takes it at once. Default: `automatic`.
        currency: ISO 4217, in capitals.
        customer_id: The id of the customer.
        description: The merchant's own words; at most 255 characters, no control characters.
        expires_in: For how many seconds the payer may pay, 300 to 86,400. Default: 3,600.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        methods: Which ways the payer may choose. Default: all that the merchant can take; `wallet` where a customer is
        named.
        save: Let the payer agree that the provider keeps the card. Needs `customer_id` or `user_id`. Default: false.
        success_url: Where the payer goes after having paid, with the `session_id` added. That a payer comes back proves
        nothing.
        user_id: The merchant's own name for its user.
        """
        call = Call(
            "POST",
            "/v1/checkout/sessions",
            body=given(
                {
                    "amount": amount,
                    "cancel_url": cancel_url,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_id": customer_id,
                    "description": description,
                    "expires_in": expires_in,
                    "metadata": metadata,
                    "methods": methods,
                    "save": save,
                    "success_url": success_url,
                    "user_id": user_id,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.SessionView})

    def erase_payer(self, session_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.SessionDetails:
        """Erase who paid a checkout: name, address, number and reference go. The checkout and its payments stay, and stay
        provable.
        """
        call = Call("DELETE", f"/v1/checkout/sessions/{segment(session_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.SessionDetails})

    def get(self, session_id: str, *, timeout: float | None = None) -> models.SessionDetails:
        """A checkout as it stands; with who paid it, where its link asked and the key may read customers."""
        call = Call("GET", f"/v1/checkout/sessions/{segment(session_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.SessionDetails})

    def expire(self, session_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.SessionView:
        """End a checkout that is open; its open payment is canceled."""
        call = Call("POST", f"/v1/checkout/sessions/{segment(session_id)}/expire", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.SessionView})


class AsyncCheckout:
    """Checkout."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def sessions(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.SessionView]:
        """Checkouts, newest first; those that were begun from a link too.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/checkout/sessions", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.SessionView)

    async def create(
        self,
        *,
        amount: Amount,
        cancel_url: str | NotGiven | None = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        customer_id: str | NotGiven | None = NOT_GIVEN,
        description: str | NotGiven | None = NOT_GIVEN,
        expires_in: int | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        methods: Sequence[Literal["wallet", "tokenized", "upi_intent", "crypto"]] | NotGiven | None = NOT_GIVEN,
        save: bool | NotGiven = NOT_GIVEN,
        success_url: str | NotGiven | None = NOT_GIVEN,
        user_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.SessionView:
        """Make a checkout: send the payer to `url`. What the browser brings back proves nothing; the event or a GET does.

        amount: What the payer pays, in major units: `1000`, `1000.5` or `"1000.50"`, not paise or cents.
        cancel_url: Where the payer goes without having paid, with the `session_id` added.
        capture_method: `manual` holds the money, and you capture it; `automatic` takes it at once. Default: `automatic`.
        currency: ISO 4217, in capitals.
        customer_id: The id of the customer.
        description: The merchant's own words; at most 255 characters, no control characters.
        expires_in: For how many seconds the payer may pay, 300 to 86,400. Default: 3,600.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        methods: Which ways the payer may choose. Default: all that the merchant can take; `wallet` where a customer is
        named.
        save: Let the payer agree that the provider keeps the card. Needs `customer_id` or `user_id`. Default: false.
        success_url: Where the payer goes after having paid, with the `session_id` added. That a payer comes back proves
        nothing.
        user_id: The merchant's own name for its user.
        """
        call = Call(
            "POST",
            "/v1/checkout/sessions",
            body=given(
                {
                    "amount": amount,
                    "cancel_url": cancel_url,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_id": customer_id,
                    "description": description,
                    "expires_in": expires_in,
                    "metadata": metadata,
                    "methods": methods,
                    "save": save,
                    "success_url": success_url,
                    "user_id": user_id,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.SessionView})

    async def erase_payer(
        self, session_id: str, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.SessionDetails:
        """Erase who paid a checkout: name, address, number and reference go. The checkout and its payments stay, and stay
        provable.
        """
        call = Call("DELETE", f"/v1/checkout/sessions/{segment(session_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.SessionDetails})

    async def get(self, session_id: str, *, timeout: float | None = None) -> models.SessionDetails:
        """A checkout as it stands; with who paid it, where its link asked and the key may read customers."""
        call = Call("GET", f"/v1/checkout/sessions/{segment(session_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.SessionDetails})

    async def expire(self, session_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.SessionView:
        """End a checkout that is open; its open payment is canceled."""
        call = Call("POST", f"/v1/checkout/sessions/{segment(session_id)}/expire", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.SessionView})
