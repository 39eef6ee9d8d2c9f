"""What a payer chooses, and the payment that it becomes: one at a time, so that one at most succeeds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from paycorex import clock, payment_limits, storage
from paycorex.backoff import MAX_ROUNDS, back_off
from paycorex.credentials import Caller
from paycorex.errors import Forbidden, InvalidState, LimitExceeded, NotFound, TemporarilyUnavailable, TooMany
from paycorex.idempotency import Claim
from paycorex.money import Money
from paycorex.records.checkout_session import CANCELED, MAX_TRIES, SessionItem, claim_name
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import MANUAL
from payments import orchestrator
from payments.checkout import access, sessions, store
from payments.methods import kept_cards
from payments.orchestrator import UnsupportedMethod
from payments.payment.orders import Order
from payments.payment.states import OPEN as PAYMENT_OPEN
from payments.payment.states import Status

# A payment gets no less, so that a payer who chooses at the last moment sees a code that can be paid.
LEAST_SECONDS: Final = 60
_PAID: Final = frozenset({Status.SUCCESS, Status.AUTHORIZED})


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to pay. network, asset: of crypto. token_id: a stored card."""

    method: str
    network: str | None = None
    asset: str | None = None
    token_id: str | None = None

    @property
    def is_a_customers(self) -> bool:
        """True for what belongs to one person, who must be vouched for."""
        return self.method == "wallet" or self.token_id is not None

    def __str__(self) -> str:
        return "/".join(part for part in (self.method, self.network, self.asset, self.token_id) if part)


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """The payer at the page, for this one request: in no record and no log. browser: what it says of itself, by the names of `Payer`.

    security_code: of the stored card that is chosen.
    """

    ip: str
    browser: Mapping[str, str] = field(default_factory=dict)
    security_code: str | None = None


def choose(
    session: SessionItem, merchant: MerchantItem, choice: Choice, base_url: str, *, visitor: Visitor, is_vouched_for: bool
) -> PaymentItem:
    """Pay the session in this way; the payment as it stands. What was chosen before is canceled; the same choice is the payment it made.

    Raises InvalidState when the session is over or its payment is being checked, Forbidden for another person's wallet or card,
    UnsupportedMethod, TooMany after ten choices, TemporarilyUnavailable, and what the method raises (then nothing can be paid by this try).
    """
    _check(session, merchant, choice, is_vouched_for=is_vouched_for)
    for attempt in range(MAX_ROUNDS):
        if sessions.is_over(session):
            raise InvalidState("This checkout is over.", details={"status": session.status})
        made = sessions.current_payment(session)
        if made is not None and made.status in PAYMENT_OPEN and session.choice != str(choice):
            made = _turned_away(made)
        if made is not None and made.status in PAYMENT_OPEN | _PAID:
            return made
        is_unmade = int(session.tries) > 0 and made is None and session.choice == str(choice)
        if is_unmade or _is_claimed(session, choice):
            session = sessions.find(session.merchant_id, session.session_id)
            if session.choice == str(choice):
                return orchestrator.create(_brought(_order(session, merchant, choice, base_url), visitor)).payment
        back_off(attempt)
        session = sessions.find(session.merchant_id, session.session_id)
    raise TemporarilyUnavailable


def leave(session: SessionItem) -> SessionItem:
    """The payer does not pay: the session ends, what was chosen is canceled, and a place of its link is given back.

    Raises InvalidState when it is over already, or its payment is being checked; TemporarilyUnavailable.
    """
    chosen = sessions.current_payment(session)
    if chosen is not None and chosen.status in PAYMENT_OPEN:
        _refuse_if_checked(chosen)
    return sessions.end(session, CANCELED)


