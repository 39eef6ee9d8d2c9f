"""What a change of settings makes of a merchant's profile. `accounts` reads and stores the profile."""

import json
from collections.abc import Mapping
from typing import Any, Final

from merchants import card_choice, fingerprints
from merchants.connector_settings import is_name
from paycorex import clock, sealing
from paycorex.money import Money
from paycorex.records.merchant import MerchantItem

CREDENTIALS_FIELD: Final = "connectors"
_FEES: Final = ("fee_bearer", "fee_schedules")


def merged(merchant: MerchantItem, profile: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """profile: a copy of the merchant's, which is changed and returned. given: the fields of a request; null takes one away.

    Secrets of connectors are sealed: one KMS call for each. Raises InvalidAmount for what is no amount of the merchant's currency.
    """
    for name in (
        "payee_vpa",
        "payee_name",
        "merchant_category_code",
        "routing_rules",
        "crypto_tolerance_percent",
        *_FEES,
        "settlement_days",
        "billing",
        "risk_rules",
        *card_choice.FIELDS,
    ):
        if name in given:
            set_or_remove(profile, name, given[name])
    if "payment_limits" in given:
        profile["payment_limits"] = _limits(merchant, given["payment_limits"])
    if "dangerous_acts" in given:
        set_or_remove(profile, "dangerous_acts", _dangerous(merchant, given["dangerous_acts"]))
    if "account_map" in given:
        profile["account_map"] = _renamed(profile, given["account_map"])
    for network, xpub in (given.get("xpubs") or {}).items():
        set_or_remove(profile.setdefault("xpubs", {}), network, xpub)
    # A name of the time when any was taken leads nowhere, and cannot be removed by its name any more.
    connectors = {name: sealed for name, sealed in (profile.get(CREDENTIALS_FIELD) or {}).items() if is_name(name)}
    for connector, fields in (given.get(CREDENTIALS_FIELD) or {}).items():
        stated = {name: value for name, value in (fields or {}).items() if value is not None}
        if connector in connectors:
            profile.setdefault("connector_changes", {})[connector] = clock.now_ms()
        set_or_remove(connectors, connector, _sealed(merchant, connector, stated) if stated else None)
    if connectors or CREDENTIALS_FIELD in profile:
        profile[CREDENTIALS_FIELD] = connectors
    return profile


def _limits(merchant: MerchantItem, given: Mapping[str, str | None] | None) -> dict[str, str]:
    """The limits with what is given; null takes one away. Raises InvalidAmount for what is no amount of the merchant's currency."""
    chosen = {} if given is None else {**merchant.settings.payment_limits, **given}
    return {method: str(Money.parse(text, merchant.currency)) for method, text in chosen.items() if text is not None}


def _dangerous(merchant: MerchantItem, given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Raises InvalidAmount for what is no amount of the merchant's currency."""
    if given is None:
        return None
    above = given.get("refund_above")
    shown = None if above is None else str(Money.parse(above, merchant.currency))
    return {"refund_above": shown, "two_people": list(dict.fromkeys(given.get("two_people") or ()))}


def _renamed(profile: Mapping[str, Any], given: Mapping[str, str | None] | None) -> dict[str, str]:
    """The map of accounts with what is given; null takes a name away, and null for all of it takes all away."""
    names = {} if given is None else {**(profile.get("account_map") or {}), **given}
    return {account: name for account, name in names.items() if name is not None}


def set_or_remove(target: dict[str, Any], name: str, value: object) -> None:
    """One field; null takes it away."""
    if value is None:
        target.pop(name, None)
    else:
        target[name] = value


def _sealed(merchant: MerchantItem, connector: str, credentials: Mapping[str, str]) -> dict[str, Any]:
    context = sealing.Context("connector", merchant.merchant_id)
    blob = json.dumps(credentials, sort_keys=True).encode()
    sealed = sealing.seal(blob, context=context, bound_to=connector)
    return {"sealed": sealed, "fields": sorted(credentials), "fingerprints": fingerprints.of_secrets(merchant, connector, credentials)}
