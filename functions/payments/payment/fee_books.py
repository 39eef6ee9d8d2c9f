"""Booking fees: what is known of them is stored with the payment, and the books follow by journals of the difference, each once.

Each journal is one transaction with the version of the payment that notes it. So a kill between two leaves the payment saying what is still
to be booked, and whatever comes again finds it booked.
"""

from dataclasses import dataclass
from typing import Final

from paycorex import clock, storage
from paycorex.errors import InvalidState, NotFound
from paycorex.records.fee_rate import Cost
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_fee import PaymentFee
from paycorex.set_aside import AsideItem
from payments.payment import fees, store, versions
from payments.payment.commit import Step, commit
from payments.payment.fees import KnownFee

LOOP: Final = "payments.fees"


@dataclass(frozen=True, slots=True)
class NotedFee:
    """The payment with the fee. before: what was known or estimated of the same currency before, None for nothing; is_new: it was news."""

    payment: PaymentItem
    before: Cost | None
    is_new: bool


def book(payment_id: str, known: KnownFee) -> NotedFee:
    """Note what a provider or its report says of a payment's fee, and book it where the merchant bears it.

    Repeated, late or beside a better source it changes nothing. Raises NotFound, InvalidState for more fees than a payment has,
    TemporarilyUnavailable, storage.Unavailable.
    """
    payment = _find(payment_id)
    before = _known(PaymentFee.load(payment.fee), known.currency)
    noted = PaymentFee.load(payment.fee).facts.get(known.key)
    done = commit(lambda found: _next(_noting(found, known)), lambda: _find(payment_id), payment).after
    return NotedFee(done, before, is_new=noted is None or noted < known.fact)


def charge(payment_id: str) -> PaymentItem:
    """Book what is known and not booked yet, and what the operator's plan says of the payment as it stands; the payment after that.

    Raises NotFound, TemporarilyUnavailable, storage.Unavailable.
    """
    return commit(lambda found: _next((found, fees.planned(found))), lambda: _find(payment_id)).after


def charge_again(row: AsideItem) -> None:
    """The same of a payment that was set aside. Raises what `charge` raises."""
    charge(row.item_id)


def _known(fee: PaymentFee, currency: str) -> Cost | None:
    return fee.known.get(currency) if fee.facts else fee.estimate


def _noting(payment: PaymentItem, known: KnownFee) -> tuple[PaymentItem, PaymentItem]:
    """The payment as it is stored, and with the fee."""
    try:
        fee = PaymentFee.load(payment.fee).knowing(known.key, known.fact)
    except ValueError as problem:
        raise InvalidState(str(problem), details={"payment_id": payment.payment_id}) from problem
    after = storage.copy_of(payment)
    after.fee = fee.stored()
    return payment, after


def _next(found: tuple[PaymentItem, PaymentItem]) -> Step[PaymentItem]:
    """The next journal together with what is new; without one, what is new alone, and then it is the last step."""
    before, changed = found
    noted, journal = fees.next_journal(changed)
    after = versions.next_revision(before, noted, clock.now_ms())
    return Step(before, after, lambda: store.changes(before, after), journal, is_last=journal is None)


def _find(payment_id: str) -> PaymentItem:
    payment = store.find(payment_id)
    if payment is None:
        raise NotFound("payment")
    return payment
