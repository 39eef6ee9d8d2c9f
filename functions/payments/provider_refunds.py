"""Refunds through a provider: reserved first, asked for under the refund's own id, and settled or released by what the provider says.

The amount is taken out of what may be refunded in the transaction that stores the refund, so nothing that happens later, at the provider
or here, can make refunds exceed the payment. A refund that failed gives its amount back to what may be refunded.
"""

from collections.abc import Sequence
from typing import Final

from paycorex import clock, ids, ledger, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Journal
from paycorex.ledger.lanes import jitter
from paycorex.money import Money
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.records.refund import RefundItem, refund_reference
from paycorex.records.stamps import stamp
from payments import calling, late_money, settle, store, transitions
from payments.connectors.model import Approved, Declined, Giveback, GivenBack, NotFound, Pending, Unavailable, Unknown
from payments.states import OPEN, Status

FIRST_LOOK_SECONDS: Final = 60
MAX_LOOK_SECONDS: Final = 3600
MAX_TRIES: Final = 8
_CEILING_SECONDS: Final = 0.05
_FINAL: Final = frozenset({"success", "failed"})


class _Moved(Exception):
    """Somebody else changed the refund or its payment: look again."""


def begin(item: RefundItem) -> RefundItem:
    """A refund as it is first stored: pending, and due should this process end before the provider was asked."""
    transitions.set_due(item, clock.now_ms() + FIRST_LOOK_SECONDS * 1000)
    return item


def execute(refund: RefundItem, payment: PaymentItem) -> RefundItem:
    """Ask the provider, under the refund's id: asked twice, it gives back once. The refund as it then stands.

    A payment whose outcome nobody knows yet has nothing to give back: then the refund waits for the janitor.
    """
    money = _late(refund, payment)
    if money is None and payment.status in OPEN:
        return postpone(refund, refund.status)
    if money is None and payment.status == Status.FAILED:
        return apply(refund, Declined("payment_failed", "The payment failed, so there is nothing to refund."))
    connector, giveback = giveback_of(refund, payment)
    result = calling.call(refund.merchant_id, connector, lambda provider: provider.refund(giveback))
    return apply(refund, result)


def giveback_of(refund: RefundItem, payment: PaymentItem) -> tuple[str, Giveback]:
    """The connector that holds the money, and the refund as it knows it."""
    money = _late(refund, payment)
    connector, reference = (
        (payment.provider, payment.provider_reference) if money is None else (money["connector"], money["provider_reference"])
    )
    giveback = Giveback(
        refund_id=refund.refund_id,
        payment_id=refund.payment_id,
        merchant_id=refund.merchant_id,
        amount=Money(int(refund.amount), refund.currency),
        charge_reference=reference or "",
        provider_reference=refund.provider_reference,
    )
    return connector or "", giveback


def learn(merchant_id: str, refund_id: str, result: GivenBack) -> bool:
    """What a callback said of a refund; False when it is nobody's here."""
    refund = store.find_refund(refund_id) if ids.is_id("ref", refund_id) else None
    if refund is None or refund.merchant_id != merchant_id:
        return False
    apply(refund, result)
    return True


def apply(refund: RefundItem, result: GivenBack) -> RefundItem:
    """Bring an answer to the refund, exactly once. A refund that is decided stays as it is. Raises TemporarilyUnavailable."""
    for attempt in range(MAX_TRIES):
        if refund.status in _FINAL:
            return refund
        try:
            match result:
                case Approved(provider_reference=reference):
                    return _succeed(refund, reference)
                case Declined(code=code):
                    return _fail(refund, code)
                case Pending(provider_reference=reference):
                    return postpone(refund, "processing", reference)
                case Unknown():
                    return postpone(refund, "processing")
                case Unavailable() | NotFound():
                    return postpone(refund, refund.status)
        except _Moved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
            refund = _fresh(refund)
    raise TemporarilyUnavailable


