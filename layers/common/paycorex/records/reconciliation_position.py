"""How far the clearing accounts of a merchant were read into items: table `reconciliation_positions`. Stored shape.

A row for each source and currency, written first when its first entry is seen, so that all clearing accounts can be listed.
"""

from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.storage import Item


class ReconciliationPosition(Item):
    """One clearing account, all its lanes. Amounts are signed minor units, + for what the provider owes."""

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


def account_name(source: str, currency: str) -> str:
    """The range key of a clearing account."""
    return f"{source}#{currency}"


def source_and_currency(account: str) -> tuple[str, str]:
    """What `account_name` was made of."""
    source, _, currency = account.rpartition("#")
    return source, currency


def lanes_of(item: ReconciliationPosition | None) -> dict[int, tuple[int, int]]:
    """Sequence number and balance (+ owed by the provider) by lane."""
    stored: dict[str, Any] = {} if item is None else dict(item.lanes or {})
    return {int(lane): (int(seq), int(balance)) for lane, (seq, balance) in stored.items()}
