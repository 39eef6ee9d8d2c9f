"""What may be captured, and when: the refusals of a request before anything is stored. Pure, but for the clock."""

from typing import Final

from paycorex import clock
from paycorex.errors import InvalidState, LimitExceeded, Refusal
from paycorex.idempotency import InProgress
from paycorex.money import Money, format_minor
from paycorex.records.hold import Ending, Hold, hold_of, left
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured, is_manual
from paycorex.records.payment_risk import is_in_review
from payments.captures import abilities
from payments.connectors.requests import Captures
from payments.payment.states import Status

# As many as Stripe makes of one payment; a proof has the entries of each.
MAX_CAPTURES: Final = 50


class AlreadyCaptured(Refusal):
    """Its last capture was made: nothing is held any more."""

    code = "already_captured"


class AuthorizationExpired(Refusal):
    """What was authorized was not captured in time."""

    code = "authorization_expired"


class CaptureExceedsAuthorization(Refusal):
    """More than what is left of what was authorized."""

    code = "capture_exceeds_authorization"


class NotCapturable(Refusal):
    """Nothing of this payment can be captured, or not in this way."""

    code = "not_capturable"


class InReview(NotCapturable):
    """A risk rule wants a person to decide first."""

    def __init__(self) -> None:
        super().__init__("A risk rule holds this payment for a review: approve or decline it first.", details={"in_review": True})


class CaptureUnderWay(InProgress):
    """A provider was asked for another capture of this payment, and has not answered: there is one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.message = "Another capture of this payment is under way. Try again in a moment."


def waits_for_review(payment: PaymentItem) -> None:
    """Raises InvalidState for a payment about which there is nothing to decide, or no more."""
    if not is_in_review(payment):
        raise InvalidState("This payment is in no review, or was decided already.", details={"status": payment.status})


def open_hold(payment: PaymentItem, *, decides: bool = False) -> Hold:
    """The hold, if it may be captured, released or increased now. decides: this is what its review comes to.

    Raises NotCapturable (InReview while a person must decide), AlreadyCaptured, AuthorizationExpired, CaptureUnderWay.
    """
    hold = hold_of(payment)
    if not is_manual(payment) or hold is None:
        raise NotCapturable(_why_none(payment), details={"status": payment.status})
    is_late = payment.method == "wallet" and hold.expires_ms is not None and clock.now_ms() >= hold.expires_ms
    if hold.ending == Ending.EXPIRED or (hold.ending is None and is_late):
        raise AuthorizationExpired("The authorization has expired.", details={"status": payment.status})
    if hold.ending == Ending.CANCELED:
        raise NotCapturable("The authorization was voided.", details={"status": payment.status})
    if hold.ending is not None or payment.status != Status.AUTHORIZED:
        raise AlreadyCaptured("The last capture of this payment was made.", details={"amount_captured": _captured(payment)})
    if hold.under_way is not None:
        raise CaptureUnderWay
    if is_in_review(payment) and not decides:
        raise InReview
    return hold


def capture_amount(payment: PaymentItem, asked: str | None, *, is_final: bool, decides: bool = False) -> Money:
    """How much to capture: what was asked for, or all that is left.

    Raises what `open_hold` raises, CaptureExceedsAuthorization, LimitExceeded, InvalidAmount.
    """
    hold = open_hold(payment, decides=decides)
    rest = left(payment)
    amount = Money(rest, payment.currency) if asked is None else Money.parse(asked, payment.currency)
    over = abilities.most(payment, hold) - captured(payment)
    if amount.minor > max(rest, over if is_final else rest):
        details = {"capturable": format_minor(rest, payment.currency)}
        raise CaptureExceedsAuthorization("The capture exceeds what is left of the authorization.", details=details)
    _refuse_unable(payment, hold, amount, is_final=is_final)
    return amount


def _refuse_unable(payment: PaymentItem, hold: Hold, amount: Money, *, is_final: bool) -> None:
    """Before anything is reserved: not every provider captures in parts, and none for ever. Raises NotCapturable, LimitExceeded."""
    able = abilities.of(payment, hold).captures
    in_part = amount.minor < hold.amount
    if not is_final and amount.minor < left(payment) and hold.captures >= MAX_CAPTURES - 1:
        raise LimitExceeded(f"A payment has {MAX_CAPTURES} captures at most: this one must be final.", details={"limit": MAX_CAPTURES})
    details = {"field": "final", "connector": payment.provider, "captures": able.value}
    if able is Captures.NONE or (able is Captures.ONE_FULL and in_part):
        raise NotCapturable("This provider captures the whole amount only.", details={**details, "field": "amount"})
    if able is Captures.ONE_PART and in_part and not is_final:
        raise NotCapturable("This provider captures once: the capture must be final.", details=details)


def _why_none(payment: PaymentItem) -> str:
    if not is_manual(payment):
        return "This payment is captured as it is approved."
    return "The payment failed." if payment.status == Status.FAILED else "The payment is not authorized yet."


def _captured(payment: PaymentItem) -> str:
    return format_minor(captured(payment), payment.currency)
