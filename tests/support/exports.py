"""Journal exports of a world: brought up to date, fetched page by page, and judged by beancount."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from beancount import loader
from beancount.core import data, inventory, realization

from paycorex.ledger import store as ledger_store
from paycorex.ledger.account_list import LAG_MS
from statements.account_names import AccountNames
from statements.books.balances import together
from tests.support import rollups
from tests.support.world import PREFIX, Signer, World

# Prices and costs do not occur: an account holds one number of each currency.
type Sums = Counter[tuple[str, str]]


def settle_down(world: World) -> None:
    """Bring the streams to their readers, and let the time pass after which what was booked can be exported."""
    rollups.roll(rollups.stream(world))
    world.clock.now += LAG_MS // 1000 + 1


def export(world: World, who: Signer, **query: Any) -> str:
    """All pages of an export."""
    text, cursor = "", None
    while True:
        asked = urlencode(query | ({"cursor": cursor} if cursor else {}))
        reply = world.call(who, "GET", "/v1/journal_export" + (f"?{asked}" if asked else ""))
        assert reply.status == 200, reply.raw
        text += reply.raw.decode()
        cursor = reply.headers.get("x-next-cursor")
        if cursor is None:
            return text


def checked(text: str) -> Sums:
    """What the accounts hold in the end by beancount's own reading; what `bean-check` finds is a failure."""
    entries, errors, _options = loader.load_string(text)
    assert not errors, [str(error)[:400] for error in errors[:5]]
    assert any(isinstance(entry, data.Balance) for entry in entries)
    sums: Sums = Counter()
    books: Any = realization
    for account in books.iter_children(books.realize(entries)):
        held: inventory.Inventory = account.balance
        for position in held:
            sums[account.account, position.units.currency] += int(position.units.number.scaleb(2))
    return Counter({key: minor for key, minor in sums.items() if minor})


def of_ledger(world: World, merchant_id: str, names: AccountNames | None = None) -> Sums:
    """The same, added up from every entry of the `ledgers` table. Debits are positive. For currencies with two decimals."""
    names, sums = names or AccountNames({}), Counter[tuple[str, str]]()
    for item in world.dump()[f"{PREFIX}ledgers"]:
        entry = ledger_store.from_wire(item)
        if entry.account.merchant_id == merchant_id:
            sums[names.beancount_of(together(entry.account)), entry.account.currency] += entry.debit - entry.credit
    return Counter({key: minor for key, minor in sums.items() if minor})
