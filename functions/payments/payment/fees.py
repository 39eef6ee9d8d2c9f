"""What a payment's fees become by what is known now, and the journals that bring the books there. Pure, but for the merchant's settings."""

from dataclasses import dataclass, replace
from typing import Final

from paycorex import clock, credentials, storage
from paycorex.ledger import Account, Journal, Posting, Reference
from paycorex.money import Money
from paycorex.records.fee_plan import RETURN, plan_at, plans_of
from paycorex.records.fee_rate import Cost, FeeSubject, scheduled
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import credited
from paycorex.records.payment_fee import (
    CHARGE,
    MAX_JOURNALS,
    PROVIDER,
    RANKS,
    Booked,
    Fact,
    PaymentFee,
    fee_reference,
    platform_fee_reference,
)
from paycorex.records.payment_routing import Noted
from payments.payment import due, hold_times, versions
from payments.payment.versions import Change

# Whose fees, where there are any, are in no provider's report.
_WITHOUT_PROVIDER: Final = frozenset({"wallet", "crypto"})


@dataclass(frozen=True, slots=True)
class KnownFee:
    """What a source says of one fee of a payment. Minor units, as the provider kept them; a minus where it gave back.

    source: provider or report. key: `charge` for the fee of the charge, else what the fee is of; a key counts once. said_at_ms: when it was
    said, where a source may say another thing later.
    """

    source: str
    fee: int
    tax: int
    currency: str
    key: str = CHARGE
    said_at_ms: int = 0

    @property
    def fact(self) -> Fact:
        """As it is stored."""
        return Fact(RANKS[self.source], self.said_at_ms, self.fee, self.tax, self.currency)


def captured_first(before: PaymentItem, after: PaymentItem) -> PaymentItem:
    """`after`, with who bears its provider's fee and what the price list says, where it has just become the merchant's, or more of it.

    Changes `after` in place. Raises storage.Unavailable.
    """
    if credited(after) == credited(before) or after.method in _WITHOUT_PROVIDER:
        return after
    merchant = credentials.find_merchant(after.merchant_id)
    if merchant is None:
        return after
    known = PaymentFee.load(after.fee)
    bearer = known.bearer if credited(before) else merchant.settings.fee_bearer
    after.fee = replace(known, bearer=bearer, estimate=estimated(merchant, after, credited(after))).stored()
    return after


def estimated(merchant: MerchantItem, payment: PaymentItem, minor: int) -> Cost | None:
    """What the price list of the payment's connector says of so much of it; None where it says nothing."""
    brand, amount = Noted.load(payment.routing).brand, Money(minor, payment.currency)
    subject = FeeSubject(payment.method, amount, brand)
    return scheduled(merchant.settings.fee_schedules, payment.provider or "", subject, int(payment.created_at))


def with_known(before: PaymentItem, after: PaymentItem, change: Change) -> PaymentItem:
    """`after`, with what the change says of its fees, and the estimate where it settles. Raises storage.Unavailable."""
    said, is_its_charge = change.kept, versions.is_settling_again(after, change) and credited(after) > 0
    if credited(after) == credited(before) and (said is None or not is_its_charge):
        return after
    after = captured_first(before, storage.copy_of(after))
    if said is not None and is_its_charge:
        known = KnownFee(PROVIDER, said.fee, said.tax, said.currency)
        after.fee = PaymentFee.load(after.fee).knowing(known.key, known.fact).stored()
    if after.due_at is None and is_looked_for(after):
        due.set_due(after, hold_times.fee_due_ms(after, clock.now_ms()))
    return after


def is_looked_for(payment: PaymentItem) -> bool:
    """True while its provider is asked for the fee."""
    return hold_times.fee_due_ms(payment, 0) is not None


def planned(payment: PaymentItem) -> PaymentItem:
    """The payment with what its operator's plan says of it as it stands; itself where that changes nothing. Raises storage.Unavailable."""
    merchant = credentials.find_merchant(payment.merchant_id)
    plan = None if merchant is None else plan_at(plans_of(merchant.fee_plans), int(payment.created_at))
    if plan is None:
        return payment
    left = credited(payment) - (int(payment.amount_refunded) if plan.refunds == RETURN else 0)
    cost = plan.cost(FeeSubject(payment.method, Money(max(left, 0), payment.currency), Noted.load(payment.routing).brand))
    fee = PaymentFee.load(payment.fee)
    if cost == fee.platform or len(fee.platform_booked) >= MAX_JOURNALS:
        return payment
    after = storage.copy_of(payment)
    after.fee = replace(fee, plan=plan.version, platform=cost).stored()
    return after


def explained(payment: PaymentItem, connector: str) -> None:
    """Give a payment that is not made the fee that the price list says, as if it were captured in full. Raises storage.Unavailable."""
    merchant = credentials.find_merchant(payment.merchant_id)
    if merchant is not None:
        payment.provider = connector
        estimate = estimated(merchant, payment, int(payment.amount))
        payment.fee = PaymentFee(bearer=merchant.settings.fee_bearer, estimate=estimate).stored()


def next_journal(payment: PaymentItem) -> tuple[PaymentItem, Journal | None]:
    """The payment with the next journal of its fees noted, and that journal; the payment itself and None when its books are right."""
    fee = PaymentFee.load(payment.fee)
    missing, ours = fee.unbooked(), fee.platform_unbooked(payment.currency)
    if missing is not None:
        number, after = len(fee.booked) + 1, replace(fee, booked=(*fee.booked, missing))
        journal = _journal(payment, fee_reference(payment.payment_id, number), missing, is_platforms=False)
    elif ours is not None:
        number, after = len(fee.platform_booked) + 1, replace(fee, platform_booked=(*fee.platform_booked, ours))
        journal = _journal(payment, platform_fee_reference(payment.payment_id, number), ours, is_platforms=True)
    else:
        return payment, None
    noted = storage.copy_of(payment)
    noted.fee = after.stored()
    return noted, journal


def postings(payment: PaymentItem, moved: Booked, *, is_platforms: bool) -> tuple[Posting, ...]:
    """From the merchant's account to those of fees and tax; a part with a minus the other way."""
    merchant_id, currency = payment.merchant_id, moved.currency
    to = Account.platform_fees(merchant_id, currency) if is_platforms else Account.fees(merchant_id, currency)
    parts = (
        (Account.of_merchant(merchant_id, currency), -(moved.fee + moved.tax)),
        (to, moved.fee),
        (Account.tax(merchant_id, currency), moved.tax),
    )
    return tuple(Posting(account, max(minor, 0), max(-minor, 0)) for account, minor in parts if minor)


def _journal(payment: PaymentItem, reference: Reference, moved: Booked, *, is_platforms: bool) -> Journal:
    return Journal(reference, postings(payment, moved, is_platforms=is_platforms), description=payment.payment_id)
