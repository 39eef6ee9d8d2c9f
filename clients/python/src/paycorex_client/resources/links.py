"""Links. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from paycorex_client import inputs, models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, Moment, NotGiven, given


class Links:
    """Links."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.LinkView]:
        """Links, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/links", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.LinkView)

    def create(
        self,
        *,
        name: str,
        accept_partial: inputs.AcceptPartial | NotGiven | None = NOT_GIVEN,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        ask: Sequence[Literal["name", "email", "phone", "reference"]] | NotGiven = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        expires_at: Moment | NotGiven | None = NOT_GIVEN,
        max_payments: int | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        methods: Sequence[Literal["wallet", "tokenized", "upi_intent", "crypto"]] | NotGiven | None = NOT_GIVEN,
        open_amount: inputs.OpenAmountBounds | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.LinkView:
        """Make a link that takes many payments: of a fixed amount, or of one that the payer types.

        accept_partial: The amount may be paid in parts, by one payer or several; null where it is paid at once.
        amount: What each payer pays, in major units. Give this or `open_amount`.
        ask: What the payer is asked for: `name`, `email` and `phone` say who pays, `reference` is such as the number of an
        invoice.
        currency: ISO 4217, in capitals.
        expires_at: When it ends, in UTC; null when it does not.
        max_payments: How many payments the link takes; null for any number.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        methods: Which ways the payer may choose. Default: all that the merchant can take.
        name: The name.
        open_amount: What the payer may type; null where the amount is fixed.
        """
        call = Call(
            "POST",
            "/v1/links",
            body=given(
                {
                    "accept_partial": accept_partial,
                    "amount": amount,
                    "ask": ask,
                    "currency": currency,
                    "expires_at": expires_at,
                    "max_payments": max_payments,
                    "metadata": metadata,
                    "methods": methods,
                    "name": name,
                    "open_amount": open_amount,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.LinkView})

    def get(self, link_id: str, *, timeout: float | None = None) -> models.LinkView:
        """One link as it stands."""
        call = Call("GET", f"/v1/links/{segment(link_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.LinkView})

    def change(
        self,
        link_id: str,
        *,
        active: bool | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.LinkView:
        """Rename a link, or switch it off and on. A payer who has begun may end.

        active: Whether the link takes payments.
        name: The name.
        """
        call = Call(
            "PATCH",
            f"/v1/links/{segment(link_id)}",
            body=given({"active": active, "name": name}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.LinkView})

    def payments(self, link_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.SessionDetails]:
        """What was begun and paid from a link, each payer apart.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/links/{segment(link_id)}/payments", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.SessionDetails)

    def qr_png(self, link_id: str, *, timeout: float | None = None) -> Content:
        """The code of a link's address to print, as PNG."""
        call = Call("GET", f"/v1/links/{segment(link_id)}/qr.png", timeout=timeout)
        return self._transport.content(call)

    def qr_svg(self, link_id: str, *, timeout: float | None = None) -> Content:
        """The code of a link's address to print, as SVG."""
        call = Call("GET", f"/v1/links/{segment(link_id)}/qr.svg", timeout=timeout)
        return self._transport.content(call)


class AsyncLinks:
    """Links."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.LinkView]:
        """Links, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/links", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.LinkView)

    async def create(
        self,
        *,
        name: str,
        accept_partial: inputs.AcceptPartial | NotGiven | None = NOT_GIVEN,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        ask: Sequence[Literal["name", "email", "phone", "reference"]] | NotGiven = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        expires_at: Moment | NotGiven | None = NOT_GIVEN,
        max_payments: int | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        methods: Sequence[Literal["wallet", "tokenized", "upi_intent", "crypto"]] | NotGiven | None = NOT_GIVEN,
        open_amount: inputs.OpenAmountBounds | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.LinkView:
        """Make a link that takes many payments: of a fixed amount, or of one that the payer types.

        accept_partial: The amount may be paid in parts, by one payer or several; null where it is paid at once.
        amount: What each payer pays, in major units. Give this or `open_amount`.
        ask: What the payer is asked for: `name`, `email` and `phone` say who pays, `reference` is such as the number of an
        invoice.
        currency: ISO 4217, in capitals.
        expires_at: When it ends, in UTC; null when it does not.
        max_payments: How many payments the link takes; null for any number.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        methods: Which ways the payer may choose. Default: all that the merchant can take.
        name: The name.
        open_amount: What the payer may type; null where the amount is fixed.
        """
        call = Call(
            "POST",
            "/v1/links",
            body=given(
                {
                    "accept_partial": accept_partial,
                    "amount": amount,
                    "ask": ask,
                    "currency": currency,
                    "expires_at": expires_at,
                    "max_payments": max_payments,
                    "metadata": metadata,
                    "methods": methods,
                    "name": name,
                    "open_amount": open_amount,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.LinkView})

    async def get(self, link_id: str, *, timeout: float | None = None) -> models.LinkView:
        """One link as it stands."""
        call = Call("GET", f"/v1/links/{segment(link_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.LinkView})

    async def change(
        self,
        link_id: str,
        *,
        active: bool | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.LinkView:
        """Rename a link, or switch it off and on. A payer who has begun may end.

        active: Whether the link takes payments.
        name: The name.
        """
        call = Call(
            "PATCH",
            f"/v1/links/{segment(link_id)}",
            body=given({"active": active, "name": name}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.LinkView})

    def payments(
        self, link_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.SessionDetails]:
        """What was begun and paid from a link, each payer apart.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/links/{segment(link_id)}/payments", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.SessionDetails)

    async def qr_png(self, link_id: str, *, timeout: float | None = None) -> Content:
        """The code of a link's address to print, as PNG."""
        call = Call("GET", f"/v1/links/{segment(link_id)}/qr.png", timeout=timeout)
        return await self._transport.content(call)

    async def qr_svg(self, link_id: str, *, timeout: float | None = None) -> Content:
        """The code of a link's address to print, as SVG."""
        call = Call("GET", f"/v1/links/{segment(link_id)}/qr.svg", timeout=timeout)
        return await self._transport.content(call)
