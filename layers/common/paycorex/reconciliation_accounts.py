"""Notes which clearing accounts there are, as their entries come over the ledger's stream: so that reconciliation finds them all.

Nothing of this is on the way of a payment. An environment remembers what it noted, so a busy account costs a write once in a while.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from paycorex import storage
from paycorex.caching import TimedCache
from paycorex.ledger import Account, Entity
from paycorex.records.reconciliation_position import ReconciliationPosition, account_name

REMEMBERED_SECONDS: Final = 6 * 3600
_noted: Final = TimedCache[bool](lifetime_seconds=REMEMBERED_SECONDS, max_entries=5_000)


def note(accounts: Iterable[str]) -> None:
    """Note those of some accounts (by their keys) that are clearing accounts. Raises storage.Unavailable or OutcomeUnknown."""
    for account in map(Account.from_key, sorted(set(accounts))):
        name = f"{account.merchant_id}#{account_name(account.entity_id, account.currency)}"
        if account.entity is Entity.CLEARING and not _noted.get(name):
            item = ReconciliationPosition(merchant_id=account.merchant_id, account=account_name(account.entity_id, account.currency))
            with suppress(storage.ConditionRefused):
                storage.run(storage.put(item, ReconciliationPosition.merchant_id.does_not_exist()))
            _noted.put(name, value=True)
