"""Settling crypto payments: what the chain monitor says of a transfer becomes the payment's books, exactly once."""

from typing import Final

from paycorex import clock, ledger, redaction, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger.lanes import jitter
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.records.payment import PaymentItem, entry_references
from payments import settle, store, transitions
from payments.crypto_state import CryptoState
from payments.crypto_steps import next_step
from payments.crypto_versions import Step

logger: Final = redaction.logger("crypto_settlement")

MAX_STEPS: Final = 24
_CEILING_SECONDS: Final = 0.05
# Somebody who floods an address must not make its payment too large to store. The transfers themselves are all recorded.
MAX_TRANSFERS: Final = 100


def hear(transfer: CryptoTransactionItem) -> PaymentItem | None:
    """Bring a transfer's news to its payment; the payment as it then stands, None when there is none.

    Told twice, or late, it changes nothing. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    for attempt in range(MAX_STEPS):
        payment = store.find(transfer.payment_id or "")
        if payment is None:
            return None
        told = _told(payment, transfer)
        now = clock.now_ms()
        step = next_step(told, now)
        try:
            if step is None:
                return _store(payment, transitions.bumped(payment, told, now))
            _take(payment, step, now)
        except _Moved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
    raise TemporarilyUnavailable


class _Moved(Exception):
    """Somebody else changed the payment, or nobody knows: read it again."""


def _told(payment: PaymentItem, transfer: CryptoTransactionItem) -> PaymentItem:
    state = CryptoState.of(payment)
    heard = state.heard(transfer)
    if heard is state or len(heard.transfers) > MAX_TRANSFERS:
        if heard is not state:
            logger.error("too many transfers for one payment", extra={"payment_id": payment.payment_id})
        return payment
    told = storage.copy_of(payment)
    told.method_state = heard.stored()
    return told


def _take(payment: PaymentItem, step: Step, now_ms: int) -> None:
    after = step.after
    if int(after.version) == int(payment.version):
        after = transitions.bumped(payment, after, now_ms)
    if step.journal is None:
        _store(payment, after)
        return

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        if step.is_settlement:
            after.entries = entry_references(entries)
        return store.changes(payment, after)

    try:
        ledger.post(step.journal, record, lanes=settle.lanes_of(payment.merchant_id))
    except ledger.RecordRefused as refused:
        raise _Moved from refused


def _store(payment: PaymentItem, after: PaymentItem) -> PaymentItem:
    if after is payment:
        return payment
    try:
        storage.transact(store.changes(payment, after))
    except (storage.TransactionRefused, storage.Unavailable, storage.OutcomeUnknown) as trouble:
        raise _Moved from trouble
    return after
