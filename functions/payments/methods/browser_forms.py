"""The payer's browser is back from a form of the processor's: its step is claimed for the payment first, then the payment goes on, once.

What the browser brings settles nothing. It is bounded, and handed on where the processor documents that it wants it; the processor's answer
to our own call decides. From the claim on the payment is like every other one whose attempt has begun.
"""

import re
from collections.abc import Mapping
from typing import Final

from paycorex import clock, ids
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.captures import answers
from payments.connectors import calls as calling
from payments.connectors.fields import GoesOnAfterForm
from payments.connectors.model import Connector
from payments.connectors.results import BrowserForm, Charged, Pending, Redirect, Unavailable
from payments.payer_page import links as payer_links
from payments.payment import asking, attempts, confirming, outcomes, settlement
from payments.payment.attempts import AttemptRecord, Note
from payments.payment.commit import Step, commit
from payments.payment.states import Outcome
from payments.payment.versions import Change

# The request that claims is over by then, one way or the other.
_LOOK_MS: Final = 2 * attempts.RUNNING_SECONDS * 1000
_BROUGHT: Final = re.compile(r"[!-~]{1,512}", re.ASCII)


def go_on(payment: PaymentItem, merchant: MerchantItem, brought: Mapping[str, str], *, base_url: str) -> PaymentItem:
    """Claim the step, then go on; the payment as it then stands. One that waits for no form, or for another proof, stays as it is.

    Raises TemporarilyUnavailable, storage.Unavailable.
    """
    form, latest = confirming.form_of(payment), attempts.last(payment)
    if form is None or latest is None or not _proves(form, brought):
        return payment
    claimant = ids.new("clm")
    claimed = _claim(payment, latest, form, claimant)
    if not confirming.is_claimed_by(claimed, claimant):
        # Another request was faster, or the payment ended meanwhile.
        return claimed
    handed = {name: brought[name] for name in form.brings if _BROUGHT.fullmatch(brought.get(name, ""))}
    return _go_on(claimed, merchant, latest, form, handed, base_url)


def _proves(form: BrowserForm, brought: Mapping[str, str]) -> bool:
    """What names no step of this payment's moves nothing."""
    return form.proof is None or brought.get(form.proof[0]) == form.proof[1]


def _claim(payment: PaymentItem, latest: AttemptRecord, form: BrowserForm, claimant: str) -> PaymentItem:
    """The payment after the claim, of this request or of a faster one."""

    def rule(found: PaymentItem) -> Step[PaymentItem]:
        waits = confirming.form_of(found)
        if waits is None or waits.state != form.state:
            return Step(found, found)
        return settlement.step_of(found, _begun(found, latest, claimant))

    return commit(rule, lambda: settlement.fresh(payment), payment).after


def _begun(found: PaymentItem, latest: AttemptRecord, claimant: str) -> Change:
    now = clock.now_ms()
    note = Note(latest.number, latest.connector, attempts.STARTED, started_ms=now)
    state = confirming.claimed(found, claimant)
    return Change(Outcome.STARTED, notes=(note,), connector=latest.connector, method_state=state, due_ms=now + _LOOK_MS)


def _go_on(
    payment: PaymentItem, merchant: MerchantItem, latest: AttemptRecord, form: BrowserForm, handed: Mapping[str, str], base_url: str
) -> PaymentItem:
    """The only call after this form. Whatever it answers is applied like every other answer."""
    ways = (base_url, payment, merchant.cursor_key)
    attempt = asking.attempt_of(payment, latest.number, return_url=payer_links.back_url(*ways), page_url=payer_links.page_url(*ways))

    def ask(connector: Connector) -> Charged:
        if not isinstance(connector, GoesOnAfterForm):
            return Unavailable("The connector confirms by no form.", is_theirs=False)
        return connector.go_on(attempt, form.step, form.state, handed)

    started = clock.now_ms()
    result = calling.call(payment.merchant_id, latest.connector, ask)
    change = outcomes.change_of(payment, latest.number, latest.connector, result, started_ms=started)
    if isinstance(result, Redirect | Pending):
        change = outcomes.with_time(payment, change)
    return answers.apply(payment, latest.number, result, change)
