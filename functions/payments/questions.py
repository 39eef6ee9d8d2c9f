"""A payment's provider is asked now, and its answer applied like every other one: that something happened is no answer yet."""

from collections.abc import Callable
from dataclasses import replace

from paycorex import clock
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments.captures import answers, follow_up
from payments.connectors import calls as calling
from payments.connectors.model import Connector
from payments.connectors.results import Found, NotFound, Pending, Redirect, Unavailable, Unknown
from payments.methods import kept_cards
from payments.payment import asking, attempts, confirming, outcomes, settlement
from payments.payment.attempts import AttemptRecord
from payments.payment.states import OPEN
from payments.refunds import at_provider, external


def put(payment: PaymentItem, attempt: AttemptRecord, ask: Callable[[Connector], Found]) -> PaymentItem:
    """The payment as it then stands; unchanged while nothing is decided: the janitor asks again at its own times.

    While the payer's browser has to bring something before anything is charged, there is nothing to ask about.

    Raises what ask raises; storage.Unavailable, TemporarilyUnavailable.
    """
    if confirming.is_untouched(payment):
        return payment
    found = calling.call(payment.merchant_id, attempt.connector, ask)
    if not is_manual(payment):
        found = outcomes.without_holds(found)
    if isinstance(found, Pending | Redirect | Unknown | Unavailable | NotFound):
        return payment
    change = outcomes.change_of(payment, attempt.number, attempt.connector, found)
    return kept_cards.catch_up(external.catch_up(answers.apply(payment, attempt.number, found, change)))


def wake(payment: PaymentItem, connector: str, reference: str | None) -> None:
    """Something happened at this connector: ask about an attempt that is open there; everything else is due for the janitor at once.

    reference: the provider's name of the charge, by which it is asked where an earlier answer with that name was lost.
    """
    at_provider.wake_of(payment)
    attempt = attempts.at_connector(payment, connector)
    if attempt is None or not attempt.is_open or attempt.is_running:
        # A request that is still under way gets the answer itself.
        return
    if payment.status in OPEN and not follow_up.has_work(payment):
        known = asking.attempt_of(payment, attempt.number)
        asked = replace(known, provider_reference=known.provider_reference or reference)
        if put(payment, attempt, lambda provider: provider.lookup(asked)) is not payment:
            return
    fresh = settlement.fresh(payment)
    if fresh.due_at is not None:
        settlement.postpone(fresh, clock.now_ms())
