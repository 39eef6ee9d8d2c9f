"""A payment goes on after a form that the payer's browser posted: a call that the library does not make, and an answer that it reads.

The step was claimed for its payment before (`methods.browser_forms`), so the call is made once.
"""

from collections.abc import Mapping
from typing import Final

from payments.connectors import http_calls as calls
from payments.connectors.prism import charges, own_calls
from payments.connectors.prism.desk import Desk, commands
from payments.connectors.prism.exchange import Answered
from payments.connectors.requests import Attempt
from payments.connectors.results import Charged, Declined, Fault, Found, NotFound, Released, Unknown

_NO_FORMS: Final = "This processor confirms by no form here."


def go_on(desk: Desk, attempt: Attempt, step: str, state: str, brought: Mapping[str, str]) -> Charged:
    """What the processor answers, as to the charge itself: the outcome, or another form."""
    found = _go_on(desk, attempt, step, state, brought)
    return Unknown("The processor did not decide it.") if isinstance(found, NotFound | Released) else found


@calls.errors_as_results
@calls.refusable
@commands
def _go_on(desk: Desk, attempt: Attempt, step: str, state: str, brought: Mapping[str, str]) -> Found:
    if desk.known.forms is None:
        return Declined("unsupported", _NO_FORMS, fault=Fault.SETUP)
    path, content = desk.known.forms.call(step, state, brought)
    http = own_calls.charge(desk, path, content)
    known = desk.start(attempt.payment_id)
    kind = desk.messages.library.payment.PaymentServiceAuthorizeResponse
    # The library reads it as it reads the charge's: no part of the instrument is needed for that.
    read = desk.exchange.translator.answer("authorize", desk.messages.authorize(attempt, None, known), http, kind)
    return charges.read(desk, "authorize", Answered(read, http), attempt, known, desk.hidden)
