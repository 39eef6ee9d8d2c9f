"""Connector `prism:<processor>`: any processor of the library, asked by our own client and read by our own rules.

Our reference at a processor is the payment's id: a payment is tried there once. A processor that finds it by that is asked after an answer
was lost; one that does not waits for its callback, or for an operator, and no other processor is tried.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from paycorex import processors as table
from paycorex.connectors import PROCESSOR_PREFIX
from paycorex.money import Money
from payments.connectors import one_time
from payments.connectors.notices import ProviderNotice, ProviderRefund
from payments.connectors.one_time import OneTime
from payments.connectors.prism import callbacks, captures, charges, confirming, fields, increments, named, processors, refunds, verification
from payments.connectors.prism.desk import Desk
from payments.connectors.prism.exchange import Exchange
from payments.connectors.prism.facts import ORDER
from payments.connectors.prism.kept import PrismKeptCards
from payments.connectors.prism.library import Library
from payments.connectors.prism.messages import Messages
from payments.connectors.prism.translation import Translator
from payments.connectors.requests import Attempt, CaptureRequest, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.results import (
    Beginning,
    CaptureResult,
    Charged,
    Collected,
    Declined,
    Fault,
    Found,
    IncrementResult,
    RefundResult,
    Unavailable,
    VoidResult,
)
from tokens.instruments import Card, Instrument, ProviderToken, Upi

# What one value may be that a browser brings.
_MAX_BROUGHT_CHARACTERS: Final = 8192
_UPI_LINKS: Final = frozenset({"upi_intent", "upi_qr"})
_INSTRUMENTS: Final[Mapping[str, str]] = MappingProxyType({"card": Card.kind, "upi_collect": Upi.kind})
_WALLETS: Final = frozenset({one_time.APPLE_PAY, one_time.GOOGLE_PAY})


def instruments_of(name: str) -> frozenset[str]:
    """The kinds of instruments that a processor takes, by the derived table and what is known of it."""
    found = table.find(name)
    if found is None:
        return frozenset()
    known = processors.of(name.removeprefix(PROCESSOR_PREFIX))
    taken = known.one_time
    kept = frozenset({ProviderToken.kind}) if known.keeps is not None else frozenset[str]()
    stored = {kind for method, kind in _INSTRUMENTS.items() if method in found.methods}
    return kept | frozenset(stored | (_WALLETS & set(found.methods) if taken is None else taken))


def methods_of(name: str) -> frozenset[str]:
    """The methods of payment."""
    found = table.find(name)
    links = {"upi_intent"} if found is not None and _UPI_LINKS & set(found.methods) else set[str]()
    return frozenset(links | ({"tokenized"} if instruments_of(name) else set()))


class Prism(PrismKeptCards):
    """One processor for one merchant. Credentials: the processor's own, `webhook_secret` and, for some, `webhook_additional_secret`."""

    def __init__(
        self, library: Library, processor: str, credentials: Mapping[str, str], *, webhook_url: str, is_live: bool, merchant_id: str = ""
    ) -> None:
        self.name = PROCESSOR_PREFIX + processor
        self._merchant_id = merchant_id
        self.methods, self.instruments = methods_of(self.name), instruments_of(self.name)
        known = processors.of(processor)
        self.holds = known.holds
        self.of_some_holds = known.of_some_holds
        self._secrets = credentials.get("webhook_secret", ""), credentials.get("webhook_additional_secret", "")
        self._publishable_key = credentials.get("publishable_key")
        exchange = Exchange(Translator.of(library, processor, credentials, is_live=is_live), known, credentials)
        self._desk = Desk(processor, exchange, Messages(library, known, webhook_url), tuple(credentials.values()))

    def amount_problem(self, amount: Money) -> str | None:
        """What the library or the processor counts otherwise than ISO 4217 does."""
        return processors.amount_problem(self._desk.processor, amount)

    def charge(self, attempt: Attempt, instrument: Instrument) -> Charged:
        """Charge a card, or hold its money; ask the app of a UPI address."""
        if not isinstance(instrument, Card | Upi | OneTime | ProviderToken) or instrument.kind not in self.instruments:
            return Declined("unsupported_instrument", f"{self.name} does not take a {instrument.kind} here.", retryable=True)
        return charges.charge(self._desk, attempt, instrument)

    def begin(self, attempt: Attempt) -> Beginning:
        """What the payer's browser pays by the processor's own fields."""
        names = self._desk.known.names
        if names is not None:
            return named.begin(self._desk, attempt, names, self._publishable_key)
        if self._desk.known.fields is None:
            return Declined("unsupported_method", f"{self.name} has no card fields here.", retryable=True)
        return fields.begin(self._desk, attempt, self._publishable_key)

    def charge_named(self, attempt: Attempt, name: str) -> Charged:
        """By the name that the processor's own fields gave in the payer's browser."""
        return named.charge(self._desk, attempt, name)

    def check_return(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """What a browser brings back is not signed."""

    def complete(self, attempt: Attempt, brought: Mapping[str, str]) -> Found:
        """What the processor says to what its own page gave the payer's browser; without any, a question."""
        if fields.is_session(self._desk.known, attempt.provider_reference):
            return fields.result(self._desk, attempt, brought)
        names = self._desk.known.completes_by
        handed = {name: brought[name] for name in names if 0 < len(brought.get(name, "")) <= _MAX_BROUGHT_CHARACTERS}
        return charges.complete(self._desk, attempt, handed) if handed else self.lookup(attempt)

    def go_on(self, attempt: Attempt, step: str, state: str, brought: Mapping[str, str]) -> Charged:
        """The call by which the payment goes on after a form."""
        return confirming.go_on(self._desk, attempt, step, state, brought)

    def collect(self, attempt: Attempt) -> Collected:
        """A UPI link of the processor's."""
        if "upi_intent" not in self.methods:
            return Declined("unsupported_method", f"{self.name} does not take {attempt.method} here.", retryable=True)
        return charges.collect(self._desk, attempt)

    def lookup(self, attempt: Attempt) -> Found:
        """By the processor's name of it, or by ours where it finds it by that."""
        if fields.is_session(self._desk.known, attempt.provider_reference):
            return fields.result(self._desk, attempt, {})
        return charges.lookup(self._desk, attempt)

    def withdraw(self, attempt: Attempt) -> None:
        """Void it, where it is known. An order that was only confirmed is left alone: nothing pays it any more; so is a session."""
        if fields.is_session(self._desk.known, attempt.provider_reference):
            return
        if self._desk.known.completes_by and attempt.provider_reference == self._desk.start(attempt.payment_id).ours:
            # What only the payer's browser makes go on is no payment yet.
            return
        if attempt.provider_reference is not None and not attempt.provider_reference.startswith(ORDER):
            void_id = f"{attempt.attempt_id}-void"
            self.void(VoidRequest(void_id, attempt.payment_id, attempt.merchant_id, attempt.provider_reference, attempt.amount))

    def capture(self, request: CaptureRequest) -> CaptureResult:
        """Take the amount, once per capture id."""
        return captures.capture(self._desk, request)

    def lookup_capture(self, request: CaptureRequest) -> CaptureResult:
        """By the state of the hold."""
        return captures.lookup(self._desk, request)

    def void(self, request: VoidRequest) -> VoidResult:
        """Release the hold."""
        return captures.void(self._desk, request)

    def increment(self, request: IncrementRequest) -> IncrementResult:
        """Hold more, once per increment id, where the processor makes holds larger."""
        if "increment" not in self.of_some_holds:
            return Declined("unsupported", f"{self.name} makes no hold larger here.", fault=Fault.SETUP)
        return increments.increment(self._desk, request)

    def refund(self, request: RefundRequest) -> RefundResult:
        """Give money back."""
        return refunds.refund(self._desk, request)

    def lookup_refund(self, request: RefundRequest) -> RefundResult:
        """By the processor's name of it, or by ours where it finds it by that."""
        return refunds.lookup(self._desk, request)

    def refunds_of(self, charge_reference: str, merchant_id: str) -> tuple[ProviderRefund, ...] | Unavailable:  # noqa: ARG002 - the protocol's
        """The library lists no refunds."""
        return Unavailable("This processor's refunds cannot be listed here.", is_theirs=False)

    def read_callback(self, headers: Mapping[str, tuple[str, ...]], body: bytes) -> ProviderNotice | None:
        """A callback, verified by the library with the merchant's secret."""
        return callbacks.read(self._desk, self._secrets, headers, body, self._merchant_id)

    def verify(self) -> None:
        """An access token, where the processor gives them; else a question about a payment that does not exist."""
        verification.check(self._desk)
