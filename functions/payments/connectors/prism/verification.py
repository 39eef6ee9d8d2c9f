"""Whether a processor accepts a merchant's credentials, found out without moving money."""

from typing import Final

from paycorex.money import Money
from payments.connectors import http_calls as calls
from payments.connectors.documents import Malformed
from payments.connectors.model import CredentialsRefused
from payments.connectors.prism import preludes
from payments.connectors.prism.desk import Desk
from payments.connectors.prism.facts import Step
from payments.connectors.prism.translation import Untranslatable
from payments.connectors.requests import Attempt
from payments.connectors.results import Declined

_NO_PAYMENT: Final = "pay_" + "a" * 26
# What says that the question was understood: there is no such payment.
_UNDERSTOOD: Final = frozenset({200, 404})


def check(desk: Desk) -> None:
    """Raises CredentialsRefused (also where no harmless call shows it, and says so), ConnectionError."""
    try:
        if Step.ACCESS in desk.known.before:
            _ask_for_token(desk)
        else:
            _ask_about_nothing(desk)
    except calls.NotAccepted as refused:
        raise CredentialsRefused(refused.reason) from refused
    except Untranslatable as problem:
        raise CredentialsRefused(f"There is no harmless call to find it out by ({problem.reason}).") from problem
    except (calls.NotSent, calls.OutcomeUnknown) as trouble:
        raise ConnectionError(trouble.reason) from trouble
    except Malformed as trouble:
        raise ConnectionError("The processor's answer could not be read.") from trouble


def _ask_for_token(desk: Desk) -> None:
    found = preludes.with_access(desk.exchange, desk.messages, desk.start(_NO_PAYMENT), is_fresh=True)
    if isinstance(found, Declined):
        raise CredentialsRefused(found.reason)


def _ask_about_nothing(desk: Desk) -> None:
    attempt = Attempt("att_" + "a" * 26, _NO_PAYMENT, "", "tokenized", Money(100, "USD"))
    message = desk.messages.get(attempt, desk.ready(desk.start(_NO_PAYMENT), "get"))
    status = desk.exchange.send("get", message, timeout_seconds=calls.LOOKUP_SECONDS).status
    if status not in _UNDERSTOOD:
        raise CredentialsRefused(f"The processor answered {status}, which does not show whether it accepts the credentials.")
