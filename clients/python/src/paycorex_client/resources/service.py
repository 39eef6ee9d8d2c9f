"""Service. Generated from the contract."""

from __future__ import annotations

from typing import Any

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport


class Service:
    """Service."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def health(self, *, timeout: float | None = None) -> models.Health:
        """Whether the API answers."""
        call = Call("GET", "/health", timeout=timeout, signed=False)
        return self._transport.answer(call, {200: models.Health})

    def contract(self, *, timeout: float | None = None) -> dict[str, Any]:
        """This contract as OpenAPI 3.1."""
        call = Call("GET", "/openapi.json", timeout=timeout, signed=False)
        return self._transport.json(call)


class AsyncService:
    """Service."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def health(self, *, timeout: float | None = None) -> models.Health:
        """Whether the API answers."""
        call = Call("GET", "/health", timeout=timeout, signed=False)
        return await self._transport.answer(call, {200: models.Health})

    async def contract(self, *, timeout: float | None = None) -> dict[str, Any]:
        """This contract as OpenAPI 3.1."""
        call = Call("GET", "/openapi.json", timeout=timeout, signed=False)
        return await self._transport.json(call)
