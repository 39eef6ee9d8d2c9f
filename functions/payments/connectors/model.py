"""What a connector is asked, and what it may answer. Results are types, because what may be done next depends on them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from paycorex.money import Money
from tokens.instruments import Instrument

if TYPE_CHECKING:
    # Notices are made of results.
    from payments.connectors.notices import ProviderNotice, ProviderRefund


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to take money. `attempt_id` is the connector's idempotency key: the same attempt twice is one charge.

    return_url: where the payer comes back to. expires_ms: until when the payer may pay. provider_reference: once the connector gave one.
    started_ms: when it began.
    """

    attempt_id: str
    payment_id: str
    merchant_id: str
    method: str
    amount: Money
    description: str | None = None
    return_url: str | None = None
    expires_ms: int | None = None
    provider_reference: str | None = None
    payee_name: str | None = None
    started_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """One refund. `refund_id` is the connector's idempotency key; `charge_reference` names what is refunded."""

    refund_id: str
    payment_id: str
    merchant_id: str
    amount: Money
    charge_reference: str
    provider_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """The money is there (or given back). amount: what it was, when the connector says so.

    returned_minor: how much of it the provider has given back since, in minor units. aliases: further names that it has at the provider, by
    which a refund or dispute may mean it.
    """

    provider_reference: str
    amount: Money | None = None
    returned_minor: int = 0
    aliases: tuple[str, ...] = ()

    @property
    def is_returned(self) -> bool:
        """True when nothing of it is there any more."""
        return self.amount is not None and self.returned_minor >= self.amount.minor


class Fault(StrEnum):
    """Whose a refusal is.

    PAYER: the card, the account or its bank refused. SETUP: the provider does not take the request as the merchant's settings (or we) make
    it: credentials, an account that may not, a field. AMOUNT: too little or too much for this provider.
    """

    PAYER = "payer"
    SETUP = "setup"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider refused; no money moved. retryable: another provider may say yes. reason: masked and short, as it may be stored."""

    code: str
    reason: str
    retryable: bool = False
    provider_reference: str | None = None
    fault: Fault = Fault.PAYER


@dataclass(frozen=True, slots=True)
class Redirect:
    """The payer must confirm at this address."""

    url: str
    provider_reference: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Received and not decided. The provider will say later."""

    provider_reference: str


@dataclass(frozen=True, slots=True)
class Collecting:
    """The provider waits for the payer. upi_url: its own link, when it makes one."""

    provider_reference: str
    upi_url: str | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Nothing happened there: not reached, overloaded, or our credentials are refused. Another provider may be tried.

    is_theirs: False when it was not even asked, for a reason on our side. rest_seconds: how long it asked to be left alone.
    """

    reason: str
    is_theirs: bool = True
    rest_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened or not: never try another provider, ask this one later. provider_reference: to ask by, when known."""

    reason: str
    provider_reference: str | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider knows no such object."""


@dataclass(frozen=True, slots=True)
class Contradicts:
    """An answer that cannot be booked: it is about another object than was asked for, or its amount is none.

    code: as `paycorex.records.payment.Review` lists them. detail: what was said, masked and short. Whether money moved is not known.
    """

    code: str
    detail: str
    provider_reference: str | None = None

    @property
    def is_malformed(self) -> bool:
        """True when the document breaks the provider's own form, whatever was asked."""
        return self.code == "unreadable_amount"


Charged = Approved | Declined | Redirect | Pending | Unavailable | Unknown | Contradicts
Collected = Collecting | Declined | Unavailable | Unknown
Found = Approved | Declined | Redirect | Pending | Unavailable | Unknown | NotFound | Contradicts
RefundResult = Approved | Declined | Pending | Unavailable | Unknown | NotFound | Contradicts


class CallbackRefused(Exception):
    """A callback that this provider did not sign, or signed too long ago."""


class CredentialsRefused(Exception):
    """The provider does not accept the merchant's credentials. The message is safe to show to the merchant."""


class Inexpressible(AssertionError):
    """An amount went to a connector that cannot say it: `amount_problem` was not asked first. Raised before anything is sent."""


class Connector(Protocol):
    """One provider, with one merchant's credentials. No method raises for what a provider may answer.

    methods: of payment. instruments: the kinds of stored instruments that it charges.
    """

    name: str
    methods: frozenset[str]
    instruments: frozenset[str]

    @staticmethod
    def amount_problem(amount: Money) -> str | None:
        """Why this provider cannot be asked for exactly this amount, for people; None when it can. Without credentials or a call."""

    def charge(self, attempt: Attempt, instrument: Instrument) -> Charged:
        """Take money from an instrument."""

    def collect(self, attempt: Attempt) -> Collected:
        """Wait for a payer to send money by UPI. Safe to repeat: what is shown to no payer is not paid."""

    def lookup(self, attempt: Attempt) -> Found:
        """The outcome of an attempt."""

    def withdraw(self, attempt: Attempt) -> None:
        """Ask not to take money for this attempt any more. A courtesy: its outcome is not waited for."""

    def refund(self, request: RefundRequest) -> RefundResult:
        """Give money back."""

    def lookup_refund(self, request: RefundRequest) -> RefundResult:
        """The outcome of a refund."""

    def refunds_of(self, charge_reference: str) -> "tuple[ProviderRefund, ...] | Unavailable | Unknown | Contradicts":
        """Every refund of a charge, by whatever way it was made."""

    def read_callback(self, headers: Mapping[str, tuple[str, ...]], body: bytes) -> "ProviderNotice | None":
        """What a callback says; None when it is about something else. Raises CallbackRefused, documents.Malformed."""

    def verify(self) -> None:
        """A harmless real call. Raises CredentialsRefused, or ConnectionError when the provider cannot be asked."""
