"""Bank. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Bank:
    """Bank."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def lines(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        state: Literal["open", "unexpected", "matched", "amount_differs", "duplicate", "aside"] | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        account: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.BankLineView]:
        """Lines of bank statements by filter, newest first; `open` are those with which something is left to do.

        An iterator that asks for the pages.

        limit: At most so many items.
        state: Only lines in this state; `open` for those with which something is left to do.
        currency: ISO 4217, in capitals.
        account: Only lines of this account, as its statements call it.
        """
        call = Call(
            "GET",
            "/v1/bank/lines",
            query=given({"limit": limit, "state": state, "currency": currency, "account": account}),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.BankLineView)

    def line(self, bank_line_id: str, *, timeout: float | None = None) -> models.BankLineView:
        """One line of a bank statement, with the payouts that it brings and what was decided about it."""
        call = Call("GET", f"/v1/bank/lines/{segment(bank_line_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.BankLineView})

    def resolve_line(
        self,
        bank_line_id: str,
        *,
        action: Literal["write_off", "correct", "claim", "accept"],
        reason: str,
        settlement_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.BankLineView:
        """Decide about an open line: which settlement it brings, whose its difference is, or that it is none of the
        platform's.

        action: What to do with the money: `accept` makes it the payment's, `refund` gives it back.
        reason: Why; null when nothing was said.
        settlement_id: With `accept`: the settlement that it brings; may be left out where one is proposed.
        """
        call = Call(
            "POST",
            f"/v1/bank/lines/{segment(bank_line_id)}/resolve",
            body=given({"action": action, "reason": reason, "settlement_id": settlement_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.BankLineView})

    def position(self, *, timeout: float | None = None) -> models.BankPositions:
        """Where the money is, by currency: in the bank, in transit, at providers, on chains; and to whom it belongs."""
        call = Call("GET", "/v1/bank/position", timeout=timeout)
        return self._transport.answer(call, {200: models.BankPositions})


class AsyncBank:
    """Bank."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def lines(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        state: Literal["open", "unexpected", "matched", "amount_differs", "duplicate", "aside"] | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        account: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.BankLineView]:
        """Lines of bank statements by filter, newest first; `open` are those with which something is left to do.

        An iterator that asks for the pages.

        limit: At most so many items.
        state: Only lines in this state; `open` for those with which something is left to do.
        currency: ISO 4217, in capitals.
        account: Only lines of this account, as its statements call it.
        """
        call = Call(
            "GET",
            "/v1/bank/lines",
            query=given({"limit": limit, "state": state, "currency": currency, "account": account}),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.BankLineView)

    async def line(self, bank_line_id: str, *, timeout: float | None = None) -> models.BankLineView:
        """One line of a bank statement, with the payouts that it brings and what was decided about it."""
        call = Call("GET", f"/v1/bank/lines/{segment(bank_line_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.BankLineView})

    async def resolve_line(
        self,
        bank_line_id: str,
        *,
        action: Literal["write_off", "correct", "claim", "accept"],
        reason: str,
        settlement_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.BankLineView:
        """Decide about an open line: which settlement it brings, whose its difference is, or that it is none of the
        platform's.

        action: What to do with the money: `accept` makes it the payment's, `refund` gives it back.
        reason: Why; null when nothing was said.
        settlement_id: With `accept`: the settlement that it brings; may be left out where one is proposed.
        """
        call = Call(
            "POST",
            f"/v1/bank/lines/{segment(bank_line_id)}/resolve",
            body=given({"action": action, "reason": reason, "settlement_id": settlement_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.BankLineView})

    async def position(self, *, timeout: float | None = None) -> models.BankPositions:
        """Where the money is, by currency: in the bank, in transit, at providers, on chains; and to whom it belongs."""
        call = Call("GET", "/v1/bank/position", timeout=timeout)
        return await self._transport.answer(call, {200: models.BankPositions})
