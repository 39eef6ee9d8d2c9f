"""The sandbox's own books: what it was asked to charge, collect and give back, and what it did. Table `sandbox_charges`.

They stand apart from the ledger on purpose, as a real acquirer's would: what was charged twice shows here.
"""

import hashlib
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, settings, storage
from payments.connectors.requests import Attempt, RefundRequest

APPROVED = "approved"
DECLINED = "declined"
WAITING = "waiting"
# Of a hold (`sandbox.hold_books`): the money is held, and what was held and not captured is the payer's again.
HELD = "held"
RELEASED = "released"
# What is paid out together, and how long after its beginning: two days after the day, as providers do (T+2). On a laptop minutes take the
# place of days, so that money is paid out one to two minutes after it came.
_DAY_MS: Final = 24 * 3600 * 1000
_MINUTE_MS: Final = 60 * 1000
_PERIODS: Final = 2
# `instruments.Way.SETTLES_LATE`, by its name: these books are read where no instrument is.
_SETTLES_LATE: Final = "settles_late"


class BookItem(storage.Item):
    """One charge, collection, capture or refund. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "sandbox_charges"

    # <merchant>#<the caller's idempotency key>
    charge_id = UnicodeAttribute(hash_key=True)
    connector = UnicodeAttribute()
    payment_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    way = UnicodeAttribute()
    code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    reference = UnicodeAttribute()
    refunded = NumberAttribute(default=0)
    looked = NumberAttribute(default=0)
    expires_at = NumberAttribute(null=True)
    # Of a charge whose money is to be captured later: how much was, and until when it is held.
    captured = NumberAttribute(null=True)
    held_until = NumberAttribute(null=True)
    # Of a card: by which its network knows the charge.
    network_id = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    # [test card's name, brand, last4, expiry month, expiry year] of a card that the payer lets the sandbox keep.
    card = JSONAttribute(null=True)
    # Of what moved money: <merchant>#<connector>, and <when it is paid out>#<currency>. (Index `by_payout`.)
    account = UnicodeAttribute(null=True)
    payout = UnicodeAttribute(null=True)
    # Of a payment by a static code: <merchant>#<the code's reference>.
    code_account = UnicodeAttribute(null=True)
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)
    # The same of its payout alone.
    payout_moves = NumberAttribute(null=True)


def find(merchant_id: str, key: str) -> BookItem | None:
    """What is written under an idempotency key."""
    return storage.get(BookItem, f"{merchant_id}#{key}")


def charge(
    attempt: Attempt, connector: str, *, kind: str, status: str, way: str, code: str = "", reason: str = "", held_until: int | None = None
) -> BookItem:
    """A line for an attempt, not written yet. held_until: of one whose money is to be captured later."""
    return BookItem(
        charge_id=f"{attempt.merchant_id}#{attempt.attempt_id}",
        connector=connector,
        payment_id=attempt.payment_id,
        kind=kind,
        amount=attempt.amount.minor,
        currency=attempt.amount.currency,
        status=status,
        way=str(way),
        code=code or None,
        reason=reason or None,
        reference="sbx_" + attempt.attempt_id.removeprefix("att_"),
        expires_at=attempt.expires_ms,
        captured=None if held_until is None else 0,
        held_until=held_until,
        created_at=clock.now_ms(),
    )


def network_id(attempt_id: str) -> str:
    """The name that the sandbox's card network gives a charge: fifteen characters, as networks' own are."""
    return "SBX" + hashlib.sha256(attempt_id.encode()).hexdigest()[:12].upper()


def enter(item: BookItem) -> BookItem:
    """Write a line, or find the one that is there under its key already: the first call decides."""
    join_payout(item)
    try:
        storage.run(storage.put(item, BookItem.charge_id.does_not_exist()))
    except storage.ConditionRefused as refused:
        return BookItem.load(refused.item)
    return item


def join_payout(item: BookItem) -> BookItem:
    """A line that is not written yet, with its payout when it has moved money: it is approved, and no hold."""
    if item.status == APPROVED and item.held_until is None:
        item.account, item.payout = payout_of(item)
    return item


def joining(item: BookItem, *, way: str | None = None) -> list[Any]:
    """The same for a line that is written, and has moved money now."""
    account, payout = payout_of(item, way)
    return [BookItem.account.set(account), BookItem.payout.set(payout)]


def payout_of(item: BookItem, way: str | None = None) -> tuple[str, str]:
    """Account and payout of what moves money now. way: of the line, where it changes."""
    period = _MINUTE_MS if settings.current().has_short_sandbox_days else _DAY_MS
    late = int((way or item.way) == _SETTLES_LATE)
    due = (clock.now_ms() // period + _PERIODS + late) * period
    return f"{item.charge_id.partition('#')[0]}#{item.connector}", f"{due:013d}#{item.currency}"


def give_back(request: RefundRequest, connector: str, *, status: str, way: str) -> BookItem | None:
    """A refund's line, taken out of its charge in the same transaction; None when the charge does not hold as much any more."""
    item = BookItem(
        charge_id=f"{request.merchant_id}#{request.refund_id}",
        connector=connector,
        payment_id=request.payment_id,
        kind="refund",
        amount=request.amount.minor,
        currency=request.amount.currency,
        status=status,
        way=str(way),
        reason=request.charge_reference,
        reference="sbxr_" + request.refund_id.removeprefix("ref_"),
        created_at=clock.now_ms(),
    )
    if status == DECLINED:
        return enter(item)
    join_payout(item)
    charged = BookItem.wire_key(f"{request.merchant_id}#att_{request.charge_reference.removeprefix('sbx_')}")
    found = storage.get(BookItem, charged["charge_id"]["S"])
    limit = taken_of(found) - request.amount.minor if found else -1
    has_it = BookItem.status.is_in(APPROVED, HELD) & (BookItem.refunded <= limit)
    taken = [BookItem.refunded.set(BookItem.refunded + request.amount.minor)]
    try:
        storage.transact([storage.put(item, BookItem.charge_id.does_not_exist()), storage.update(BookItem, charged, taken, has_it)])
    except storage.TransactionRefused as refused:
        if refused.reasons[0].is_condition:
            return BookItem.load(refused.reasons[0].item)
        if refused.reasons[1].is_condition:
            return None
        raise storage.Unavailable("busy") from refused
    return item


