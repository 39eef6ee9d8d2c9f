"""Payment links: made once, paid many times. A session comes into being when a payer presses Pay, not when the page is read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from paycorex import clock, ids, storage
from paycorex.backoff import MAX_ROUNDS, back_off
from paycorex.errors import InvalidAmount, InvalidRequest, InvalidState, LimitExceeded, NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.money import Money, format_minor
from paycorex.rate_limits import Limit
from paycorex.records import payment_link
from paycorex.records.checkout_session import SessionItem
from paycorex.records.order import order_key
from paycorex.records.payer import PERSONAL, REFERENCE
from paycorex.records.payment_link import LinkItem
from payments.checkout import payers, places, sessions, store, tokens
from payments.checkout.sessions import NewSession

# Payments that may be begun from one link and one address in a minute: a person needs one, and a bot makes no more than this.
BEGINS: Final = Limit("link_begin", 20)


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a link is made of: a fixed amount, or bounds."""

    name: str
    currency: str
    amount: Money | None
    least: Money | None = None
    most: Money | None = None
    suggested: tuple[Money, ...] = ()
    methods: list[str] | None = None
    metadata: dict[str, Any] | None = None
    ask: tuple[str, ...] = ()
    first_min: Money | None = None
    max_payments: int | None = None
    expires_ms: int | None = None


def create(merchant_id: str, cursor_key: str, new: NewLink, *, claim: Claim) -> LinkItem:
    """Store a link. Raises InvalidRequest, InvalidAmount for empty bounds, storage.TransactionRefused when the claim is taken."""
    _check(new)
    now, link_id = clock.now_ms(), claim.record_id("lnk")
    item = LinkItem(
        link_id=link_id,
        merchant_id=merchant_id,
        code=tokens.link_code(link_id, cursor_key),
        name=new.name,
        currency=new.currency,
        amount=None if new.amount is None else new.amount.minor,
        min_amount=None if new.least is None else new.least.minor,
        max_amount=None if new.most is None else new.most.minor,
        suggested=[each.minor for each in new.suggested] or None,
        methods=new.methods,
        metadata=new.metadata,
        asks_reference=REFERENCE in new.ask or None,
        asks=[each for each in PERSONAL if each in new.ask] or None,
        first_min=None if new.first_min is None else new.first_min.minor,
        claimed=None if new.first_min is None else 0,
        is_active=True,
        max_payments=new.max_payments,
        taken=None if new.max_payments is None else 0,
        version=1,
        created_at=now,
        updated_at=now,
        expires_at=new.expires_ms,
        order_key=order_key(now, link_id),
    )
    storage.transact([store.new_link(item), *claim.rows(reference=link_id)])
    return item


def _check(new: NewLink) -> None:
    if new.expires_ms is not None and new.expires_ms <= clock.now_ms():
        raise InvalidRequest("expires_at lies ahead.", details={"field": "expires_at"})
    if new.first_min is not None and (new.amount is None or new.first_min.minor > new.amount.minor):
        raise InvalidAmount("first_min is at most the amount of the link.", details={"field": "accept_partial.first_min"})
    if new.amount is not None:
        return
    if new.least is None or new.most is None or new.least.minor > new.most.minor:
        raise InvalidAmount("min is at most max.", details={"field": "amount"})
    if any(not new.least.minor <= each.minor <= new.most.minor for each in new.suggested):
        raise InvalidAmount("What is suggested lies within min and max.", details={"field": "amount"})


def find(merchant_id: str, link_id: str) -> LinkItem:
    """A link of this merchant. Raises NotFound."""
    found = store.find_link(link_id)
    if found is None or found.merchant_id != merchant_id:
        raise NotFound("link")
    return found


def change(before: LinkItem, *, is_active: bool | None, name: str | None, claim: Claim) -> LinkItem:
    """Change what may change. Raises storage.TransactionRefused when another request was faster."""
    after = storage.copy_of(before)
    after.is_active = before.is_active if is_active is None else is_active
    after.name = before.name if name is None else name
    after.version, after.updated_at = int(before.version) + 1, clock.now_ms()
    storage.transact([store.change_link(before, after), *claim.rows(reference=before.link_id, status=200)])
    return after


def begin(link: LinkItem, amount_text: str | None, answers: Mapping[str, str | None], source_ip: str) -> SessionItem:
    """A session of the link, for one payer. answers: to what the link asks, by field.

    Raises InvalidState, InvalidAmount, InvalidRequest, RateLimited, TemporarilyUnavailable.
    """
    BEGINS.take(f"{link.link_id}#{source_ip}")
    person = payers.check(link, answers)
    reference = person.pop(REFERENCE, None)
    _refuse_unless_active(link)
    new = _new_session(link, _amount(link, amount_text), reference, asks_payer=bool(person))
    with places.counted(link, source_ip):
        return _begun(link, new, amount_text, person)


def _begun(link: LinkItem, new: NewSession, amount_text: str | None, person: Mapping[str, str]) -> SessionItem:
    """Raises as `begin` does, where others were faster and nothing, or less, is left."""
    session_id = ids.new("chk")
    for attempt in range(MAX_ROUNDS):
        session = sessions.draft(new, session_id, link)
        place = store.take_place(link, new.amount.minor)
        try:
            storage.transact([store.new_session(session), *payers.new(session, person), *([] if place is None else [place])])
        except storage.TransactionRefused:
            back_off(attempt)
            link = find(link.merchant_id, link.link_id)
            _refuse_unless_active(link)
            new = replace(new, amount=_amount(link, amount_text))
            continue
        return session
    raise TemporarilyUnavailable


def _refuse_unless_active(link: LinkItem) -> None:
    status = payment_link.status_of(link, clock.now_ms())
    if status == payment_link.EXHAUSTED:
        raise LimitExceeded("This link has taken all its payments.", details={"limit": int(link.max_payments or 0)})
    if status != payment_link.ACTIVE:
        raise InvalidState(f"This link is {status}.", details={"status": status})


def _new_session(link: LinkItem, amount: Money, reference: str | None, *, asks_payer: bool) -> NewSession:
    return NewSession(
        merchant_id=link.merchant_id,
        amount=amount,
        methods=link.methods,
        description=link.name,
        metadata=link.metadata,
        reference=reference,
        asks_payer=asks_payer,
        seconds=places.SESSION_SECONDS,
    )


def _part(link: LinkItem, text: str | None) -> Money:
    """What of an amount that is paid in parts a payer pays: all that is left, when nothing is typed."""
    due, least = payment_link.due_of(link) or 0, payment_link.least_of(link)
    money = Money(due, link.currency) if text is None else Money.parse(text, link.currency)
    return _within(link, money, least, due)


def _amount(link: LinkItem, text: str | None) -> Money:
    if link.first_min is not None:
        return _part(link, text)
    if link.amount is not None:
        if text is not None:
            raise InvalidRequest("The amount of this link is fixed.", details={"field": "amount"})
        return Money(int(link.amount), link.currency)
    if text is None:
        raise InvalidAmount("Type an amount.", details={"field": "amount"})
    return _within(link, Money.parse(text, link.currency), int(link.min_amount or 0), int(link.max_amount or 0))


def _within(link: LinkItem, money: Money, least: int, most: int) -> Money:
    if not least <= money.minor <= most:
        bounds = {"min": format_minor(least, link.currency), "max": format_minor(most, link.currency)}
        raise InvalidAmount(f"The amount is between {bounds['min']} and {bounds['max']}.", details={"field": "amount", **bounds})
    return money
