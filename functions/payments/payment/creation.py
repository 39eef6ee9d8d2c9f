"""The payment record as the claim of its request: stored once, and found again by a retry."""

from collections.abc import Sequence
from typing import Any

from paycorex import storage
from paycorex.errors import InvalidState, TemporarilyUnavailable
from paycorex.idempotency import KeyReused, Remembered, SignatureReused
from paycorex.idempotency.items import ClaimItem
from paycorex.records.payment import PaymentItem
from paycorex.storage import Write
from payments.payment import references, session_writes, store
from payments.payment.commit import Step, commit
from payments.payment.orders import Order, Recorded

__all__ = ["Earlier", "Write", "earlier", "find", "look", "record_first"]


class Earlier(Exception):
    """This very request made a payment before."""

    def __init__(self, recorded: Recorded) -> None:
        super().__init__(recorded.payment.payment_id)
        self.recorded = recorded


def record_first(order: Order, item: PaymentItem, also: Sequence[Write] = ()) -> Recorded:
    """Store an order's first payment record, or find the one that an earlier request with the same key made.

    also: writes that belong to it, of things that are only there with it. Raises KeyReused, TemporarilyUnavailable (also when one of `also`
    was refused: the order is then tried anew), and what `earlier` raises.
    """
    claimed = [*order.claim_writes(), store.new_payment(item)]
    writes = [*claimed, *also, *references.rows(None, item), *session_writes.of_first(item, order.session_try)]
    try:
        # The same writes each time: after an unknown outcome their conditions tell whether the first ones were carried out.
        commit(lambda _order: Step(None, item), lambda: order, claim=writes)
    except storage.TransactionRefused as refused:
        for reason in refused.reasons[: len(claimed)]:
            if reason.is_condition:
                return earlier(order, reason.item)
        raise TemporarilyUnavailable from refused
    return Recorded(item)


def find(order: Order) -> Recorded | None:
    """The payment that an earlier request with the order's key made. Raises KeyReused."""
    payment = store.find(order.payment_id)
    return None if payment is None else _checked(order, payment)


def look(order: Order) -> None:
    """Look for what the order's own record cannot tell: other uses of its key, or under v1 of its signature.

    Raises Earlier when this very request made a payment already, Remembered when it was refused, KeyReused, SignatureReused.
    """
    if order.body_fits_elsewhere:
        return  # claimed by rows, whose conditions tell
    try:
        row = order.claim.find_for_payment()
    except SignatureReused:
        # What was refused elsewhere after the payment does not hide the payment from a client that did not hear of it.
        own = None if order.claim.has_key else store.find(order.payment_id)
        if own is None:
            raise
        raise Earlier(_checked(order, own)) from None
    if row is not None:
        raise Earlier(_of_row(order, row))


def earlier(order: Order, found: Any) -> Recorded:
    """The payment that was there first. found: what met a write of the order, in wire shape: the payment itself, or a row of a name.

    Raises InvalidState for a checkout session that went on, KeyReused or SignatureReused when it is another request's, Remembered when
    this very request was refused.
    """
    if "tries" in found:
        raise InvalidState("Another way to pay was chosen meanwhile.")
    if "claim_id" not in found:
        return _checked(order, PaymentItem.load(found))
    try:
        order.claim.check(ClaimItem.load(found))
    except Remembered as known:
        return _of_row(order, known.item)
    raise TemporarilyUnavailable  # a signature that was kept for this request a moment ago, and free by now


def _of_row(order: Order, row: ClaimItem) -> Recorded:
    if row.refusal is not None:
        raise Remembered(row)
    payment = store.find(row.reference or "")
    if payment is None:
        raise KeyReused
    return _checked(order, payment)


def _checked(order: Order, payment: PaymentItem) -> Recorded:
    if payment.request_hash != order.claim.request_hash:
        raise KeyReused
    return Recorded(payment, replayed=True)
