"""Test clock. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport
from paycorex_client.values import given


class TestClock:
    """Test clock."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout: float | None = None) -> models.TestClockView:
        """How much time was let pass for what waits of the merchant, and whether everything has moved. Not in production."""
        call = Call("GET", "/v1/test/clock", timeout=timeout)
        return self._transport.answer(call, {200: models.TestClockView})

    def advance(self, *, advance: str, idempotency_key: str | None = None, timeout: float | None = None) -> models.TestClockView:
        """Let time pass for what waits of the merchant: ends of payments, holds, checkouts, links and keys, answers to
        disputes, attempts of.

        advance: How much time is let pass: an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `P7D`
        or `PT36H`; at most `P366D`.
        """
        call = Call("POST", "/v1/test/clock", body=given({"advance": advance}), idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.TestClockView})


class AsyncTestClock:
    """Test clock."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, *, timeout: float | None = None) -> models.TestClockView:
        """How much time was let pass for what waits of the merchant, and whether everything has moved. Not in production."""
        call = Call("GET", "/v1/test/clock", timeout=timeout)
        return await self._transport.answer(call, {200: models.TestClockView})

    async def advance(self, *, advance: str, idempotency_key: str | None = None, timeout: float | None = None) -> models.TestClockView:
        """Let time pass for what waits of the merchant: ends of payments, holds, checkouts, links and keys, answers to
        disputes, attempts of.

        advance: How much time is let pass: an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `P7D`
        or `PT36H`; at most `P366D`.
        """
        call = Call("POST", "/v1/test/clock", body=given({"advance": advance}), idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.TestClockView})
