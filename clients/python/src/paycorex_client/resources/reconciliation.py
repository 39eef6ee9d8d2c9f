"""Reconciliation. Generated from the contract."""

from __future__ import annotations

from typing import Literal

from paycorex_client import models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Reconciliation:
    """Reconciliation."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout: float | None = None) -> models.Reconciliation:
        """What of each clearing account is explained, with its open items by state and age; and where the money is."""
        call = Call("GET", "/v1/reconciliation", timeout=timeout)
        return self._transport.answer(call, {200: models.Reconciliation})

    def get_days(self, day: str, *, source: str, currency: str, timeout: float | None = None) -> models.ReconciliationDayProof:
        """What was stated of a clearing account at the end of a day, and the proof of it.

        source: The connector, or `bank`, where the money is.
        currency: ISO 4217, in capitals.
        """
        call = Call(
            "GET", f"/v1/reconciliation/days/{segment(day)}", query=given({"source": source, "currency": currency}), timeout=timeout
        )
        return self._transport.answer(call, {200: models.ReconciliationDayProof})

    def items(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        state: Literal["open", "matched", "expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"]
        | NotGiven = NOT_GIVEN,
        source: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        settlement_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Pages[models.ReconciliationItemView]:
        """Items by filter, newest first: what is open, unless a state is named.

        An iterator that asks for the pages.

        limit: At most so many items.
        state: The payer's state or province.
        source: The connector, or `bank`, where the money is.
        currency: ISO 4217, in capitals.
        payment_id: The id of the payment.
        settlement_id: The id of the settlement.
        """
        call = Call(
            "GET",
            "/v1/reconciliation/items",
            query=given(
                {
                    "limit": limit,
                    "state": state,
                    "source": source,
                    "currency": currency,
                    "payment_id": payment_id,
                    "settlement_id": settlement_id,
                }
            ),
            timeout=timeout,
        )
        return Pages(self._transport, call, models.ReconciliationItemView)

    def items_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        state: Literal["open", "matched", "expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"]
        | NotGiven = NOT_GIVEN,
        source: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        settlement_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Items by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        state: The payer's state or province.
        source: The connector, or `bank`, where the money is.
        currency: ISO 4217, in capitals.
        payment_id: The id of the payment.
        settlement_id: The id of the settlement.
        """
        call = Call(
            "GET",
            "/v1/reconciliation/items/csv",
            query=given(
                {
                    "limit": limit,
                    "cursor": cursor,
                    "state": state,
                    "source": source,
                    "currency": currency,
                    "payment_id": payment_id,
                    "settlement_id": settlement_id,
                }
            ),
            timeout=timeout,
        )
        return self._transport.content(call)

    def item(self, item_id: str, *, timeout: float | None = None) -> models.ReconciliationItemView:
        """One item, with what was decided about it."""
        call = Call("GET", f"/v1/reconciliation/items/{segment(item_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.ReconciliationItemView})

    def resolve_item(
        self,
        item_id: str,
        *,
        action: Literal["write_off", "correct", "claim", "accept"],
        reason: str,
        settlement_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ReconciliationItemView:
        """Decide about an open item.

        action: What to do with the money: `accept` makes it the payment's, `refund` gives it back.
        reason: Why; null when nothing was said.
        settlement_id: Of a bank line, with `accept`: the settlement that it brings; may be left out where one is proposed.
        """
        call = Call(
            "POST",
            f"/v1/reconciliation/items/{segment(item_id)}/resolve",
            body=given({"action": action, "reason": reason, "settlement_id": settlement_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.ReconciliationItemView})


class AsyncReconciliation:
    """Reconciliation."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, *, timeout: float | None = None) -> models.Reconciliation:
        """What of each clearing account is explained, with its open items by state and age; and where the money is."""
        call = Call("GET", "/v1/reconciliation", timeout=timeout)
        return await self._transport.answer(call, {200: models.Reconciliation})

    async def get_days(self, day: str, *, source: str, currency: str, timeout: float | None = None) -> models.ReconciliationDayProof:
        """What was stated of a clearing account at the end of a day, and the proof of it.

        source: The connector, or `bank`, where the money is.
        currency: ISO 4217, in capitals.
        """
        call = Call(
            "GET", f"/v1/reconciliation/days/{segment(day)}", query=given({"source": source, "currency": currency}), timeout=timeout
        )
        return await self._transport.answer(call, {200: models.ReconciliationDayProof})

    def items(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        state: Literal["open", "matched", "expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"]
        | NotGiven = NOT_GIVEN,
        source: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        settlement_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> AsyncPages[models.ReconciliationItemView]:
        """Items by filter, newest first: what is open, unless a state is named.

        An iterator that asks for the pages.

        limit: At most so many items.
        state: The payer's state or province.
        source: The connector, or `bank`, where the money is.
        currency: ISO 4217, in capitals.
        payment_id: The id of the payment.
        settlement_id: The id of the settlement.
        """
        call = Call(
            "GET",
            "/v1/reconciliation/items",
            query=given(
                {
                    "limit": limit,
                    "state": state,
                    "source": source,
                    "currency": currency,
                    "payment_id": payment_id,
                    "settlement_id": settlement_id,
                }
            ),
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, models.ReconciliationItemView)

    async def items_csv(
        self,
        *,
        limit: int | NotGiven = NOT_GIVEN,
        cursor: str | NotGiven = NOT_GIVEN,
        state: Literal["open", "matched", "expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"]
        | NotGiven = NOT_GIVEN,
        source: str | NotGiven = NOT_GIVEN,
        currency: str | NotGiven = NOT_GIVEN,
        payment_id: str | NotGiven = NOT_GIVEN,
        settlement_id: str | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
    ) -> Content:
        """Items by filter, newest first, as CSV.

        `next_cursor` of the answer continues.

        limit: At most so many items.
        cursor: `next_cursor` of the page before.
        state: The payer's state or province.
        source: The connector, or `bank`, where the money is.
        currency: ISO 4217, in capitals.
        payment_id: The id of the payment.
        settlement_id: The id of the settlement.
        """
        call = Call(
            "GET",
            "/v1/reconciliation/items/csv",
            query=given(
                {
                    "limit": limit,
                    "cursor": cursor,
                    "state": state,
                    "source": source,
                    "currency": currency,
                    "payment_id": payment_id,
                    "settlement_id": settlement_id,
                }
            ),
            timeout=timeout,
        )
        return await self._transport.content(call)

    async def item(self, item_id: str, *, timeout: float | None = None) -> models.ReconciliationItemView:
        """One item, with what was decided about it."""
        call = Call("GET", f"/v1/reconciliation/items/{segment(item_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.ReconciliationItemView})

    async def resolve_item(
        self,
        item_id: str,
        *,
        action: Literal["write_off", "correct", "claim", "accept"],
        reason: str,
        settlement_id: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ReconciliationItemView:
        """Decide about an open item.

        action: What to do with the money: `accept` makes it the payment's, `refund` gives it back.
        reason: Why; null when nothing was said.
        settlement_id: Of a bank line, with `accept`: the settlement that it brings; may be left out where one is proposed.
        """
        call = Call(
            "POST",
            f"/v1/reconciliation/items/{segment(item_id)}/resolve",
            body=given({"action": action, "reason": reason, "settlement_id": settlement_id}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.ReconciliationItemView})
