"""How a bank's CSV is read: which column holds what, and how numbers and dates are written."""

from dataclasses import dataclass
from typing import Literal

Decimal = Literal[".", ","]
Delimiter = Literal[",", ";", "\t", "|"]


@dataclass(frozen=True, slots=True)
class CsvColumns:
    """Which column holds what. Either `amount` (signed), or `credit` and `debit` (both written without a sign)."""

    account: str
    currency: str
    date: str
    date_format: str
    amount: str | None = None
    credit: str | None = None
    debit: str | None = None
    references: tuple[str, ...] = ()
    text: str | None = None
    bank_reference: str | None = None
    decimal: Decimal = "."
    delimiter: Delimiter = ","
