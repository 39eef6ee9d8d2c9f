"""Experiments. Generated from the contract."""

from __future__ import annotations

from collections.abc import Sequence

from paycorex_client import inputs, models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class Experiments:
    """Experiments."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.ExperimentView]:
        """Experiments, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/routing/experiments", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.ExperimentView)

    def start(
        self,
        *,
        a: Sequence[inputs.RoutingRule],
        b: Sequence[inputs.RoutingRule],
        share: int,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ExperimentView:
        """Put a share of the payments under other routing rules; one experiment runs at a time.

        a: The rules by which most payments go.
        b: The rules by which `share` percent of the payments go.
        share: Percent of the payments that go by `b`.
        """
        call = Call(
            "POST",
            "/v1/routing/experiments",
            body=given({"a": a, "b": b, "share": share}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {201: models.ExperimentView})

    def get(self, experiment_id: str, *, timeout: float | None = None) -> models.ExperimentArmsView:
        """An experiment, and how the payments of each arm went."""
        call = Call("GET", f"/v1/routing/experiments/{segment(experiment_id)}", timeout=timeout)
        return self._transport.answer(call, {200: models.ExperimentArmsView})

    def end(self, experiment_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.ExperimentView:
        """End an experiment: the merchant's own rules decide again."""
        call = Call("POST", f"/v1/routing/experiments/{segment(experiment_id)}/end", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.ExperimentView})


class AsyncExperiments:
    """Experiments."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.ExperimentView]:
        """Experiments, newest first.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/routing/experiments", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.ExperimentView)

    async def start(
        self,
        *,
        a: Sequence[inputs.RoutingRule],
        b: Sequence[inputs.RoutingRule],
        share: int,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.ExperimentView:
        """Put a share of the payments under other routing rules; one experiment runs at a time.

        a: The rules by which most payments go.
        b: The rules by which `share` percent of the payments go.
        share: Percent of the payments that go by `b`.
        """
        call = Call(
            "POST",
            "/v1/routing/experiments",
            body=given({"a": a, "b": b, "share": share}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {201: models.ExperimentView})

    async def get(self, experiment_id: str, *, timeout: float | None = None) -> models.ExperimentArmsView:
        """An experiment, and how the payments of each arm went."""
        call = Call("GET", f"/v1/routing/experiments/{segment(experiment_id)}", timeout=timeout)
        return await self._transport.answer(call, {200: models.ExperimentArmsView})

    async def end(self, experiment_id: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.ExperimentView:
        """End an experiment: the merchant's own rules decide again."""
        call = Call("POST", f"/v1/routing/experiments/{segment(experiment_id)}/end", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.ExperimentView})
