"""Journals in the text form of beancount, an accounting program that checks double entry: its `bean-check` passes on every export.

The first page opens the accounts and carries their balances forward, the last one asserts the balances at the end as the ledger has them,
to the last unit. Pages are appended to each other. Debits are positive, as beancount counts.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from paycorex import clock
from paycorex.ledger import Account
from paycorex.money import format_minor
from statements.account_names import AccountNames
from statements.books.balances import Balances
from statements.books.booked import Booked

_DAY: Final = timedelta(days=1)


def opening(names: AccountNames, merchant_id: str, accounts: Iterable[Account], carried: Balances, from_ms: int) -> Iterator[str]:
    """The beginning of a file: its title, its accounts, what they held before."""
    first = _day_of(from_ms)
    yield f'option "title" "{merchant_id}"\n'
    known = {names.beancount_of(account): account for account in accounts}
    for name, account in sorted(known.items()):
        code = names.code_of(account)
        meta = "" if code == name else f'  code: "{_escaped(code)}"\n'
        yield f"{first} open {name}\n{meta}"
    currencies = sorted({account.currency for account in carried})
    for currency in currencies:
        lines = _lines(names, ((account, -balance) for account, balance in carried.items() if account.currency == currency))
        yield f'{first} * "opening" "Balances before {clock.rfc3339(from_ms)}"\n{lines}'


def transaction(names: AccountNames, journal: Booked) -> str:
    """One journal."""
    kind, said = journal.reference.type.value, journal.description or journal.reference.id
    lines = _lines(names, ((posting.account, posting.debit - posting.credit) for posting in journal.postings))
    metadata = {"journal": journal.journal_id, "reference": journal.reference.id, "at": clock.rfc3339(journal.at_ms)}
    if journal.concerns is not None:
        metadata["concerns"] = journal.concerns
    notes = "".join(f'  {name}: "{_escaped(value)}"\n' for name, value in metadata.items())
    return f'{_day_of(journal.at_ms)} * "{kind}" "{_escaped(said)}"\n{notes}{lines}'


def closing(names: AccountNames, accounts: Iterable[Account], balances: Balances, to_ms: int) -> Iterator[str]:
    """The end of a file: what each account holds, exactly."""
    after, sums = _day_of(to_ms - 1) + _DAY, {}
    for account in accounts:
        sums[names.beancount_of(account), account.currency] = 0
    for account, balance in balances.items():
        key = (names.beancount_of(account), account.currency)
        sums[key] = sums.get(key, 0) - balance
    for (name, currency), minor in sorted(sums.items()):
        yield f"{after} balance {name}  {format_minor(minor, currency)} ~ 0 {currency}\n"


def _lines(names: AccountNames, amounts: Iterable[tuple[Account, int]]) -> str:
    parts = ((names.beancount_of(account), format_minor(minor, account.currency), account.currency) for account, minor in amounts)
    return "".join(f"  {name}  {amount} {currency}\n" for name, amount, currency in parts)


def _day_of(moment_ms: int) -> date:
    return datetime.fromtimestamp(max(moment_ms, 0) // 1000, UTC).date()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
