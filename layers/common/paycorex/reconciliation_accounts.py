"""Notes which accounts reconciliation must explain, as their entries come over the ledger's stream: so that it finds them all.

Nothing of this is on the way of a payment. An environment remembers what it noted, so a busy account costs a write once in a while.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from paycorex import storage
from paycorex.caching import TimedCache
from paycorex.ledger import Account
from paycorex.records.reconciliation_position import ReconciliationPosition, account_name, source_of

REMEMBERED_SECONDS: Final = 6 * 3600
_noted: Final = TimedCache[bool](lifetime_seconds=REMEMBERED_SECONDS, max_entries=5_000)


def note_crypto(images: Iterable[Mapping[str, Any]]) -> None:
    """Note the network's account of new crypto payments, given as the stream has them: a transfer may come that is booked nowhere.

    Raises as `note` does.
    """
    found = set()
    for image in images:
        state = json.loads(image["method_state"]["S"]) if image.get("method", {}).get("S") == "crypto" and "method_state" in image else {}
        if "network" in state:
            found.add(Account.clearing(image["merchant_id"]["S"], str(state["network"]), image["currency"]["S"]).key)
    note(found)


def note(accounts: Iterable[str]) -> None:
    """Note those of some accounts (by their keys) that others' documents explain: of money at providers, on chains, on its way to the bank.

    Raises storage.Unavailable or OutcomeUnknown.
    """
    for account in map(Account.from_key, sorted(set(accounts))):
        source = source_of(account)
        if source is None:
            continue
        name = f"{account.merchant_id}#{account_name(source, account.currency)}"
        if not _noted.get(name):
            item = ReconciliationPosition(merchant_id=account.merchant_id, account=account_name(source, account.currency))
            with suppress(storage.ConditionRefused):
                storage.run(storage.put(item, ReconciliationPosition.merchant_id.does_not_exist()))
            _noted.put(name, value=True)
