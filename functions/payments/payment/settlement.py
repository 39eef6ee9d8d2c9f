"""What was learnt about a payment becomes its next version, exactly once, whoever else is told the same at the same time.

Every write is conditional on the version that was ruled upon; whoever loses reads again and asks the state table again. Success and the
merchant's credit are one transaction, and so are late money and its place in suspense.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from paycorex import clock, credentials, ledger, storage
from paycorex.backoff import jitter
from paycorex.errors import InvalidState, TemporarilyUnavailable
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem, settlement_reference
from payments.payment import corrections, due, late_money, overflow_store, references, reviews, store, versions
from payments.payment.late_money import LateMoney
from payments.payment.states import Outcome, Ruling
from payments.payment.versions import Change

MAX_TRIES: Final = 8
_CEILING_SECONDS: Final = 0.05
_POSTED: Final = frozenset({Ruling.SETTLE, Ruling.HOLD, Ruling.CORRECT})


class _Moved(Exception):
    """Somebody else changed the payment: read it again."""


def apply(payment: PaymentItem, change: Change, *, lanes: int | None = None, also: Sequence[storage.Write] = ()) -> PaymentItem:
    """Bring a change to the payment; the payment as it then stands.

    lanes: of the merchant, None looks them up. also: writes of the request that asked for it (its claim), carried out only together with a
    change. Raises InvalidState where the table refuses, TemporarilyUnavailable; ledger.RecordRefused or storage.TransactionRefused when one
    of `also` was refused.
    """
    for attempt in range(MAX_TRIES):
        payment = _with_known(payment, change)
        ruling, ruled = corrections.ruled(payment, change)
        try:
            if ruling is Ruling.REFUSE:
                raise InvalidState(f"The payment is {payment.status} already.", details={"status": payment.status})
            if ruling in _POSTED:
                after = _post(payment, ruled, ruling, credentials.lanes_of(payment.merchant_id) if lanes is None else lanes, also)
            else:
                after = _store(payment, versions.next_version(payment, ruled, ruling, clock.now_ms()), also)
            reviews.tell(payment, after)
            if ruling is not Ruling.CORRECT:
                return after
            # The amount is the right one now: what it means is another question.
            payment, also = after, ()
        except _Moved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
            payment = fresh(payment)
    raise TemporarilyUnavailable


def _with_known(payment: PaymentItem, change: Change) -> PaymentItem:
    """The payment in sight of the very money that this change is about, should that be in a row."""
    brings_money = change.outcome in {Outcome.PAID, Outcome.PAID_OTHERWISE}
    return overflow_store.with_told(payment, change.connector, change.provider_reference) if brings_money else payment


def postpone(payment: PaymentItem, due_ms: int | None, method_state: dict[str, Any] | None = None) -> PaymentItem:
    """Look again then (None: not at all). Nothing else changes; losing to somebody who learnt more is fine."""
    after = storage.copy_of(payment)
    due.set_due(after, due_ms)
    after.method_state = method_state or payment.method_state
    try:
        return _store(payment, versions.bumped(payment, after, clock.now_ms()), ())
    except _Moved:
        return fresh(payment)


def revise(payment: PaymentItem, edit: Callable[[PaymentItem], PaymentItem]) -> PaymentItem:
    """Store what `edit` makes of the payment as it stands, asked anew whenever another write was faster. Raises TemporarilyUnavailable."""
    for attempt in range(MAX_TRIES):
        try:
            return _store(payment, edit(payment), ())
        except _Moved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
            payment = fresh(payment)
    raise TemporarilyUnavailable


def _named(payment: PaymentItem, change: Change) -> list[storage.Write]:
    return [references.row(payment, alias, change.connector or "") for alias in change.aliases]


def fresh(payment: PaymentItem) -> PaymentItem:
    """The payment as it stands now. Raises storage.Unavailable."""
    found = store.find(payment.payment_id)
    if found is None:
        raise AssertionError("a payment vanished")
    return found


def _post(payment: PaymentItem, change: Change, ruling: Ruling, lanes: int, also: Sequence[storage.Write]) -> PaymentItem:
    if ruling is Ruling.HOLD:
        change = replace(change, late_money=late_money.stored_with(payment, _held(payment, change)))
    try:
        return post_once(payment, change, lanes, also, ruling)
    except ledger.RecordRefused as refused:
        if refused.index < len(also):
            raise
        raise _Moved from refused


def post_once(
    payment: PaymentItem, change: Change, lanes: int, also: Sequence[storage.Write], ruling: Ruling = Ruling.SETTLE
) -> PaymentItem:
    """The change and its journal in one transaction, for the payment exactly as it was read.

    Raises TemporarilyUnavailable, or ledger.RecordRefused with the place among `also`, or after them when the payment moved on.
    """
    journal = _JOURNALS[ruling](payment, change)
    made: list[PaymentItem] = []

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        made[:] = [versions.next_version(payment, change, ruling, clock.now_ms(), entries)]
        # The claim first: when both are refused, it tells that this very request was carried out already.
        return [*also, *store.changes(payment, made[0]), *_named(made[0], change)]

    ledger.post(journal, record, lanes=lanes)
    return made[0]


def _settlement(payment: PaymentItem, change: Change) -> Journal:
    if change.outcome is Outcome.ACCEPTED or change.is_held:
        source = Account.suspense(payment.merchant_id, payment.currency)
    else:
        source = Account.clearing(payment.merchant_id, change.connector or "", payment.currency)
    return Journal.transfer(
        source=source,
        target=Account.of_merchant(payment.merchant_id, payment.currency),
        amount=Money(int(payment.amount), payment.currency),
        reference=settlement_reference(payment.payment_id, int(payment.reversals or 0)),
    )


def _to_suspense(payment: PaymentItem, change: Change) -> Journal:
    amount = versions.told(payment, change)
    return Journal.transfer(
        source=Account.clearing(payment.merchant_id, change.connector or "", amount.currency),
        target=Account.suspense(payment.merchant_id, amount.currency),
        amount=amount,
        reference=late_money.next_reference(payment),
    )


def _held(payment: PaymentItem, change: Change) -> LateMoney:
    return LateMoney.held(
        late_money.next_reference(payment),
        versions.told(payment, change),
        connector=change.connector or "",
        provider_reference=change.provider_reference,
        now_ms=clock.now_ms(),
    )


_JOURNALS: Final = {Ruling.SETTLE: _settlement, Ruling.HOLD: _to_suspense, Ruling.CORRECT: corrections.journal}


def _store(payment: PaymentItem, after: PaymentItem, also: Sequence[storage.Write]) -> PaymentItem:
    if after is payment:
        return payment
    writes = [*also, *store.changes(payment, after)]
    try:
        if len(writes) > 1:
            storage.transact(writes)
        else:
            storage.run(writes[0])
    except storage.ConditionRefused as refused:
        raise _Moved from refused
    except storage.TransactionRefused as refused:
        if any(reason.is_condition for reason in refused.reasons[: len(also)]):
            raise
        raise _Moved from refused
    except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
        # Not knowing is like having lost: what is stored now decides. With a claim among the writes, the next try meets it.
        raise _Moved from trouble
    return after
