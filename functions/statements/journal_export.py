"""A merchant's journals of a period for accounting programs, in pages of one file. Every page is whole journals."""

from collections.abc import Iterator
from dataclasses import dataclass

from paycorex import storage
from paycorex.errors import NotFound
from paycorex.ledger import Account, Entity, account_list
from paycorex.records.merchant import MerchantItem
from statements import beancount
from statements.account_names import AccountNames
from statements.books import balances, journals
from statements.books.booked import Booked, on_no_lane
from statements.periods import Period


@dataclass(frozen=True, slots=True)
class Export:
    """One export. after: the place of the last journal that an earlier page had; None on the first page."""

    merchant_id: str
    period: Period
    names: AccountNames
    after: str | None

    def journals(self) -> Iterator[Booked]:
        """The journals that are left, oldest first. Raises storage.Unavailable, Incomplete."""
        return journals.booked(self.merchant_id, from_ms=self.period.from_ms, to_ms=self.period.to_ms, after=self.after)

    def opening(self) -> Iterator[str]:
        """What stands before the first journal of a beancount file."""
        carried = balances.at(self.merchant_id, self.period.from_ms)
        return beancount.opening(self.names, self.merchant_id, self._accounts(), carried, self.period.from_ms)

    def closing(self) -> Iterator[str]:
        """What stands after the last one."""
        return beancount.closing(self.names, self._accounts(), balances.at(self.merchant_id, self.period.to_ms), self.period.to_ms)

    def _accounts(self) -> list[Account]:
        """Every account that a journal may name; wallets and holds are one account each."""
        own = {on_no_lane(account) for account in account_list.chains_of(self.merchant_id)}
        users = {
            Account(self.merchant_id, entity, self.merchant_id, account.currency)
            for account in own
            for entity in (Entity.WALLET, Entity.HOLD)
        }
        return sorted(own | users, key=lambda account: account.key)


def names_of(merchant_id: str) -> AccountNames:
    """How the merchant calls its accounts. Raises NotFound, storage.Unavailable."""
    merchant = storage.get(MerchantItem, merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    return AccountNames(merchant.settings.account_map)
