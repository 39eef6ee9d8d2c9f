"""Fingerprints of connectors' secrets: by them two are compared, by people too, and none is known from its fingerprint.

They are keyed, so only this merchant's are comparable, and slow and short: who had the tables and their key could guess no weak one by them
with certainty.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from merchants.connector_settings import NAMES
from merchants.processor_settings import more_fields
from paycorex import processors, redaction
from paycorex.records.merchant import MerchantItem
from paycorex.records.merchant_settings import StoredConnector

# Of the connectors that are not the library's: what may be shown. A field that is named nowhere is a secret.
_SHOWN: Final[Mapping[str, frozenset[str]]] = {
    "sandbox": frozenset({"failure_percent"}),
    "sandbox_backup": frozenset({"failure_percent"}),
    "stripe": frozenset({"publishable_key", "card_features"}),
    "razorpay": frozenset({"key_id", "email", "contact"}),
}
# 16 MiB and some hundredths of a second each; 32 bits are kept.
_COST: Final = {"n": 2**14, "r": 8, "p": 1}
_BYTES: Final = 4


def is_shown(connector: str, field: str, value: str) -> bool:
    """Whether a setting is no secret, as the processor names its fields; never one that looks like a card number."""
    return field in _shown_fields(connector) and redaction.mask(value) == value


def _shown_fields(connector: str) -> frozenset[str]:
    if connector in NAMES:
        return _SHOWN[connector]
    processor = processors.find(connector)
    own = () if processor is None else processor.credentials
    return frozenset({"publishable_key", *more_fields(connector), *(field.name for field in own if not field.secret)})


def fingerprint(merchant: MerchantItem, connector: str, field: str, value: str) -> str:
    """Of one secret of a merchant: eight hexadecimal digits."""
    salt = f"{merchant.cursor_key}#{connector}#{field}".encode()
    return hashlib.scrypt(value.encode(), salt=salt, dklen=_BYTES, **_COST).hex()


def of_secrets(merchant: MerchantItem, connector: str, given: Mapping[str, str]) -> dict[str, str]:
    """Of every secret that is given for a connector, by its field."""
    return {name: fingerprint(merchant, connector, name, value) for name, value in given.items() if not is_shown(connector, name, value)}


def shown(merchant: MerchantItem, given: Mapping[str, Mapping[str, str | None] | None]) -> dict[str, Any]:
    """Connectors' settings for people: what is no secret as it is; of a secret its fingerprint, and whether it is the stored one.

    as_stored: null where that is not known, of one that was stored before fingerprints were.
    """
    stored = merchant.settings.connectors
    return {name: None if fields is None else _connector(merchant, name, fields, stored.get(name)) for name, fields in given.items()}


def _connector(merchant: MerchantItem, connector: str, given: Mapping[str, str | None], stored: StoredConnector | None) -> dict[str, Any]:
    stated = {name: value for name, value in given.items() if value is not None}
    secrets, known = of_secrets(merchant, connector, stated), None if stored is None else stored.fingerprints
    unknown = known is None and stored is not None
    return {
        name: {"fingerprint": secrets[name], "as_stored": None if unknown else (known or {}).get(name) == secrets[name]}
        if name in secrets
        else value
        for name, value in stated.items()
    }
