"""Settling crypto payments: what the chain monitor says of a transfer becomes the payment's books, exactly once."""

from typing import Final

from paycorex import clock, credentials, ledger, set_aside, storage
from paycorex.backoff import jitter
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.set_aside import AsideItem
from payments.crypto import overflow
from payments.crypto.overflow import Sight
from payments.crypto.rules import next_step
from payments.crypto.state import CryptoState, key_of
from payments.crypto.step import Step
from payments.payment import store, versions

LOOP: Final = "payments.crypto.settlement"
MAX_STEPS: Final = 24
_CEILING_SECONDS: Final = 0.05


def hear(transfer: CryptoTransactionItem) -> PaymentItem | None:
    """Bring a transfer's news to its payment; the payment as it then stands, None when there is none.

    Told twice, or late, it changes nothing. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    for attempt in range(MAX_STEPS):
        payment = store.find(transfer.payment_id or "")
        if payment is None:
            return None
        sight = overflow.sight(payment, key_of(transfer))
        told = _told(sight.opened, transfer)
        now = clock.now_ms()
        step = next_step(told, now)
        try:
            if step is None:
                return _store(sight, told, now)
            _take(sight, step, now)
        except _Moved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
    raise TemporarilyUnavailable


def hear_again(row: AsideItem) -> None:
    """Bring the news that was set aside with a row. Raises what hear raises."""
    hear(CryptoTransactionItem.load(set_aside.payload_of(row)))


class _Moved(Exception):
    """Somebody else changed the payment, or nobody knows: read it again."""


def _told(payment: PaymentItem, transfer: CryptoTransactionItem) -> PaymentItem:
    state = CryptoState.of(payment)
    heard = state.heard(transfer)
    if heard is state:
        return payment
    told = storage.copy_of(payment)
    told.method_state = heard.stored()
    return told


def _take(sight: Sight, step: Step, now_ms: int) -> None:
    if step.journal is None:
        _store(sight, step.after, now_ms)
        return
    after, writes = _versions(sight, step.after, now_ms)

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        if step.is_settlement:
            after.entries = entry_references(entries)
        return [*store.changes(sight.payment, after), *writes]

    try:
        ledger.post(step.journal, record, lanes=credentials.lanes_of(after.merchant_id))
    except ledger.RecordRefused as refused:
        raise _Moved from refused


def _store(sight: Sight, changed: PaymentItem, now_ms: int) -> PaymentItem:
    after, writes = _versions(sight, changed, now_ms)
    if after is sight.payment:
        return after
    try:
        storage.transact([*store.changes(sight.payment, after), *writes])
    except (storage.TransactionRefused, storage.Unavailable, storage.OutcomeUnknown) as trouble:
        raise _Moved from trouble
    return after


def _versions(sight: Sight, changed: PaymentItem, now_ms: int) -> tuple[PaymentItem, list[storage.Write]]:
    """The payment's next version with its rows folded away, and these rows' writes. Its version guards them: it grows when they change."""
    before = sight.payment
    after, writes = overflow.folded(sight, changed)
    if int(after.version) == int(before.version):
        after = versions.bumped(before, after, now_ms)
    if writes and after is before:
        after = storage.copy_of(before)
        after.version, after.updated_at = int(before.version) + 1, now_ms
    return after, writes