def postpone(refund: RefundItem, status: str, reference: str | None = None) -> RefundItem:
    """Ask again later, each time twice as much later. Losing to somebody else is fine: they know as much or more."""
    now = clock.now_ms()
    after = storage.copy_of(refund)
    after.status = status
    after.provider_reference = reference or refund.provider_reference
    waited = max(now - int(refund.created_at), FIRST_LOOK_SECONDS * 1000)
    transitions.set_due(after, now + min(waited, MAX_LOOK_SECONDS * 1000))
    after.version, after.updated_at = int(refund.version) + 1, now
    try:
        storage.run(store.change_refund(refund, after))
    except (storage.ConditionRefused, storage.Unavailable, storage.OutcomeUnknown):
        return _fresh(refund)
    return after


def _succeed(refund: RefundItem, reference: str) -> RefundItem:
    """The journal of the payment (or of its late money), reversed, with refund and payment in one transaction."""
    payment = _payment_of(refund)
    journal = Journal.transfer(
        source=_source(refund, payment),
        target=Account.clearing(refund.merchant_id, giveback_of(refund, payment)[0], refund.currency),
        amount=Money(int(refund.amount), refund.currency),
        reference=refund_reference(refund),
        description=refund.reason,
    )
    made: list[RefundItem] = []

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        after = _decided(refund, "success", "refund.success")
        after.provider_reference, after.entries = reference, entry_references(entries)
        made[:] = [after]
        return [store.change_refund(refund, after), *_payment_writes(refund, payment, late_money.REFUNDED, given_back=True)]

    try:
        ledger.post(journal, record, lanes=settle.lanes_of(refund.merchant_id))
    except ledger.RecordRefused as refused:
        raise _Moved from refused
    return made[0]


def _fail(refund: RefundItem, code: str) -> RefundItem:
    """The amount may be refunded again."""
    payment = _payment_of(refund)
    after = _decided(refund, "failed", "refund.failed")
    after.failure_code = code
    writes = [store.change_refund(refund, after), *_payment_writes(refund, payment, late_money.HELD, given_back=False)]
    try:
        storage.transact(writes)
    except (storage.TransactionRefused, storage.Unavailable, storage.OutcomeUnknown) as trouble:
        raise _Moved from trouble
    return after


def _decided(refund: RefundItem, status: str, event: str) -> RefundItem:
    now = clock.now_ms()
    after = storage.copy_of(refund)
    after.status, after.version, after.updated_at = status, int(refund.version) + 1, now
    for name, value in stamp(event, now, refund).items():
        setattr(after, name, value)
    transitions.set_due(after, None)
    return after


def _payment_writes(refund: RefundItem, payment: PaymentItem, late_status: str, *, given_back: bool) -> Sequence[storage.Write]:
    """What the decision means for the payment: the amount is refunded, or may be refunded again."""
    now = clock.now_ms()
    if refund.late_id is None:
        return [store.end_refund(payment.payment_id, int(refund.amount), given_back=given_back, now_ms=now)]
    after = storage.copy_of(payment)
    if not _is_reversed(refund, payment):
        after.late_money = late_money.marked(payment, {refund.late_id}, late_status)
    return [store.change_payment(payment, transitions.bumped(payment, after, now))]


def _source(refund: RefundItem, payment: PaymentItem) -> Account:
    if refund.late_id is None or _is_reversed(refund, payment):
        return Account.of_merchant(refund.merchant_id, refund.currency)
    return Account.suspense(refund.merchant_id, refund.currency)


def _is_reversed(refund: RefundItem, payment: PaymentItem) -> bool:
    """True when a chain took the money back while its refund was under way: then the merchant gives back what is not there any more."""
    money = _late(refund, payment)
    return money is not None and money["status"] == late_money.REVERSED


def _late(refund: RefundItem, payment: PaymentItem) -> dict[str, str] | None:
    return next((money for money in payment.late_money or () if money["late_id"] == refund.late_id), None)


def _payment_of(refund: RefundItem) -> PaymentItem:
    payment = store.find(refund.payment_id)
    if payment is None:
        raise AssertionError("a refund without its payment")
    return payment


def _fresh(refund: RefundItem) -> RefundItem:
    found = store.find_refund(refund.refund_id)
    if found is None:
        raise AssertionError("a refund vanished")
    return found
