"""What a connector that has static codes can do: one code that many payers pay, each payment kept apart by the provider's own name of it.

A connector that does not implement `StaticCodes` is not asked for one.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from paycorex.money import Money
from payments.connectors.notices import CodeCredit
from payments.connectors.results import Contradicts, Declined, Unavailable, Unknown


@dataclass(frozen=True, slots=True)
class NewCode:
    """What a code is asked for with. amount: None where the payer types one."""

    qr_code_id: str
    merchant_id: str
    name: str
    payee_name: str
    amount: Money | None


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code by its provider's name."""

    qr_code_id: str
    merchant_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class OpenedCode:
    """A code that can be paid from now on. upi_url: what it says; None where a link of ours reaches the provider."""

    reference: str
    upi_url: str | None


@dataclass(frozen=True, slots=True)
class ClosedCode:
    """The code takes no payment any more."""


@dataclass(frozen=True, slots=True)
class CodePayments:
    """The payments of a code within a time. is_whole: False when there are more than were read. unreadable: that cannot be booked."""

    credits: tuple[CodeCredit, ...]
    is_whole: bool = True
    unreadable: tuple[str, ...] = ()


Opened = OpenedCode | Declined | Unavailable | Unknown | Contradicts
Closed = ClosedCode | Declined | Unavailable | Unknown | Contradicts
ListedPayments = CodePayments | Unavailable | Unknown | Contradicts


@runtime_checkable
class StaticCodes(Protocol):
    """The part of a connector whose provider has static codes. No method raises for what a provider may answer."""

    def open_code(self, code: NewCode) -> Opened:
        """Make a code. One whose answer was lost is shown to no payer, so another one may be asked for."""

    def close_code(self, code: KnownCode) -> Closed:
        """End it: it takes no payment any more. Safe to repeat."""

    def payments_of_code(self, code: KnownCode, from_ms: int, to_ms: int) -> ListedPayments:
        """What was paid by it in [from_ms, to_ms), in milliseconds since the epoch."""
