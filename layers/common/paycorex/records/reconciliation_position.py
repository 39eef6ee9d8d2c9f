"""How far the accounts that must be explained were read into items: table `reconciliation_positions`. Stored shape.

A row for each source and currency, written first when its first entry is seen, so that all of them can be listed. A source is one of a
clearing account (a connector, a network), or `bank_in_transit:<connector>` for what that connector has paid out. `bank` has no balance to
be explained: its row says that there are bank lines, some of which may be about nothing of ours.
"""

from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.evm.networks import NETWORKS
from paycorex.ledger import Account, Entity
from paycorex.storage import Item

TRANSIT: Final = f"{Entity.BANK_IN_TRANSIT}:"
BANK: Final = "bank"


class ReconciliationPosition(Item):
    """One account, all its lanes. Amounts are signed minor units, + for what the provider, the bank or the chain owes."""

    class Meta:
        """Which table."""

        table_name = "reconciliation_positions"

    merchant_id = UnicodeAttribute(hash_key=True)
    # `<source>#<currency>`.
    account = UnicodeAttribute(range_key=True)
    # By lane: [sequence number, balance] of the last entry that was read.
    lanes = JSONAttribute(null=True)
    version = NumberAttribute(default=0)
    # When the account was last explained to the last unit, and what it was then not.
    proved_at = NumberAttribute(null=True)
    unexplained = NumberAttribute(null=True)
    updated_at = NumberAttribute(null=True)
    # Of a network: what of the balance the chain shows, and up to which transfer each of the two looks at all transfers came.
    held = NumberAttribute(default=0)
    seen = UnicodeAttribute(null=True)
    checked = UnicodeAttribute(null=True)


def account_name(source: str, currency: str) -> str:
    """The range key of an account."""
    return f"{source}#{currency}"


def is_on_chain(source: str) -> bool:
    """True for what came over a chain."""
    return source in NETWORKS


def is_in_transit(source: str) -> bool:
    """True for what a connector has paid out and the bank may not show yet."""
    return source.startswith(TRANSIT)


def source_of(account: Account) -> str | None:
    """The source of a ledger account; None for one that is explained by nothing outside."""
    if account.entity is Entity.CLEARING:
        return account.entity_id
    return f"{TRANSIT}{account.entity_id}" if account.entity is Entity.BANK_IN_TRANSIT else None


def ledger_account(merchant_id: str, source: str, currency: str) -> Account:
    """The ledger account of a source."""
    if is_in_transit(source):
        return Account.bank_in_transit(merchant_id, source.removeprefix(TRANSIT), currency)
    return Account.clearing(merchant_id, source, currency)


def source_and_currency(account: str) -> tuple[str, str]:
    """What `account_name` was made of."""
    source, _, currency = account.rpartition("#")
    return source, currency


def lanes_of(item: ReconciliationPosition | None) -> dict[int, tuple[int, int]]:
    """Sequence number and balance (+ owed by the provider) by lane."""
    stored: dict[str, Any] = {} if item is None else dict(item.lanes or {})
    return {int(lane): (int(seq), int(balance)) for lane, (seq, balance) in stored.items()}