def _check(session: SessionItem, merchant: MerchantItem, choice: Choice, *, is_vouched_for: bool) -> None:
    if session.methods is not None and choice.method not in session.methods:
        raise UnsupportedMethod("The shop does not offer this.", details={"field": "method", "methods": session.methods})
    if session.capture_method == MANUAL and choice.method == "crypto":
        raise UnsupportedMethod("Money that is paid in this way cannot be held.", details={"field": "method"})
    if not is_within_limit(session, merchant, choice.method):
        raise UnsupportedMethod("So much cannot be paid in this way here. Choose another, or ask the shop.", details={"field": "method"})
    if choice.is_a_customers and not (is_vouched_for and session.user_id):
        raise Forbidden("The shop must sign you in first.", details={"field": "customer_token"})
    if choice.token_id is not None:
        token = kept_cards.find(session.merchant_id, choice.token_id)
        if token.user_id != session.user_id or not token.is_active:
            raise NotFound("token")


def is_within_limit(session: SessionItem, merchant: MerchantItem, method: str) -> bool:
    """Whether the merchant takes so much in one payment by this method: what holds for its keys holds for its payers."""
    try:
        payment_limits.check(_caller(merchant), method, Money(int(session.amount), session.currency))
    except LimitExceeded:
        return False
    return True


def _caller(merchant: MerchantItem) -> Caller:
    return Caller.of(merchant, key_id="checkout", scopes=frozenset())


def _turned_away(payment: PaymentItem) -> PaymentItem:
    """Raises InvalidState where the payer's money may be on its way: then nothing else is begun."""
    _refuse_if_checked(payment)
    return sessions.give_up(payment)


def _refuse_if_checked(payment: PaymentItem) -> None:
    action = (payment.next_action or {}).get("type")
    if payment.status == Status.PROCESSING and action not in {"redirect", "provider_fields"}:
        raise InvalidState("Your payment is being checked. Wait for its outcome.", details={"status": payment.status})


def _is_claimed(session: SessionItem, choice: Choice) -> bool:
    """Take the next number for this choice; False when another choice was faster. Raises TooMany."""
    if int(session.tries) >= MAX_TRIES:
        raise TooMany("You tried too often. Ask the shop for a new checkout.", limit=MAX_TRIES)
    actions = [
        SessionItem.tries.set(int(session.tries) + 1),
        SessionItem.choice.set(str(choice)),
        SessionItem.updated_at.set(clock.now_ms()),
    ]
    try:
        storage.run(store.change_open(session, actions))
    except storage.ConditionRefused:
        return False
    return True


def _brought(order: Order, visitor: Visitor) -> Order:
    """With what the payer's request says of the payer. A stored card's bank may want to know the browser that asks."""
    if order.token_id is None:
        return replace(order, payer_ip=visitor.ip)
    return replace(order, payer_ip=visitor.ip, payer=dict(visitor.browser), security_code=visitor.security_code)


def _order(session: SessionItem, merchant: MerchantItem, choice: Choice, base_url: str) -> Order:
    """The payment's order. Its claim is the session and the number of the choice, so a repetition makes the same payment."""
    number = int(session.tries)
    hashed = hashlib.sha256(f"{session.session_id}\0{number}\0{choice}".encode()).hexdigest()[:32]
    reference = {} if session.reference is None else {"reference": session.reference}
    left = (int(session.expires_at) - clock.now_ms()) // 1000
    return Order(
        caller=_caller(merchant),
        claim=Claim(session.merchant_id, (claim_name(session.session_id, number),), hashed),
        amount=Money(int(session.amount), session.currency),
        method=choice.method,
        user_id=session.user_id,
        customer_id=session.customer_id,
        token_id=choice.token_id,
        network=choice.network,
        asset=choice.asset,
        description=session.description,
        metadata={**(session.metadata or {}), **reference} or None,
        expires_in_seconds=max(left, LEAST_SECONDS),
        saves=bool(session.saves) and choice.method == "tokenized" and choice.token_id is None and session.user_id is not None,
        return_url=access.page_url(base_url, session, merchant.cursor_key),
        base_url=base_url,
        is_manual=session.capture_method == MANUAL,
        session_id=session.session_id,
        session_try=number,
    )
