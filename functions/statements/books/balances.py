"""What each account of a merchant held at a moment, by the same rule for every account: journals that were booked before it, whole.

The chains' running balances say it for the price of a search each. What all wallets hold together is what is left, because the sum over
all accounts is zero.
"""

from collections import Counter

from paycorex.ledger import Account, Entity, Entry, account_list
from statements.books import chains
from statements.books.booked import MARGIN_MS, dated_ms, grouped, on_no_lane

# Credits less debits in minor units, by account on lane 0. Wallets are one account of the merchant, and so are holds.
Balances = Counter[Account]


def at(merchant_id: str, moment_ms: int) -> Balances:
    """The balances before a moment; accounts that hold nothing are left out. Raises storage.Unavailable."""
    found: Balances = Counter()
    for account, entry in chains.states_at(_accounts(merchant_id, moment_ms), moment_ms - 1).items():
        found[together(account)] += entry.balance if entry else 0
    for entry in _dated_later(merchant_id, moment_ms):
        found[together(entry.account)] -= entry.credit - entry.debit
    for currency in {account.currency for account in found}:
        wallets = Account(merchant_id, Entity.WALLET, merchant_id, currency)
        found[wallets] = -sum(balance for account, balance in found.items() if account.currency == currency)
    return Counter({account: balance for account, balance in found.items() if balance})


def together(account: Account) -> Account:
    """The account that a balance is counted under."""
    if account.entity in {Entity.WALLET, Entity.HOLD}:
        return Account(account.merchant_id, account.entity, account.merchant_id, account.currency)
    return on_no_lane(account)


def _accounts(merchant_id: str, moment_ms: int) -> list[Account]:
    return [*account_list.chains_of(merchant_id), *chains.holds_open_around(merchant_id, from_ms=moment_ms, to_ms=moment_ms)]


def _dated_later(merchant_id: str, moment_ms: int) -> list[Entry]:
    """Entries of before the moment whose journals are dated at it or after."""
    streams = chains.ascending(merchant_id, from_ms=moment_ms - MARGIN_MS, to_ms=moment_ms + MARGIN_MS)
    journals = grouped(entry for stream in streams for entry in stream)
    late = (entries for entries in journals.values() if dated_ms(entries) >= moment_ms)
    return [entry for entries in late for entry in entries if entry.created_at < moment_ms]
