"""What a provider says of a dispute, a merchant does or the clock brings, exactly once: record, journal and payment in one transaction.

A report may bring several journals (opened and taken at once). Each is a step with a transaction of its own; the record is due in between,
so that the janitor goes on where a process ended.
"""

from collections.abc import Callable, Sequence

from paycorex import clock, redaction, storage
from paycorex.errors import InvalidState
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment import dispute_id as dispute_id_of
from paycorex.records.payment_fee import PROVIDER
from paycorex.records.refund import RefundItem
from payments.connectors.notices import Dispute
from payments.connectors.results import Contradicts, Kept
from payments.disputes import booked_refunds, store, versions
from payments.disputes.steps import DisputeStep, Edit, Seen, step
from payments.payment import disputes as listed
from payments.payment import fee_books, outcomes, settlement
from payments.payment import store as payment_store
from payments.payment.commit import commit
from payments.payment.fees import KnownFee

logger = redaction.logger("disputes")


def report(payment: PaymentItem, connector: str, reported: Dispute, *, is_looked_up: bool = False) -> DisputeItem | None:
    """Apply what a provider says of a dispute about this payment; the dispute as it then stands, None when it cannot be one of it.

    is_looked_up: it was asked just now, and its answer counts whatever was known. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    dispute_id = dispute_id_of(payment.merchant_id, connector, reported.reference)
    seen = _seen(dispute_id, payment)
    refusal = _refusal(seen, reported)
    if refusal is not None:
        settlement.apply(payment, outcomes.contradicted(connector, refusal))
        return None

    def edit(item: DisputeItem) -> bool:
        after, must_ask = versions.after_report(item, reported, is_looked_up=is_looked_up)
        _become(item, after)
        return must_ask

    item = _committed(seen, edit, lambda: versions.first(payment, connector, reported)).after
    if reported.kept is not None:
        _book_fee(item, reported, reported.kept)
    refund = booked_refunds.of(item, settlement.fresh(payment)) if reported.returned is not None else None
    return item if refund is None else count_once(item, refund)


def count_once(item: DisputeItem, refund: RefundItem) -> DisputeItem:
    """The dispute, which books nothing where this refund settled it and is booked by itself. Raises what `revise` raises."""
    return revise(item, lambda found: booked_refunds.bind(found, refund))


def _book_fee(item: DisputeItem, reported: Dispute, kept: Kept) -> None:
    """What the provider keeps for the dispute is a fee of its payment."""
    said_ms = clock.now_ms() if reported.said_ms is None else reported.said_ms
    known = KnownFee(PROVIDER, kept.fee, kept.tax, kept.currency, f"dispute:{reported.reference}", said_ms)
    try:
        fee_books.book(item.payment_id, known)
    except InvalidState as refused:
        # The dispute is booked. A payment with more fees than that is looked at with its settlement.
        logger.warning("fee not noted", extra={"dispute_id": item.dispute_id, "problem": refused.message})


def revise(item: DisputeItem, edit: Edit, *, claim: Sequence[storage.Write] = ()) -> DisputeItem:
    """Store what `edit` makes of the dispute as it stands, and book what follows. claim: of the request that asks for it.

    Raises what edit raises, TemporarilyUnavailable; storage.TransactionRefused or ledger.RecordRefused when the claim is taken.
    """
    payment = payment_store.find(item.payment_id)
    if payment is None:
        raise AssertionError("a dispute without its payment")
    return _committed(_seen(item.dispute_id, payment), edit, None, claim).after


def _seen(dispute_id: str, payment: PaymentItem) -> Seen:
    return Seen(store.find(dispute_id), payment)


def _committed(seen: Seen, edit: Edit, make: Callable[[], DisputeItem] | None, claim: Sequence[storage.Write] = ()) -> DisputeStep:
    dispute_id = seen.item.dispute_id if seen.item is not None else ""

    def read() -> Seen:
        payment = settlement.fresh(seen.payment)
        return _seen(dispute_id or (make().dispute_id if make is not None else ""), payment)

    done = commit(lambda found: step(found, edit, make), read, seen, claim=claim)
    if done.after.review != (seen.item.review if seen.item is not None else None):
        ask_operator(done.after, done.payment)
    return done


def ask_operator(item: DisputeItem, payment: PaymentItem) -> None:
    """Put the payment into review, where what is reported of the dispute cannot be right; a second time it changes nothing."""
    if item.review is not None:
        refusal = Contradicts("dispute_exceeds", item.review, item.charge_reference)
        settlement.apply(payment, outcomes.contradicted(item.provider, refusal))


def _refusal(seen: Seen, reported: Dispute) -> Contradicts | None:
    """Why it cannot be a dispute of this payment."""
    known = seen.item
    if known is not None and known.payment_id != seen.payment.payment_id:
        said = f"dispute {reported.reference} of {reported.charge_reference}"
        return Contradicts("another_object", said, reported.charge_reference)
    if known is None and len(seen.payment.disputes or ()) >= listed.MAX_DISPUTES:
        return Contradicts("disputes_exceed", f"dispute {reported.reference}", reported.charge_reference)
    return None


def _become(item: DisputeItem, after: DisputeItem) -> None:
    for name in type(item).get_attributes():
        setattr(item, name, getattr(after, name))
