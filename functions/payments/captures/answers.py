"""What a connector answers about an attempt of a payment that the merchant captures: authorized, captured there, released, or refused.

Every other payment's answers go the ordinary way. The state table decides here as there.
"""

from dataclasses import replace

from paycorex import clock
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments.captures import observations
from payments.connectors import calls as calling
from payments.connectors.requests import VoidRequest
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Found, Released
from payments.payment import asking, attempts, charge_names, outcomes, settlement, unlisted
from payments.payment.states import OPEN, Outcome, Status
from payments.payment.versions import Change


def apply(payment: PaymentItem, number: int, result: Found, change: Change, *, lanes: int | None = None) -> PaymentItem:
    """Bring an answer about the attempt with this number to the payment; the payment as it then stands.

    change: what the answer means by `outcomes.change_of`. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    if not is_manual(payment) or not isinstance(result, Authorized | Approved | Released | Declined):
        return settlement.apply(payment, change, lanes=lanes)
    is_strange = _is_strange(payment, number, result)
    if is_strange and isinstance(result, Authorized) and payment.status != Status.FAILED:
        said = Contradicts("another_object", f"{result.provider_reference} is held as well", result.provider_reference)
        return settlement.apply(payment, outcomes.contradicted(change.connector or "", said))
    if payment.status in OPEN:
        if is_strange or not _holds(result) or _is_other_currency(payment, result):
            return settlement.apply(payment, change, lanes=lanes)
        held = change if isinstance(result, Authorized) else outcomes.authorization(payment, change)
        payment = settlement.apply(payment, held, lanes=lanes)
    return _to_hold(payment, number, result, change, lanes)


def _to_hold(
    payment: PaymentItem, number: int, result: Authorized | Approved | Released | Declined, change: Change, lanes: int | None
) -> PaymentItem:
    """Of a payment that is authorized, or was."""
    if payment.hold is not None and _is_of_another(payment, number):
        return _beside_hold(payment, number, result, change, lanes)
    if payment.hold is None or payment.status == Status.FAILED or _is_strange(payment, number, result):
        return _without_hold(payment, number, result, change, lanes)
    if _is_other_currency(payment, result):
        said = Contradicts("currency_differs", "the hold is in another currency", result.provider_reference)
        return settlement.apply(payment, outcomes.contradicted(payment.provider or "", said))
    payment = observations.apply(payment, observations.seen(result), lanes=lanes)
    return _given_back(payment, result) if isinstance(result, Approved) else payment


def _holds(result: Authorized | Approved | Released | Declined) -> bool:
    """True for an answer by which the money was held at some time, and is not given back by now."""
    if isinstance(result, Released):
        return result.captured_minor > 0
    return isinstance(result, Authorized) or (isinstance(result, Approved) and not result.is_returned)


def _given_back(payment: PaymentItem, result: Approved) -> PaymentItem:
    """What the provider has refunded of it is listed by the janitor."""
    found = unlisted.given_back(payment, payment.provider or "", result.provider_reference, result.returned_minor)
    return settlement.postpone(payment, found["due_ms"], found["method_state"]) if found else payment


def _is_other_currency(payment: PaymentItem, result: Authorized | Approved | Released | Declined) -> bool:
    """True for sums that cannot be this payment's, whose hold is in its own currency."""
    amount = result.amount if isinstance(result, Authorized | Approved) else None
    return amount is not None and amount.currency != payment.currency


def _is_strange(payment: PaymentItem, number: int, result: Authorized | Approved | Released | Declined) -> bool:
    """True when it is about another object than the one that holds this payment's money."""
    return charge_names.is_another_than(attempts.at(payment, number), result.provider_reference)


def _is_of_another(payment: PaymentItem, number: int) -> bool:
    """True for another attempt than the one whose connector holds this payment's money."""
    holder = attempts.holder(payment)
    return holder is not None and holder.number != number


def _beside_hold(
    payment: PaymentItem, number: int, result: Authorized | Approved | Released | Declined, change: Change, lanes: int | None
) -> PaymentItem:
    """Of an attempt before or after the one that holds: that it came to nothing, money beside the hold, or a second hold."""
    match result:
        case Authorized():
            return _release(payment, number, result)
        case Released(captured_minor=captured) if captured > 0:
            said = Contradicts("captured_twice", f"{captured} minor units captured beside the hold", result.provider_reference)
            return settlement.apply(payment, outcomes.contradicted(change.notes[0].connector, said))
        case Released() | Declined():
            return settlement.apply(payment, replace(change, outcome=Outcome.SUPERSEDED), lanes=lanes)
        case Approved():
            return settlement.apply(payment, change, lanes=lanes)


def _without_hold(payment: PaymentItem, number: int, result: Found, change: Change, lanes: int | None) -> PaymentItem:
    """A payment that has failed, or never was authorized, or money beside its hold."""
    if isinstance(result, Authorized) and payment.status == Status.FAILED and payment.hold is None:
        # It came too late: it will not be captured.
        payment = settlement.apply(payment, change, lanes=lanes)
        return _release(payment, number, result)
    return settlement.apply(payment, change, lanes=lanes) if not isinstance(result, Authorized | Released) else payment


def _release(payment: PaymentItem, number: int, result: Authorized) -> PaymentItem:
    """Ask to end a hold that nothing waits for; where that does not reach the provider, the janitor asks again, or an operator must."""
    amount = result.amount or asking.asked(payment)
    request = VoidRequest(f"{payment.payment_id}.late", payment.payment_id, payment.merchant_id, result.provider_reference, amount)
    attempt = attempts.at(payment, number)
    connector = "" if attempt is None else attempt.connector
    released = calling.call(payment.merchant_id, connector, lambda provider: provider.void(request))
    if isinstance(released, Released) and attempt is not None:
        change = outcomes.change_of(payment, number, connector, released)
        return settlement.apply(payment, change if payment.hold is None else replace(change, outcome=Outcome.SUPERSEDED))
    if isinstance(released, Contradicts):
        return settlement.apply(payment, outcomes.contradicted(connector, released))
    if payment.hold is not None:
        # The janitor looks after the hold that is this payment's.
        said = Contradicts("held_twice", f"{amount} {amount.currency} held beside the hold", result.provider_reference)
        return settlement.apply(payment, outcomes.contradicted(connector, said))
    return settlement.postpone(payment, clock.now_ms() + outcomes.LATE_LOOK_SECONDS * 1000)
