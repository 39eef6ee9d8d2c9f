"""A hold: what of a payment is authorized and not captured yet, as the payment stores it, and as the contract shows it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final, Self

from paycorex import clock
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.money import format_minor
from paycorex.records.payment_amounts import captured
from paycorex.records.payment_item import PaymentItem


class Ending(StrEnum):
    """Why a hold ends: by its last capture, by the merchant (or the provider) who releases it, by its time."""

    FINAL = "final"
    CANCELED = "canceled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held, in minor units.

    parts: what was authorized first, and each increment since. expires_ms: until when it is held, where that is known.
    under_way, under_way_minor: the capture that a provider was asked for and has not answered, and its amount; one at a time.
    ending: why no more is captured; reason: what the merchant said to it. is_over: what was left of it is the payer's again.
    captures: how many were made. looks: how often it was looked at since something changed. is_warned: its end was announced.
    ability: what the provider can do with this hold, as `payments.captures.abilities` has it; None where its kind decides.
    """

    parts: tuple[int, ...]
    expires_ms: int | None = None
    under_way: str | None = None
    under_way_minor: int = 0
    ending: str | None = None
    reason: str | None = None
    is_over: bool = False
    captures: int = 0
    looks: int = 0
    is_warned: bool = False
    ability: dict[str, Any] | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Parsed from its stored form."""
        return cls(**{**stored, "parts": tuple(int(part) for part in stored["parts"])})

    def stored(self) -> dict[str, Any]:
        """As it is stored: without what says nothing."""
        said = {name: value for name, value in asdict(self).items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
        return {**said, "parts": list(self.parts)}

    @property
    def amount(self) -> int:
        """All that was authorized."""
        return sum(self.parts)

    def ends(self, ending: Ending, reason: str | None = None) -> Self:
        """The same when no more is captured, for this reason unless there is one already."""
        return self if self.ending is not None else replace(self, ending=ending.value, reason=reason, looks=0)


_DEFAULTS: Final = {field.name: field.default for field in fields(Hold) if field.name != "parts"}


class Authorization(View):
    """What was authorized, how much of it was captured, and how much may be until `expires_at`.

    `status`: pending, failed, authorized, releasing (what is left is being given back), captured (nothing is left), released (what was
    left was given back), voided or expired (all of it was).
    """

    status: str
    amount: str
    captured: str
    capturable: str
    expires_at: str | None


def hold_of(item: PaymentItem) -> Hold | None:
    """What is or was held for the payment; None when nothing was authorized."""
    return None if item.hold is None else Hold.of(item.hold)


def left(item: PaymentItem) -> int:
    """What was authorized and neither captured nor being captured."""
    hold = hold_of(item)
    return 0 if hold is None else hold.amount - captured(item) - hold.under_way_minor


def capturable(item: PaymentItem) -> int:
    """What the merchant may still capture."""
    hold = hold_of(item)
    return 0 if hold is None or hold.ending is not None else left(item)


def authorization_view(item: PaymentItem) -> Authorization:
    """The contract object of a payment that the merchant captures."""
    hold, currency = hold_of(item), item.currency
    expires_ms = None if hold is None else hold.expires_ms
    return Authorization(
        status=_status(item, hold),
        amount=format_minor(int(item.amount) if hold is None else hold.amount, currency),
        captured=format_minor(captured(item), currency),
        capturable=format_minor(max(capturable(item), 0), currency),
        expires_at=None if expires_ms is None else clock.rfc3339(expires_ms),
    )


def _status(item: PaymentItem, hold: Hold | None) -> str:
    if hold is None:
        return "failed" if item.status == "failed" else "pending"
    if hold.ending is None:
        return "authorized"
    if captured(item) >= hold.amount:
        return "captured"
    if not hold.is_over:
        return "releasing"
    if captured(item) > 0:
        return "released"
    return "expired" if hold.ending == Ending.EXPIRED else "voided"


def part_reference(payment_id: str, number: int) -> Reference:
    """The journal that set a wallet's money aside: the first (0), or that of the n-th increment."""
    return Reference(ReferenceType.HOLD, f"{payment_id}.{number}" if number else payment_id)


def release_reference(payment_id: str) -> Reference:
    """The journal that gave a wallet back what was left of its hold."""
    return Reference(ReferenceType.RELEASE, payment_id)
