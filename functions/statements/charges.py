"""What the operator charged a merchant in a month: the journals of its fees, with the tax in each."""

from collections import Counter
from dataclasses import dataclass

from paycorex.ledger import Entity, Entry, ReferenceType, account_list
from statements.books import chains
from statements.books.booked import MARGIN_MS, dated_ms, grouped
from statements.periods import Period


@dataclass(frozen=True, slots=True)
class Charge:
    """Fees and tax of one currency, in minor units; below zero where more was given back. count: how many journals."""

    currency: str
    fee: int
    tax: int
    count: int


def of_month(merchant_id: str, period: Period) -> list[Charge]:
    """The charges by currency. Reads only the accounts of fees and tax, and of the journals' other side. Raises storage.Unavailable."""
    fees, taxes, counts = Counter[str](), Counter[str](), Counter[str]()
    for entries in grouped(_entries(merchant_id, period)).values():
        if not period.from_ms <= dated_ms(entries) < period.to_ms:
            continue
        for entry in entries:
            sums = taxes if entry.account.entity is Entity.TAX else fees if entry.account.entity is Entity.PLATFORM_FEES else Counter[str]()
            sums[entry.account.currency] += entry.credit - entry.debit
        counts[entries[0].account.currency] += 1
    return [Charge(currency, fees[currency], taxes[currency], counts[currency]) for currency in sorted(counts)]


def _entries(merchant_id: str, period: Period) -> list[Entry]:
    """Entries of journals of the operator's fees, with a margin. All sides of them are in the merchant's own accounts."""
    sides = {Entity.PLATFORM_FEES, Entity.TAX, Entity.MERCHANT}
    accounts = [account for account in account_list.chains_of(merchant_id) if account.entity in sides]
    if not any(account.entity is Entity.PLATFORM_FEES for account in accounts):
        return []
    streams = chains.forwards(accounts, from_ms=period.from_ms - MARGIN_MS, to_ms=period.to_ms + MARGIN_MS)
    return [entry for stream in streams for entry in stream if entry.reference.type is ReferenceType.PLATFORM_FEE]