def taken_of(item: BookItem) -> int:
    """How much money a charge has taken, in minor units: of a hold what was captured, which never becomes less."""
    return int(item.amount) if item.captured is None else int(item.captured)


def decide(item: BookItem, status: str, code: str = "", reason: str = "") -> BookItem:
    """A waiting line is decided, once; the line as it then stands."""
    actions = [BookItem.status.set(status)]
    if code:
        actions += [BookItem.code.set(code), BookItem.reason.set(reason)]
    if status == APPROVED and item.held_until is None:
        actions += joining(item)
    try:
        after = storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), actions, BookItem.status == WAITING))
    except storage.ConditionRefused as refused:
        return BookItem.load(refused.item)
    return BookItem.load(after)


def change(item: BookItem, *, way: str, status: str = WAITING, code: str = "", reason: str = "", held_until: int | None = None) -> BookItem:
    """A waiting line goes on another way: the payer typed another card; the line as it then stands."""
    reasons = [BookItem.code.set(code), BookItem.reason.set(reason)] if code else [BookItem.code.remove(), BookItem.reason.remove()]
    actions = [BookItem.way.set(str(way)), BookItem.status.set(status), *reasons]
    if held_until is not None:
        actions.append(BookItem.held_until.set(held_until))
    if status in {APPROVED, HELD}:
        actions.append(BookItem.network_id.set(network_id(item.charge_id.partition("#")[2])))
    if status == APPROVED and item.held_until is None:
        actions += joining(item, way=way)
    try:
        after = storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), actions, BookItem.status == WAITING))
    except storage.ConditionRefused as refused:
        return BookItem.load(refused.item)
    return BookItem.load(after)


def keep(item: BookItem, card: list[Any] | None) -> None:
    """Note the card that was typed, or forget it."""
    actions = [BookItem.card.remove() if card is None else BookItem.card.set(card)]
    storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), actions, None))


def look(item: BookItem) -> int:
    """Count a question about a line; how many there were."""
    after = storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), [BookItem.looked.add(1)], None))
    return int(BookItem.load(after).looked)
