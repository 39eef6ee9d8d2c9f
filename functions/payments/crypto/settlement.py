"""Settling crypto payments: what the chain monitor reports of a transfer becomes the payment's books, exactly once."""

from typing import Final

from paycorex import clock, set_aside, storage
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.records.payment import PaymentItem
from paycorex.set_aside import AsideItem
from payments.crypto import overflow
from payments.crypto.overflow import Sight
from payments.crypto.rules import next_step
from payments.crypto.state import CryptoState, key_of
from payments.payment import settlement as settle
from payments.payment import store, versions
from payments.payment.commit import Step, commit

LOOP: Final = "payments.crypto.settlement"


def apply_transfer(transfer: CryptoTransactionItem) -> PaymentItem | None:
    """Bring a transfer's state to its payment, step by step; the payment as it then stands, None when there is none.

    Sent twice, or late, it changes nothing. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    payment, key = store.find(transfer.payment_id or ""), key_of(transfer)
    if payment is None:
        return None
    first = overflow.sight(payment, key)
    return commit(lambda sight: _step(sight, transfer), lambda: overflow.sight(settle.fresh(payment), key), first).after


def apply_again(row: AsideItem) -> None:
    """Apply the transfer that was set aside with a row. Raises what apply_transfer raises."""
    apply_transfer(CryptoTransactionItem.load(set_aside.payload_of(row)))


def _step(sight: Sight, transfer: CryptoTransactionItem) -> Step[PaymentItem]:
    """The first step that the rules demand once the transfer is known; with none left, what is known is stored."""
    known, now = _with_transfer(sight.opened, transfer), clock.now_ms()
    step = next_step(known, now)
    after, rows = _versions(sight, known if step is None else step.after, now)
    return Step(
        sight.payment,
        after,
        lambda: [*store.changes(sight.payment, after), *rows],
        None if step is None else step.journal,
        keeps_entries=step is not None and step.is_settlement,
        is_last=step is None,
    )


def _with_transfer(payment: PaymentItem, transfer: CryptoTransactionItem) -> PaymentItem:
    state = CryptoState.of(payment)
    after = state.with_record(transfer)
    if after is state:
        return payment
    known = storage.copy_of(payment)
    known.method_state = after.stored()
    return known


def _versions(sight: Sight, changed: PaymentItem, now_ms: int) -> tuple[PaymentItem, list[storage.Write]]:
    """The payment's next version with its rows folded away, and these rows' writes. Its version guards them: it grows when they change."""
    before = sight.payment
    after, writes = overflow.folded(sight, changed)
    if int(after.version) == int(before.version):
        after = versions.next_revision(before, after, now_ms)
    if writes and after is before:
        after = storage.copy_of(before)
        after.version, after.updated_at = int(before.version) + 1, now_ms
    return after, writes
