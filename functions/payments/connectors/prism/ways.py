"""Calls of a processor's API that the library does not make, and what is done by them: callbacks and disputes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from payments.connectors.disputing import Answer, KnownDispute
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.notices import Dispute
from payments.connectors.results import Declined

# A call of the processor's API that the library does not make: method, path, JSON. Raises what `http_calls.ask` raises.
Ask = Callable[[str, str, bytes], ProviderResponse]


@dataclass(frozen=True, slots=True, repr=False)
class Incoming:
    """A callback as it came: who sent it is not known yet.

    headers: names in lower case. secret: the merchant's webhook secret, empty where none is configured. ask: a call in
    the merchant's name. unproven: to be called before something is looked into because of a callback that has no signature; raises
    RateLimited.
    """

    headers: Mapping[str, tuple[str, ...]]
    body: bytes
    secret: str
    credentials: Mapping[str, str]
    ask: Ask
    unproven: Callable[[], None]


# Something that may be long: path, content and its type. Raises what `http_calls.ask` raises.
Send = Callable[[str, bytes, str], ProviderResponse]


@dataclass(frozen=True, slots=True, repr=False)
class Ways:
    """Calls in the name of one merchant, and its credentials."""

    ask: Ask
    send: Send
    credentials: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DisputeAnswers:
    """How a merchant's answer to a dispute is given; Declined: it was not taken. Both raise NotSent, OutcomeUnknown, Malformed."""

    submit: Callable[[Ways, Answer], Declined | None]
    accept: Callable[[Ways, KnownDispute], Declined | None]


@dataclass(frozen=True, slots=True)
class DisputeCalls:
    """Questions about disputes that the library does not put. look_up: one by its name. listed: those of a charge.
    gives_back_by_refund: a lost or accepted one is settled by a refund of the charge, which is reported too.

    Both calls raise NotSent, OutcomeUnknown, Malformed, Contradiction.
    """

    look_up: Callable[[Ask, str], Dispute | None]
    listed: Callable[[Ask, str], tuple[Dispute, ...]]
    answers: DisputeAnswers
    gives_back_by_refund: bool = False
