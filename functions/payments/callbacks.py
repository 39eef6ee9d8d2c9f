"""Provider callbacks: verified with the provider's signature, then applied like any other answer, so that the same one twice is one."""

from collections.abc import Mapping
from dataclasses import replace

from paycorex import clock, ids
from paycorex.errors import InvalidRequest, TemporarilyUnavailable, Unauthorized
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments import questions
from payments.captures import answers, at_provider
from payments.captures import store as captures
from payments.connectors import capabilities, registry
from payments.connectors.documents import Contradiction, Malformed
from payments.connectors.http_calls import NotSent, OutcomeUnknown
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import (
    CaptureNotice,
    CodeCredit,
    Dispute,
    Notice,
    ProviderNotice,
    ProviderRefund,
    RefundedTotal,
    Unreadable,
    Woken,
)
from payments.connectors.results import Contradicts, Declined
from payments.counter import incoming
from payments.disputes import given_back, reports
from payments.methods import named_cards
from payments.payment import attempts, charge_names, outcomes, provider_charges, store, unlisted
from payments.payment import settlement as settle
from payments.payment.states import OPEN
from payments.refunds import at_provider as refunds_at
from payments.refunds import bookings as refund_bookings
from payments.refunds import external
from payments.refunds import store as refunds

Headers = Mapping[str, tuple[str, ...]]


def receive(name: str, merchant_id: str, headers: Headers, body: bytes) -> bool:
    """Apply a callback; False when it is about nothing that we know.

    Raises Unauthorized for a wrong signature, and the same for an unknown merchant or connector, so that the answer does not show which are
    used; TemporarilyUnavailable where what would judge the signature cannot be loaded or does not answer, so that it is sent again;
    InvalidRequest for a signed body that is not the provider's documented one.
    """
    try:
        notice = registry.connect_for(merchant_id, name).read_callback(headers, body)
    except registry.ProcessorUnavailable as missing:
        raise TemporarilyUnavailable from missing
    except registry.NotConfigured as error:
        raise Unauthorized("callback for a connector that is not configured") from error
    except CallbackRefused as refused:
        raise Unauthorized(f"callback: {refused}") from refused
    except Malformed as error:
        raise InvalidRequest("The callback could not be read.") from error
    except Contradiction as contradiction:
        raise InvalidRequest("The callback's amount could not be read.", details={"field": "amount"}) from contradiction
    except (NotSent, OutcomeUnknown) as silence:
        raise TemporarilyUnavailable("The provider did not say whether it sent this. Send it again later.") from silence
    applied = notice is not None and _apply(merchant_id, name, notice)
    result = notice.result if isinstance(notice, Notice | Unreadable) else None
    if isinstance(result, Contradicts) and result.is_malformed:
        # The payment is marked for review already: what cannot be an amount is never booked, and never taken as read.
        raise InvalidRequest("The callback's amount could not be read.", details={"field": "amount"})
    return applied


def _apply(merchant_id: str, name: str, notice: ProviderNotice) -> bool:
    match notice:
        case Notice():
            return _apply_to_attempt(merchant_id, name, notice)
        case Unreadable():
            return _review(merchant_id, name, notice)
        case CaptureNotice():
            return _apply_to_capture(merchant_id, name, notice)
        case Woken():
            return _wake(merchant_id, name, notice)
        case CodeCredit():
            return incoming.apply(merchant_id, name, notice)
        case _:
            return _apply_to_charge(merchant_id, name, notice)


def _wake(merchant_id: str, name: str, notice: Woken) -> bool:
    """The provider is asked; what it answers counts, and not what woke the question."""
    if notice.refund_id is not None:
        refund = refunds.find_refund(notice.refund_id) if ids.is_id("ref", notice.refund_id) else None
        if refund is None or refund.merchant_id != merchant_id or refund_bookings.context_of(refund).connector != name:
            return False
        refunds_at.wake(refund)
        return True
    payment = provider_charges.find(merchant_id, name, notice.reference or "", notice.payment_id)
    if payment is None and notice.payment_id:
        # What a processor that keeps fewer characters has of our name.
        payment = provider_charges.find(merchant_id, name, notice.payment_id)
    if payment is None:
        return False
    after = payment if notice.approved is None else named_cards.pay_order(payment, name, notice.approved)
    if after is payment:
        questions.wake(payment, name, notice.reference)
    return True


