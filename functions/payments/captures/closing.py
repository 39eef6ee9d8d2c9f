"""The end of a hold, by one rule, whatever ended it: a last capture, the merchant, the provider, or its time.

What was captured makes the payment successful; with nothing captured it has failed. What is left is given back: a wallet's by a journal,
a provider's by asking it to release the hold, and asking again until it says that the hold is over.
"""

from dataclasses import replace

from paycorex import clock, ids
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.hold import Ending, Hold, hold_of, release_reference
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from payments.captures import bookings
from payments.connectors import calls as calling
from payments.connectors import capabilities
from payments.connectors.requests import Rest, VoidRequest
from payments.connectors.results import VoidResult
from payments.payment import attempts, due, hold_times, holding, settlement, versions
from payments.payment.attempts import Note
from payments.payment.commit import Lost, Step, commit, write_once
from payments.payment.states import Status

_FAILURES = {
    Ending.CANCELED: ("canceled", "The authorization was voided.", "payment.voided"),
    Ending.EXPIRED: ("expired", "The authorization was not captured in time.", "authorization.expired"),
}


def close(payment: PaymentItem, *, is_over: bool = False, lanes: int | None = None) -> PaymentItem:
    """Bring a hold that ends as far as can be done here; the payment as it then stands.

    is_over: its provider said that nothing of it is held any more. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    return commit(lambda found: step(found, is_over=is_over), lambda: settlement.fresh(payment), payment, lanes=lanes).after


def step(payment: PaymentItem, *, is_over: bool) -> Step[PaymentItem]:
    """The next step of a hold that ends; no step for one that does not, or whose last capture has no answer yet. Pure."""
    hold = hold_of(payment)
    if hold is None or hold.ending is None or hold.under_way is not None or hold.is_over:
        return Step(payment, payment)
    if captured(payment) and payment.status == Status.AUTHORIZED:
        return _succeeded(payment, hold)
    if captured(payment) >= hold.amount:
        return settlement.step_to(payment, holding.changed(payment, replace(hold, is_over=True), clock.now_ms()))
    if payment.method == bookings.WALLET:
        return _released(payment, hold, _to_wallet(payment, hold))
    return _released(payment, hold, None) if is_over else Step(payment, payment)


def ask(payment: PaymentItem) -> VoidResult:
    """Ask the provider to release what is left: asked twice, it is released once."""
    hold = holding.of(payment)
    request = VoidRequest(
        void_id=ids.derive("vod", payment.payment_id, str(captured(payment))),
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        authorization_reference=payment.provider_reference or "",
        left=Money(hold.amount - captured(payment), payment.currency),
        captured_minor=captured(payment),
    )
    return calling.call(payment.merchant_id, payment.provider or "", lambda connector: connector.void(request))


def waits_for_provider(payment: PaymentItem) -> bool:
    """True while the rest of a hold that ends is still at its provider."""
    hold = hold_of(payment)
    ends = hold is not None and hold.ending is not None and hold.under_way is None and not hold.is_over
    return ends and payment.method != bookings.WALLET


def ends_by_time(payment: PaymentItem) -> bool:
    """True for what a capture left where nothing but the hold's time gives it back."""
    name = payment.provider or ""
    return captured(payment) > 0 and payment.method != bookings.WALLET and capabilities.holds_of(name, payment.method).rest is Rest.BY_TIME


def wait_for_time(payment: PaymentItem) -> PaymentItem:
    """What was left is the payer's again when the hold's time is over; until then nothing is asked. The payment as it then stands."""
    expires_ms = holding.of(payment).expires_ms
    if expires_ms is None or clock.now_ms() >= expires_ms:
        return close(payment, is_over=True)
    return settlement.postpone(payment, expires_ms)


def postpone(payment: PaymentItem) -> PaymentItem:
    """Look again later, each time twice as much later. When another write was faster, that one is the newer knowledge."""
    hold = holding.of(payment)
    after = holding.changed(payment, replace(hold, looks=hold.looks + 1), clock.now_ms())
    try:
        write_once(settlement.step_to(payment, after))
    except Lost:
        return settlement.fresh(payment)
    return after


def _succeeded(payment: PaymentItem, hold: Hold) -> Step[PaymentItem]:
    now, is_over = clock.now_ms(), captured(payment) >= hold.amount
    after = holding.with_hold(payment, replace(hold, is_over=is_over), now)
    versions.step(after, Status.SUCCESS, None, now)
    if after.due_at is None:
        due.set_due(after, hold_times.next_due(after, now))
    versions.set_event(after, "payment.success", now)
    _note(after, attempts.APPROVED)
    return replace(settlement.step_to(payment, versions.next_revision(payment, after, now)), is_last=is_over)


def _released(payment: PaymentItem, hold: Hold, journal: Journal | None) -> Step[PaymentItem]:
    """Nothing of it is held any more: of a successful payment the rest was released, any other one has failed."""
    now = clock.now_ms()
    after = holding.with_hold(payment, replace(hold, is_over=True), now)
    if captured(payment):
        versions.set_event(after, "payment.released", now)
    else:
        code, message, event = _FAILURES[Ending(hold.ending or Ending.CANCELED)]
        versions.step(after, Status.FAILED, code, now)
        versions.set_event(after, event, now)
        after.failure_code, after.failure_message = code, hold.reason or message
        _note(after, attempts.RELEASED)
    return settlement.step_to(payment, versions.next_revision(payment, after, now), journal)


def _note(after: PaymentItem, status: str) -> None:
    latest = attempts.holder(after)
    if latest is not None:
        after.attempts = attempts.noted(after.attempts, Note(latest.number, latest.connector, status))


def _to_wallet(payment: PaymentItem, hold: Hold) -> Journal:
    return Journal.transfer(
        source=Account.of_hold(payment.merchant_id, payment.payment_id, payment.currency),
        target=Account.of_wallet(payment.merchant_id, payment.wallet_id or "", payment.currency),
        amount=Money(hold.amount - captured(payment), payment.currency),
        reference=release_reference(payment.payment_id),
    )
