"""Routing. Generated from the contract."""

from __future__ import annotations

from collections.abc import Sequence

from paycorex_client import inputs, models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Routing:
    """Routing."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def replay(
        self,
        *,
        routing_rules: Sequence[inputs.RoutingRule],
        last: int | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RulesReplayed:
        """What these rules would have done with the newest payments; writes nothing, and says what it cannot know.

        last: How many of the newest decided payments. Default: 500.
        routing_rules: Which connectors take which payments; the first rule that matches decides.
        """
        call = Call(
            "POST",
            "/v1/routing/replay",
            body=given({"last": last, "routing_rules": routing_rules}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.RulesReplayed})

    def segments(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.SegmentView]:
        """What routing knows of the merchant's connectors; kept where there is a choice between them.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/routing/segments", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.SegmentView)


class AsyncRouting:
    """Routing."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def replay(
        self,
        *,
        routing_rules: Sequence[inputs.RoutingRule],
        last: int | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RulesReplayed:
        """What these rules would have done with the newest payments; writes nothing, and says what it cannot know.

        last: How many of the newest decided payments. Default: 500.
        routing_rules: Which connectors take which payments; the first rule that matches decides.
        """
        call = Call(
            "POST",
            "/v1/routing/replay",
            body=given({"last": last, "routing_rules": routing_rules}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.RulesReplayed})

    def segments(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.SegmentView]:
        """What routing knows of the merchant's connectors; kept where there is a choice between them.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/routing/segments", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.SegmentView)
