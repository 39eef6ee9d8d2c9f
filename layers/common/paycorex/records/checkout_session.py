"""A checkout session: stored shape and contract object. It makes payments, one at a time, of which one at most succeeds."""

from collections.abc import Sequence
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records.payment_amounts import AUTOMATIC
from paycorex.records.stamps import StampedItem

OPEN: Final = "open"
PAID: Final = "paid"
EXPIRED: Final = "expired"
CANCELED: Final = "canceled"
# How often a payer may choose: each choice makes a payment.
MAX_TRIES: Final = 10
# For how long a session may be paid.
MIN_SECONDS: Final = 300
MAX_SECONDS: Final = 24 * 3600
DEFAULT_SECONDS: Final = 3600
# The ways that a session may offer.
MAX_METHODS: Final = 4


class SessionItem(StampedItem):
    """A session as it is stored. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "checkout_sessions"

    session_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    # Which ways the payer may choose; absent: all that the merchant can take.
    methods = JSONAttribute(null=True)
    description = UnicodeAttribute(null=True)
    metadata = JSONAttribute(null=True)
    customer_id = UnicodeAttribute(null=True)
    user_id = UnicodeAttribute(null=True)
    # True: a card may be kept at its provider, should the payer agree.
    saves = BooleanAttribute(null=True)
    # `manual`: its payment's money is held, and captured by requests of the merchant. Absent: it is captured as it is approved.
    capture_method = UnicodeAttribute(null=True)
    success_url = UnicodeAttribute(null=True)
    cancel_url = UnicodeAttribute(null=True)
    # The payment link that it was opened from, and what its payer typed as a reference.
    link_id = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    # True: its link asked who pays, and the answer is sealed apart (`paycorex.records.payer`).
    asks_payer = BooleanAttribute(null=True)
    # True: it took one of the payments that its link may make.
    holds_slot = BooleanAttribute(null=True)
    # True: its amount is a part of its link's.
    holds_part = BooleanAttribute(null=True)
    # How often the payer chose, and what was chosen last. The n-th choice's payment has an id that follows from both.
    tries = NumberAttribute(default=0)
    choice = UnicodeAttribute(null=True)
    # The payment that paid it.
    payment_id = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    expires_at = NumberAttribute()
    order_key = UnicodeAttribute()
    # Present while it is open: the janitor's sparse index.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)


class SessionView(View):
    """The contract's session object. `payment_ids`: of every choice, the first first; `payment_id`: the one that paid it."""

    session_id: str
    merchant_id: str
    mode: Mode
    amount: str
    currency: str
    status: str
    methods: list[str] | None
    description: str | None
    metadata: dict[str, Any] | None
    customer_id: str | None
    user_id: str | None
    link_id: str | None
    reference: str | None
    capture_method: str
    payment_id: str | None
    payment_ids: list[str]
    success_url: str | None
    cancel_url: str | None
    url: str | None
    created_at: str
    updated_at: str
    expires_at: str


def claim_name(session_id: str, number: int) -> str:
    """The name under which the payment of a session's n-th choice, from 1, is made once."""
    return f"checkout:{session_id}:{number}"


def payment_id_of(item: SessionItem, number: int) -> str:
    """The id of the payment of the n-th choice, from 1. Whether it was made is not known by this."""
    return ids.derive("pay", item.merchant_id, claim_name(item.session_id, number))


def event_actions(event: str, now_ms: int) -> list[Action]:
    """A write that is this event, without having read the session: it had one before, when it was made."""
    return [
        SessionItem.sequence.add(1),
        SessionItem.event.set(event),
        SessionItem.previous_event_at.set(SessionItem.event_at),
        SessionItem.event_at.set(now_ms),
    ]


def end_actions(status: str, event: str, now_ms: int) -> Sequence[Action]:
    """The end of an open session."""
    return [
        SessionItem.status.set(status),
        SessionItem.updated_at.set(now_ms),
        SessionItem.due_shard.remove(),
        SessionItem.due_at.remove(),
        *event_actions(event, now_ms),
    ]


def view(item: SessionItem, url: str | None = None) -> SessionView:
    """The contract object of a stored session. url: of its page, for who may open it; not in events."""
    return SessionView(
        session_id=item.session_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        amount=format_minor(int(item.amount), item.currency),
        currency=item.currency,
        status=item.status,
        methods=item.methods,
        description=item.description,
        metadata=item.metadata,
        customer_id=item.customer_id,
        user_id=item.user_id,
        link_id=item.link_id,
        reference=item.reference,
        capture_method=item.capture_method or AUTOMATIC,
        payment_id=item.payment_id,
        payment_ids=[payment_id_of(item, number) for number in range(1, int(item.tries) + 1)],
        success_url=item.success_url,
        cancel_url=item.cancel_url,
        url=url,
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
        expires_at=clock.rfc3339(int(item.expires_at)),
    )
