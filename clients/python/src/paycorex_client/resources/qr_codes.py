"""Qr codes. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, NotGiven, given


class QrCodes:
    """Qr codes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.QrCodeView]:
        """Codes, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/qr_codes", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.QrCodeView)

    def create(
        self,
        *,
        name: str,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.QrCodeView:
        """Make a UPI code to print: it takes many payments, each a payment of its own.

        amount: What each payer pays, in major units. Without it each payer types an amount.
        currency: `INR`: UPI moves rupees only.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        name: What the code is for, such as the name of the counter: each payment by it has it as its description.
        """
        call = Call(
            "POST",
            "/v1/qr_codes",
            body=given({"amount": amount, "currency": currency, "metadata": metadata, "name": name}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.QrCodeView})

    def deactivate(self, qr_code_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.QrCodeView:
        """Switch a code off, for good. Money that is paid by it all the same is kept as late money."""
        call = Call("DELETE", f"/v1/qr_codes/{segment(qr_code_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.QrCodeView})

    def get(self, qr_code_id: str, *, timeout: float | None = None) -> models.QrCodeView:
        """One code as it stands."""
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.QrCodeView})

    def payments(self, qr_code_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.PaymentView]:
        """What was paid by a code, newest first: each payer's payment apart.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}/payments", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.PaymentView)

    def pay_as_test(
        self,
        qr_code_id: str,
        *,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.TestPayment:
        """Let the sandbox's payer pay a code; the sandbox then sends its signed callback, like any provider. Never in
        production.

        amount: What the sandbox's payer types, of a code without an amount. The last two digits choose what follows: `02`
        declines, `05` pays a paisa less, `06` sends the callback twice, `07` never.
        """
        call = Call(
            "POST",
            f"/v1/qr_codes/{segment(qr_code_id)}/payments",
            body=given({"amount": amount}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.TestPayment})

    def qr_png(self, qr_code_id: str, *, timeout: float | None = None) -> Content:
        """The code to print, as PNG."""
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}/qr.png", timeout=timeout)
        return self._transport.content(call)

    def qr_svg(self, qr_code_id: str, *, timeout: float | None = None) -> Content:
        """The code to print, as SVG."""
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}/qr.svg", timeout=timeout)
        return self._transport.content(call)


class AsyncQrCodes:
    """Qr codes."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.QrCodeView]:
        """Codes, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/qr_codes", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.QrCodeView)

    async def create(
        self,
        *,
        name: str,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        currency: str | NotGiven | None = NOT_GIVEN,
        metadata: Mapping[str, str | int | bool | None] | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.QrCodeView:
        """Make a UPI code to print: it takes many payments, each a payment of its own.

        amount: What each payer pays, in major units. Without it each payer types an amount.
        currency: `INR`: UPI moves rupees only.
        metadata: The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers,
        booleans or null.
        name: What the code is for, such as the name of the counter: each payment by it has it as its description.
        """
        call = Call(
            "POST",
            "/v1/qr_codes",
            body=given({"amount": amount, "currency": currency, "metadata": metadata, "name": name}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.QrCodeView})

    async def deactivate(self, qr_code_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.QrCodeView:
        """Switch a code off, for good. Money that is paid by it all the same is kept as late money."""
        call = Call("DELETE", f"/v1/qr_codes/{segment(qr_code_id)}", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.QrCodeView})

    async def get(self, qr_code_id: str, *, timeout: float | None = None) -> models.QrCodeView:
        """One code as it stands."""
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.QrCodeView})

    def payments(
        self, qr_code_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.PaymentView]:
        """What was paid by a code, newest first: each payer's payment apart.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}/payments", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.PaymentView)

    async def pay_as_test(
        self,
        qr_code_id: str,
        *,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.TestPayment:
        """Let the sandbox's payer pay a code; the sandbox then sends its signed callback, like any provider. Never in
        production.

        amount: What the sandbox's payer types, of a code without an amount. The last two digits choose what follows: `02`
        declines, `05` pays a paisa less, `06` sends the callback twice, `07` never.
        """
        call = Call(
            "POST",
            f"/v1/qr_codes/{segment(qr_code_id)}/payments",
            body=given({"amount": amount}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.TestPayment})

    async def qr_png(self, qr_code_id: str, *, timeout: float | None = None) -> Content:
        """The code to print, as PNG."""
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}/qr.png", timeout=timeout)
        return await self._transport.content(call)

    async def qr_svg(self, qr_code_id: str, *, timeout: float | None = None) -> Content:
        """The code to print, as SVG."""
        call = Call("GET", f"/v1/qr_codes/{segment(qr_code_id)}/qr.svg", timeout=timeout)
        return await self._transport.content(call)
