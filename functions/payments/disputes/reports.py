"""What a provider says of a dispute, a merchant does or the clock brings, exactly once: record, journal and payment in one transaction.

A report may bring several journals (opened and taken at once). Each is a step with a transaction of its own; the record is due in between,
so that the janitor goes on where a process ended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from paycorex import clock, redaction, storage
from paycorex.errors import InvalidState
from paycorex.ledger import Journal
from paycorex.money import Money
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment import dispute_id as dispute_id_of
from paycorex.records.payment_amounts import captured, disputed
from paycorex.records.payment_fee import PROVIDER
from payments.connectors.notices import Dispute
from payments.connectors.results import Contradicts, Kept
from payments.disputes import bookings, schedule, states, store, versions
from payments.payment import disputes as listed
from payments.payment import due, fee_books, outcomes, settlement
from payments.payment import store as payment_store
from payments.payment import versions as payment_versions
from payments.payment.commit import Step, commit
from payments.payment.fees import KnownFee

logger = redaction.logger("disputes")

# Changes a copy of the record as it stands; True when the provider must be asked soon.
Edit = Callable[[DisputeItem], bool]


@dataclass(frozen=True, slots=True)
class Seen:
    """A dispute and its payment, as both were read."""

    item: DisputeItem | None
    payment: PaymentItem


@dataclass(frozen=True, slots=True)
class DisputeStep(Step[DisputeItem]):
    """A dispute's next version. payment: as it then is."""

    payment: PaymentItem = field(kw_only=True)


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
    return item


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

    done = commit(lambda found: _step(found, edit, make), read, seen, claim=claim)
    if done.after.review != (seen.item.review if seen.item is not None else None):
        ask_operator(done.after, done.payment)
    return done


def ask_operator(item: DisputeItem, payment: PaymentItem) -> None:
    """Put the payment into review, where what is reported of the dispute cannot be right; a second time it changes nothing."""
    if item.review is not None:
        refusal = Contradicts("dispute_exceeds", item.review, item.charge_reference)
        settlement.apply(payment, outcomes.contradicted(item.provider, refusal))


def _step(seen: Seen, edit: Edit, make: Callable[[], DisputeItem] | None) -> DisputeStep:
    """The dispute's next version, with at most one journal. Pure, but for the time."""
    before = seen.item
    if before is None:
        if make is None:
            raise AssertionError("a dispute vanished")
        after, must_ask = make(), False
    else:
        after = storage.copy_of(before)
        must_ask = edit(after)
    move = bookings.next_move(after) if len(after.moves) < bookings.MAX_MOVES else None
    journal = None if move is None else bookings.journal(after, move)
    if move is not None:
        after.moves = [*after.moves, move]
    return _finished(seen, after, journal, must_ask=must_ask)


def _finished(seen: Seen, after: DisputeItem, journal: Journal | None, *, must_ask: bool) -> DisputeStep:
    before, now = seen.item, clock.now_ms()
    payment = _on_payment(seen.payment, before, after, now)
    lost_twice = _lost_twice(payment, after)
    is_news = before is not None and _is_news(before, after)
    if is_news:
        versions.with_event(before, after)
    elif before is not None and lost_twice > int(after.double_loss):
        after.double_loss = lost_twice
        versions.set_event(before, after, "dispute.double_loss")
    is_last = not (lost_twice > int(after.double_loss) or _is_unannounced(after) or bookings.next_move(after) is not None)
    is_stuck = len(after.moves) >= bookings.MAX_MOVES and bookings.next_move(after) is not None
    after.review = _cannot_be(after, payment, is_stuck=is_stuck)
    if before is None or storage.difference(before, after) or must_ask:
        look_ms = now if must_ask or not is_last else schedule.next_look_ms(after, payment, now)
        due.set_due(after, None if is_stuck else look_ms)
        if before is not None:
            after.version, after.updated_at = int(before.version) + 1, now
    if before is not None and not storage.difference(before, after):
        return DisputeStep(before, before, payment=seen.payment)
    return DisputeStep(
        before,
        after,
        lambda: [store.new(after) if before is None else store.change(before, after), *_payment_writes(seen.payment, payment)],
        journal,
        is_last=is_last or is_stuck,
        payment=payment,
    )


def _on_payment(payment: PaymentItem, before: DisputeItem | None, after: DisputeItem, now_ms: int) -> PaymentItem:
    """The payment with what of it is disputed, and the dispute in its list."""
    counted = bookings.counted(after, payment)
    changed = listed.noted(payment, listed.entry_of(after), now_ms)
    total = disputed(payment) - (int(before.counted) if before is not None else 0) + counted
    after.counted = counted
    changed.amount_disputed = total if total or payment.amount_disputed is not None else None
    return payment_versions.next_revision(payment, changed, now_ms)


def _payment_writes(before: PaymentItem, after: PaymentItem) -> list[storage.Write]:
    return [] if after is before else payment_store.changes(before, after)


def _lost_twice(payment: PaymentItem, item: DisputeItem) -> int:
    """How much of the payment was refunded and is asked for, or gone, by this dispute as well; minor units of the payment."""
    over = int(payment.amount_refunded) + disputed(payment) - (captured(payment) or int(payment.amount))
    return max(0, min(over, int(item.counted)))


def _is_unannounced(item: DisputeItem) -> bool:
    return states.is_final(item.status) and item.announced != item.status


# What changes without being news to the merchant.
_QUIET = frozenset(
    {"said_at", "looked_at", "counted", "double_loss", "review", "announced", "version", "updated_at", "due_at", "due_shard"}
    | {"sequence", "event", "event_at", "previous_event_at"}
)


def _is_news(before: DisputeItem, after: DisputeItem) -> bool:
    old, new = before.serialize(), after.serialize()
    changed = {name for name in old | new if old.get(name) != new.get(name)}
    return bool(changed - _QUIET) or _is_unannounced(after)


def _refusal(seen: Seen, reported: Dispute) -> Contradicts | None:
    """Why it cannot be a dispute of this payment."""
    known = seen.item
    if known is not None and known.payment_id != seen.payment.payment_id:
        said = f"dispute {reported.reference} of {reported.charge_reference}"
        return Contradicts("another_object", said, reported.charge_reference)
    if known is None and len(seen.payment.disputes or ()) >= listed.MAX_DISPUTES:
        return Contradicts("disputes_exceed", f"dispute {reported.reference}", reported.charge_reference)
    return None


def _cannot_be(item: DisputeItem, payment: PaymentItem, *, is_stuck: bool) -> str | None:
    """What was booked as it was reported, and cannot be right."""
    money = Money(int(item.amount), item.currency)
    exceeds = money.currency == payment.currency and money.minor > int(payment.amount)
    return f"dispute {item.provider_reference}: {money} {money.currency}" if exceeds or is_stuck else None


def _become(item: DisputeItem, after: DisputeItem) -> None:
    for name in type(item).get_attributes():
        setattr(item, name, getattr(after, name))
