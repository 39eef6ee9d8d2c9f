"""Money in suspense as a payment remembers it: what came, when and why it is there, and its status since. Pure.

How it comes there is `settlement` and `crypto.bookings`; what the merchant decides about it is `suspense`.
"""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any, Final, Self

from paycorex import clock, storage
from paycorex.ledger import Reference, ReferenceType
from paycorex.money import Money
from paycorex.records.payment import PaymentItem, late_money_count

# Its status. ACCEPTED: the merchant's, beside the payment; SETTLED: part of the payment; REVERSED: a chain took it back.
HELD: Final = "held"
ACCEPTED: Final = "accepted"
SETTLED: Final = "settled"
REFUNDING: Final = "refunding"
REFUNDED: Final = "refunded"
REVERSED: Final = "reversed"
# How often a provider may change its mind about one amount before a person must look.
MAX_CORRECTIONS: Final = 5
# How much a payment keeps on itself. What comes beyond has a row of its own, see `overflow_store`.
MAX_ON_PAYMENT: Final = 50


@dataclass(frozen=True, slots=True)
class LateMoney:
    """Money that came late, or not as asked, in the contract's shape (`paycorex.records.payment.LateMoney`).

    amount: text in major units of the currency. received_at: RFC 3339. journal_id: of the journal that brought it to suspense.
    row: True where it does not stand on the payment. transfer: the key of the chain transfer that it is, where that has a row of its own.
    pooled: units by which such a transfer counts in the payment's `Pool`, as text; it is then settled and given back with that.
    """

    late_id: str
    status: str
    amount: str
    currency: str
    connector: str
    provider_reference: str | None
    received_at: str
    journal_id: str
    reason: str | None = None
    status_before: str | None = None
    corrections: list[str] | None = None
    returned: str | None = None
    kept: str | None = None
    row: bool = False
    transfer: str | None = None
    pooled: str | None = None

    @classmethod
    def held(
        cls, journal: Reference, amount: Money, *, connector: str, provider_reference: str | None, now_ms: int, reason: str | None = None
    ) -> Self:
        """Money that comes to suspense now, by the journal of this reference."""
        return cls(
            late_id=journal.id,
            status=HELD,
            amount=str(amount),
            currency=amount.currency,
            connector=connector,
            provider_reference=provider_reference,
            received_at=clock.rfc3339(now_ms),
            journal_id=journal.journal_id,
            reason=reason,
        )

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Parsed from its stored form."""
        return cls(**stored)

    def stored(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: value for name, value in asdict(self).items() if name not in _DEFAULTS or value != _DEFAULTS[name]}

    @property
    def money(self) -> Money:
        """How much it is."""
        return Money.stored(self.amount, self.currency)

    @property
    def arrived(self) -> Money:
        """How much the journal of `journal_id` brought, before corrections."""
        return Money(self.money.minor - sum(self._corrections), self.currency)

    @property
    def _corrections(self) -> list[int]:
        return [Money.stored(text, self.currency).minor for text in self.corrections or ()]

    def corrected(self, reported: Money) -> Self:
        """The same money after the provider reported another amount of it."""
        difference = Money(reported.minor - self.money.minor, self.currency)
        return replace(self, amount=str(reported), corrections=[*(self.corrections or ()), str(difference)])

    @property
    def is_accepted(self) -> bool:
        """True when it is, or was until it was given back or vanished, the merchant's beside the payment."""
        return ACCEPTED in {self.status, self.status_before}

    @property
    def is_in_suspense(self) -> bool:
        """True while that is where it is booked."""
        return self.status in {HELD, REFUNDING} and not self.is_accepted

    def becomes(self, status: str) -> Self:
        """The same money in another status. What was accepted goes out from the merchant, and back to it when its refund fails."""
        if status == HELD and self.is_accepted:
            return replace(self, status=ACCEPTED, status_before=None, pooled=None)
        before = ACCEPTED if self.is_accepted and status in {REFUNDING, REFUNDED} else None
        return replace(self, status=status, status_before=before, pooled=None)

    @property
    def left(self) -> Money:
        """What of it was not given back."""
        return Money(self.money.minor - self._returned, self.currency)

    @property
    def returned_money(self) -> Money:
        """What of it was given back, while some is left."""
        return Money(self._returned, self.currency)

    @property
    def _returned(self) -> int:
        return 0 if self.returned is None else Money.stored(self.returned, self.currency).minor

    @property
    def accepted(self) -> Money:
        """How much the merchant took as its own when it accepted it."""
        return self.money if self.kept is None else Money.stored(self.kept, self.currency)

    def accept(self) -> Self:
        """After the merchant took what is left of it."""
        return replace(self, status=ACCEPTED, kept=None if self.returned is None else str(self.left), pooled=None)

    def gave_back(self, minor: int) -> Self:
        """After so much of it was given back; what is left is as it was before."""
        after = replace(self, returned=str(Money(self._returned + minor, self.currency)))
        return after.becomes(HELD if after.left.minor else REFUNDED)

    def took_back(self, minor: int) -> Self:
        """After so much of what was given back came back."""
        left = self._returned - minor
        return replace(self.becomes(HELD), returned=str(Money(left, self.currency)) if left else None)

    def reversed(self) -> Self:
        """After a chain took it back: what it was until then stays known."""
        return replace(self, status=REVERSED, status_before=ACCEPTED if self.is_accepted else self.status, pooled=None)

    def pooling(self, units: int) -> Self:
        """Counted in the payment's sum from now on."""
        return replace(self, status=HELD, pooled=str(units))

    def apart(self) -> Self:
        """Not counted there."""
        return replace(self, pooled=None)


