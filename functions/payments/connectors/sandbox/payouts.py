"""The sandbox's payouts: what its books took and gave back, paid out by day (on a laptop by minute), less its fee.

It keeps 2 % of a card payment, and 18 % tax on that; UPI is free, and no fee comes back with a refund. Some cards are reported wrongly, as
documented (docs/payment-methods.md), so that everything that can be found in a provider's report can be seen.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final

from paycorex import clock, storage
from payments.connectors.results import NotFound
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox import disputes, payers, refunds
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import Way
from payments.connectors.sandbox.troubles import troubled
from payments.connectors.settling import (
    FoundFee,
    LineKind,
    LinePage,
    Page,
    PayoutPage,
    PayoutStatus,
    ProviderFee,
    ProviderPayout,
    ReportLine,
)

FEE_PERCENT: Final = 2
TAX_PERCENT: Final = 18
# What a payment is short of that is settled short, at most.
SHORT_MINOR: Final = 100
STRANGER_MINOR: Final = 12_300
ROWS: Final = 500
PAYOUTS: Final = 100
_INDEX: Final = "by_payout"
_PREFIX: Final = "sbxp_"
_KINDS: Final = {"refund": LineKind.REFUND, "dispute": LineKind.DISPUTE, disputes.GIVEN_BACK: LineKind.DISPUTE_WON}


class SandboxPayouts:
    """The sandbox's part that is `payments.connectors.settling.Settling`."""

    name: str

    @troubled
    def payouts(self, merchant_id: str, since_ms: int, until_ms: int, cursor: str | None) -> PayoutPage:
        """Payouts that were made by now, the oldest first."""
        last = min(until_ms, clock.now_ms() + 1)
        rows = _rows(f"{merchant_id}#{self.name}", cursor or f"{since_ms:013d}", f"{last:013d}")
        found: list[ProviderPayout] = []
        for key, items in groupby(rows, lambda item: str(item.payout)):
            if len(found) == PAYOUTS:
                return Page(tuple(found), key)
            nets = [line.net for item in items for line in lines_of(item)]
            found += [_payout(f"{merchant_id}#{self.name}", key, sum(nets))] if nets else []
        return Page(tuple(found))

    @troubled
    def payout_lines(self, merchant_id: str, payout: ProviderPayout, cursor: str | None) -> LinePage:
        """What a payout is made of."""
        account, key = f"{merchant_id}#{self.name}", _key_of(payout)
        start = None if cursor is None else BookItem.wire_key(f"{merchant_id}#{cursor}") | {"account": {"S": account}, "payout": {"S": key}}
        of_it = (BookItem.account == account) & (BookItem.payout == key)
        page = storage.query(BookItem, of_it, index=_INDEX, limit=ROWS, start=start)
        lines = tuple(line for item in page.items for line in lines_of(item))
        return Page(lines, None if page.next_start is None else page.items[-1].charge_id.partition("#")[2])

    @troubled
    def fee_of(self, merchant_id: str, charge_reference: str) -> FoundFee:
        """What the sandbox keeps of a charge by its price list."""
        item = books.find(merchant_id, "att_" + charge_reference.removeprefix("sbx_"))
        if item is None or not (books.taken_of(item) if item.held_until else item.status == books.APPROVED):
            return NotFound()
        return ProviderFee(charge_reference, *_fee(item, _gross(item)), item.currency)


def _rows(account: str, low: str, high: str) -> Iterator[BookItem]:
    """Lines of an account whose payout is from `low` on and before `high`, in the order of their payouts. Raises Unavailable."""
    condition = (BookItem.account == account) & BookItem.payout.between(low, high)
    start = None
    while True:
        page = storage.query(BookItem, condition, index=_INDEX, limit=ROWS, start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def _payout(account: str, key: str, amount: int) -> ProviderPayout:
    due, _, currency = key.partition("#")
    return ProviderPayout(f"{_PREFIX}{due}_{currency}", amount, currency, PayoutStatus.PAID, int(due), int(due), _utr(account, key))


def _key_of(payout: ProviderPayout) -> str:
    return payout.reference.removeprefix(_PREFIX).replace("_", "#")


def _utr(account: str, key: str) -> str:
    """By which the bank knows the payout: sixteen characters, as India's are."""
    return "SBXU" + hashlib.sha256(f"{account}#{key}".encode()).hexdigest()[:12].upper()


def lines_of(item: BookItem) -> list[ReportLine]:
    """How a line of the books is reported: none, one, or two."""
    line = _line(item)
    if line.kind is not LineKind.PAYMENT or item.kind == "collect":
        return [line]
    match item.way:
        case Way.SETTLES_NEVER:
            return []
        case Way.SETTLES_TWICE:
            return [line, replace(line, line_reference=f"{line.line_reference}-2")]
        case Way.SETTLES_STRANGER:
            stranger = "sbx_" + hashlib.sha256(item.charge_id.encode()).hexdigest()[:26]
            other = replace(line, line_reference=stranger, charge_reference=stranger, object_reference=stranger, our_reference=None)
            return [line, replace(other, gross=STRANGER_MINOR, fee=0, tax=0)]
        case _:
            return [line]


def _line(item: BookItem) -> ReportLine:
    kind = _KINDS.get(item.kind, LineKind.PAYMENT)
    is_in, is_charge = kind in {LineKind.PAYMENT, LineKind.DISPUTE_WON}, item.kind in {"charge", "collect"}
    gross = _gross(item)
    short = min(SHORT_MINOR, gross // 2) if kind is LineKind.PAYMENT and item.way == Way.SETTLES_SHORT else 0
    fee, tax = _fee(item, gross) if kind is LineKind.PAYMENT else (0, 0)
    dearer = 2 if kind is LineKind.PAYMENT and item.way == Way.SETTLES_DEARER else 1
    account, key = str(item.account), str(item.payout)
    payout = _payout(account, key, 0)
    return ReportLine(
        line_reference=item.reference,
        kind=kind,
        kind_name=item.kind,
        gross=(gross - short) * (1 if is_in else -1),
        fee=fee * dearer,
        tax=tax * dearer,
        currency=item.currency,
        charge_reference=item.reference if is_charge else item.reason,
        object_reference=item.reference.removesuffix("w") if kind is LineKind.DISPUTE_WON else item.reference,
        our_reference=(None if item.code_account else item.payment_id) if is_charge else _own_id(item),
        occurred_at=int(item.created_at),
        settlement_reference=payout.reference,
        bank_reference=payout.bank_reference,
    )


def _own_id(item: BookItem) -> str | None:
    """Of a refund or a capture that was asked for here."""
    own = item.charge_id.partition("#")[2]
    return own if item.kind in {"refund", "capture"} and not own.startswith(refunds.THERE) else None


def _gross(item: BookItem) -> int:
    return payers.paid_minor(item) if item.kind == "collect" else books.taken_of(item)


def _fee(item: BookItem, gross: int) -> tuple[int, int]:
    """Fee without tax, and tax, each rounded half up."""
    if item.kind == "collect":
        return 0, 0
    fee = (gross * FEE_PERCENT * 2 + 100) // 200
    return fee, (fee * TAX_PERCENT * 2 + 100) // 200
