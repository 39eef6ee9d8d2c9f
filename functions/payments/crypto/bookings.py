"""Where confirmed money is booked: into the settlement when it completes the payment in time, else into suspense. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.crypto_transaction import CONFIRMED
from paycorex.records.payment import PaymentItem, settlement_reference
from payments.crypto.reversals import reverse_late_money
from payments.crypto.state import HELD, NOWHERE, SETTLED, WORTHLESS, CryptoState, Transfer
from payments.crypto.step import Step, clearing, held_minor, set_event, settlement_postings, with_state
from payments.payment import late_money, versions
from payments.payment.late_money import LateMoney
from payments.payment.states import OPEN, Outcome, Status, Transition
from payments.payment.versions import Change


def settle(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """All that came in time pays an open payment, once it is enough."""
    if payment.status not in OPEN:
        return None
    parts = list(_usable(payment, state))
    total = sum(item.units for item in parts) + state.pool.units
    if not parts or total < state.required:
        return None
    if held_minor(payment, parts) + state.pool.minor > int(payment.amount):
        # What settled before has vanished, and what was held beside it is more than enough: it comes again, as if it were new.
        again = next(item for item in parts if item.is_held)
        return reverse_late_money(payment, state.booked({again.key: NOWHERE}), again.late_id, "it pays the payment")
    surplus = state.rates.worth(max(total - state.expected, 0), state.asset)
    reason = "overpaid" if surplus else "within_tolerance" if total < state.expected else None
    pool = replace(state.pool, is_settled=bool(state.pool.units or state.rows))
    booked = replace(state.booked({item.key: SETTLED + item.late_id for item in parts}), surplus_due=surplus, pool=pool)
    change = Change(
        Outcome.PAID,
        reason=reason,
        connector=state.network,
        provider_reference=([item for item in parts if not item.is_held] or parts)[-1].tx_hash,
        method_state=booked.stored(),
        late_money=late_money.stored_as(payment, {item.late_id for item in parts}, late_money.SETTLED) or None,
    )
    after = versions.next_version(payment, change, Transition.SETTLE, now_ms)
    reference = settlement_reference(payment.payment_id, int(payment.reversals or 0))
    return Step(after, Journal(reference, tuple(settlement_postings(payment, state, parts, state.pool.minor))), is_settlement=True)


def _usable(payment: PaymentItem, state: CryptoState) -> Iterable[Transfer]:
    """Confirmed transfers that count, unless the merchant has decided otherwise about what was held of them."""
    held = {money.late_id for money in late_money.of(payment) if money.status == late_money.HELD}
    for item in state.transfers.values():
        is_free = item.booked == NOWHERE or (item.is_held and item.late_id in held)
        if is_free and item.status == CONFIRMED and state.counts(item, int(payment.expires_at or 0)):
            yield item


def hold(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """A transfer that pays nothing yet, or nothing any more, goes to suspense."""
    for item in state.transfers.values():
        if item.status == CONFIRMED and item.booked == NOWHERE:
            worth = state.rates.worth(item.units, item.asset)
            if worth == 0:
                return Step(with_state(payment, state.booked({item.key: WORTHLESS})), None)
            reason = _why_held(payment, state, item)
            late_id = late_money.next_reference(payment).id
            booked = state.booked({item.key: HELD + late_id})
            return _into_suspense(payment, booked, worth, item.tx_hash, reason, now_ms, item.key if item.key in state.rows else None)
    return None


def _why_held(payment: PaymentItem, state: CryptoState, item: Transfer) -> str:
    if item.asset != state.asset:
        return "wrong_asset"
    if payment.status == Status.SUCCESS:
        return "extra"
    in_time = state.counts(item, int(payment.expires_at or 0))
    return "underpaid" if in_time and payment.status in OPEN else "late"


def hold_surplus(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """What came too much goes to suspense, right after the settlement."""
    if not state.surplus_due:
        return None
    late_id = late_money.next_reference(payment).id
    after = replace(state, surplus_due=0, surplus_id=late_id)
    return _into_suspense(payment, after, state.surplus_due, str(payment.provider_reference), "overpaid", now_ms)


def _into_suspense(
    payment: PaymentItem, state: CryptoState, minor: int, tx_hash: str, reason: str, now_ms: int, key: str | None = None
) -> Step:
    reference = late_money.next_reference(payment)
    amount = Money(minor, payment.currency)
    money = LateMoney.held(reference, amount, connector=state.network, provider_reference=tx_hash, now_ms=now_ms, reason=reason)
    money = replace(money, transfer=key)
    after = with_state(payment, state)
    after.late_money = late_money.stored_with(payment, money)
    set_event(after, "payment.late_money", now_ms)
    journal = Journal.transfer(
        source=clearing(payment, state),
        target=Account.suspense(payment.merchant_id, payment.currency),
        amount=amount,
        reference=reference,
    )
    return Step(after, journal)
