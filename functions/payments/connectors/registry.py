"""Which connectors exist, which a merchant may use, and one of them with the merchant's credentials in hand."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from paycorex import credentials, sealing, settings
from paycorex.credentials import MerchantItem
from payments.connectors.model import Connector
from payments.connectors.razorpay import Razorpay
from payments.connectors.sandbox import Sandbox
from payments.connectors.stripe import Stripe

SANDBOXES: Final = ("sandbox", "sandbox_backup")
Credentials = Mapping[str, str]


class NotConfigured(Exception):
    """The merchant has no such connector, or its credentials cannot be opened."""


def _sandbox(name: str, merchant: MerchantItem, given: Credentials) -> Connector:
    secret = hmac.new(bytes.fromhex(merchant.cursor_key), b"paycorex-sandbox-callbacks", hashlib.sha256).hexdigest()
    return Sandbox(name, given, default_secret=secret)


def _stripe(_name: str, _merchant: MerchantItem, given: Credentials) -> Connector:
    return Stripe(given)


def _razorpay(_name: str, _merchant: MerchantItem, given: Credentials) -> Connector:
    return Razorpay(given)


_MAKERS: Final[Mapping[str, Callable[[str, MerchantItem, Credentials], Connector]]] = MappingProxyType(
    {
        "sandbox": _sandbox,
        "sandbox_backup": _sandbox,
        "stripe": _stripe,
        "razorpay": _razorpay,
    }
)
METHODS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "sandbox": Sandbox.methods,
        "sandbox_backup": Sandbox.methods,
        "stripe": Stripe.methods,
        "razorpay": Razorpay.methods,
    }
)


def sandbox_allowed() -> bool:
    """False in production, unless it was switched on there."""
    current = settings.current()
    return current.stage != "prod" or current.allow_sandbox_connector


def usable(merchant: MerchantItem, name: str) -> bool:
    """True when the merchant may use this connector: configured, or a sandbox where there is one."""
    if name in SANDBOXES:
        return sandbox_allowed()
    return name in _MAKERS and name in merchant.settings.connectors


def names(merchant: MerchantItem) -> list[str]:
    """The connectors that the merchant configured; the sandbox when there are none and it is allowed."""
    found = [name for name in merchant.settings.connectors if usable(merchant, name)]
    return found or (["sandbox"] if sandbox_allowed() else [])


def connect(merchant: MerchantItem, name: str) -> Connector:
    """A connector for this merchant. No KMS call when warm. Raises NotConfigured, TemporarilyUnavailable."""
    if not usable(merchant, name):
        raise NotConfigured(name)
    stored = merchant.settings.connectors.get(name)
    return _MAKERS[name](name, merchant, {} if stored is None else _opened(merchant.merchant_id, name, stored.sealed))


def connect_for(merchant_id: str, name: str) -> Connector:
    """The same by the merchant's id. Raises NotConfigured, TemporarilyUnavailable, storage.Unavailable."""
    merchant = credentials.find_merchant(merchant_id)
    if merchant is None:
        raise NotConfigured(name)
    return connect(merchant, name)


def _opened(merchant_id: str, name: str, sealed: str) -> Credentials:
    try:
        blob = sealing.unseal(sealed, context=sealing.Context("connector", merchant_id), bound_to=name)
    except sealing.SealBroken as error:
        raise NotConfigured(name) from error
    opened: Credentials = json.loads(blob)
    return opened