def _apply_to_charge(merchant_id: str, name: str, report: ProviderRefund | RefundedTotal | Dispute) -> bool:
    """What began at the provider is about a charge, by the provider's name for it."""
    if isinstance(report, ProviderRefund):
        return given_back.settles(merchant_id, name, report) or _apply_refund(merchant_id, name, report)
    payment = provider_charges.find(merchant_id, name, report.charge_reference)
    if payment is None:
        return False
    if isinstance(report, Dispute):
        reports.report(payment, name, report)
        if payment.status in OPEN:
            settle.postpone(settle.fresh(payment), clock.now_ms())
    elif payment.status in OPEN:
        # What the payment itself received is asked first.
        settle.postpone(payment, clock.now_ms())
    else:
        _catch_up(payment, name, report)
    return True


def _apply_refund(merchant_id: str, name: str, report: ProviderRefund) -> bool:
    is_applied = external.apply_report(merchant_id, name, report)
    if is_applied:
        given_back.count_once(merchant_id, name, report)
    return is_applied


def _apply_to_capture(merchant_id: str, name: str, notice: CaptureNotice) -> bool:
    capture = captures.find_capture(notice.capture_id) if ids.is_id("cap", notice.capture_id) else None
    if capture is None or capture.merchant_id != merchant_id:
        return False
    payment = store.find(capture.payment_id)
    if payment is None or payment.provider != name:
        return False
    if charge_names.is_another(payment.provider_reference, notice.charge_reference):
        said = Contradicts("another_object", f"capture of {notice.charge_reference}", notice.result.provider_reference)
        settle.apply(payment, outcomes.contradicted(name, said))
        return True
    at_provider.apply(capture, notice.result)
    return True


def _catch_up(payment: PaymentItem, name: str, report: RefundedTotal) -> None:
    money = provider_charges.money_of(payment, name, report.charge_reference)
    reference = None if money is None else money.provider_reference
    found = {} if reference is None else unlisted.given_back(payment, name, reference, report.amount.minor)
    if found:
        external.catch_up(settle.postpone(payment, found["due_ms"], found["method_state"]))


def _review(merchant_id: str, name: str, report: Unreadable) -> bool:
    payment = provider_charges.find(merchant_id, name, report.charge_reference, report.payment_id)
    if payment is not None:
        settle.apply(payment, outcomes.contradicted(name, report.result))
    return payment is not None


def _payment_of(merchant_id: str, name: str, notice: Notice) -> PaymentItem | None:
    """By our id, or by the provider's name of it where that is all it says."""
    if ids.is_id("pay", notice.payment_id):
        return store.find(notice.payment_id)
    reference = notice.result.provider_reference if notice.by_payment else None
    return None if reference is None else provider_charges.find(merchant_id, name, reference)


def _may_be_tried_again(payment: PaymentItem, name: str, notice: Notice) -> bool:
    """True while a payer types cards into a processor's own fields, which pay by themselves: there one that was refused ends nothing."""
    waits = payment.status in OPEN and (payment.next_action or {}).get("type") == "provider_fields"
    return isinstance(notice.result, Declined) and waits and capabilities.pays_by_fields(name)


def _apply_to_attempt(merchant_id: str, name: str, notice: Notice) -> bool:
    payment = _payment_of(merchant_id, name, notice)
    if payment is None or payment.merchant_id != merchant_id:
        return False
    attempt = attempts.at_connector(payment, name) if notice.by_payment else attempts.named(payment, notice.attempt_id)
    if notice.at_once is not None and not is_manual(payment):
        notice = replace(notice, result=notice.at_once)
    if attempt is None or attempt.connector != name:
        return False
    if not notice.is_surely_about(attempt.provider_reference) or _may_be_tried_again(payment, name, notice):
        if payment.status in OPEN and attempt.is_open:
            # Its provider is asked, at the janitor's next tick.
            settle.postpone(payment, clock.now_ms())
        return True
    if notice.came_to_nothing and charge_names.is_another_than(attempt, notice.result.provider_reference):
        # Another try with our names on it came to nothing; this attempt's own is not decided by that.
        return False
    if isinstance(notice.result, Declined) and attempt.is_running:
        # The request that made the attempt gets the same answer, and may go on to another connector; if it ended early, the janitor asks.
        return False
    change = outcomes.change_of(payment, attempt.number, name, notice.result)
    after = answers.apply(payment, attempt.number, notice.result, change)
    external.catch_up(after)
    return True
