"""What clients send to the payments' routes."""

import json
import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, WithJsonSchema

from paycorex.contract import NEW_FIELD, AmountText, Body, CurrencyCode
from paycorex.text import Reference, Text, clean

MAX_METADATA_BYTES: Final = 4096
MAX_METADATA_KEYS: Final = 50
MAX_METADATA_KEY_CHARACTERS: Final = 64
MAX_RETURN_URL_CHARACTERS: Final = 1024
MIN_EXPIRES_SECONDS: Final = 60
MAX_EXPIRES_SECONDS: Final = 7 * 24 * 3600
# For how long a wallet's money is held at most. A provider holds it for as long as its own rules say.
MAX_HOLD_SECONDS: Final = 30 * 24 * 3600


def _metadata(value: Any) -> Any:
    """Flat: names to strings, whole numbers, booleans or null, so that it stays inert wherever it is shown."""
    if not isinstance(value, dict) or len(value) > MAX_METADATA_KEYS:
        raise ValueError(f"an object with at most {MAX_METADATA_KEYS} entries")
    for name, content in value.items():
        if not 1 <= len(name) <= MAX_METADATA_KEY_CHARACTERS:
            raise ValueError(f"names have 1 to {MAX_METADATA_KEY_CHARACTERS} characters")
        clean(name)
        if not _is_flat(content):
            raise ValueError("values are strings, whole numbers, booleans or null")
        if isinstance(content, str):
            clean(content)
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_METADATA_BYTES:
        raise ValueError(f"at most {MAX_METADATA_BYTES} bytes")
    return value


def _is_flat(content: object) -> bool:
    return isinstance(content, str | int | bool | None)


# As strict as the rule above, but for the bytes of all of it together.
_METADATA_SCHEMA: Final = {
    "type": "object",
    "maxProperties": MAX_METADATA_KEYS,
    "propertyNames": {"minLength": 1, "maxLength": MAX_METADATA_KEY_CHARACTERS},
    "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
}
Metadata = Annotated[dict[str, Any], BeforeValidator(_metadata), WithJsonSchema(_METADATA_SCHEMA)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[a-z2-7]{26}$")]
Method = Literal["wallet", "tokenized", "upi_intent", "crypto"]


Said = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(clean)]
Pixels = Annotated[int, Field(ge=1, le=100_000)]


def _code(value: SecretStr) -> SecretStr:
    if re.fullmatch(r"[0-9]{3,4}", value.get_secret_value(), re.ASCII) is None:
        raise ValueError("a security code is three or four digits")
    return value


# Never in a dump or a plain hash of the body: three digits are found out of a hash by trying all of them.
SecurityCode = Annotated[SecretStr, AfterValidator(_code)]
# What the payer's statement shows beside the merchant's name there.
Descriptor = Annotated[str, StringConstraints(min_length=2, max_length=22, pattern=r"^[A-Za-z0-9 .,&+/#-]*[A-Za-z][A-Za-z0-9 .,&+/#-]*$")]


class PayerDetails(Body):
    """Who pays, for the processors that want to know. Passed on in one call; never stored. country: ISO 3166-1 alpha-2."""

    name: Said | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$")] | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{8,15}$")] | None = None
    line1: Said | None = None
    line2: Said | None = None
    city: Said | None = None
    state: Said | None = None
    postal_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{2,12}$")] | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    ip_address: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f.:]{2,45}$")] | None = None
    user_agent: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,512}$")] | None = None
    accept_header: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,512}$")] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z-]{2,16}$")] | None = None
    color_depth: Annotated[int, Field(ge=1, le=64)] | None = None
    screen_height: Pixels | None = None
    screen_width: Pixels | None = None
    time_zone_offset_minutes: Annotated[int, Field(ge=-900, le=900)] | None = None
    java_enabled: bool | None = None


# As large as what wallets give, several times over.
MAX_PAYLOAD_CHARACTERS: Final = 16_384


class OneTimeToken(Body):
    """What pays this payment only, from the payer's device or browser. Passed on in one call; never stored."""

    type: Literal["apple_pay", "google_pay", "processor_token"]
    payload: Annotated[SecretStr, Field(min_length=1, max_length=MAX_PAYLOAD_CHARACTERS)]
    connector: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_:]{1,64}$")] | None = None
    network: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,20}$")] | None = None
    last4: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None


class CreatePayment(Body):
    """POST /v1/payments/create."""

    amount: AmountText
    currency: CurrencyCode | None = None
    method: Method
    user_id: Reference | None = None
    wallet_id: Id | None = None
    token_id: Id | None = None
    network: Literal["ethereum", "polygon", "bsc"] | None = None
    asset: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,10}$")] | None = None
    description: Text | None = None
    metadata: Metadata | None = None
    expires_in: Annotated[int, Field(ge=MIN_EXPIRES_SECONDS, le=MAX_EXPIRES_SECONDS)] | None = None
    payer: Annotated[PayerDetails | None, NEW_FIELD] = None
    customer_id: Annotated[Id | None, NEW_FIELD] = None
    security_code: Annotated[SecurityCode | None, NEW_FIELD] = None
    one_time_token: Annotated[OneTimeToken | None, NEW_FIELD] = None
    capture_method: Annotated[Literal["automatic", "manual"] | None, NEW_FIELD] = None
    hold_for: Annotated[int | None, Field(ge=MIN_EXPIRES_SECONDS, le=MAX_HOLD_SECONDS), NEW_FIELD] = None
    customer_initiated: Annotated[bool | None, NEW_FIELD] = None
    initial_payment_id: Annotated[Id | None, NEW_FIELD] = None
    statement_descriptor: Annotated[Descriptor | None, NEW_FIELD] = None
    return_url: Annotated[str | None, Field(max_length=MAX_RETURN_URL_CHARACTERS), NEW_FIELD] = None
    # The payer may let the provider keep a card that is typed into its fields.
    save: Annotated[bool | None, NEW_FIELD] = None
    dry_run: bool = False


class DecideReview(Body):
    """PATCH /v1/payments/{payment_id}: what a person decides about a payment that a risk rule holds. reason: of a decline."""

    review: Literal["approve", "decline"]
    reason: Text | None = None
