"""What a connector is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from paycorex.money import Money


@dataclass(frozen=True, slots=True, repr=False)
class Payer:
    """What a merchant says of the payer for one payment, where a provider wants to know it. Passed on in one call; never stored or logged.

    country: ISO 3166-1 alpha-2. The rest from `user_agent` on is what the payer's browser says of itself (EMV 3-D Secure).
    """

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    accept_header: str | None = None
    language: str | None = None
    color_depth: int | None = None
    screen_height: int | None = None
    screen_width: int | None = None
    time_zone_offset_minutes: int | None = None
    java_enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to take money. `attempt_id` is the connector's idempotency key: the same attempt twice is one charge.

    return_url: where the payer comes back to. page_url: our page for this payment. expires_ms: until when the payer may pay.
    provider_reference: once the connector gave one. started_ms: when it began. is_manual: the money is held, and captured later.
    customer_initiated: False when the payer is not there. security_code: of the card, for this one call; it is never stored.
    network_transaction_id: of the payer's first payment, to which a merchant's own charge refers. statement_descriptor: what the payer's
    bank statement shows. saves: the payer agreed to keep the card. payer: who pays, as far as the merchant says it.
    is_wanted: False for a payment that was given up, for which nothing more may be taken. is_by_code: it was paid by a static code, so the
    provider knows it by its own name alone. must_confirm: the payer's bank must ask the payer. begun: what the payer's
    browser was given for fields of the provider's own.
    """

    attempt_id: str
    payment_id: str
    merchant_id: str
    method: str
    amount: Money
    description: str | None = None
    return_url: str | None = None
    page_url: str | None = None
    expires_ms: int | None = None
    provider_reference: str | None = None
    payee_name: str | None = None
    started_ms: int | None = None
    is_manual: bool = False
    customer_initiated: bool = True
    security_code: str | None = field(default=None, repr=False)
    network_transaction_id: str | None = None
    statement_descriptor: str | None = None
    saves: bool = False
    payer: Payer | None = field(default=None, repr=False)
    is_wanted: bool = True
    is_by_code: bool = False
    must_confirm: bool = False
    begun: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


class Captures(StrEnum):
    """How often a hold may be captured, and whether in part."""

    NONE = "none"
    ONE_FULL = "one_full"
    ONE_PART = "one_part"
    MANY = "many"


class Rest(StrEnum):
    """How the rest of a hold is given back after its last capture.

    ASKED: the provider releases it when it is asked. BY_CAPTURE: the capture says that it is the last, and releases it. BY_TIME: nothing
    that its provider documents releases it; it ends with the hold's time, and no question shows that it has.
    """

    ASKED = "asked"
    BY_CAPTURE = "by_capture"
    BY_TIME = "by_time"


@dataclass(frozen=True, slots=True)
class HoldAbility:
    """What a provider can do with money that is held.

    hold_days: for how long, as its documents say; the provider's own answer counts. over_percent: by how much a capture may exceed the
    hold. can_increment: a hold can be made larger. rest: how what a last capture left is given back.
    """

    captures: Captures = Captures.NONE
    hold_days: int = 0
    over_percent: int = 0
    can_increment: bool = False
    rest: Rest = Rest.ASKED


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """Take a part of what is held. `capture_id` is the connector's idempotency key.

    authorization_reference: the provider's name of the hold. captured_minor: taken before by other captures. is_final: what is left after
    it is released. provider_reference: of this capture, once the connector gave one.
    """

    capture_id: str
    payment_id: str
    merchant_id: str
    amount: Money
    authorization_reference: str
    captured_minor: int = 0
    is_final: bool = True
    provider_reference: str | None = None


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """Release what is left of a hold. `void_id` is the connector's idempotency key. captured_minor: taken of it before."""

    void_id: str
    payment_id: str
    merchant_id: str
    authorization_reference: str
    left: Money
    captured_minor: int = 0


@dataclass(frozen=True, slots=True)
class IncrementRequest:
    """Hold more. `increment_id` is the connector's idempotency key; total: the whole new hold."""

    increment_id: str
    payment_id: str
    merchant_id: str
    authorization_reference: str
    total: Money


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """One refund. `refund_id` is the connector's idempotency key; `charge_reference` names what is refunded."""

    refund_id: str
    payment_id: str
    merchant_id: str
    amount: Money
    charge_reference: str
    provider_reference: str | None = None
