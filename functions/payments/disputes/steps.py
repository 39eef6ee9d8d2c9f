"""The next version of a dispute, with its payment and at most one journal. Pure, but for the time; `reports` writes it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from paycorex import clock, storage
from paycorex.ledger import Journal
from paycorex.money import Money
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured, disputed
from payments.disputes import bookings, schedule, states, store, versions
from payments.payment import disputes as listed
from payments.payment import due
from payments.payment import store as payment_store
from payments.payment import versions as payment_versions
from payments.payment.commit import Step

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


def step(seen: Seen, edit: Edit, make: Callable[[], DisputeItem] | None) -> DisputeStep:
    """The dispute's next version. make: it as it is reported for the first time."""
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
        lambda: [*([store.new(after)] if before is None else store.changes(before, after)), *_payment_writes(seen.payment, payment)],
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
    | {"refund_reference", "refund_id", "returned", "ended_at"}
    | {"sequence", "event", "event_at", "previous_event_at"}
)


def _is_news(before: DisputeItem, after: DisputeItem) -> bool:
    old, new = before.serialize(), after.serialize()
    changed = {name for name in old | new if old.get(name) != new.get(name)}
    return bool(changed - _QUIET) or _is_unannounced(after)


def _cannot_be(item: DisputeItem, payment: PaymentItem, *, is_stuck: bool) -> str | None:
    """What was booked as it was reported, and cannot be right."""
    money = Money(int(item.amount), item.currency)
    if item.refund_id is not None and states.merchant_has_it(item.status):
        return f"dispute {item.provider_reference}: {money} {money.currency} came back, and refund {item.refund_id} counts for it"
    exceeds = money.currency == payment.currency and money.minor > int(payment.amount)
    return f"dispute {item.provider_reference}: {money} {money.currency}" if exceeds or is_stuck else None
