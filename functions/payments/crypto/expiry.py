"""The end of a crypto payment's time: when the janitor may give it up."""

from typing import Final

from crypto_monitor import refund_transactions
from paycorex.evm import networks
from paycorex.records.payment import PaymentItem
from payments.crypto.rules import is_awaited, is_underpaid
from payments.crypto.state import CryptoState
from payments.payment import outcomes
from payments.payment import settlement as settle
from payments.payment.states import OPEN, Outcome
from payments.payment.versions import Change

LOOK_MS: Final = 300_000


def look_at(payment: PaymentItem, now_ms: int) -> bool:
    """True when the payment is decided now. Raises TemporarilyUnavailable.

    One whose money is in a block, made in time, waits for it to become final, however long that takes; and while the monitor has not read
    the chain up to the end of the payment's time, it is not known that there is none.
    """
    if is_awaited(payment, now_ms) or not _is_read(payment):
        settle.postpone(payment, now_ms + LOOK_MS)
        return False
    return settle.apply(payment, _given_up(payment)).status not in OPEN


def _is_read(payment: PaymentItem) -> bool:
    state = CryptoState.of(payment)
    return refund_transactions.has_passed(networks.named(state.network), int(payment.expires_at or 0), state.address.lower())


def _given_up(payment: PaymentItem) -> Change:
    if not is_underpaid(payment):
        return outcomes.given_up(payment, Outcome.EXPIRED)
    message = "Less than the amount arrived in time; what did is in suspense."
    return Change(Outcome.EXPIRED, reason="underpaid", failure_code="underpaid", failure_message=message)
