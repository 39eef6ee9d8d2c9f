"""Data keys: 256 random bits from KMS, kept wrapped at rest and unwrapped in memory for minutes."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError

from paycorex import aws, redaction, settings
from paycorex.caching import TimedCache
from paycorex.errors import TemporarilyUnavailable

CACHE_LIFETIME_SECONDS: Final = 300
CACHE_MAX_KEYS: Final = 500
KEY_BYTES: Final = 32

Purpose = Literal["credentials", "webhook", "connector", "vault", "fingerprint", "customer"]


# An alarm counts these lines: a key that is disabled, a role that lost its right, KMS itself.
TROUBLE: Final = "KMS does not use a key for us"

logger: Final = redaction.logger("sealing")


class WrappedKeyRefused(Exception):
    """KMS will not unwrap this key in this context."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a data key is for. Goes to KMS as the encryption context, so IAM policies can distinguish purposes."""

    purpose: Purpose
    merchant_id: str

    def for_kms(self) -> dict[str, str]:
        """KMS's shape of it."""
        return {"purpose": self.purpose, "merchant_id": self.merchant_id}

    def kms_key_id(self) -> str:
        """Which KMS key wraps keys of this purpose."""
        current = settings.current()
        return current.vault_key_id if self.purpose in {"vault", "fingerprint"} else current.sealing_key_id


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """`fernet_key`: url-safe base64 of 32 bytes; `wrapped`: what KMS gave for it."""

    fernet_key: bytes
    wrapped: bytes


_unwrapped: TimedCache[bytes] = TimedCache(lifetime_seconds=CACHE_LIFETIME_SECONDS, max_entries=CACHE_MAX_KEYS)


def generate(context: Context) -> DataKey:
    """A new data key. Raises TemporarilyUnavailable when KMS does not answer."""
    answer = _ask("generate_data_key", KeyId=context.kms_key_id(), NumberOfBytes=KEY_BYTES, context=context)
    key = DataKey(base64.urlsafe_b64encode(answer["Plaintext"]), answer["CiphertextBlob"])
    _unwrapped.put(_cache_name(key.wrapped, context), key.fernet_key)
    return key


def unwrap(wrapped: bytes, context: Context) -> bytes:
    """The Fernet key of a wrapped data key; no KMS call while it is cached.

    Raises WrappedKeyRefused when the context or the blob is wrong, TemporarilyUnavailable when KMS does not answer.
    """
    name = _cache_name(wrapped, context)
    cached = _unwrapped.get(name)
    if cached is None:
        answer = _ask("decrypt", KeyId=context.kms_key_id(), CiphertextBlob=wrapped, context=context)
        cached = base64.urlsafe_b64encode(answer["Plaintext"])
        _unwrapped.put(name, cached)
    return cached


def _ask(operation: str, *, context: Context, **parameters: object) -> dict[str, Any]:
    method = getattr(aws.kms(), operation)
    try:
        answer: dict[str, Any] = method(EncryptionContext=context.for_kms(), **parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"InvalidCiphertextException", "IncorrectKeyException"}:
            raise WrappedKeyRefused(context.purpose) from error
        logger.warning(TROUBLE, extra={"purpose": context.purpose, "operation": operation, "code": error.response["Error"]["Code"]})
        raise TemporarilyUnavailable from error
    except BotoCoreError as error:
        logger.warning(TROUBLE, extra={"purpose": context.purpose, "operation": operation, "code": type(error).__name__})
        raise TemporarilyUnavailable from error
    return answer


def _cache_name(wrapped: bytes, context: Context) -> str:
    # The context is part of the name: a cache hit must not open what KMS would have refused.
    return hashlib.sha256(wrapped).hexdigest() + context.purpose + context.merchant_id
