"""Merchant. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from paycorex_client import inputs, models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, NotGiven, given


class Merchant:
    """Merchant."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_connectors(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> Pages[models.ConnectorStateView]:
        """How the merchant's connectors stand: what their providers last said of the credentials, and whether calls are held
        back.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/merchants/connectors", query=given({"limit": limit}), timeout=timeout)
        return Pages(self._transport, call, models.ConnectorStateView)

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
        account_map: Mapping[str, Any] | NotGiven | None = NOT_GIVEN,
        allow_inr_pan: bool | NotGiven | None = NOT_GIVEN,
        billing: inputs.Billing | NotGiven | None = NOT_GIVEN,
        brand: inputs.Brand | NotGiven | None = NOT_GIVEN,
        card_storage: Literal["provider_only", "vault"] | NotGiven | None = NOT_GIVEN,
        connectors: inputs.Connectors | NotGiven | None = NOT_GIVEN,
        crypto_tolerance_percent: Amount | NotGiven | None = NOT_GIVEN,
        dangerous_acts: inputs.DangerousActs | NotGiven | None = NOT_GIVEN,
        fee_bearer: Literal["platform", "merchant"] | NotGiven | None = NOT_GIVEN,
        fee_schedules: Sequence[inputs.Schedule] | NotGiven | None = NOT_GIVEN,
        i_am_pci_dss_assessed: bool | NotGiven | None = NOT_GIVEN,
        ledger_lanes: int | NotGiven | None = NOT_GIVEN,
        merchant_category_code: str | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        payee_name: str | NotGiven | None = NOT_GIVEN,
        payee_vpa: str | NotGiven | None = NOT_GIVEN,
        payment_limits: Mapping[str, Amount | None] | NotGiven | None = NOT_GIVEN,
        risk_rules: Sequence[inputs.RiskRule] | NotGiven | None = NOT_GIVEN,
        routing_rules: Sequence[inputs.RoutingRule] | NotGiven | None = NOT_GIVEN,
        settlement_days: Mapping[str, int] | NotGiven | None = NOT_GIVEN,
        signature_policy: Literal["any", "v2_only"] | NotGiven | None = NOT_GIVEN,
        xpubs: Mapping[str, str | None] | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MerchantView:
        """Change settings; only the given fields change, and `settings_effective_at` says from when they act everywhere.

        account_map: The merchant's own account codes by the ledger's words, for exports to accounting programs.
        allow_inr_pan: Whether card numbers are taken for payments in INR.
        billing: Who the merchant is on the operator's invoices; what is given replaces all of it.
        brand: How payers see the merchant: its name, colour and logo on pages, checkouts, links and receipts.
        card_storage: Where card numbers are kept: `provider_only` or `vault`.
        connectors: Settings by connector.
        crypto_tolerance_percent: By how much a crypto payment may be less than asked, in percent.
        dangerous_acts: What people do with a passkey that was just used, and with a second person. Set by people in the
        console, not by keys.
        fee_bearer: Who pays what providers keep: `platform` or `merchant`. Of a payment that is decided when it is first
        captured.
        fee_schedules: The price lists of connectors. A list that is given replaces all of them.
        i_am_pci_dss_assessed: The merchant's word that it is assessed by PCI DSS, which `vault` asks for.
        ledger_lanes: The most lanes that the ledger may open while payments wait for each other.
        merchant_category_code: Four digits (ISO 18245).
        name: The merchant's name, as payers see it.
        payee_name: The name in UPI links.
        payee_vpa: The UPI address that is paid, such as `shop@bank`.
        payment_limits: By method, how much one payment moves at most, in the merchant's currency: against amounts that were
        meant in minor units. Null goes back to the operator's limit. Payments in other currencies have none.
        risk_rules: How often, or for how much, one payer may try: all rules together. An empty list is no rule, null goes
        back to the default: eight payments in ten minutes from one address on the payers' pages, against card testing.
        routing_rules: Which connectors take which payments; the first rule that matches decides.
        settlement_days: By connector, after how many days a provider's report of a payment is due: 0 to 60. Five for a
        connector that is not named.
        signature_policy: `v2_only` refuses version 1 of the signature.
        xpubs: Extended public keys by network, from which addresses of payments are derived.
        """
        call = Call(
            "PATCH",
            "/v1/merchants/me",
            body=given(
                {
                    "account_map": account_map,
                    "allow_inr_pan": allow_inr_pan,
                    "billing": billing,
                    "brand": brand,
                    "card_storage": card_storage,
                    "connectors": connectors,
                    "crypto_tolerance_percent": crypto_tolerance_percent,
                    "dangerous_acts": dangerous_acts,
                    "fee_bearer": fee_bearer,
                    "fee_schedules": fee_schedules,
                    "i_am_pci_dss_assessed": i_am_pci_dss_assessed,
                    "ledger_lanes": ledger_lanes,
                    "merchant_category_code": merchant_category_code,
                    "name": name,
                    "payee_name": payee_name,
                    "payee_vpa": payee_vpa,
                    "payment_limits": payment_limits,
                    "risk_rules": risk_rules,
                    "routing_rules": routing_rules,
                    "settlement_days": settlement_days,
                    "signature_policy": signature_policy,
                    "xpubs": xpubs,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return self._transport.answer(call, {200: models.MerchantView})

    def logo(self, *, timeout: float | None = None) -> Content:
        """The logo that payers see, as it was written anew when it came."""
        call = Call("GET", "/v1/merchants/me/logo", timeout=timeout)
        return self._transport.content(call)

    def register(
        self,
        *,
        email: str,
        name: str,
        currency: str | NotGiven = NOT_GIVEN,
        mode: Literal["live", "test"] | NotGiven | None = NOT_GIVEN,
        webhook_url: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RegisteredView:
        """Register a merchant; api_key and secret are in this answer only.

        currency: The merchant's own currency, ISO 4217. Default: "INR".
        email: An e-mail address.
        mode: Null: live in production, and test elsewhere. It is in the merchant's id and cannot be changed.
        name: The merchant's name, as payers see it.
        webhook_url: An https address: it becomes the first webhook endpoint, for all events.
        """
        call = Call(
            "POST",
            "/v1/merchants/register",
            body=given({"currency": currency, "email": email, "mode": mode, "name": name, "webhook_url": webhook_url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
            signed=False,
        )
        return self._transport.answer(call, {201: models.RegisteredView})


class AsyncMerchant:
    """Merchant."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list_connectors(self, *, limit: int | NotGiven = NOT_GIVEN, timeout: float | None = None) -> AsyncPages[models.ConnectorStateView]:
        """How the merchant's connectors stand: what their providers last said of the credentials, and whether calls are held
        back.

        An iterator that asks for the pages.

        limit: At most so many items.
        """
        call = Call("GET", "/v1/merchants/connectors", query=given({"limit": limit}), timeout=timeout)
        return AsyncPages(self._transport, call, models.ConnectorStateView)

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
        account_map: Mapping[str, Any] | NotGiven | None = NOT_GIVEN,
        allow_inr_pan: bool | NotGiven | None = NOT_GIVEN,
        billing: inputs.Billing | NotGiven | None = NOT_GIVEN,
        brand: inputs.Brand | NotGiven | None = NOT_GIVEN,
        card_storage: Literal["provider_only", "vault"] | NotGiven | None = NOT_GIVEN,
        connectors: inputs.Connectors | NotGiven | None = NOT_GIVEN,
        crypto_tolerance_percent: Amount | NotGiven | None = NOT_GIVEN,
        dangerous_acts: inputs.DangerousActs | NotGiven | None = NOT_GIVEN,
        fee_bearer: Literal["platform", "merchant"] | NotGiven | None = NOT_GIVEN,
        fee_schedules: Sequence[inputs.Schedule] | NotGiven | None = NOT_GIVEN,
        i_am_pci_dss_assessed: bool | NotGiven | None = NOT_GIVEN,
        ledger_lanes: int | NotGiven | None = NOT_GIVEN,
        merchant_category_code: str | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        payee_name: str | NotGiven | None = NOT_GIVEN,
        payee_vpa: str | NotGiven | None = NOT_GIVEN,
        payment_limits: Mapping[str, Amount | None] | NotGiven | None = NOT_GIVEN,
        risk_rules: Sequence[inputs.RiskRule] | NotGiven | None = NOT_GIVEN,
        routing_rules: Sequence[inputs.RoutingRule] | NotGiven | None = NOT_GIVEN,
        settlement_days: Mapping[str, int] | NotGiven | None = NOT_GIVEN,
        signature_policy: Literal["any", "v2_only"] | NotGiven | None = NOT_GIVEN,
        xpubs: Mapping[str, str | None] | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.MerchantView:
        """Change settings; only the given fields change, and `settings_effective_at` says from when they act everywhere.

        account_map: The merchant's own account codes by the ledger's words, for exports to accounting programs.
        allow_inr_pan: Whether card numbers are taken for payments in INR.
        billing: Who the merchant is on the operator's invoices; what is given replaces all of it.
        brand: How payers see the merchant: its name, colour and logo on pages, checkouts, links and receipts.
        card_storage: Where card numbers are kept: `provider_only` or `vault`.
        connectors: Settings by connector.
        crypto_tolerance_percent: By how much a crypto payment may be less than asked, in percent.
        dangerous_acts: What people do with a passkey that was just used, and with a second person. Set by people in the
        console, not by keys.
        fee_bearer: Who pays what providers keep: `platform` or `merchant`. Of a payment that is decided when it is first
        captured.
        fee_schedules: The price lists of connectors. A list that is given replaces all of them.
        i_am_pci_dss_assessed: The merchant's word that it is assessed by PCI DSS, which `vault` asks for.
        ledger_lanes: The most lanes that the ledger may open while payments wait for each other.
        merchant_category_code: Four digits (ISO 18245).
        name: The merchant's name, as payers see it.
        payee_name: The name in UPI links.
        payee_vpa: The UPI address that is paid, such as `shop@bank`.
        payment_limits: By method, how much one payment moves at most, in the merchant's currency: against amounts that were
        meant in minor units. Null goes back to the operator's limit. Payments in other currencies have none.
        risk_rules: How often, or for how much, one payer may try: all rules together. An empty list is no rule, null goes
        back to the default: eight payments in ten minutes from one address on the payers' pages, against card testing.
        routing_rules: Which connectors take which payments; the first rule that matches decides.
        settlement_days: By connector, after how many days a provider's report of a payment is due: 0 to 60. Five for a
        connector that is not named.
        signature_policy: `v2_only` refuses version 1 of the signature.
        xpubs: Extended public keys by network, from which addresses of payments are derived.
        """
        call = Call(
            "PATCH",
            "/v1/merchants/me",
            body=given(
                {
                    "account_map": account_map,
                    "allow_inr_pan": allow_inr_pan,
                    "billing": billing,
                    "brand": brand,
                    "card_storage": card_storage,
                    "connectors": connectors,
                    "crypto_tolerance_percent": crypto_tolerance_percent,
                    "dangerous_acts": dangerous_acts,
                    "fee_bearer": fee_bearer,
                    "fee_schedules": fee_schedules,
                    "i_am_pci_dss_assessed": i_am_pci_dss_assessed,
                    "ledger_lanes": ledger_lanes,
                    "merchant_category_code": merchant_category_code,
                    "name": name,
                    "payee_name": payee_name,
                    "payee_vpa": payee_vpa,
                    "payment_limits": payment_limits,
                    "risk_rules": risk_rules,
                    "routing_rules": routing_rules,
                    "settlement_days": settlement_days,
                    "signature_policy": signature_policy,
                    "xpubs": xpubs,
                }
            ),
            idempotency_key=idempotency_key,
            timeout=timeout,
        )
        return await self._transport.answer(call, {200: models.MerchantView})

    async def logo(self, *, timeout: float | None = None) -> Content:
        """The logo that payers see, as it was written anew when it came."""
        call = Call("GET", "/v1/merchants/me/logo", timeout=timeout)
        return await self._transport.content(call)

    async def register(
        self,
        *,
        email: str,
        name: str,
        currency: str | NotGiven = NOT_GIVEN,
        mode: Literal["live", "test"] | NotGiven | None = NOT_GIVEN,
        webhook_url: str | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> models.RegisteredView:
        """Register a merchant; api_key and secret are in this answer only.

        currency: The merchant's own currency, ISO 4217. Default: "INR".
        email: An e-mail address.
        mode: Null: live in production, and test elsewhere. It is in the merchant's id and cannot be changed.
        name: The merchant's name, as payers see it.
        webhook_url: An https address: it becomes the first webhook endpoint, for all events.
        """
        call = Call(
            "POST",
            "/v1/merchants/register",
            body=given({"currency": currency, "email": email, "mode": mode, "name": name, "webhook_url": webhook_url}),
            idempotency_key=idempotency_key,
            timeout=timeout,
            signed=False,
        )
        return await self._transport.answer(call, {201: models.RegisteredView})
