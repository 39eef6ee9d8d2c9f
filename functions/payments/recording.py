"""The payment record as the claim of its request: stored once, and found again by a retry."""

from collections.abc import Sequence
from typing import Any

from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.http import KeyReused
from paycorex.http.claims import ClaimItem
from paycorex.ledger.lanes import jitter
from paycorex.records.payment import PaymentItem
from paycorex.storage import Write
from payments import references, store
from payments.orders import Order, Recorded

MAX_TRIES = 6
_CEILING_SECONDS = 0.1

__all__ = ["Write", "earlier", "find", "record_first"]


def record_first(order: Order, item: PaymentItem, also: Sequence[Write] = ()) -> Recorded:
    """Store an order's first payment record, or find the one that an earlier request with the same key made.

    also: writes that belong to it, of things that are only there with it. Raises KeyReused, TemporarilyUnavailable (also when one of `also`
    was refused: the order is then tried anew).
    """
    claimed = [store.new_payment(item), *order.claim_writes()]
    writes = [*claimed, *also, *references.rows(None, item)]
    trouble: Exception | None = None
    for attempt in range(MAX_TRIES):
        try:
            storage.transact(writes)
        except storage.TransactionRefused as refused:
            for index, reason in enumerate(refused.reasons[: len(claimed)]):
                if reason.is_condition:
                    return earlier(order, index, reason.item)
            if any(reason.is_condition for reason in refused.reasons):
                break
        except (storage.Unavailable, storage.OutcomeUnknown) as unanswered:
            # The same writes again: their conditions tell whether the first ones were carried out.
            trouble = unanswered
        else:
            return Recorded(item)
        clock.sleep(jitter(_CEILING_SECONDS * (attempt + 1)))
    raise TemporarilyUnavailable from trouble


def find(order: Order) -> Recorded | None:
    """The payment that an earlier request with the order's key made. Raises KeyReused."""
    payment = store.find(order.payment_id)
    if payment is not None:
        return earlier(order, 0, payment.serialize())
    # Under v1 a retry has another signature, and so another id: there it is the key that finds it.
    claimed = order.claim.earlier_under_key()
    return None if claimed is None else earlier(order, 1, claimed.serialize())


def earlier(order: Order, index: int, found: Any) -> Recorded:
    """The payment that was there first. index: which write met it; 0 the payment itself, else a row of its key.

    Raises KeyReused when it was made by another request.
    """
    if index == 0:
        payment: PaymentItem | None = PaymentItem.load(found)
    else:
        claim = ClaimItem.load(found)
        if claim.request_hash != order.claim.request_hash:
            raise KeyReused
        payment = store.find(claim.reference or "")
    if payment is None or payment.request_hash != order.claim.request_hash:
        raise KeyReused
    return Recorded(payment, replayed=True)
