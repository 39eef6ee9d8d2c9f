"""Merchant accounts: registration and settings."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.expressions.update import Action

from merchants import brands, card_choice, connector_choice, keys, mode_rules, profile_changes, store
from merchants.connector_settings import is_name
from merchants.requests import Register, Settings
from paycorex import clock, ids, modes, storage, webhook_endpoints
from paycorex.credentials import ALL_SCOPES
from paycorex.errors import Forbidden, InvalidRequest, NotFound
from paycorex.fee_rates import Schedule
from paycorex.idempotency import Claim
from paycorex.money import Money
from paycorex.records.merchant import MerchantItem
from paycorex.records.merchant_settings import DEFAULTS
from paycorex.risk_rules import RiskRule
from paycorex.webhook_endpoints import NewEndpoint

EXPERIMENT_FIELD: Final = "experiment"
BRAND_FIELD: Final = "brand"


@dataclass(frozen=True, slots=True, repr=False)
class Registered:
    """A merchant, with its first endpoint if it named one.

    `issued` and `endpoint` are None when an earlier request with the same key made it, because secrets are shown once.
    """

    merchant: MerchantItem
    issued: keys.IssuedKey | None
    endpoint: NewEndpoint | None


def register(request: Register, *, claim: Claim, open_to_all: bool) -> Registered:
    """Create a merchant with its first key, and its first webhook endpoint if it names one, in one transaction.

    An Idempotency-Key is scoped to the whole request: the same request finds its merchant again; another request with the same
    key is independent. Raises Forbidden when registration is closed, InvalidRequest for a URL that no webhook will be sent to.
    """
    if not open_to_all:
        raise Forbidden("Registration is closed on this deployment.")
    merchant_id = claim.record_id("mer") if request.mode is None else modes.marked(claim.record_id("mer"), request.mode)
    issued = keys.issue(merchant_id, ids.derive("key", merchant_id, "first"), scopes=ALL_SCOPES, expires_at=None, rotated=False)
    merchant = MerchantItem(
        merchant_id=merchant_id,
        name=request.name,
        email=request.email,
        currency=request.currency,
        status="active",
        created_at=clock.now_ms(),
        version=1,
        cursor_key=secrets.token_hex(16),
        request_hash=claim.request_hash,
    )
    endpoint = None if request.webhook_url is None else webhook_endpoints.prepare(merchant_id, request.webhook_url)
    try:
        writes = endpoint.writes if endpoint else []
        storage.transact([store.new_merchant(merchant), *keys.first_writes(issued), *writes])
    except storage.TransactionRefused as refused:
        if not refused.reasons[0].is_condition:
            raise storage.Unavailable("transaction refused") from refused
        return Registered(MerchantItem.load(refused.reasons[0].item), None, None)
    return Registered(merchant, issued, endpoint)


def find(merchant_id: str) -> MerchantItem:
    """The merchant as it stands. Raises NotFound."""
    merchant = store.find_merchant(merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    return merchant


def change(merchant_id: str, request: Settings, *, claim: Claim) -> MerchantItem:
    """Change the given settings. Connector credentials are sealed here and never shown again.

    Raises NotFound, InvalidRequest for rules that name a connector which is not there, InvalidState for the removal of one that rules name,
    WrongMode for what moves money of the other mode, storage.TransactionRefused when another request was faster.
    """
    merchant = find(merchant_id)
    given = request.model_dump(mode="json", exclude_unset=True)
    # Null goes back to the default; the JSON of a body leaves it out of fields that are new.
    given |= {name: None for name in request.model_fields_set if getattr(request, name) is None}
    if request.brand is not None:
        given[BRAND_FIELD] = {name: getattr(request.brand, name) for name in request.brand.model_fields_set}
    if request.routing_rules is not None:
        given["routing_rules"] = [each.rule().stored() for each in request.routing_rules]
    if request.risk_rules is not None:
        given["risk_rules"] = _risk_rules(merchant, request.risk_rules)
    if request.fee_schedules is not None:
        _check_schedules(request.fee_schedules)
        given["fee_schedules"] = [each.schedule(clock.now_ms()).stored() for each in request.fee_schedules]
    actions: list[Action] = [MerchantItem.settings_changed_at.set(clock.now_ms())]
    if given.get("name"):
        actions.append(MerchantItem.name.set(given["name"]))
    if "signature_policy" in given:
        actions.append(MerchantItem.signature_policy.set(given["signature_policy"] or DEFAULTS.signature_policy))
    if "ledger_lanes" in given:
        actions.append(MerchantItem.ledger_lanes.set(given["ledger_lanes"] or DEFAULTS.ledger_lanes))
    profile = profile_changes.merged(merchant, dict(merchant.profile), given)
    logo_writes: list[storage.Write] = []
    if BRAND_FIELD in given:
        profile[BRAND_FIELD], logo_writes = brands.changed(merchant_id, profile.get(BRAND_FIELD) or {}, given[BRAND_FIELD])
    connector_choice.check(merchant_id, given, profile)
    mode_rules.check(merchant_id, given)
    card_choice.check(given, profile)
    actions.append(MerchantItem.profile.set(profile))
    storage.transact([store.change_merchant(merchant, actions), *logo_writes, *claim.rows(reference=merchant_id, status=200)])
    return find(merchant_id)


def _risk_rules(merchant: MerchantItem, rules: Sequence[RiskRule]) -> list[dict[str, Any]]:
    """The rules as they are stored. Raises InvalidAmount for what is no amount of the merchant's currency."""
    stored = [rule.rule().stored() for rule in rules]
    for rule in stored:
        if rule["max_amount"] is not None:
            rule["max_amount"] = str(Money.parse(rule["max_amount"], merchant.currency))
    return stored


def _check_schedules(schedules: Sequence[Schedule]) -> None:
    for number, each in enumerate(schedules):
        if not is_name(each.connector):
            details = {"field": f"fee_schedules.{number}.connector", "connector": each.connector}
            raise InvalidRequest(f"fee_schedules.{number} names {each.connector}, which is no connector.", details=details)


def running_experiment(merchant: MerchantItem) -> str | None:
    """The id of the experiment with routing rules that stands with the settings."""
    running: Mapping[str, Any] | None = merchant.profile.get(EXPERIMENT_FIELD)
    return None if running is None else str(running["experiment_id"])


def with_experiment(merchant: MerchantItem, running: Mapping[str, Any] | None, now_ms: int) -> storage.Write:
    """The settings with this experiment, or without any. Raises InvalidRequest when its rules name a connector that is not there."""
    profile: dict[str, Any] = dict(merchant.profile)
    profile_changes.set_or_remove(profile, EXPERIMENT_FIELD, running)
    connector_choice.check(merchant.merchant_id, {EXPERIMENT_FIELD: running}, profile)
    actions: list[Action] = [MerchantItem.profile.set(profile), MerchantItem.settings_changed_at.set(now_ms)]
    return store.change_merchant(merchant, actions)
