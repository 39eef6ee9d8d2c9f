"""Increment: more is held for a payment than was authorized first, where its wallet or its provider can."""

from dataclasses import replace
from typing import Final

from paycorex import clock, payment_limits
from paycorex.credentials import Caller
from paycorex.errors import InvalidAmount, LimitExceeded, TemporarilyUnavailable, UnsupportedAmount
from paycorex.idempotency import Claim
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.hold import Hold, part_reference
from paycorex.records.payment import PaymentItem
from payments.captures import abilities, bookings, guards, holders, observations
from payments.connectors import calls as calling
from payments.connectors import capabilities
from payments.connectors.requests import IncrementRequest
from payments.connectors.results import Authorized, Contradicts, Declined, IncrementResult, Unknown
from payments.payment import holding, lookup, outcomes, settlement
from payments.payment.commit import Step, commit

# As many as card networks allow at most, and a payment's record stays small.
MAX_INCREMENTS: Final = 10


def increment(caller: Caller, claim: Claim, payment_id: str, total: str) -> PaymentItem:
    """Hold this much in all; the payment as it then stands.

    Raises NotFound, what `guards.open_hold` raises, NotCapturable where the hold cannot be made larger or its provider refuses,
    InvalidAmount for no more than is held, LimitExceeded, UnsupportedAmount, InsufficientFunds of the wallet, TemporarilyUnavailable
    (nothing is known to have happened: the same request may be sent again).
    """

    def read() -> PaymentItem:
        return lookup.find(caller.merchant_id, payment_id)

    payment = read()
    if payment.method != bookings.WALLET and not abilities.of(payment, guards.open_hold(payment)).can_increment:
        payment = observations.with_ability(payment, lanes=caller.lanes)
    wanted = _wanted(payment, total)
    payment_limits.check(caller, payment.method, wanted)
    if payment.method != bookings.WALLET:
        claim.begin()
        _ask(payment, claim.record_id("inc"), wanted)
        # What the provider holds from now on is what it said, whatever else happened to the hold meanwhile.
    rows = claim.rows(reference=payment_id, status=200)
    return commit(lambda found: _rule(found, wanted), read, claim=rows, lanes=caller.lanes).after


def _rule(payment: PaymentItem, wanted: Money) -> Step[PaymentItem]:
    hold = guards.open_hold(payment)
    more = wanted.minor - hold.amount
    if more <= 0 and payment.method == bookings.WALLET:
        raise _no_more()
    # A provider's word of it may have come first, by its webhook or a look-up: then it is noted already.
    larger = replace(hold, parts=(*hold.parts, more) if more > 0 else hold.parts, looks=0)
    journal = _set_aside(payment, hold, Money(more, payment.currency)) if payment.method == bookings.WALLET else None
    return settlement.step_to(payment, holding.changed(payment, larger, clock.now_ms()), journal)


def _wanted(payment: PaymentItem, total: str) -> Money:
    """What shall be held in all, if that can be; before anything is asked for."""
    hold = guards.open_hold(payment)
    wanted = Money.parse(total, payment.currency)
    # At a provider, as much as is held may be this very request once more: its answer was lost, and its webhook came since.
    if wanted.minor < hold.amount or (wanted.minor == hold.amount and payment.method == bookings.WALLET):
        raise _no_more()
    if not abilities.of(payment, hold).can_increment:
        raise guards.NotCapturable("This authorization cannot be made larger.", details={"connector": payment.provider})
    if len(hold.parts) > MAX_INCREMENTS:
        raise LimitExceeded(f"An authorization is made larger {MAX_INCREMENTS} times at most.", details={"limit": MAX_INCREMENTS})
    problem = None if payment.provider is None else capabilities.amount_problem(payment.provider, wanted)
    if problem is not None:
        raise UnsupportedAmount(problem, details={"field": "amount", "connector": payment.provider})
    return wanted


def _no_more() -> InvalidAmount:
    return InvalidAmount("An increment names the new total, which is more than is held.", details={"field": "amount"})


def _ask(payment: PaymentItem, increment_id: str, wanted: Money) -> None:
    """Ask the provider. Raises NotCapturable when it refuses, TemporarilyUnavailable when it is not known whether it did."""
    request = IncrementRequest(increment_id, payment.payment_id, payment.merchant_id, payment.provider_reference or "", wanted)
    result: IncrementResult = calling.call(payment.merchant_id, payment.provider or "", lambda connector: connector.increment(request))
    match result:
        case Authorized(amount=amount) if amount in {None, wanted}:
            return
        case Authorized(amount=amount):
            said = Contradicts("amount_differs", f"{amount} held, {wanted} asked for", payment.provider_reference)
            settlement.apply(payment, outcomes.contradicted(payment.provider or "", said))
        case Contradicts():
            settlement.apply(payment, outcomes.contradicted(payment.provider or "", result))
        case Declined() if wanted.minor == guards.open_hold(payment).amount:
            raise _no_more()
        case Declined(code=code, reason=reason):
            raise guards.NotCapturable(f"The provider refused: {reason}", details={"connector": payment.provider, "code": code})
        case Unknown() if _is_held(payment, wanted):
            return
        case _:
            pass
    raise TemporarilyUnavailable("The provider did not say whether it holds more. Retry with the same Idempotency-Key.")


def _is_held(payment: PaymentItem, wanted: Money) -> bool:
    """Whether the provider holds this much, asked because its answer to the increment was lost. Another sum proves nothing: the request
    may still be on its way.
    """
    found = holders.ask(payment)
    return isinstance(found, Authorized) and found.amount == wanted


def _set_aside(payment: PaymentItem, hold: Hold, more: Money) -> Journal:
    return Journal.transfer(
        source=Account.of_wallet(payment.merchant_id, payment.wallet_id or "", payment.currency),
        target=Account.of_hold(payment.merchant_id, payment.payment_id, payment.currency),
        amount=more,
        reference=part_reference(payment.payment_id, len(hold.parts)),
    )
