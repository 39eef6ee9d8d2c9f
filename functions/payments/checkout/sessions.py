"""Sessions: made by a signed request or from a link, ended by a payment, by the clock, or by who made or opened them."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, storage
from paycorex.backoff import MAX_ROUNDS, back_off
from paycorex.errors import InvalidState, NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.money import Money
from paycorex.records.checkout_session import DEFAULT_SECONDS, EXPIRED, OPEN, PAID, SessionItem, end_actions, payment_id_of
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import MANUAL
from paycorex.records.payment_link import LinkItem
from paycorex.records.stamps import stamp
from payments.checkout import store
from payments.payment import cancellation, due, outcomes, settlement
from payments.payment import store as payment_store
from payments.payment.states import OPEN as PAYMENT_OPEN
from payments.payment.states import Outcome, Status

# An open payment of a session that is over ends by itself within this; until then the session is looked at again.
AGAIN_MS: Final = 60_000
_PAID: Final = frozenset({Status.SUCCESS, Status.AUTHORIZED})


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session is made of."""

    merchant_id: str
    amount: Money
    methods: list[str] | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = None
    customer_id: str | None = None
    user_id: str | None = None
    saves: bool = False
    is_manual: bool = False
    success_url: str | None = None
    cancel_url: str | None = None
    reference: str | None = None
    asks_payer: bool = False
    seconds: int = DEFAULT_SECONDS


def draft(new: NewSession, session_id: str, link: LinkItem | None = None) -> SessionItem:
    """A session in its first version. Nothing is stored yet."""
    now = clock.now_ms()
    item = SessionItem(
        session_id=session_id,
        merchant_id=new.merchant_id,
        amount=new.amount.minor,
        currency=new.amount.currency,
        status=OPEN,
        methods=new.methods,
        description=new.description,
        metadata=new.metadata,
        customer_id=new.customer_id,
        user_id=new.user_id,
        saves=new.saves or None,
        capture_method=MANUAL if new.is_manual else None,
        success_url=new.success_url,
        cancel_url=new.cancel_url,
        reference=new.reference,
        asks_payer=new.asks_payer or None,
        link_id=None if link is None else link.link_id,
        holds_slot=True if link is not None and link.max_payments is not None else None,
        holds_part=True if link is not None and link.first_min is not None else None,
        tries=0,
        created_at=now,
        updated_at=now,
        expires_at=now + new.seconds * 1000,
        order_key=order_key(now, session_id),
        **stamp("checkout.created", now),
    )
    due.set_due(item, int(item.expires_at))
    return item


def create(new: NewSession, *, claim: Claim) -> SessionItem:
    """Store a session of a signed request. Raises storage.TransactionRefused when the claim is taken."""
    item = draft(new, claim.record_id("chk"))
    storage.transact([store.new_session(item), *claim.rows(reference=item.session_id)])
    return item


def find(merchant_id: str, session_id: str) -> SessionItem:
    """A session of this merchant. Raises NotFound."""
    found = store.find_session(session_id)
    if found is None or found.merchant_id != merchant_id:
        raise NotFound("session")
    return found


def current_payment(item: SessionItem) -> PaymentItem | None:
    """The payment of the newest choice; None before there is one."""
    return payment_store.find(payment_id_of(item, int(item.tries))) if int(item.tries) else None


def paying_payment(item: SessionItem) -> PaymentItem | None:
    """The payment that paid it, which need not be the newest choice's; of one that is not paid, the newest choice's."""
    return current_payment(item) if item.payment_id is None else payment_store.find(item.payment_id)


def is_over(item: SessionItem) -> bool:
    """True from when nothing more may be chosen."""
    return item.status != OPEN or clock.now_ms() >= int(item.expires_at)


def end(item: SessionItem, status: str, claim: Claim | None = None) -> SessionItem:
    """End an open session: its open payment is canceled first, and a place of its link is given back.

    Raises InvalidState when it is paid or over already, TemporarilyUnavailable, storage.TransactionRefused when the claim is taken.
    """
    rows = [] if claim is None else claim.rows(reference=item.session_id, status=200)
    for attempt in range(MAX_ROUNDS):
        if item.status != OPEN:
            raise InvalidState(f"The session is {item.status} already.", details={"status": item.status})
        payment = current_payment(item)
        if payment is not None and payment.status in PAYMENT_OPEN:
            payment = give_up(payment)
        try:
            if payment is None or payment.status not in _PAID:
                storage.transact([*_ended(item, status), *rows])
                return find(item.merchant_id, item.session_id)
        except storage.TransactionRefused as refused:
            effects = len(refused.reasons) - len(rows)
            if any(reason.is_condition for reason in refused.reasons[effects:]):
                raise
        back_off(attempt)
        item = find(item.merchant_id, item.session_id)
    raise TemporarilyUnavailable


def _ended(item: SessionItem, status: str) -> list[storage.Write]:
    back = store.give_place_back(item)
    return [store.change_open(item, end_actions(status, "checkout.expired", clock.now_ms())), *([] if back is None else [back])]


def give_up(payment: PaymentItem) -> PaymentItem:
    """Cancel a payment that its payer turned away from; the payment as it then stands. One that was paid meanwhile stays paid.

    Money that comes for it all the same is booked to suspense, as for every canceled payment.
    """
    try:
        canceled = settlement.apply(payment, outcomes.given_up(payment, Outcome.CANCELED))
    except InvalidState:
        return settlement.fresh(payment)
    cancellation.withdraw(canceled)
    return canceled


def end_newer_choice(payment: PaymentItem) -> None:
    """Cancel what its payer chose after this payment and has not paid: the session is paid by this one's late money, and not a second time.

    Raises TemporarilyUnavailable.
    """
    session = store.find_session(str(payment.session_id))
    newest = None if session is None else current_payment(session)
    if newest is not None and newest.payment_id != payment.payment_id and newest.status in PAYMENT_OPEN:
        give_up(newest)


def look_at(item: SessionItem) -> bool:
    """The janitor's look at a session whose time is over: True when it ended now. A payment that is still open ends first, by itself."""
    if item.status != OPEN:
        return False
    payment, now = current_payment(item), clock.now_ms()
    if payment is not None and payment.status in PAYMENT_OPEN:
        writes = [store.change_open(item, [SessionItem.due_at.set(order_key(now + AGAIN_MS, item.session_id))])]
    elif payment is not None and payment.status in _PAID:
        # Settled by the release before, which knows no sessions.
        paid = [*end_actions(PAID, "checkout.paid", now), SessionItem.payment_id.set(payment.payment_id)]
        writes = [store.change_open(item, paid)]
    else:
        writes = _ended(item, EXPIRED)
    # Refused: it was paid, or its payer chose again, at this very moment. The next tick looks.
    with suppress(storage.TransactionRefused):
        storage.transact(writes)
    return find(item.merchant_id, item.session_id).status != OPEN
