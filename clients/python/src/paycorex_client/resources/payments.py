"""Payments. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from paycorex_client import inputs, models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, Moment, NotGiven, given


class Payments:
    """Payments."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | None | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | None | NotGiven = NOT_GIVEN,
        user_id: str | None | NotGiven = NOT_GIVEN,
        currency: str | None | NotGiven = NOT_GIVEN,
        reference: str | None | NotGiven = NOT_GIVEN,
        min_amount: Amount | None | NotGiven = NOT_GIVEN,
        max_amount: Amount | None | NotGiven = NOT_GIVEN,
        from_: Moment | None | NotGiven = NOT_GIVEN,
        to: Moment | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.PaymentView]:
        """Payments, newest first.

        An iterator that asks for the pages.
        """
        call = Call(
            "GET",
            "/v1/payments",
            query=given(
                {
                    "limit": limit,
                    "status": status,
                    "method": method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.PaymentView)

    def create(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | None | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | None | NotGiven = NOT_GIVEN,
        currency: str | None | NotGiven = NOT_GIVEN,
        customer_initiated: bool | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        expires_in: int | None | NotGiven = NOT_GIVEN,
        hold_for: int | None | NotGiven = NOT_GIVEN,
        initial_payment_id: str | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | None | NotGiven = NOT_GIVEN,
        payer: inputs.PayerDetails | None | NotGiven = NOT_GIVEN,
        return_url: str | None | NotGiven = NOT_GIVEN,
        save: bool | None | NotGiven = NOT_GIVEN,
        security_code: str | None | NotGiven = NOT_GIVEN,
        statement_descriptor: str | None | NotGiven = NOT_GIVEN,
        token_id: str | None | NotGiven = NOT_GIVEN,
        user_id: str | None | NotGiven = NOT_GIVEN,
        wallet_id: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.PaymentView})

    def create_dry_run(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | None | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | None | NotGiven = NOT_GIVEN,
        currency: str | None | NotGiven = NOT_GIVEN,
        customer_initiated: bool | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        expires_in: int | None | NotGiven = NOT_GIVEN,
        hold_for: int | None | NotGiven = NOT_GIVEN,
        initial_payment_id: str | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | None | NotGiven = NOT_GIVEN,
        payer: inputs.PayerDetails | None | NotGiven = NOT_GIVEN,
        return_url: str | None | NotGiven = NOT_GIVEN,
        save: bool | None | NotGiven = NOT_GIVEN,
        security_code: str | None | NotGiven = NOT_GIVEN,
        statement_descriptor: str | None | NotGiven = NOT_GIVEN,
        token_id: str | None | NotGiven = NOT_GIVEN,
        user_id: str | None | NotGiven = NOT_GIVEN,
        wallet_id: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.DryRunView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        What it would do, without doing it.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                    "dry_run": True,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.DryRunView})

    def get(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentView:
        """One payment with its timeline, ledger references and attempts."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentView})

    def cancel(self, payment_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.PaymentView:
        """Give up a payment that is not decided yet."""
        call = Call("POST", f"/v1/payments/{segment(payment_id)}/cancel", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentView})

    def capture(
        self,
        payment_id: str,
        *,
        amount: Amount | None | NotGiven = NOT_GIVEN,
        final: bool | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CaptureView:
        """Capture what is held: all that is left, or a part; with `final` (the default) the rest is released."""
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/capture",
            body=given({"amount": amount, "final": final}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.CaptureView})

    def captures(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.CaptureView]:
        """The captures of a payment, newest first.

        An iterator that asks for the pages.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/captures", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.CaptureView)

    def increment(
        self, payment_id: str, *, amount: Amount, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.PaymentView:
        """Hold more: `amount` is the new total.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/increment",
            body=given({"amount": amount}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentView})

    def late_money(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.LateMoney]:
        """All money that came late or beside what was asked, the first first.

        An iterator that asks for the pages.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/late", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.LateMoney)

    def decide_late_money(
        self,
        payment_id: str,
        *,
        action: Literal["accept", "refund"],
        late_id: str | None | NotGiven = NOT_GIVEN,
        reason: str | None | NotGiven = NOT_GIVEN,
        refund_address: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView | models.RefundView:
        """Decide about money that came late or beside what was asked: take it as the payment's, or give it back."""
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/late",
            body=given({"action": action, "late_id": late_id, "reason": reason, "refund_address": refund_address}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentView, 201: models.RefundView})

    def proof(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentProof:
        """Merkle proof that the payment's entries are in a signed checkpoint."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/proof", timeout=timeout)
        return self._transport.answer(call, {200: models.PaymentProof})

    def qr_png(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as PNG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.png", timeout=timeout)
        return self._transport.content(call)

    def qr_svg(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as SVG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.svg", timeout=timeout)
        return self._transport.content(call)

    def refunds(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.RefundView]:
        """The refunds of a payment, newest first.

        An iterator that asks for the pages.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/refunds", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.RefundView)

    def void(
        self,
        payment_id: str,
        *,
        reason: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Release what is held. What was captured stays the merchant's."""
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/void",
            body=given({"reason": reason}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.PaymentView})


class AsyncPayments:
    """Payments."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        status: Literal["pending", "processing", "authorized", "success", "failed"] | None | NotGiven = NOT_GIVEN,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | None | NotGiven = NOT_GIVEN,
        user_id: str | None | NotGiven = NOT_GIVEN,
        currency: str | None | NotGiven = NOT_GIVEN,
        reference: str | None | NotGiven = NOT_GIVEN,
        min_amount: Amount | None | NotGiven = NOT_GIVEN,
        max_amount: Amount | None | NotGiven = NOT_GIVEN,
        from_: Moment | None | NotGiven = NOT_GIVEN,
        to: Moment | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.PaymentView]:
        """Payments, newest first.

        An iterator that asks for the pages.
        """
        call = Call(
            "GET",
            "/v1/payments",
            query=given(
                {
                    "limit": limit,
                    "status": status,
                    "method": method,
                    "user_id": user_id,
                    "currency": currency,
                    "reference": reference,
                    "min_amount": min_amount,
                    "max_amount": max_amount,
                    "from": from_,
                    "to": to,
                }
            ),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.PaymentView)

    async def create(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | None | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | None | NotGiven = NOT_GIVEN,
        currency: str | None | NotGiven = NOT_GIVEN,
        customer_initiated: bool | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        expires_in: int | None | NotGiven = NOT_GIVEN,
        hold_for: int | None | NotGiven = NOT_GIVEN,
        initial_payment_id: str | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | None | NotGiven = NOT_GIVEN,
        payer: inputs.PayerDetails | None | NotGiven = NOT_GIVEN,
        return_url: str | None | NotGiven = NOT_GIVEN,
        save: bool | None | NotGiven = NOT_GIVEN,
        security_code: str | None | NotGiven = NOT_GIVEN,
        statement_descriptor: str | None | NotGiven = NOT_GIVEN,
        token_id: str | None | NotGiven = NOT_GIVEN,
        user_id: str | None | NotGiven = NOT_GIVEN,
        wallet_id: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.PaymentView})

    async def create_dry_run(
        self,
        *,
        amount: Amount,
        method: Literal["wallet", "tokenized", "upi_intent", "crypto"],
        asset: str | None | NotGiven = NOT_GIVEN,
        capture_method: Literal["automatic", "manual"] | None | NotGiven = NOT_GIVEN,
        currency: str | None | NotGiven = NOT_GIVEN,
        customer_initiated: bool | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        expires_in: int | None | NotGiven = NOT_GIVEN,
        hold_for: int | None | NotGiven = NOT_GIVEN,
        initial_payment_id: str | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        network: Literal["ethereum", "polygon", "bsc"] | None | NotGiven = NOT_GIVEN,
        payer: inputs.PayerDetails | None | NotGiven = NOT_GIVEN,
        return_url: str | None | NotGiven = NOT_GIVEN,
        save: bool | None | NotGiven = NOT_GIVEN,
        security_code: str | None | NotGiven = NOT_GIVEN,
        statement_descriptor: str | None | NotGiven = NOT_GIVEN,
        token_id: str | None | NotGiven = NOT_GIVEN,
        user_id: str | None | NotGiven = NOT_GIVEN,
        wallet_id: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.DryRunView:
        """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be.

        What it would do, without doing it.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        """
        call = Call(
            "POST",
            "/v1/payments/create",
            body=given(
                {
                    "amount": amount,
                    "asset": asset,
                    "capture_method": capture_method,
                    "currency": currency,
                    "customer_initiated": customer_initiated,
                    "description": description,
                    "expires_in": expires_in,
                    "hold_for": hold_for,
                    "initial_payment_id": initial_payment_id,
                    "metadata": metadata,
                    "method": method,
                    "network": network,
                    "payer": payer,
                    "return_url": return_url,
                    "save": save,
                    "security_code": security_code,
                    "statement_descriptor": statement_descriptor,
                    "token_id": token_id,
                    "user_id": user_id,
                    "wallet_id": wallet_id,
                    "dry_run": True,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.DryRunView})

    async def get(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentView:
        """One payment with its timeline, ledger references and attempts."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentView})

    async def cancel(self, payment_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.PaymentView:
        """Give up a payment that is not decided yet."""
        call = Call("POST", f"/v1/payments/{segment(payment_id)}/cancel", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentView})

    async def capture(
        self,
        payment_id: str,
        *,
        amount: Amount | None | NotGiven = NOT_GIVEN,
        final: bool | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.CaptureView:
        """Capture what is held: all that is left, or a part; with `final` (the default) the rest is released."""
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/capture",
            body=given({"amount": amount, "final": final}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.CaptureView})

    def captures(
        self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.CaptureView]:
        """The captures of a payment, newest first.

        An iterator that asks for the pages.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/captures", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.CaptureView)

    async def increment(
        self, payment_id: str, *, amount: Amount, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.PaymentView:
        """Hold more: `amount` is the new total.

        amount: Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".
        """
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/increment",
            body=given({"amount": amount}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentView})

    def late_money(
        self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None
    ) -> AsyncPages[models.LateMoney]:
        """All money that came late or beside what was asked, the first first.

        An iterator that asks for the pages.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/late", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.LateMoney)

    async def decide_late_money(
        self,
        payment_id: str,
        *,
        action: Literal["accept", "refund"],
        late_id: str | None | NotGiven = NOT_GIVEN,
        reason: str | None | NotGiven = NOT_GIVEN,
        refund_address: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView | models.RefundView:
        """Decide about money that came late or beside what was asked: take it as the payment's, or give it back."""
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/late",
            body=given({"action": action, "late_id": late_id, "reason": reason, "refund_address": refund_address}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentView, 201: models.RefundView})

    async def proof(self, payment_id: str, *, timeout: float | None = None) -> models.PaymentProof:
        """Merkle proof that the payment's entries are in a signed checkpoint."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/proof", timeout=timeout)
        return await self._transport.answer(call, {200: models.PaymentProof})

    async def qr_png(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as PNG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.png", timeout=timeout)
        return await self._transport.content(call)

    async def qr_svg(self, payment_id: str, *, timeout: float | None = None) -> Content:
        """The code that the payer scans, as SVG."""
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/qr.svg", timeout=timeout)
        return await self._transport.content(call)

    def refunds(self, payment_id: str, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.RefundView]:
        """The refunds of a payment, newest first.

        An iterator that asks for the pages.
        """
        call = Call("GET", f"/v1/payments/{segment(payment_id)}/refunds", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.RefundView)

    async def void(
        self,
        payment_id: str,
        *,
        reason: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.PaymentView:
        """Release what is held. What was captured stays the merchant's."""
        call = Call(
            "POST",
            f"/v1/payments/{segment(payment_id)}/void",
            body=given({"reason": reason}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.PaymentView})
