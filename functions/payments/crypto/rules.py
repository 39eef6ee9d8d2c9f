"""The rules of crypto money: from what is known of a payment and its transfers to the next step of its books. Pure.

Every confirmed transfer is booked once: into the settlement when it completes the payment in time, else into suspense. Steps are taken
until there is none left, so whatever happened in between (a crash, a reorganisation, news out of order) ends in the same books.

| transfer                                | payment             | entry                                    | event              |
|-----------------------------------------|---------------------|------------------------------------------|--------------------|
| detected, in time, the asset asked for  | pending→processing  | -                                        | payment.processing |
| confirmed, completes the amount         | →success            | clearing (+ suspense) → merchant         | payment.success    |
| confirmed, not enough yet               | processing          | clearing → suspense (`underpaid`)        | payment.late_money |
| what is over the amount                 | success             | clearing → suspense (`overpaid`)         | payment.late_money |
| after its time, or the payment is over  | as it is            | clearing → suspense (`late`, `extra`)    | payment.late_money |
| another asset than asked for            | as it is            | clearing → suspense (`wrong_asset`)      | payment.late_money |
| failed, dust, not allow-listed          | as it is            | -                                        | -                  |
| reorged before it counted               | →pending            | -                                        | crypto.reorged     |
| reorged after it was settled            | success→processing  | the settlement reversed                  | payment.processing |
| reorged after the merchant took it late | success→failed      | the settlement reversed, then as held    | payment.failed     |
| reorged after it was held               | as it is            | suspense → clearing                      | crypto.reorged     |
"""

from collections.abc import Callable
from typing import Final

from paycorex.records.crypto_transaction import CONFIRMED, DETECTED
from paycorex.records.payment import PaymentItem
from payments.crypto.bookings import hold, hold_surplus, settle
from payments.crypto.reversals import reverse_held, reverse_settlement, reverse_surplus
from payments.crypto.state import GRACE_MS, CryptoState
from payments.crypto.step import Step, set_status, with_state
from payments.payment import versions
from payments.payment.states import Outcome, Status, Transition
from payments.payment.versions import Change

Rule = Callable[[PaymentItem, CryptoState, int], Step | None]


def next_step(payment: PaymentItem, now_ms: int) -> Step | None:
    """The first thing that is to be done; None when everything is booked as it should be."""
    state = CryptoState.of(payment)
    return next((step for rule in RULES if (step := rule(payment, state, now_ms)) is not None), None)


def is_awaited(payment: PaymentItem, now_ms: int) -> bool:
    """True while the payment's money may still come in time, or is there and only not final."""
    state, expires = CryptoState.of(payment), int(payment.expires_at or 0)
    on_its_way = any(item.status == DETECTED and state.counts(item, expires) for item in state.transfers.values())
    return on_its_way or state.pool.waiting > 0 or now_ms < expires + GRACE_MS


def is_underpaid(payment: PaymentItem) -> bool:
    """True when some of the money came, and too little."""
    state, expires = CryptoState.of(payment), int(payment.expires_at or 0)
    return state.pool.units > 0 or any(item.status == CONFIRMED and state.counts(item, expires) for item in state.transfers.values())


def _follow(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """An open payment is processing while some of its money is there, and pending while none is."""
    expires = int(payment.expires_at or 0)
    in_sight = (item for item in state.transfers.values() if item.status in {DETECTED, CONFIRMED} and state.counts(item, expires))
    alive = state.pool.waiting + state.pool.units > 0 or any(in_sight)
    if payment.status == Status.PENDING and alive:
        change = Change(Outcome.STARTED, reason="detected", connector=state.network, due_ms=max(now_ms, expires) + GRACE_MS)
        return Step(versions.next_version(payment, change, Transition.PROCESS, now_ms), None)
    if payment.status == Status.PROCESSING and not alive:
        after = with_state(payment, state)
        set_status(after, Status.PENDING, "reorged", now_ms)
        return Step(after, None)
    return None


RULES: Final[tuple[Rule, ...]] = (reverse_settlement, reverse_held, reverse_surplus, settle, hold, hold_surplus, _follow)
