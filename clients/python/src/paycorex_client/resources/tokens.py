"""Tokens. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Tokens:
    """Tokens."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, user_id: str, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.TokenView]:
        """A user's active tokens, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        user_id: The merchant's own name for its user.
        """
        call = Call("GET", "/v1/tokens", query=given({"limit": limit, "user_id": user_id}), timeout=timeout)
        return Pages(self._transport, call, models.TokenView)

    def create(
        self,
        *,
        type: Literal["card", "bank_account", "upi"],
        user_id: str,
        expiry_month: int | NotGiven = NOT_GIVEN,
        expiry_year: int | NotGiven = NOT_GIVEN,
        holder: str | NotGiven | None = NOT_GIVEN,
        number: str | NotGiven = NOT_GIVEN,
        account_number: str | NotGiven | None = NOT_GIVEN,
        iban: str | NotGiven | None = NOT_GIVEN,
        ifsc: str | NotGiven | None = NOT_GIVEN,
        vpa: str | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.TokenView:
        """Keep an instrument: 201 with its token, 200 when this user's instrument is already kept.

        expiry_month: 1 to 12; null for what is no card.
        expiry_year: Four digits; null for what is no card.
        holder: The cardholder's name.
        number: The card's number; spaces and dashes are welcome.
        type: The kind.
        user_id: The merchant's own name for its user.
        account_number: The account's number; needs `ifsc`.
        iban: The account's IBAN.
        ifsc: The branch's IFSC.
        vpa: A UPI address, such as `asha@upi`.
        """
        call = Call(
            "POST",
            "/v1/tokens/create",
            body=given(
                {
                    "expiry_month": expiry_month,
                    "expiry_year": expiry_year,
                    "holder": holder,
                    "number": number,
                    "type": type,
                    "user_id": user_id,
                    "account_number": account_number,
                    "iban": iban,
                    "ifsc": ifsc,
                    "vpa": vpa,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.TokenView, 201: models.TokenView})

    def delete(self, token_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.TokenView:
        """Delete a token; its sealed value is gone with this answer, and a provider that keeps the card was asked to forget
        it.
        """
        call = Call("DELETE", f"/v1/tokens/{segment(token_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.TokenView})

    def get(self, token_id: str, *, timeout: float | None = None) -> models.TokenView:
        """One token, a deleted one too (`is_active` false)."""
        call = Call("GET", f"/v1/tokens/{segment(token_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.TokenView})


class AsyncTokens:
    """Tokens."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, user_id: str, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.TokenView]:
        """A user's active tokens, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        user_id: The merchant's own name for its user.
        """
        call = Call("GET", "/v1/tokens", query=given({"limit": limit, "user_id": user_id}), timeout=timeout)
        return AsyncPages(self._transport, call, models.TokenView)

    async def create(
        self,
        *,
        type: Literal["card", "bank_account", "upi"],
        user_id: str,
        expiry_month: int | NotGiven = NOT_GIVEN,
        expiry_year: int | NotGiven = NOT_GIVEN,
        holder: str | NotGiven | None = NOT_GIVEN,
        number: str | NotGiven = NOT_GIVEN,
        account_number: str | NotGiven | None = NOT_GIVEN,
        iban: str | NotGiven | None = NOT_GIVEN,
        ifsc: str | NotGiven | None = NOT_GIVEN,
        vpa: str | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.TokenView:
        """Keep an instrument: 201 with its token, 200 when this user's instrument is already kept.

        expiry_month: 1 to 12; null for what is no card.
        expiry_year: Four digits; null for what is no card.
        holder: The cardholder's name.
        number: The card's number; spaces and dashes are welcome.
        type: The kind.
        user_id: The merchant's own name for its user.
        account_number: The account's number; needs `ifsc`.
        iban: The account's IBAN.
        ifsc: The branch's IFSC.
        vpa: A UPI address, such as `asha@upi`.
        """
        call = Call(
            "POST",
            "/v1/tokens/create",
            body=given(
                {
                    "expiry_month": expiry_month,
                    "expiry_year": expiry_year,
                    "holder": holder,
                    "number": number,
                    "type": type,
                    "user_id": user_id,
                    "account_number": account_number,
                    "iban": iban,
                    "ifsc": ifsc,
                    "vpa": vpa,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.TokenView, 201: models.TokenView})

    async def delete(self, token_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.TokenView:
        """Delete a token; its sealed value is gone with this answer, and a provider that keeps the card was asked to forget
        it.
        """
        call = Call("DELETE", f"/v1/tokens/{segment(token_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.TokenView})

    async def get(self, token_id: str, *, timeout: float | None = None) -> models.TokenView:
        """One token, a deleted one too (`is_active` false)."""
        call = Call("GET", f"/v1/tokens/{segment(token_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.TokenView})
