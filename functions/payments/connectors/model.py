"""What every connector can do."""

from collections.abc import Mapping
from typing import Protocol

from paycorex.money import Money
from payments.connectors.notices import ProviderNotice, ProviderRefund
from payments.connectors.requests import Attempt, CaptureRequest, HoldAbility, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.results import (
    CaptureResult,
    Charged,
    Collected,
    Contradicts,
    Found,
    IncrementResult,
    RefundResult,
    Unavailable,
    Unknown,
    VoidResult,
)
from tokens.instruments import Instrument


class CallbackRefused(Exception):
    """A callback that this provider did not sign, or signed too long ago."""


class CredentialsRefused(Exception):
    """The provider does not accept the merchant's credentials. The message is safe to show to the merchant."""


class Inexpressible(AssertionError):
    """An amount went to a connector that cannot say it: `amount_problem` was not asked first. Raised before anything is sent."""


class Connector(Protocol):
    """One provider, with one merchant's credentials. No method raises for what a provider may answer.

    methods: of payment. instruments: the kinds of stored instruments that it charges. holds: what can be done with every hold of a
    `charge`; a single hold may allow more or less (`Authorized.ability`). of_some_holds: what some of them allow besides (`increment`,
    `over_capture`).
    """

    name: str
    methods: frozenset[str]
    instruments: frozenset[str]
    holds: HoldAbility
    of_some_holds: frozenset[str]

    def amount_problem(self, amount: Money) -> str | None:
        """Why this provider cannot be asked for exactly this amount, for people; None when it can. Without credentials or a call."""

    def charge(self, attempt: Attempt, instrument: Instrument) -> Charged:
        """Take money from an instrument, or hold it (`is_manual`)."""

    def collect(self, attempt: Attempt) -> Collected:
        """Wait for a payer to send money by UPI. Safe to repeat: what is shown to no payer is not paid."""

    def lookup(self, attempt: Attempt) -> Found:
        """The outcome of an attempt."""

    def withdraw(self, attempt: Attempt) -> None:
        """Ask not to take money for this attempt any more. A courtesy: its outcome is not waited for."""

    def capture(self, request: CaptureRequest) -> CaptureResult:
        """Take a part of what is held: exactly the amount, once per capture id. Contradicts when the provider took another one."""

    def lookup_capture(self, request: CaptureRequest) -> CaptureResult:
        """The outcome of a capture. NotFound: it was never made."""

    def void(self, request: VoidRequest) -> VoidResult:
        """Release what is left of a hold. Safe to repeat: a hold that is released already is Released."""

    def increment(self, request: IncrementRequest) -> IncrementResult:
        """Hold more. Safe to repeat. The outcome of one without an answer is what `lookup` says of the hold."""

    def refund(self, request: RefundRequest) -> RefundResult:
        """Give money back."""

    def lookup_refund(self, request: RefundRequest) -> RefundResult:
        """The outcome of a refund."""

    def refunds_of(self, charge_reference: str, merchant_id: str) -> tuple[ProviderRefund, ...] | Unavailable | Unknown | Contradicts:
        """Every refund of a charge, by whatever way it was made."""

    def read_callback(self, headers: Mapping[str, tuple[str, ...]], body: bytes) -> ProviderNotice | None:
        """What a callback says; None when it is about something else. Raises CallbackRefused, documents.Malformed."""

    def verify(self) -> None:
        """A harmless real call. Raises CredentialsRefused, or ConnectionError when the provider cannot be asked."""
