"""Which connectors a merchant may use, and one of them with the merchant's credentials in hand."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from paycorex import connectors, credentials, modes, sealing, settings
from paycorex.connectors import PROCESSOR_PREFIX, is_processor
from paycorex.loading import later
from paycorex.records.effective import NOTICE_SECONDS
from paycorex.records.merchant import MerchantItem
from payments.connectors.model import Connector
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import Attempt
from payments.connectors.sandbox.connector import Sandbox
from payments.connectors.stripe.connector import Stripe

with later():
    from payments.connectors.prism import disputes as prism_disputes
    from payments.connectors.prism import library, processors, translation
Credentials = Mapping[str, str]


class NotConfigured(Exception):
    """The merchant has no such connector, or its credentials cannot be opened."""


class ProcessorUnavailable(NotConfigured):
    """What translates for this processor cannot be loaded here. reason: why, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _sandbox(name: str, merchant: MerchantItem, given: Credentials) -> Connector:
    secret = hmac.new(bytes.fromhex(merchant.cursor_key), b"paycorex-sandbox-callbacks", hashlib.sha256).hexdigest()
    return Sandbox(name, given, default_secret=secret)


def _stripe(_name: str, _merchant: MerchantItem, given: Credentials) -> Connector:
    return Stripe(given)


def _razorpay(_name: str, _merchant: MerchantItem, given: Credentials) -> Connector:
    return Razorpay(given)


def _prism(name: str, merchant: MerchantItem, given: Credentials) -> Connector:
    """Raises ProcessorUnavailable, NotConfigured for a processor that the library does not have any more."""
    found = library.load()
    if isinstance(found, library.Missing):
        raise ProcessorUnavailable(found.reason)
    webhook_url = f"{settings.current().public_base_url.rstrip('/')}/v1/callbacks/{name}/{merchant.merchant_id}"
    try:
        processor = name.removeprefix(PROCESSOR_PREFIX)
        kind = prism_disputes.kind_of(processors.of(processor))
        is_live = modes.of(merchant.merchant_id) == modes.LIVE
        return kind(found, processor, given, webhook_url=webhook_url, is_live=is_live, merchant_id=merchant.merchant_id)
    except translation.Untranslatable as problem:
        raise NotConfigured(name) from problem


_MAKERS: Final[Mapping[str, Callable[[str, MerchantItem, Credentials], Connector]]] = MappingProxyType(
    {
        "sandbox": _sandbox,
        "sandbox_backup": _sandbox,
        "stripe": _stripe,
        "razorpay": _razorpay,
    }
)


def usable(merchant: MerchantItem, name: str) -> bool:
    """True when the merchant may use this connector: configured, or a sandbox where there is one."""
    return (name in _MAKERS or is_processor(name)) and connectors.is_there(merchant, name)


def names(merchant: MerchantItem) -> list[str]:
    """The usable ones among the connectors that the merchant configured; the sandbox when it configured none and that is allowed.

    Never the sandbox because none of those configured is usable: a payment is not approved by a mistake in the settings.
    """
    configured = merchant.settings.connectors
    if not configured:
        return ["sandbox"] if connectors.has_sandbox(merchant.merchant_id) else []
    return [name for name in configured if usable(merchant, name)]


def connect(merchant: MerchantItem, name: str) -> Connector:
    """A connector for this merchant. No KMS call when warm. Raises NotConfigured, TemporarilyUnavailable."""
    if not usable(merchant, name):
        raise NotConfigured(name)
    stored = merchant.settings.connectors.get(name)
    maker = _prism if is_processor(name) else _MAKERS[name]
    return maker(name, merchant, {} if stored is None else _opened(merchant.merchant_id, name, stored.sealed))


def connect_for(merchant_id: str, name: str) -> Connector:
    """The same by the merchant's id. Raises NotConfigured, TemporarilyUnavailable, storage.Unavailable."""
    merchant = credentials.find_merchant(merchant_id)
    if merchant is None:
        raise NotConfigured(name)
    return connect(merchant, name)


def may_be_in_other_account(attempt: Attempt, name: str) -> bool:
    """True when the connector's settings were replaced or removed after the attempt began, give or take what environments remember.

    That the provider does not know the attempt then proves nothing: it may be in the account of before. An attempt whose reference was
    noted is asked for by that, which no other account has; and the sandbox's books are one for all settings.
    """
    if attempt.provider_reference is not None or name in connectors.SANDBOXES:
        return False
    merchant = credentials.find_merchant(attempt.merchant_id)
    changed_at = None if merchant is None else merchant.settings.connector_changes.get(name)
    return changed_at is not None and (attempt.started_ms or 0) < changed_at + NOTICE_SECONDS * 1000


def _opened(merchant_id: str, name: str, sealed: str) -> Credentials:
    try:
        blob = sealing.unseal(sealed, context=sealing.Context("connector", merchant_id), bound_to=name)
    except sealing.SealBroken as error:
        raise NotConfigured(name) from error
    opened: Credentials = json.loads(blob)
    return opened
