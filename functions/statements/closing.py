"""Closing a month: its balances and statements are stored as they are, and what the operator charged in it becomes an invoice.

Entries are dated by the clock when they are booked, so what is booked later is in a later month; the exports say which earlier one it
concerns. What a closed month was is sealed by an entry of the ledger, in the same transaction. An operator may open a month again.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from paycorex import backoff, clock, ledger, storage
from paycorex.errors import InvalidState, NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.ledger import Entity, account_list
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import entry_references
from statements import charges, invoicing, periods, sealing, standing, store
from statements.books import balances, chains
from statements.papers import statement_files
from statements.papers.statement import Subject
from statements.periods import Period
from statements.store import PeriodItem

# Of two that close at once one gets the number, and the other the next.
_TRIES: Final = 8
# They stand in one item. An account is of one entity, source and currency.
MAX_BALANCES: Final = 2_000
# Of a merchant's own account; each has its statement in four forms.
MAX_CURRENCIES: Final = 40
_CEILING_SECONDS: Final = 0.1


def close(merchant_id: str, month: str, *, made_by: str, claim: Claim) -> PeriodItem:
    """Close a month, with its invoice and the entry that seals it, in one transaction; one that is closed stays as it is.

    Raises InvalidState for a month that is not over or an invoice without a seller, InvalidRequest, TemporarilyUnavailable,
    storage.Unavailable; ledger.RecordRefused when another request closed it.
    """
    period = periods.month(month)
    if not period.is_whole:
        raise InvalidState("The month is not over; its last entries can be read ten minutes later.")
    known = standing.of(merchant_id, month)
    if known is not None:
        storage.transact(claim.rows(reference=month, status=200))
        return known
    merchant = storage.get(MerchantItem, merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    closing = _Closing(merchant, period, store.closed(merchant_id, month), _item(merchant, month, period, made_by))
    for _attempt in range(_TRIES):
        if closing.is_done(claim):
            return closing.item
        backoff.wait(_CEILING_SECONDS)
    raise TemporarilyUnavailable


def is_unchanged(item: PeriodItem) -> bool:
    """Whether the ledger says now what it said when the month was closed. Raises storage.Unavailable."""
    rows, digest, _heads = _balances(item.merchant_id, periods.month(str(item.month)))
    return (rows, digest) == ([list(row) for row in item.balances or ()], item.digest)


@dataclass(frozen=True, slots=True)
class _Closing:
    """One closing. before: the one that an operator ended; its invoice stays the month's."""

    merchant: MerchantItem
    period: Period
    before: PeriodItem | None
    item: PeriodItem

    def is_done(self, claim: Claim) -> bool:
        """Write it all; False when another invoice took the number. Raises as `close` does."""
        self.item.version = 1 if self.before is None else store.version_of(self.before) + 1
        self.item.number = None if self.before is None else self.before.number
        invoiced: list[storage.Write] = self._invoice() if self.item.number is None else []
        self.item.sealed = sealing.digest_of(sealing.document_of(self.item))
        before_invoice = 0

        def writes(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
            nonlocal before_invoice
            self.item.entries = entry_references(entries)
            first = [*store.new_month(self.item, self.before), *claim.rows(reference=self.item.month, status=200)]
            before_invoice = len(first)
            return [*first, *invoiced]

        try:
            ledger.post(sealing.journal_of(self.item), writes)
        except ledger.RecordRefused as refused:
            if refused.index < before_invoice:
                # Another request closed it, or this one did before: the app answers it from its claim, or the client asks again.
                raise
            return False
        return True

    def _invoice(self) -> list[storage.Write]:
        charged = [charge for charge in charges.of_month(self.item.merchant_id, self.period) if charge.fee or charge.tax]
        return invoicing.writes(self.item, charged, self.merchant) if charged else []


def _item(merchant: MerchantItem, month: str, period: Period, made_by: str) -> PeriodItem:
    merchant_id = merchant.merchant_id
    rows, digest, heads = _balances(merchant_id, period)
    currencies = sorted(
        {account.currency for account in account_list.chains_of(merchant_id) if account.entity is Entity.MERCHANT} | {merchant.currency}
    )
    if len(currencies) > MAX_CURRENCIES:
        raise InvalidState("The month has more currencies than are stored of one.", details={"currencies": len(currencies)})
    files = statement_files.keep_all(Subject(merchant_id, merchant.name, currency, month, period) for currency in currencies)
    return PeriodItem(
        merchant_id=merchant_id,
        month=month,
        made_at=clock.now_ms(),
        made_by=made_by,
        balances=rows,
        digest=digest,
        heads=heads,
        files=[kept.row() for kept in files],
        currency=merchant.currency,
    )


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
