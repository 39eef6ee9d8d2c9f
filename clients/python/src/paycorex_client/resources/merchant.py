"""Merchant. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from paycorex_client import inputs, models
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, NotGiven, given


class Merchant:
    """Merchant."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def verify_connector(self, name: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.Verified:
        """Ask the provider whether it accepts the stored credentials; moves no money."""
        call = Call("POST", f"/v1/merchants/connectors/{segment(name)}/verify", idempotency_key=idempotency_key, timeout=timeout)
        return self._transport.answer(call, {200: models.Verified})

    def get(self, *, timeout: float | None = None) -> models.MerchantView:
        """The merchant's profile and settings."""
        call = Call("GET", "/v1/merchants/me", timeout=timeout)
        return self._transport.answer(call, {200: models.MerchantView})

    def change(
        self,
        *,
        allow_inr_pan: bool | None | NotGiven = NOT_GIVEN,
        card_storage: Literal["provider_only", "vault"] | None | NotGiven = NOT_GIVEN,
        connectors: inputs.Connectors | None | NotGiven = NOT_GIVEN,
        crypto_tolerance_percent: Amount | None | NotGiven = NOT_GIVEN,
        i_am_pci_dss_assessed: bool | None | NotGiven = NOT_GIVEN,
        ledger_lanes: int | None | NotGiven = NOT_GIVEN,
        merchant_category_code: str | None | NotGiven = NOT_GIVEN,
        name: str | None | NotGiven = NOT_GIVEN,
        payee_name: str | None | NotGiven = NOT_GIVEN,
        payee_vpa: str | None | NotGiven = NOT_GIVEN,
        routing_rules: Sequence[inputs.RoutingRule] | None | NotGiven = NOT_GIVEN,
        signature_policy: Literal["any", "v2_only"] | None | NotGiven = NOT_GIVEN,
        xpubs: Mapping[str, str | None] | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MerchantView:
        """Change settings; only the given fields change, and `settings_effective_at` says from when they act everywhere."""
        call = Call(
            "PATCH",
            "/v1/merchants/me",
            body=given(
                {
                    "allow_inr_pan": allow_inr_pan,
                    "card_storage": card_storage,
                    "connectors": connectors,
                    "crypto_tolerance_percent": crypto_tolerance_percent,
                    "i_am_pci_dss_assessed": i_am_pci_dss_assessed,
                    "ledger_lanes": ledger_lanes,
                    "merchant_category_code": merchant_category_code,
                    "name": name,
                    "payee_name": payee_name,
                    "payee_vpa": payee_vpa,
                    "routing_rules": routing_rules,
                    "signature_policy": signature_policy,
                    "xpubs": xpubs,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.MerchantView})

    def register(
        self,
        *,
        email: str,
        name: str,
        currency: str | NotGiven = NOT_GIVEN,
        webhook_url: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RegisteredView:
        """Register a merchant; api_key and secret are in this answer only."""
        call = Call(
            "POST",
            "/v1/merchants/register",
            body=given({"currency": currency, "email": email, "name": name, "webhook_url": webhook_url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
            signed=False,
        )
        return self._transport.answer(call, {201: models.RegisteredView})


class AsyncMerchant:
    """Merchant."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def verify_connector(self, name: str, *, idempotency_key: str | None = None, timeout: float | None = None) -> models.Verified:
        """Ask the provider whether it accepts the stored credentials; moves no money."""
        call = Call("POST", f"/v1/merchants/connectors/{segment(name)}/verify", idempotency_key=idempotency_key, timeout=timeout)
        return await self._transport.answer(call, {200: models.Verified})

    async def get(self, *, timeout: float | None = None) -> models.MerchantView:
        """The merchant's profile and settings."""
        call = Call("GET", "/v1/merchants/me", timeout=timeout)
        return await self._transport.answer(call, {200: models.MerchantView})

    async def change(
        self,
        *,
        allow_inr_pan: bool | None | NotGiven = NOT_GIVEN,
        card_storage: Literal["provider_only", "vault"] | None | NotGiven = NOT_GIVEN,
        connectors: inputs.Connectors | None | NotGiven = NOT_GIVEN,
        crypto_tolerance_percent: Amount | None | NotGiven = NOT_GIVEN,
        i_am_pci_dss_assessed: bool | None | NotGiven = NOT_GIVEN,
        ledger_lanes: int | None | NotGiven = NOT_GIVEN,
        merchant_category_code: str | None | NotGiven = NOT_GIVEN,
        name: str | None | NotGiven = NOT_GIVEN,
        payee_name: str | None | NotGiven = NOT_GIVEN,
        payee_vpa: str | None | NotGiven = NOT_GIVEN,
        routing_rules: Sequence[inputs.RoutingRule] | None | NotGiven = NOT_GIVEN,
        signature_policy: Literal["any", "v2_only"] | None | NotGiven = NOT_GIVEN,
        xpubs: Mapping[str, str | None] | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MerchantView:
        """Change settings; only the given fields change, and `settings_effective_at` says from when they act everywhere."""
        call = Call(
            "PATCH",
            "/v1/merchants/me",
            body=given(
                {
                    "allow_inr_pan": allow_inr_pan,
                    "card_storage": card_storage,
                    "connectors": connectors,
                    "crypto_tolerance_percent": crypto_tolerance_percent,
                    "i_am_pci_dss_assessed": i_am_pci_dss_assessed,
                    "ledger_lanes": ledger_lanes,
                    "merchant_category_code": merchant_category_code,
                    "name": name,
                    "payee_name": payee_name,
                    "payee_vpa": payee_vpa,
                    "routing_rules": routing_rules,
                    "signature_policy": signature_policy,
                    "xpubs": xpubs,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.MerchantView})

    async def register(
        self,
        *,
        email: str,
        name: str,
        currency: str | NotGiven = NOT_GIVEN,
        webhook_url: str | None | NotGiven = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RegisteredView:
        """Register a merchant; api_key and secret are in this answer only."""
        call = Call(
            "POST",
            "/v1/merchants/register",
            body=given({"currency": currency, "email": email, "name": name, "webhook_url": webhook_url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
            signed=False,
        )
        return await self._transport.answer(call, {201: models.RegisteredView})
