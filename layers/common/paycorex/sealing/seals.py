"""Sealed values: self-contained text that holds its wrapped data key, and the Fernet layer that the vault uses with keys of its own."""

import base64
import json
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from paycorex.sealing.data_keys import Context, WrappedKeyRefused, generate, unwrap

_VERSION: Final = "1"
# Plaintexts are padded to a multiple of this, so that a ciphertext's length tells nothing about a card number or a secret.
PAD_BYTES: Final = 256


class SealBroken(Exception):
    """The sealed value was not made for this merchant, purpose and record, or has been changed."""


def seal(value: bytes, *, context: Context, bound_to: str) -> str:
    """Seal a value under a data key of its own. One KMS call. Raises TemporarilyUnavailable.

    bound_to: the id of the record that will hold it; opening it for another record fails.
    """
    key = generate(context)
    token = fernet_seal(key.fernet_key, value, context=context, bound_to=bound_to)
    return f"{_VERSION}.{base64.urlsafe_b64encode(key.wrapped).decode()}.{token.decode()}"


def unseal(sealed: str, *, context: Context, bound_to: str) -> bytes:
    """The value. No KMS call while its data key is cached. Raises SealBroken or TemporarilyUnavailable."""
    try:
        version, wrapped, token = sealed.split(".")
        if version != _VERSION:
            raise SealBroken(version)
        fernet_key = unwrap(base64.urlsafe_b64decode(wrapped), context)
    except (ValueError, WrappedKeyRefused) as error:
        raise SealBroken(context.purpose) from error
    return fernet_open(fernet_key, token.encode(), context=context, bound_to=bound_to)


def fernet_seal(fernet_key: bytes, value: bytes, *, context: Context, bound_to: str) -> bytes:
    """A Fernet token over the padded value and what it belongs to."""
    plain = json.dumps(
        {
            "p": context.purpose,
            "m": context.merchant_id,
            "r": bound_to,
            "v": base64.b64encode(value).decode(),
        }
    ).encode()
    padded = plain + b" " * (-len(plain) % PAD_BYTES)
    return Fernet(fernet_key).encrypt(padded)


def fernet_open(fernet_key: bytes, token: bytes, *, context: Context, bound_to: str) -> bytes:
    """The value of a Fernet token that was made for exactly this context and record. Raises SealBroken."""
    try:
        content = json.loads(Fernet(fernet_key).decrypt(token))
    except (InvalidToken, ValueError) as error:
        raise SealBroken(context.purpose) from error
    if (content.get("p"), content.get("m"), content.get("r")) != (context.purpose, context.merchant_id, bound_to):
        raise SealBroken(context.purpose)
    return base64.b64decode(content["v"])
