"""Which changes of a merchant by its people are dangerous acts: keys, connectors, where money goes, and the rule about such acts."""

from collections.abc import Collection
from typing import Final

from merchants import accounts
from merchants.requests import Settings
from paycorex.credentials import Caller
from paycorex.errors import Forbidden
from paycorex.records.merchant_settings import RULES

# Of a new key: it does what a machine does, by no one's passkey.
NEW_KEY: Final = ("keys",)


def of_settings(merchant_id: str, body: Settings) -> Collection[str]:
    """What of a change of settings is dangerous: what it gives and is set so already is no change. Raises NotFound."""
    given, kinds = body.model_fields_set, set[str]()
    if body.connectors is not None:
        kinds.add("connectors")
    if "dangerous_acts" in given:
        kinds.add(RULES)
    if given & {"payee_vpa", "xpubs"} and _moves_money(merchant_id, body):
        kinds.add("bank_details")
    return kinds


def _moves_money(merchant_id: str, body: Settings) -> bool:
    """Whether money goes elsewhere by it: to another UPI address, or to addresses of another key."""
    now = accounts.find(merchant_id).settings
    is_other_payee = "payee_vpa" in body.model_fields_set and body.payee_vpa != now.payee_vpa
    return is_other_payee or any(now.xpubs.get(network) != key for network, key in (body.xpubs or {}).items())


def refuse_keys(caller: Caller, body: Settings) -> None:
    """Raises Forbidden for a key that changes what binds people."""
    if caller.signs and "dangerous_acts" in body.model_fields_set:
        raise Forbidden("dangerous_acts binds people, and is set by people, in the console.", details={"field": "dangerous_acts"})
