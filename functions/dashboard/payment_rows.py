"""A payment as a row of CSV: the contract's fields, and what it costs beside its amount."""

from typing import Any, Final

from pydantic import RootModel

from paycorex.records import payment
from paycorex.records.payment import PaymentItem

FEE_COLUMNS: Final = ("gross", "fee", "tax", "net", "fee_source", "fee_currency", "platform_fee", "platform_tax")


class PaymentRow(RootModel[dict[str, Any]]):
    """Its cells by their columns."""


def row(item: PaymentItem) -> PaymentRow:
    """gross: what was captured. fee, tax, net: of the provider. A cell is empty where nothing is known."""
    shown = payment.view(item).model_dump()
    fee, platform_fee = shown.pop("fee") or {}, shown.pop("platform_fee") or {}
    costs = {"fee": fee.get("amount"), "tax": fee.get("tax"), "net": fee.get("net"), "fee_source": fee.get("source")}
    costs |= {"fee_currency": fee.get("currency"), "platform_fee": platform_fee.get("amount"), "platform_tax": platform_fee.get("tax")}
    return PaymentRow({**shown, "gross": shown["amount_captured"], **costs})
