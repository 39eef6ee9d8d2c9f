"""Audit. Generated from the contract."""

from __future__ import annotations

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Moment, NotGiven, given


class Audit:
    """Audit."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        actor: str | NotGiven = NOT_GIVEN,
        object_id: str | NotGiven = NOT_GIVEN,
        operation: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.AuditView]:
        """Who changed what, from where, before and after, the newest first. Each entry's hash covers the one before it.

        An iterator that asks for the pages.

        limit: At most so many items.
        actor: Who: a person's id, a key's id, or an operator's ARN.
        object_id: What was changed, or made.
        operation: What was done: the operation's name in this contract.
        from_: Only from this moment on.
        to: Only before this moment.
        """
        call = Call(
            "GET",
            "/v1/audit",
            query=given({"limit": limit, "actor": actor, "object_id": object_id, "operation": operation, "from": from_, "to": to}),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.AuditView)

    def list_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        actor: str | NotGiven = NOT_GIVEN,
        object_id: str | NotGiven = NOT_GIVEN,
        operation: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Who changed what, from where, before and after, the newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        actor: Who: a person's id, a key's id, or an operator's ARN.
        object_id: What was changed, or made.
        operation: What was done: the operation's name in this contract.
        from_: Only from this moment on.
        to: Only before this moment.
        """
        call = Call(
            "GET",
            "/v1/audit/csv",
            query=given(
                {"limit": limit, "cursor": cursor, "actor": actor, "object_id": object_id, "operation": operation, "from": from_, "to": to}
            ),
            timeout=timeout,
        )
        return self._transport.content(call)


class AsyncAudit:
    """Audit."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        actor: str | NotGiven = NOT_GIVEN,
        object_id: str | NotGiven = NOT_GIVEN,
        operation: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.AuditView]:
        """Who changed what, from where, before and after, the newest first. Each entry's hash covers the one before it.

        An iterator that asks for the pages.

        limit: At most so many items.
        actor: Who: a person's id, a key's id, or an operator's ARN.
        object_id: What was changed, or made.
        operation: What was done: the operation's name in this contract.
        from_: Only from this moment on.
        to: Only before this moment.
        """
        call = Call(
            "GET",
            "/v1/audit",
            query=given({"limit": limit, "actor": actor, "object_id": object_id, "operation": operation, "from": from_, "to": to}),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.AuditView)

    async def list_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        actor: str | NotGiven = NOT_GIVEN,
        object_id: str | NotGiven = NOT_GIVEN,
        operation: str | NotGiven = NOT_GIVEN,
        from_: Moment | NotGiven = NOT_GIVEN,
        to: Moment | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Who changed what, from where, before and after, the newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        actor: Who: a person's id, a key's id, or an operator's ARN.
        object_id: What was changed, or made.
        operation: What was done: the operation's name in this contract.
        from_: Only from this moment on.
        to: Only before this moment.
        """
        call = Call(
            "GET",
            "/v1/audit/csv",
            query=given(
                {"limit": limit, "cursor": cursor, "actor": actor, "object_id": object_id, "operation": operation, "from": from_, "to": to}
            ),
            timeout=timeout,
        )
        return await self._transport.content(call)
