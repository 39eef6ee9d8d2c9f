"""Whether a connector can take a payment now, and why not."""

from dataclasses import dataclass
from typing import Final

from paycorex.money import Money
from paycorex.records.merchant import MerchantItem
from payments.connectors import breakers, capabilities, registry
from payments.connectors.one_time import PROCESSOR
from payments.connectors.requests import Captures
from tokens.instruments import ProviderToken, Upi

BREAKER_OPEN: Final = "circuit breaker open"
HOLDS_NOTHING: Final = "cannot hold money"
ASKS_NO_PAYER: Final = "cannot ask for 3-D Secure"


@dataclass(frozen=True, slots=True)
class Subject:
    """What rules look at."""

    payment_id: str
    method: str
    amount: Money
    brand: str | None = None
    # The kind of stored instrument; None where the payer brings what is paid with.
    instrument: str | None = None
    # Every brand that the card may have, where there are several: a rule for any of them is the card's.
    brands: tuple[str, ...] = ()
    # The payer types a card into the provider's own fields.
    by_fields: bool = False
    # The money is held first, and captured later.
    is_manual: bool = False
    # The payer's bank must ask the payer, where it is a card that pays.
    must_confirm: bool = False
    # The only connector that can charge it, of a card that a provider keeps.
    belongs_to: str | None = None


def _unable(name: str, subject: Subject) -> str | None:
    """What the payment asks for that not every connector can do."""
    if subject.by_fields and not capabilities.has_fields(name):
        return "has no card fields of its own"
    if subject.is_manual and capabilities.holds_of(name, subject.method).captures is Captures.NONE:
        return HOLDS_NOTHING
    is_card = subject.by_fields or subject.instrument not in {None, Upi.kind}
    if (
        subject.must_confirm
        and is_card
        and not capabilities.asks_payer(
            name,
            by_fields=subject.by_fields,
            is_kept=subject.instrument == ProviderToken.kind,
            is_named=subject.instrument == PROCESSOR,
        )
    ):
        return ASKS_NO_PAYER
    return None


def unfit(merchant: MerchantItem, name: str, subject: Subject) -> str | None:
    """Why it cannot take this payment now; None when it can."""
    if not registry.usable(merchant, name):
        return "not configured"
    reason = capabilities.absence(name) or _untaken(name, subject) or capabilities.amount_problem(name, subject.amount)
    if reason is not None:
        return reason
    return BREAKER_OPEN if breakers.is_open(merchant.merchant_id, name) else None


def _untaken(name: str, subject: Subject) -> str | None:
    """What of the payment this connector does not take."""
    if subject.belongs_to not in {None, name}:
        return f"token belongs to {subject.belongs_to}"
    if subject.method not in capabilities.METHODS[name]:
        return f"does not take {subject.method}"
    if subject.instrument is not None and subject.instrument not in capabilities.INSTRUMENTS[name]:
        return f"does not take a {subject.instrument.replace('_', ' ')}"
    return _unable(name, subject)
