"""Invoices of what the operator charged: whose they are, for whom, with which number. The number is taken in the month's transaction."""

from collections.abc import Sequence
from typing import Final

from paycorex import clock, settings, storage
from paycorex.errors import InvalidState
from paycorex.records.merchant import MerchantItem
from statements import store
from statements.charges import Charge
from statements.store import PeriodItem

# Financial transaction processing and clearinghouse services, in India's Scheme of Classification of Services.
SERVICE_CODE: Final = "997158"
INDIA: Final = "IN"


class NoSeller(InvalidState):
    """The month has charges, and the stack does not say who charged them: an invoice without a seller is none."""

    def __init__(self) -> None:
        super().__init__(
            "The month needs an invoice, and its seller has no name: the operator sets the stack's parameter SellerName.",
            details={"parameter": "SellerName"},
        )


def writes(month: PeriodItem, charged: Sequence[Charge], merchant: MerchantItem) -> list[storage.Write]:
    """The writes of a month's invoice; the month gets its number. Raises NoSeller, storage.Unavailable."""
    seller = _seller()
    if "name" not in seller:
        raise NoSeller
    year = clock.rfc3339(int(month.made_at or 0))[:4]
    last = store.last_number(year)
    month.number = f"INV-{year}-{last + 1:06d}"
    item = PeriodItem(
        merchant_id=month.merchant_id,
        month=month.month,
        made_at=month.made_at,
        number=month.number,
        lines=[[charge.currency, charge.fee, charge.tax, charge.count] for charge in charged],
        seller=seller,
        buyer=_buyer(merchant),
    )
    return [store.take_number(year, last), store.new_invoice(item)]


def _seller() -> dict[str, str]:
    """The operator, as the stack's settings name it; names without a value are left out."""
    now = settings.current()
    said = {"name": now.seller_name, "address": now.seller_address, "tax_id": now.seller_tax_id, "country": now.seller_country}
    return {name: value for name, value in said.items() if value}


def _buyer(merchant: MerchantItem) -> dict[str, str]:
    """The merchant, as its settings name it."""
    return {"name": merchant.name, **merchant.settings.billing}
