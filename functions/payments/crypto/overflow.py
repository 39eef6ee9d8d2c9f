"""Chain transfers beyond those that a payment keeps on itself: rows of their own, and one sum of what they hold in suspense on the payment.

A flood of transfers to a deposit address fills rows, not the payment. A transfer that is reported is taken out of its row, the rules see
it beside the payment's own, and it is folded back: where it counts for the payment and is held in suspense, into the sum (`Pool`), which
settles with the payment and is refunded with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from paycorex import storage
from paycorex.records.crypto_transaction import CONFIRMED, DETECTED
from paycorex.records.payment import PaymentItem
from payments.crypto.state import HELD, NOWHERE, SETTLED, CryptoState, Transfer, transfer_of, transfer_row
from payments.crypto.step import with_state
from payments.payment import late_money, overflow_store
from payments.payment.late_money import LateMoney
from payments.payment.pool import Pool
from payments.payment.states import OPEN


@dataclass(frozen=True, slots=True)
class Sight:
    """A payment as it is stored, with the late money of its transfers in sight, and the same with transfers taken out of their rows.

    rows: these as they are stored.
    """

    payment: PaymentItem
    opened: PaymentItem
    rows: Mapping[str, Transfer]


def sight(payment: PaymentItem, key: str) -> Sight:
    """The payment with this transfer, and those that must not be out of sight, beside its own. Raises storage.Unavailable."""
    state = CryptoState.of(payment)
    wanted = {key, *state.pool.loose} - state.transfers.keys()
    found = {each: overflow_store.find_transfer(payment.payment_id, each) for each in sorted(wanted)}
    rows = {each: transfer_of(each, stored) for each, stored in found.items() if stored is not None}
    late_ids = {state.surplus_id, *(item.late_id for item in (*state.transfers.values(), *rows.values()))}
    payment = overflow_store.with_late(payment, late_ids - {""})
    for item in rows.values():
        state = _taken_out(payment, state, item)
    return Sight(payment, with_state(payment, state) if rows else payment, rows)


def _taken_out(payment: PaymentItem, state: CryptoState, item: Transfer) -> CryptoState:
    pool = state.pool.plus(waiting=-1) if _waits(payment, state, item) else state.pool
    money = late_money.named(payment, item.late_id) if item.late_id else None
    if money is not None and money.pooled is not None:
        pool = pool.plus(units=-int(money.pooled), minor=-money.money.minor)
        booked = SETTLED + item.late_id if pool.is_settled else item.booked
        item = replace(item, booked=booked)
    return replace(state, pool=pool, transfers={**state.transfers, item.key: item}, rows=state.rows | {item.key})


def folded(before: Sight, after: PaymentItem) -> tuple[PaymentItem, list[storage.Write]]:
    """The payment as it is stored, and the writes of the rows that are new or changed."""
    state = CryptoState.of(after)
    if not state.rows:
        return after, []
    result, own = storage.copy_of(after), {key: item for key, item in state.transfers.items() if key not in state.rows}
    rest, pool, writes = [state.transfers[key] for key in sorted(state.rows)], state.pool, list[storage.Write]()
    for item in rest:
        pool, stored = _put_back(result, state, pool, item)
        if stored != before.rows.get(stored.key):
            writes.append(overflow_store.put_transfer(result, stored.key, transfer_row(stored)))
    pool = replace(pool, loose=tuple(item.key for item in rest if _is_loose(item)))
    result.method_state = replace(state, transfers=own, rows=frozenset(), pool=pool).stored()
    return result, writes


def _put_back(result: PaymentItem, state: CryptoState, pool: Pool, item: Transfer) -> tuple[Pool, Transfer]:
    """The pool with this transfer where it counts, and the transfer as its row stores it. Marks its late money in the result."""
    pool = pool.plus(waiting=1) if _waits(result, state, item) else pool
    money = late_money.named(result, item.late_id) if item.late_id else None
    if money is None:
        return pool, item
    if not _joins(result, state, item, money):
        result.late_money = late_money.stored_after(result, money.apart())
        return pool, item
    result.late_money = late_money.stored_after(result, money.pooling(item.units))
    return pool.plus(units=item.units, minor=money.money.minor), replace(item, booked=HELD + item.late_id)


def _waits(payment: PaymentItem, state: CryptoState, item: Transfer) -> bool:
    return item.status == DETECTED and state.counts(item, int(payment.expires_at or 0))


def _is_loose(item: Transfer) -> bool:
    """Confirmed and not in suspense: it settled the payment straight away, or is to be booked still. The rules must see it every time."""
    return (item.is_settled and not item.late_id) or (item.booked == NOWHERE and item.status == CONFIRMED)


def _joins(payment: PaymentItem, state: CryptoState, item: Transfer, money: LateMoney) -> bool:
    """True when it is part of the sum: held for an open payment (or was, until its time ended), or settled with it."""
    if not state.counts(item, int(payment.expires_at or 0)) or money.status not in {late_money.HELD, late_money.SETTLED}:
        return False
    if item.is_settled:
        return True
    return item.is_held and (payment.status in OPEN or money.pooled is not None)
