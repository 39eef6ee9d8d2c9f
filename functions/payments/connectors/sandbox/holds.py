"""What the sandbox answers about holds: as documented for the card that was charged (docs/payment-methods.md)."""

from typing import Final

from paycorex import clock
from paycorex.money import Money
from payments.connectors import captures
from payments.connectors.requests import CaptureRequest, Captures, HoldAbility, IncrementRequest, VoidRequest
from payments.connectors.results import (
    Approved,
    Authorized,
    CaptureResult,
    Declined,
    Fault,
    IncrementResult,
    NotFound,
    Pending,
    Released,
    Unavailable,
    Unknown,
    VoidResult,
)
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox import hold_books
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import Behaviour, Way

HOLD_DAYS: Final = 7
MANDATE_DAYS: Final = 14
SHORT_SECONDS: Final = 300
# With every card; the documented ones allow more or less.
ABILITY: Final = HoldAbility(Captures.MANY, HOLD_DAYS)
# With every UPI mandate: one debit, in part too.
MANDATE: Final = HoldAbility(Captures.ONE_PART, MANDATE_DAYS)
_FLEXIBLE: Final = HoldAbility(Captures.MANY, HOLD_DAYS, over_percent=20, can_increment=True)
_ONCE: Final = HoldAbility(Captures.ONE_PART, HOLD_DAYS)
# An increment to a total that ends so is declined.
_DECLINED_INCREMENT: Final = 2


def held_until(way: Way) -> int:
    """Until when a hold that begins now lasts, milliseconds since the epoch."""
    return clock.now_ms() + (SHORT_SECONDS if way is Way.HOLD_SHORT else HOLD_DAYS * 86_400) * 1000


def blocked_until() -> int:
    """Until when a payer's bank blocks an amount by a mandate that is made now, milliseconds since the epoch."""
    return clock.now_ms() + MANDATE_DAYS * 86_400 * 1000


def ability_of(item: BookItem) -> HoldAbility:
    """What can be done with this hold."""
    return {Way.HOLD_FLEXIBLE: _FLEXIBLE, Way.CAPTURE_ONCE: _ONCE, Way.COLLECT: MANDATE}.get(Way(item.way), ABILITY)


def shown(item: BookItem) -> Approved | Authorized | Released:
    """A hold whose time is looked after, and that was not declined."""
    captured = int(item.captured or 0)
    if item.status == books.HELD:
        until = None if item.held_until is None else int(item.held_until)
        amount, ability = Money(int(item.amount), item.currency), ability_of(item)
        return Authorized(item.reference, amount, captured, until, network_transaction_id=item.network_id, ability=ability)
    if item.code in {hold_books.VOIDED, hold_books.EXPIRED}:
        return Released(item.reference, captured, is_expired=item.code == hold_books.EXPIRED)
    return Approved(item.reference, Money(captured, item.currency), network_transaction_id=item.network_id)


def capture(request: CaptureRequest, failure: Behaviour | None) -> CaptureResult:
    """Once per capture id. failure: how this call fails, unless the card's own captures do."""
    known = books.find(request.merchant_id, request.capture_id)
    if known is not None:
        return _shown_capture(known, request)
    try:
        hold = hold_books.find(request.merchant_id, request.authorization_reference)
        return _capture(request, hold, _way_of(hold, failure))
    except hold_books.NotHeld as refused:
        return Declined(refused.code, refused.reason, fault=Fault.AMOUNT if "exceeds" in refused.code else Fault.PAYER)


def _capture(request: CaptureRequest, hold: BookItem, way: Way) -> CaptureResult:
    if way is Way.OUTAGE:
        return Unavailable("The sandbox is out of service.")
    if way in {Way.CAPTURE_LOST, Way.TIMEOUT_LOST}:
        return Unknown("The sandbox did not answer.")
    if not request.is_final and ability_of(hold).captures is not Captures.MANY:
        return Declined("capture_must_be_final", "This card is captured once.", fault=Fault.SETUP)
    declines, waits = way in {Way.CAPTURE_DECLINED, Way.DECLINE}, way in {Way.CAPTURE_PENDING, Way.PENDING}
    line = hold_books.capture(
        request,
        hold,
        status=books.DECLINED if declines else books.WAITING if waits else books.APPROVED,
        way=way,
        took_minor=request.amount.minor - (way is Way.CAPTURE_LESS),
        over_percent=ability_of(hold).over_percent,
    )
    if way in {Way.CAPTURE_TIMEOUT, Way.TIMEOUT_APPROVED}:
        return Unknown("The sandbox did not answer.")
    return _shown_capture(line, request)


def look_up_capture(request: CaptureRequest) -> CaptureResult:
    """What the books say; a pending capture is decided by the first look-up."""
    item = books.find(request.merchant_id, request.capture_id)
    if item is None:
        return NotFound()
    return _shown_capture(books.decide(item, books.APPROVED) if item.status == books.WAITING else item, request)


def _shown_capture(item: BookItem, request: CaptureRequest) -> CaptureResult:
    if item.status == books.DECLINED:
        return Declined("capture_declined", "The issuer declined the capture.", provider_reference=item.reference)
    if item.status == books.WAITING:
        return Pending(item.reference)
    return captures.checked(request, Approved(item.reference, Money(int(item.amount), item.currency)))


def void(request: VoidRequest, failure: Behaviour | None) -> VoidResult:
    """What is left of a hold is released; again is the same."""
    try:
        hold = hold_books.find(request.merchant_id, request.authorization_reference)
    except hold_books.NotHeld as refused:
        return Declined(refused.code, refused.reason)
    way = _way_of(hold, failure)
    if hold.status == books.HELD:
        if way is Way.OUTAGE:
            return Unavailable("The sandbox is out of service.")
        if way is Way.TIMEOUT_LOST:
            return Unknown("The sandbox did not answer.")
        if way is Way.VOID_FAILS:
            return Declined("void_failed", "The issuer did not release the hold.")
    after = shown(hold_books.release(hold, hold_books.VOIDED))
    if hold.status == books.HELD and way is Way.TIMEOUT_APPROVED:
        return Unknown("The sandbox did not answer.")
    return after if isinstance(after, Released) else Declined("not_capturable", "Nothing of it is held any more.")


def increment(request: IncrementRequest, failure: Behaviour | None) -> IncrementResult:
    """Hold more, with a card that allows it."""
    if failure is not None and failure.way is Way.OUTAGE:
        return Unavailable("The sandbox is out of service.")
    try:
        hold = hold_books.find(request.merchant_id, request.authorization_reference)
        if not ability_of(hold).can_increment:
            return Declined("increment_unavailable", "This card's holds cannot be made larger.", fault=Fault.SETUP)
        if request.total.minor % 100 == _DECLINED_INCREMENT:
            return Declined("card_declined", "The issuer declined the larger amount.")
        after = shown(hold_books.grow(hold, request.total.minor))
    except hold_books.NotHeld as refused:
        return Declined(refused.code, refused.reason)
    return after if isinstance(after, Authorized) else Declined("not_capturable", "Nothing of it is held any more.")


def _way_of(hold: BookItem, failure: Behaviour | None) -> Way:
    way = Way(hold.way)
    own = way in {Way.CAPTURE_DECLINED, Way.CAPTURE_TIMEOUT, Way.CAPTURE_LOST, Way.CAPTURE_PENDING, Way.CAPTURE_LESS, Way.VOID_FAILS}
    if own:
        return way
    return failure.way if failure is not None else Way.APPROVE