# Left out of the stored form where it says nothing.
_DEFAULTS: Final = {field.name: field.default for field in fields(LateMoney) if field.default is not MISSING}


def of(payment: PaymentItem) -> tuple[LateMoney, ...]:
    """The late money on a payment, and of that in rows what was asked for (`overflow_store`)."""
    return tuple(shown(payment, stored) for stored in payment.late_money or ())


def shown(payment: PaymentItem, stored: Mapping[str, Any]) -> LateMoney:
    """One late money of a payment. What is pooled stands as the payment's pool does."""
    money = LateMoney.of(stored)
    if money.pooled is None:
        return money
    pool = (payment.method_state or {}).get("pool", {})
    return replace(money, status=SETTLED if pool.get("is_settled") else HELD)


def has_rows(payment: PaymentItem) -> bool:
    """True when some of it is in rows."""
    return payment.late_money_count is not None


def itself(payment: PaymentItem) -> PaymentItem:
    """The payment as its own item stores it: without what has rows, but knowing how much there is."""
    own = [stored for stored in payment.late_money or () if not stored.get("row")]
    if len(own) == len(payment.late_money or ()):
        return payment
    item = storage.copy_of(payment)
    item.late_money, item.late_money_count = own or None, late_money_count(payment)
    return item


def named(payment: PaymentItem, late_id: str | None) -> LateMoney | None:
    """The money with this id; None when the payment has no such money."""
    return next((money for money in of(payment) if money.late_id == late_id), None)


def same(payment: PaymentItem, connector: str | None, provider_reference: str | None) -> LateMoney | None:
    """What is known of this very money of a connector; None when it never was late money."""
    found = (money for money in of(payment) if (money.connector, money.provider_reference) == (connector, provider_reference))
    return next(found, None)


def stored_with(payment: PaymentItem, more: LateMoney) -> list[dict[str, Any]]:
    """The payment's late money and one more, as it is stored: in a row of its own when there is no place on the payment."""
    on_payment = sum(not money.row for money in of(payment))
    in_row = on_payment >= MAX_ON_PAYMENT or more.transfer is not None
    return [money.stored() for money in (*of(payment), replace(more, row=in_row))]


def stored_after(payment: PaymentItem, changed: LateMoney) -> list[dict[str, Any]]:
    """The payment's late money with one of them changed, as it is stored."""
    return [(changed if money.late_id == changed.late_id else money).stored() for money in of(payment)]


def stored_as(payment: PaymentItem, late_ids: Collection[str], status: str) -> list[dict[str, Any]]:
    """The payment's late money with some of it in another status, as it is stored."""
    return [(money.becomes(status) if money.late_id in late_ids else money).stored() for money in of(payment)]


def next_reference(payment: PaymentItem) -> Reference:
    """The reference of the journal that brings the payment's next late money to suspense."""
    return Reference(ReferenceType.SUSPENSE, f"{payment.payment_id}.{late_money_count(payment) + 1}")


def corrected_reference(late_id: str, number: int) -> Reference:
    """The journal of the n-th correction of its amount, from 1."""
    return Reference(ReferenceType.SUSPENSE, f"{late_id}.corrected.{number}")


def accepted_reference(late_id: str) -> Reference:
    """The journal that took surplus money out of suspense for the merchant."""
    return Reference(ReferenceType.SUSPENSE, f"{late_id}.accepted")


def reversed_reference(late_id: str) -> Reference:
    """The journal that gave money back to the chain that took it back."""
    return Reference(ReferenceType.SUSPENSE, f"{late_id}.reversed")
