"""What a verified callback is about: an attempt, a refund, money given back, or a dispute. Types, because each is applied in its own way.

Refunds and disputes that begin at the provider name its own objects only: `charge_reference` is the money that they are about.
"""

from dataclasses import dataclass
from enum import StrEnum

from paycorex.money import Money
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Kept, Pending, Released


@dataclass(frozen=True, slots=True)
class Notice:
    """The outcome of an attempt.

    container: what was paid, by the provider's name: an order, a code. names_may_be_the_payers: our names on it may have been written by a
    payer's browser, so the attempt is believed to be meant only where the provider's own name for it is the one that we stored.
    by_payment: the provider knows the payment only, by our id or its own name of it, and it is tried once there. at_once: what it means
    instead for a payment that is not captured later.
    """

    payment_id: str
    result: Approved | Authorized | Released | Declined | Pending | Contradicts
    attempt_id: str | None = None
    by_payment: bool = False
    at_once: Approved | None = None
    container: str | None = None
    names_may_be_the_payers: bool = False

    @property
    def came_to_nothing(self) -> bool:
        """True when what it is about brought no money, or brings none any more."""
        if isinstance(self.result, Released):
            return not self.result.captured_minor
        return isinstance(self.result, Declined) or (isinstance(self.result, Approved) and self.result.is_returned)

    def is_surely_about(self, provider_reference: str | None) -> bool:
        """True when only the provider can have said that it is about this object. A try that failed is not about its order."""
        if not self.names_may_be_the_payers:
            return True
        named = {self.result.provider_reference, None if isinstance(self.result, Declined) else self.container}
        return provider_reference is not None and provider_reference in named


@dataclass(frozen=True, slots=True)
class CaptureNotice:
    """The outcome of a capture that we asked for, by our id. charge_reference: the provider's name of what it was captured of."""

    capture_id: str
    result: Approved | Declined | Pending
    charge_reference: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as its provider reports it. refund_id, payment_id: ours, where the provider keeps them because we asked for it."""

    reference: str
    charge_reference: str
    amount: Money
    result: Approved | Declined | Pending | Contradicts
    refund_id: str | None = None
    payment_id: str | None = None
    reason: str | None = None
    made_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RefundedTotal:
    """So much of a charge has been given back until now, in minor units of its currency, by whichever refunds."""

    charge_reference: str
    amount: Money
    payment_id: str | None = None


class Ruling(StrEnum):
    """How a dispute stands, whichever words its provider has for it. CLOSED: ended without a decision, such as an inquiry."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


class Stage(StrEnum):
    """How far a dispute has come. An inquiry asks for an answer only, and for no money yet."""

    INQUIRY = "inquiry"
    CHARGEBACK = "chargeback"
    PRE_ARBITRATION = "pre_arbitration"
    ARBITRATION = "arbitration"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payer's bank asks for money back. status, reason, reason_code, network: the provider's own words, bounded.

    ruling: what the status means; None for a word that we do not know. withdrawn, reinstated: how often the provider took the money for it
    and gave it back, until said_ms. respond_by_ms: until when the merchant may answer. said_ms: when this was so, in milliseconds since the
    epoch; None when the provider does not say. kept: what it keeps for the dispute itself, where it says so.
    stage: None where this news says nothing of it, and what is known stays. returned: what the payer got back when it ended, and ended_ms
    when that was, where the provider says so.
    """

    reference: str
    charge_reference: str
    amount: Money
    status: str
    reason: str | None = None
    ruling: Ruling | None = None
    stage: Stage | None = Stage.CHARGEBACK
    reason_code: str | None = None
    network: str | None = None
    respond_by_ms: int | None = None
    withdrawn: int = 0
    reinstated: int = 0
    said_ms: int | None = None
    kept: Kept | None = None
    returned: Money | None = None
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A refund or dispute whose amount is none: nothing of it can be booked, and its payment must be looked at."""

    charge_reference: str
    result: Contradicts
    payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Woken:
    """Something happened to a payment or a refund: its provider is asked, and the answer is compared with what was asked.

    payment_id, refund_id: ours, where it names them. reference: the provider's name of the charge. approved: the provider's name of an
    order that the payer approved, which may be paid now.
    """

    payment_id: str | None = None
    refund_id: str | None = None
    reference: str | None = None
    approved: str | None = None


@dataclass(frozen=True, slots=True)
class CodeCredit:
    """Money that a payer sent by a static code, which stands for many payments: each is known by the provider's own name of it.

    qr_code_id: ours, as the provider keeps it with the code. code_reference: the provider's name of the code. result: what came, with its
    amount. paid_ms: when, in milliseconds since the epoch; None where the provider does not say.
    """

    qr_code_id: str
    code_reference: str
    result: Approved
    amount: Money
    paid_ms: int | None = None


ProviderNotice = Notice | ProviderRefund | RefundedTotal | Dispute | Unreadable | CaptureNotice | Woken | CodeCredit
