"""Where a merchant's money is now: available, with providers, on its way to the bank, held. All of it by the heads of ledger accounts."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final

from paycorex import ledger, storage
from paycorex.contract import CurrencyCode, Query, View
from paycorex.credentials import Caller
from paycorex.ledger import Account
from paycorex.money import exponent_of, format_minor
from paycorex.records.reconciliation_position import BANK, TRANSIT, ReconciliationPosition, is_on_chain

# Providers and payouts of one currency. A merchant has a handful.
MAX_ACCOUNTS: Final = 40
_READERS: Final = 8
# Where money of top-ups comes from (`wallet.wallets.TOPUP_SOURCE`).
TOP_UPS: Final = "topup"


class MoneyQuery(Query):
    """GET /v1/dashboard/money: in the merchant's currency by default."""

    currency: CurrencyCode | None = None


class MoneyView(View):
    """Where the money of one currency is, as the ledger has it now.

    balance: what payers paid, less refunds and fees. Of it with_providers is not paid out yet, on_its_way was paid out and is on no bank
    statement yet, and available is the rest. held: what is not the merchant's until somebody decides, late money and disputes; it is
    not in the balance.
    """

    currency: str
    balance: str
    available: str
    with_providers: str
    on_its_way: str
    held: str
    late_money: str
    disputed: str


def position(caller: Caller, currency: str | None) -> MoneyView:
    """The position of a merchant. Raises UnsupportedCurrency, storage.Unavailable."""
    currency = currency or caller.currency
    exponent_of(currency)
    lanes, merchant_id = ledger.lanes_to_read(caller.merchant_id), caller.merchant_id
    clearing, transit = _accounts(merchant_id, currency)
    own = [Account.of_merchant(merchant_id, currency), Account.suspense(merchant_id, currency), Account.disputed(merchant_id, currency)]
    with ThreadPoolExecutor(_READERS) as pool:
        balance, late, disputed, *others = pool.map(lambda account: ledger.balance_of(account, lanes), [*own, *clearing, *transit])
    # Money that others hold stands on the other side of the books.
    at_providers, on_its_way = -sum(others[: len(clearing)]), -sum(others[len(clearing) :])
    # Late and disputed money is with providers as well, and not the merchant's.
    with_providers = at_providers - late - disputed
    amounts = {"balance": balance, "available": balance - with_providers - on_its_way, "with_providers": with_providers}
    amounts |= {"on_its_way": on_its_way, "held": late + disputed, "late_money": late, "disputed": disputed}
    return MoneyView(currency=currency, **{name: format_minor(minor, currency) for name, minor in amounts.items()})


def _accounts(merchant_id: str, currency: str) -> tuple[list[Account], list[Account]]:
    """The merchant's accounts of money at providers, and of payouts that no bank statement shows yet: one query."""
    rows: Iterable[ReconciliationPosition] = storage.query(
        ReconciliationPosition, ReconciliationPosition.merchant_id == merchant_id, limit=4 * MAX_ACCOUNTS
    ).items
    named = (str(row.account).rpartition("#") for row in rows)
    sources = [*islice((source for source, _, each in named if each == currency and source != BANK), MAX_ACCOUNTS)]
    # What is on a chain is in the merchant's own hands, and what fills wallets came to the merchant.
    providers = [source for source in sources if source != TOP_UPS and not source.startswith(TRANSIT) and not is_on_chain(source)]
    clearing = [Account.clearing(merchant_id, source, currency) for source in providers]
    transit = [
        Account.bank_in_transit(merchant_id, source.removeprefix(TRANSIT), currency) for source in sources if source.startswith(TRANSIT)
    ]
    return clearing, transit
