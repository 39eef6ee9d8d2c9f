"""How accounts are called in a merchant's accounting: by the setting `account_map`, else by names of our own.

The books are those of the stack's operator for one merchant: money at providers and banks is an asset, what is owed to the merchant and
to users is a liability.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from paycorex.ledger import Account, Entity

_SEPARATOR: Final = ":"
_NAMES: Final = {
    Entity.MERCHANT: "Liabilities:Merchant",
    Entity.WALLET: "Liabilities:Wallets",
    Entity.HOLD: "Liabilities:Holds",
    Entity.USER: "Liabilities:Users",
    Entity.SUSPENSE: "Liabilities:Suspense",
    Entity.DISPUTED: "Liabilities:Disputed",
    Entity.CLEARING: "Assets:Clearing",
    Entity.BANK_IN_TRANSIT: "Assets:BankInTransit",
    Entity.BANK: "Assets:Bank",
    Entity.FEES: "Expenses:Fees",
    Entity.TAX: "Expenses:Tax",
    Entity.PLATFORM_FEES: "Income:PlatformFees",
}
# Accounts that are kept apart by where the money is.
_BY_SOURCE: Final = frozenset({Entity.CLEARING, Entity.BANK_IN_TRANSIT})
_BEANCOUNT: Final = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccountNames:
    """The names that a merchant gave. account_map: by entity, such as `clearing`, or by entity and source, such as `clearing:stripe`."""

    account_map: Mapping[str, str]

    def code_of(self, account: Account) -> str:
        """What the merchant's accounting calls the account; our name for it where nothing was set."""
        return self._given(account) or _own_name(account)

    def beancount_of(self, account: Account) -> str:
        """The account's name in the syntax of beancount: the given one where it is in that syntax."""
        given = self._given(account)
        return given if given is not None and _BEANCOUNT.fullmatch(given) else _own_name(account)

    def _given(self, account: Account) -> str | None:
        source = _SEPARATOR.join((account.entity, account.entity_id))
        return self.account_map.get(source) or self.account_map.get(account.entity.value)


def _own_name(account: Account) -> str:
    name = _NAMES[account.entity]
    return f"{name}:{_component(account.entity_id)}" if account.entity in _BY_SOURCE else name


def _component(text: str) -> str:
    """A source as a part of a name: it begins with a capital or a digit."""
    plain = re.sub(r"[^A-Za-z0-9-]", "-", text).strip("-") or "Other"
    return plain[0].upper() + plain[1:]
