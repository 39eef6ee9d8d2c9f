"""Approvals. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Approvals:
    """Approvals."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.ApprovalView]:
        """Acts that wait for a second person, or waited: those that one asked for, and those that one could do. The newest
        first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/approvals", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.ApprovalView)

    def get(self, approval_id: str, *, timeout: float | None = None) -> models.ApprovalView:
        """One of them."""
        call = Call("GET", f"/v1/approvals/{segment(approval_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.ApprovalView})

    def change(
        self,
        approval_id: str,
        *,
        decision: Literal["approve", "reject", "withdraw"],
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ApprovalView:
        """Approve what another person asked for, reject it, or withdraw what one asked for oneself.

        decision: `approve` or `reject` what another person asked for, `withdraw` what one asked for oneself.
        reason: What the one who asked should know.
        """
        call = Call(
            "PATCH",
            f"/v1/approvals/{segment(approval_id)}",
            body=given({"decision": decision, "reason": reason}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.ApprovalView})


class AsyncApprovals:
    """Approvals."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.ApprovalView]:
        """Acts that wait for a second person, or waited: those that one asked for, and those that one could do. The newest
        first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/approvals", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.ApprovalView)

    async def get(self, approval_id: str, *, timeout: float | None = None) -> models.ApprovalView:
        """One of them."""
        call = Call("GET", f"/v1/approvals/{segment(approval_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.ApprovalView})

    async def change(
        self,
        approval_id: str,
        *,
        decision: Literal["approve", "reject", "withdraw"],
        reason: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ApprovalView:
        """Approve what another person asked for, reject it, or withdraw what one asked for oneself.

        decision: `approve` or `reject` what another person asked for, `withdraw` what one asked for oneself.
        reason: What the one who asked should know.
        """
        call = Call(
            "PATCH",
            f"/v1/approvals/{segment(approval_id)}",
            body=given({"decision": decision, "reason": reason}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.ApprovalView})
