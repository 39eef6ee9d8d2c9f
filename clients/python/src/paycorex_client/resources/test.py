"""Test. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport


class Test:
    """Test."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.RegisteredView:
        """Make the test merchant beside this live one, once: with books, webhooks and keys of its own, the sandbox and no real
        money.
        """
        call = Call("POST", "/v1/test", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {201: models.RegisteredView})


class AsyncTest:
    """Test."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(self, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.RegisteredView:
        """Make the test merchant beside this live one, once: with books, webhooks and keys of its own, the sandbox and no real
        money.
        """
        call = Call("POST", "/v1/test", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {201: models.RegisteredView})
