"""Risk replays. Generated from the contract."""

from __future__ import annotations

from collections.abc import Sequence

from paycorex_client import inputs, models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, NotGiven, given


class RiskReplays:
    """Risk replays."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        *,
        risk_rules: Sequence[inputs.RiskRule],
        last: int | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RiskRulesReplayed:
        """Which of the newest payments these risk rules would have stopped; writes nothing, and says what it cannot know.

        last: So many of the newest payments before which rules stand: cards, and what payers began on a page. Default: 500.
        risk_rules: The rules to try, as `PATCH /v1/merchants/me` takes them. Nothing is saved.
        """
        call = Call(
            "POST",
            "/v1/risk_replays",
            body=given({"last": last, "risk_rules": risk_rules}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.RiskRulesReplayed})


class AsyncRiskReplays:
    """Risk replays."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        risk_rules: Sequence[inputs.RiskRule],
        last: int | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RiskRulesReplayed:
        """Which of the newest payments these risk rules would have stopped; writes nothing, and says what it cannot know.

        last: So many of the newest payments before which rules stand: cards, and what payers began on a page. Default: 500.
        risk_rules: The rules to try, as `PATCH /v1/merchants/me` takes them. Nothing is saved.
        """
        call = Call(
            "POST",
            "/v1/risk_replays",
            body=given({"last": last, "risk_rules": risk_rules}),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.RiskRulesReplayed})
