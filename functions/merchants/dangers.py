"""Which changes of a merchant by its people are dangerous acts: keys, connectors, where money goes, and the rule about such acts."""

from collections.abc import Collection
from typing import Any

from merchants import accounts, fingerprints
from merchants.requests import Rotate, Settings
from paycorex.approvals.second import Danger, Second
from paycorex.audit import contents
from paycorex.credentials import ALL_SCOPES, Caller
from paycorex.errors import Forbidden
from paycorex.records.merchant_settings import RULES


def of_key(caller: Caller, body: Rotate) -> Collection[str]:
    """A new key does what a machine does, by no one's passkey: who approves it has all of its scopes."""
    given = set(caller.scopes) & set(ALL_SCOPES) if body.scopes is None else set(body.scopes)
    return Danger({"keys"}, lambda: Second(contents.plain(body) | {"scopes": sorted(given)}, scopes=tuple(given)))


def of_settings(merchant_id: str, body: Settings) -> Collection[str]:
    """What of a change of settings is dangerous: what it gives and is set so already is no change. Raises NotFound."""
    given, kinds = body.model_fields_set, set[str]()
    if body.connectors is not None:
        kinds.add("connectors")
    if "dangerous_acts" in given:
        kinds.add(RULES)
    if given & {"payee_vpa", "xpubs"} and _moves_money(merchant_id, body):
        kinds.add("bank_details")
    return Danger(kinds, lambda: Second(_shown(merchant_id, body)))


def _shown(merchant_id: str, body: Settings) -> dict[str, Any]:
    """The change as a second person sees it: of connectors' secrets fingerprints, so that a processor's other account is seen as such."""
    shown: dict[str, Any] = contents.plain(body)
    # Null goes back to the default; the JSON of a body leaves it out of fields that are new.
    shown |= {name: None for name in body.model_fields_set if getattr(body, name) is None}
    if body.connectors is not None:
        given = body.connectors.model_dump(mode="json", exclude_unset=True)
        shown["connectors"] = fingerprints.shown(accounts.find(merchant_id), given)
    return shown


def _moves_money(merchant_id: str, body: Settings) -> bool:
    """Whether money goes elsewhere by it: to another UPI address, or to addresses of another key."""
    now = accounts.find(merchant_id).settings
    is_other_payee = "payee_vpa" in body.model_fields_set and body.payee_vpa != now.payee_vpa
    return is_other_payee or any(now.xpubs.get(network) != key for network, key in (body.xpubs or {}).items())


def refuse_keys(caller: Caller, body: Settings) -> None:
    """Raises Forbidden for a key that changes what binds people."""
    if caller.signs and "dangerous_acts" in body.model_fields_set:
        raise Forbidden("dangerous_acts binds people, and is set by people, in the console.", details={"field": "dangerous_acts"})
