"""Money that came by a static code becomes a payment of its own, once, however often it is reported and by whom.

The payment's id follows from the provider's name of the money. It is stored first, as a payment that waits for exactly this money, and then
the report is applied as to any other one; so one that is cut off in between is finished by the janitor, which asks the provider.
"""

import hashlib
from typing import Final

from paycorex import clock, credentials
from paycorex.credentials import Caller
from paycorex.idempotency import Claim, KeyReused
from paycorex.ledger.lanes import choose
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.qr_code import ACTIVE, QrCodeItem
from payments.connectors.notices import CodeCredit
from payments.counter import store
from payments.payment import attempts, creation, due, late_money, orders, outcomes, reviews, settlement
from payments.payment.attempts import Note
from payments.payment.orders import Order
from payments.payment.states import OPEN, Status
from payments.refunds import external

# What came by a code that was switched off before.
INACTIVE_CODE: Final = "qr_code_inactive"
_MESSAGE: Final = "The code was switched off before it was paid."
# What its provider says came in a currency that no payer of this code can pay in.
OTHER_CURRENCY: Final = "currency_differs"
_OTHER_MESSAGE: Final = "The provider reports money in another currency than the code's."
# Until when the report that made the payment has surely been applied; and when the payment ends, should its money be another amount.
LOOK_SECONDS: Final = 30
OPEN_SECONDS: Final = 900


def apply(merchant_id: str, connector: str, credit: CodeCredit) -> bool:
    """Bring money to its payment, which is made when this is the first report; False when it is by no code of this connector.

    Money that was reported by another code before is that one's: an alarm says so. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    code = store.find(credit.qr_code_id)
    if code is None or (code.merchant_id, code.connector, code.provider_reference) != (merchant_id, connector, credit.code_reference):
        return False
    order = _order(code, credit)
    try:
        known = creation.find(order) or creation.record_first(order, _first_version(order, code, credit))
    except KeyReused:
        reviews.tell_of_code(code.qr_code_id, connector, credit.result.provider_reference, reason="another_object")
        return False
    payment = known.payment
    if not _is_booked(payment, code, credit):
        external.catch_up(settlement.apply(payment, outcomes.change_of(payment, 0, connector, credit.result)))
    return True


def _is_booked(payment: PaymentItem, code: QrCodeItem, credit: CodeCredit) -> bool:
    """True when nothing of what is reported is new: the money stands on its payment, and none of it went back."""
    if payment.status in OPEN or credit.result.returned_minor:
        return False
    reference = credit.result.provider_reference
    if payment.status == Status.SUCCESS and payment.provider_reference == reference:
        return credit.amount == Money(int(payment.amount), payment.currency)
    found = late_money.same(payment, code.connector, reference)
    return found is not None and found.money == credit.amount


def _order(code: QrCodeItem, credit: CodeCredit) -> Order:
    merchant = credentials.find_merchant(code.merchant_id)
    if merchant is None:
        raise AssertionError("a code without its merchant")
    reference = credit.result.provider_reference
    digest = hashlib.sha256(f"{code.qr_code_id}\0{reference}".encode()).hexdigest()[:32]
    return Order(
        caller=Caller.of(merchant, key_id="qr_code", scopes=frozenset()),
        claim=Claim(code.merchant_id, (f"qr_code:{code.connector}:{reference}",), digest),
        amount=credit.amount if code.amount is None else Money(int(code.amount), code.currency),
        method="upi_intent",
        description=code.name,
        metadata=code.metadata,
        qr_code_id=code.qr_code_id,
    )


def _first_version(order: Order, code: QrCodeItem, credit: CodeCredit) -> PaymentItem:
    """A payment that waits for the money. One that has failed, where the code was off before the money came, or no payer of the code can
    have paid it: it is then late money.
    """
    now, lane = clock.now_ms(), choose(code.merchant_id, order.caller.lanes)
    if _was_off(code, credit, now):
        item = orders.failed(order, INACTIVE_CODE, _MESSAGE, lane=lane)
    elif order.amount.currency != code.currency:
        item = orders.failed(order, OTHER_CURRENCY, _OTHER_MESSAGE, lane=lane)
    else:
        item = orders.draft(order, "pending", lane=lane, now_ms=now)
        item.expires_at = now + OPEN_SECONDS * 1000
    reference = credit.result.provider_reference
    item.provider, item.provider_reference = code.connector, reference
    item.attempts = attempts.noted(None, Note(0, code.connector, attempts.PENDING, None, None, reference, now, 0))
    due.set_due(item, now + LOOK_SECONDS * 1000)
    return item


def _was_off(code: QrCodeItem, credit: CodeCredit, now_ms: int) -> bool:
    """By the provider's time of the payment, where it says one: a report may come long after it."""
    paid_ms = now_ms if credit.paid_ms is None else credit.paid_ms
    return code.status != ACTIVE and paid_ms >= int(code.closed_at or 0)
