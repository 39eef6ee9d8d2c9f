"""What the steps of a crypto payment are made of: the next version of the payment, and the postings that go with it. Pure."""

from dataclasses import dataclass

from paycorex import storage
from paycorex.ledger import Account, Journal, Posting
from paycorex.records.payment import PaymentItem
from paycorex.records.stamps import stamp
from payments.crypto.state import CryptoState, Transfer
from payments.payment import late_money, versions
from payments.payment.states import Status


@dataclass(frozen=True, slots=True)
class Step:
    """The payment's next version, and the journal of the same transaction; None when no money moves."""

    after: PaymentItem
    journal: Journal | None
    is_settlement: bool = False


def with_state(payment: PaymentItem, state: CryptoState) -> PaymentItem:
    """The payment with this crypto side. Nothing else is changed, nothing is stored."""
    after = storage.copy_of(payment)
    after.method_state = state.stored()
    return after


def set_status(after: PaymentItem, status: Status, reason: str, now_ms: int) -> None:
    """Put it into a status, with the reason in its timeline."""
    after.status = status.value
    after.timeline = versions.with_step(after.timeline, [status.value, now_ms, reason])


def set_event(after: PaymentItem, event: str, now_ms: int) -> None:
    """Make this write an event."""
    for name, value in stamp(event, now_ms, after).items():
        setattr(after, name, value)


def clearing(payment: PaymentItem, state: CryptoState) -> Account:
    """The account of the merchant's money on this network."""
    return Account.clearing(payment.merchant_id, state.network, payment.currency)


def settlement_postings(payment: PaymentItem, state: CryptoState, parts: list[Transfer], pooled: int) -> list[Posting]:
    """The settlement: what these transfers and the pool bring, out of suspense where it is held, to the merchant. pooled: minor units."""
    held, amount = held_minor(payment, parts) + pooled, int(payment.amount)
    postings = [Posting(clearing(payment, state), 0, amount - held)] if held < amount else []
    if held:
        postings.append(Posting(Account.suspense(payment.merchant_id, payment.currency), 0, held))
    postings.append(Posting(Account.of_merchant(payment.merchant_id, payment.currency), amount, 0))
    return postings


def held_minor(payment: PaymentItem, parts: list[Transfer]) -> int:
    """How much of these transfers' worth is in suspense."""
    ids = {item.late_id for item in parts if item.late_id}
    return sum(money.money.minor for money in late_money.of(payment) if money.late_id in ids)
