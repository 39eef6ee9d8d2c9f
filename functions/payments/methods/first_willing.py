"""The first provider that will wait for a payer: others are asked in the route's order, because until then no money can have moved."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from paycorex import clock
from paycorex.errors import ProviderConfiguration, UnsupportedAmount
from paycorex.records.payment import PaymentItem
from payments.connectors import calls as calling
from payments.connectors import routing
from payments.connectors.model import Connector
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Collecting, Contradicts, Declined, Fault, Unavailable, Unknown
from payments.payment import asking, attempts
from payments.payment.attempts import Note

NONE_REACHED: Final = "No payment provider could be reached. Retry with the same Idempotency-Key."


@dataclass(frozen=True, slots=True)
class Willing[R: (Begun, Collecting)]:
    """A provider that waits for the payer, and the tries that led to it."""

    connector: str
    answer: R
    notes: tuple[Note, ...]


def find[R: (Begun, Collecting)](
    payment: PaymentItem,
    route: routing.Route,
    ask: Callable[[Attempt, Connector], R | Declined | Unavailable | Unknown | Contradicts],
    *,
    payee_name: str | None = None,
    saves: bool = False,
    return_url: str | None = None,
) -> Willing[R]:
    """Ask one after the other until one waits. Raises ProviderUnavailable, ProviderConfiguration, UnsupportedAmount."""
    notes: list[Note] = []
    refused: list[Declined] = []
    for number, name in enumerate(route.connectors):
        started = clock.now_ms()
        attempt = asking.attempt_of(payment, number, payee_name=payee_name, saves=saves, return_url=return_url)
        result = calling.call(payment.merchant_id, name, partial(ask, attempt))
        took = clock.now_ms() - started
        match result:
            case Declined(code=code, reason=reason):
                refused.append(result)
                notes.append(Note(number, name, attempts.DECLINED, code, reason, None, started, took))
            case Unavailable(reason=reason) | Unknown(reason=reason) | Contradicts(detail=reason):
                notes.append(Note(number, name, attempts.UNAVAILABLE, "unavailable", reason, None, started, took))
            case _:
                note = Note(number, name, attempts.PENDING, None, None, result.provider_reference, started, took)
                return Willing(name, result, (*notes, note))
    _refuse(notes, refused)
    raise routing.ProviderUnavailable(NONE_REACHED)


def _refuse(notes: list[Note], refused: list[Declined]) -> None:
    """Where every provider refused, and none was merely away, no retry mends it. Raises ProviderConfiguration, UnsupportedAmount."""
    if len(refused) < len(notes) or not refused:
        return
    attempted = [{"connector": note.connector, "code": note.code, "reason": note.reason} for note in notes]
    last = refused[-1]
    if last.fault is Fault.AMOUNT:
        raise UnsupportedAmount(last.reason, details={"field": "amount", "attempts": attempted})
    raise ProviderConfiguration(f"The provider refused the request: {last.reason}", details={"attempts": attempted})
