"""Fingerprints: the same instrument of the same merchant has the same one, and without the key numbers cannot be tried against it.

PCI DSS 4.0 3.5.1.1 wants keyed hashes: with brand and last four known, a million plain hashes find a card number.
"""

import base64
import hashlib
import hmac
from typing import Final

from tokens import keys
from tokens.instruments import Instrument

_FORM: Final = b"paycorex-fingerprint-1"
# 128 bits, as the 26 characters that ids have.
_CHARACTERS: Final = 26


def fingerprint_of(merchant_id: str, instrument: Instrument) -> str:
    """HMAC-SHA-256 over kind and normal form, under the merchant's own key.

    Parts are length-prefixed. Raises VaultShredded, TemporarilyUnavailable, storage.Unavailable.
    """
    return _hash(keys.fingerprint_key(merchant_id), (instrument.kind, *instrument.identity))


def bin_hash_of(merchant_id: str, digits: str) -> str:
    """The same of the digits that name a card's bank: beside the last four they would be half of the number. Raises as fingerprint_of."""
    return _hash(keys.fingerprint_key(merchant_id), ("bin", digits))


def request_digest(merchant_id: str, instrument: Instrument) -> str:
    """What stands for the instrument in the hash by which a replayed request is recognised: keyed too, for the same reason."""
    return _hash(keys.fingerprint_key(merchant_id), ("request", instrument.kind, *instrument.identity))


def _hash(key: bytes, parts: tuple[str, ...]) -> str:
    mac = hmac.new(key, _FORM, hashlib.sha256)
    for part in parts:
        raw = part.encode()
        mac.update(len(raw).to_bytes(4, "big") + raw)
    return base64.b32encode(mac.digest()[:16]).decode()[:_CHARACTERS].lower()
