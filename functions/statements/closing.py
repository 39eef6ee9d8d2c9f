"""Closing a month: its balances are stored as they are, and what the operator charged in it becomes an invoice with a number of its own.

Entries are dated by the clock when they are booked, so nothing is booked into a month that is over. Closing says what the books were; a
later look says whether they still are.
"""

import hashlib
import json
from typing import Any, Final

from paycorex import backoff, clock, storage
from paycorex.errors import InvalidState, NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.ledger import account_list
from statements import charges, periods, store
from statements.books import balances, chains
from statements.charges import Charge
from statements.periods import Period
from statements.store import PeriodItem

# Of two that close at once one gets the number, and the other the next.
_TRIES: Final = 8
# They stand in one item. An account is of one entity, source and currency.
MAX_BALANCES: Final = 2_000
_CEILING_SECONDS: Final = 0.1


def close(merchant_id: str, month: str, *, made_by: str, claim: Claim) -> PeriodItem:
    """Close a month, with its invoice, in one transaction; one that is closed stays as it is.

    Raises InvalidState for a month that is not over, InvalidRequest, TemporarilyUnavailable, storage.Unavailable.
    """
    period = periods.month(month)
    if not period.is_whole:
        raise InvalidState("The month is not over; its last entries can be read ten minutes later.")
    known = store.closed(merchant_id, month)
    if known is not None:
        storage.transact(claim.rows(reference=month, status=200))
        return known
    item = _item(merchant_id, month, period, made_by)
    charged = [charge for charge in charges.of_month(merchant_id, period) if charge.fee or charge.tax]
    for _attempt in range(_TRIES):
        invoiced = _invoice(item, charged)
        writes = [store.new_month(item), *invoiced, *claim.rows(reference=month, status=200)]
        try:
            storage.transact(writes)
        except storage.TransactionRefused as refused:
            if refused.reasons[0].is_condition or any(reason.is_condition for reason in refused.reasons[1 + len(invoiced) :]):
                # Another request closed it, or this one did before: the app answers it from its claim, or the client asks again.
                raise
            backoff.wait(_CEILING_SECONDS)
        else:
            return item
    raise TemporarilyUnavailable


def find(merchant_id: str, month: str) -> PeriodItem:
    """A closed month. Raises NotFound, storage.Unavailable."""
    item = store.closed(merchant_id, month)
    if item is None:
        raise NotFound("closed month")
    return item


def is_unchanged(item: PeriodItem) -> bool:
    """Whether the ledger says now what it said when the month was closed. Raises storage.Unavailable."""
    rows, digest, _heads = _balances(item.merchant_id, periods.month(str(item.month)))
    return (rows, digest) == ([list(row) for row in item.balances or ()], item.digest)


def _item(merchant_id: str, month: str, period: Period, made_by: str) -> PeriodItem:
    rows, digest, heads = _balances(merchant_id, period)
    now = clock.now_ms()
    return PeriodItem(merchant_id=merchant_id, month=month, made_at=now, made_by=made_by, balances=rows, digest=digest, heads=heads)


def _balances(merchant_id: str, period: Period) -> tuple[list[list[Any]], str, int]:
    """The trial balance, its digest, and of how many chains the digest covers the heads.

    The digest is over the rows and over each chain's last entry of the month, which checkpoints seal: so it stands for every entry before.
    """
    before, after = (balances.at(merchant_id, moment) for moment in (period.from_ms, period.to_ms))
    accounts = sorted({*before, *after}, key=lambda account: account.key)
    if len(accounts) > MAX_BALANCES:
        raise InvalidState("The month has more accounts than are stored of one.", details={"accounts": len(accounts)})
    rows = [[account.entity.value, account.entity_id, account.currency, before[account], after[account]] for account in accounts]
    states = chains.states_at(account_list.chains_of(merchant_id), period.to_ms - 1)
    heads = sorted([account.key, entry.seq, entry.hash.hex()] for account, entry in states.items() if entry is not None)
    text = json.dumps([period.from_ms, period.to_ms, rows, heads], separators=(",", ":"))
    return rows, hashlib.sha256(text.encode()).hexdigest(), len(heads)


def _invoice(month: PeriodItem, charged: list[Charge]) -> list[storage.Write]:
    """The writes of the month's invoice: none where nothing was charged."""
    if not charged:
        return []
    year = clock.rfc3339(int(month.made_at or 0))[:4]
    last = store.last_number(year)
    number = f"INV-{year}-{last + 1:06d}"
    month.number = number
    lines = [[charge.currency, charge.fee, charge.tax, charge.count] for charge in charged]
    item = PeriodItem(merchant_id=month.merchant_id, month=month.month, made_at=month.made_at, number=number, lines=lines)
    return [store.take_number(year, last), store.new_invoice(item)]
