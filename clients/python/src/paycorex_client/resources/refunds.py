"""Refunds. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, NotGiven, given


class Refunds:
    """Refunds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        *,
        payment_id: str,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        force: bool | NotGiven = NOT_GIVEN,
        reason: str | NotGiven | None = NOT_GIVEN,
        refund_address: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RefundView:
        """Refund a payment, in full when no amount is given.

        amount: How much to give back, in major units. Default: all that is left.
        force: Refund also what a payer's bank asks for. Needs the scope `disputes:write`. Default: false.
        payment_id: The id of the payment.
        reason: Why, in the merchant's own words.
        refund_address: For a crypto payment: where the payer takes the money.
        """
        call = Call(
            "POST",
            "/v1/payments/refund",
            body=given({"amount": amount, "force": force, "payment_id": payment_id, "reason": reason, "refund_address": refund_address}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.RefundView})

    def get(self, refund_id: str, *, timeout: float | None = None) -> models.RefundView:
        """One refund."""
        call = Call("GET", f"/v1/refunds/{segment(refund_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.RefundView})

    def sent(self, refund_id: str, *, tx_hash: str, idempotency_key: str | None = None, timeout: float | None = None) -> models.RefundView:
        """Say that a crypto refund's transaction was signed and sent.

        tx_hash: The transaction's hash: `0x` and 64 hex digits.
        """
        call = Call(
            "POST",
            f"/v1/refunds/{segment(refund_id)}/sent",
            body=given({"tx_hash": tx_hash}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.RefundView})


class AsyncRefunds:
    """Refunds."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        payment_id: str,
        amount: Amount | NotGiven | None = NOT_GIVEN,
        force: bool | NotGiven = NOT_GIVEN,
        reason: str | NotGiven | None = NOT_GIVEN,
        refund_address: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RefundView:
        """Refund a payment, in full when no amount is given.

        amount: How much to give back, in major units. Default: all that is left.
        force: Refund also what a payer's bank asks for. Needs the scope `disputes:write`. Default: false.
        payment_id: The id of the payment.
        reason: Why, in the merchant's own words.
        refund_address: For a crypto payment: where the payer takes the money.
        """
        call = Call(
            "POST",
            "/v1/payments/refund",
            body=given({"amount": amount, "force": force, "payment_id": payment_id, "reason": reason, "refund_address": refund_address}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.RefundView})

    async def get(self, refund_id: str, *, timeout: float | None = None) -> models.RefundView:
        """One refund."""
        call = Call("GET", f"/v1/refunds/{segment(refund_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.RefundView})

    async def sent(
        self, refund_id: str, *, tx_hash: str, idempotency_key: str | None = None, timeout: float | None = None
    ) -> models.RefundView:
        """Say that a crypto refund's transaction was signed and sent.

        tx_hash: The transaction's hash: `0x` and 64 hex digits.
        """
        call = Call(
            "POST",
            f"/v1/refunds/{segment(refund_id)}/sent",
            body=given({"tx_hash": tx_hash}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.RefundView})
