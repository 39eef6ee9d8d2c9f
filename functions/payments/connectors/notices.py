"""What a verified callback is about: an attempt, a refund, money given back, or a dispute. Types, because each is applied in its own way.

Refunds and disputes that begin at the provider name its own objects only: `charge_reference` is the money that they are about.
"""

from dataclasses import dataclass

from paycorex.money import Money
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Pending, Released


@dataclass(frozen=True, slots=True)
class Notice:
    """The outcome of an attempt."""

    payment_id: str
    result: Approved | Authorized | Released | Declined | Pending | Contradicts
    attempt_id: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as its provider tells it. refund_id, payment_id: ours, where the provider keeps them because we asked for it."""

    reference: str
    charge_reference: str
    amount: Money
    result: Approved | Declined | Pending | Contradicts
    refund_id: str | None = None
    payment_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RefundedTotal:
    """So much of a charge has been given back until now, in minor units of its currency, by whichever refunds."""

    charge_reference: str
    amount: Money
    payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payer's bank asks for money back. status, reason: the provider's own words, bounded."""

    reference: str
    charge_reference: str
    amount: Money
    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A refund or dispute whose amount is none: nothing of it can be booked, and its payment must be looked at."""

    charge_reference: str
    result: Contradicts
    payment_id: str | None = None


ProviderNotice = Notice | ProviderRefund | RefundedTotal | Dispute | Unreadable
