"""Periods. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Periods:
    """Periods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.ClosedPeriod]:
        """Closed months, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/periods", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.ClosedPeriod)

    def get(self, month: str, *, timeout: float | None = None) -> models.ClosedPeriod:
        """A closed month, and whether the ledger still says the same."""
        call = Call("GET", f"/v1/periods/{segment(month)}", timeout=timeout)
        return self._transport.answer(call, {200: models.ClosedPeriod})

    def close(self, month: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.ClosedPeriod:
        """Close a month that is over: its trial balance is stored, and what the operator charged becomes an invoice with the
        next number.
        """
        call = Call("POST", f"/v1/periods/{segment(month)}/close", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.ClosedPeriod})

    def proof(self, month: str, *, timeout: float | None = None) -> models.PeriodProof:
        """A closed month as the ledger seals it, and the proof of it: the trial balance is a leaf of a signed checkpoint."""
        call = Call("GET", f"/v1/periods/{segment(month)}/proof", timeout=timeout)
        return self._transport.answer(call, {200: models.PeriodProof})


class AsyncPeriods:
    """Periods."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.ClosedPeriod]:
        """Closed months, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/periods", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.ClosedPeriod)

    async def get(self, month: str, *, timeout: float | None = None) -> models.ClosedPeriod:
        """A closed month, and whether the ledger still says the same."""
        call = Call("GET", f"/v1/periods/{segment(month)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.ClosedPeriod})

    async def close(self, month: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.ClosedPeriod:
        """Close a month that is over: its trial balance is stored, and what the operator charged becomes an invoice with the
        next number.
        """
        call = Call("POST", f"/v1/periods/{segment(month)}/close", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.ClosedPeriod})

    async def proof(self, month: str, *, timeout: float | None = None) -> models.PeriodProof:
        """A closed month as the ledger seals it, and the proof of it: the trial balance is a leaf of a signed checkpoint."""
        call = Call("GET", f"/v1/periods/{segment(month)}/proof", timeout=timeout)
        return await self._transport.answer(call, {200: models.PeriodProof})
