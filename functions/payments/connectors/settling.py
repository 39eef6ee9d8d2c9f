"""What a connector that knows its provider's payouts can say: which there are, what each is made of, what was kept of a charge.

A connector that does not implement `Settling` is never asked; its reports come as files.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from payments.connectors.results import Contradicts, NotFound, Unavailable, Unknown

# What one page holds at most: a provider that sends more is not read.
MAX_PAGE: Final = 1000
# A line's provider's word for its kind, cut to this.
MAX_KIND_CHARACTERS: Final = 64


class LineKind(StrEnum):
    """What a line of a report is about. UNKNOWN: a word that we have no rule for, which stops its settlement and is never guessed.

    PAYOUT: the payout itself, in a report that lists it among its lines; no line of it. PAYOUT_RETURN: an earlier payout that failed came
    back to the provider, and is in this one. RESERVE: money that the provider holds back, or
    gives free again.
    """

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    FEE = "fee"
    ADJUSTMENT = "adjustment"
    RESERVE = "reserve"
    PAYOUT = "payout"
    PAYOUT_RETURN = "payout_return"
    UNKNOWN = "unknown"


class PayoutStatus(StrEnum):
    """How a payout stands. PAID: the provider has sent it; whether the bank has it, the bank says."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a provider's report. Amounts are minor units (ISO 4217), times milliseconds since the epoch.

    line_reference: the provider's own name of this line, unique in its account (a file's reader makes one from the content where the file
    has none). kind_name: the provider's word for the kind. charge_reference: the charge that it is about, as the payment stores it.
    object_reference: the refund or dispute itself. our_reference: our id, where the provider kept it. gross: signed, + to the merchant.
    fee: without tax; negative where the provider gives one back. tax: on the fee. settlement_reference: the payout that it is in.
    bank_reference: what the bank shows of that payout (India: UTR).
    """

    line_reference: str
    kind: LineKind
    kind_name: str
    gross: int
    fee: int
    tax: int
    currency: str
    charge_reference: str | None = None
    object_reference: str | None = None
    our_reference: str | None = None
    occurred_at: int | None = None
    settlement_reference: str | None = None
    bank_reference: str | None = None

    @property
    def net(self) -> int:
        """What the line adds to its payout, signed, in minor units."""
        return self.gross - self.fee - self.tax


@dataclass(frozen=True, slots=True)
class ProviderPayout:
    """Money that a provider sends to the merchant's bank. amount: net, in minor units; negative when the provider takes it from there."""

    reference: str
    amount: int
    currency: str
    status: PayoutStatus
    created_at: int
    arrival_at: int | None = None
    bank_reference: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderFee:
    """What the provider kept of a charge, in minor units of `currency`, which is the payout's. fee: without tax."""

    charge_reference: str
    fee: int
    tax: int
    currency: str


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A part of a list. cursor: by which the next part is asked for; None when there is none."""

    items: tuple[T, ...]
    cursor: str | None = None


PayoutPage = Page[ProviderPayout] | Unavailable | Unknown | Contradicts
LinePage = Page[ReportLine] | Unavailable | Unknown | Contradicts
FoundFee = ProviderFee | NotFound | Unavailable | Unknown | Contradicts


@runtime_checkable
class Settling(Protocol):
    """A connector whose provider can be asked about payouts. No method raises for what a provider may answer.

    merchant_id: whose account it is; an account of a provider is one merchant's, the sandbox has them all.
    """

    def payouts(self, merchant_id: str, since_ms: int, until_ms: int, cursor: str | None) -> PayoutPage:
        """Payouts made from `since_ms` on and before `until_ms`, in any order, each as it now stands."""

    def payout_lines(self, merchant_id: str, payout: ProviderPayout, cursor: str | None) -> LinePage:
        """The lines of a payout, without the payout itself. A page may be empty and have a cursor."""

    def fee_of(self, merchant_id: str, charge_reference: str) -> FoundFee:
        """What was kept of a charge; NotFound when the provider does not know it (yet)."""
