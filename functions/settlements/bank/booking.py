"""Booking a bank line: its journal, the line and the settlements that it brings, in one transaction; and what its payouts' lines come to.

Safe at every kill and beside itself: each write is on the versions that it was decided upon, and a line's journal has one reference.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from paycorex import clock, ledger, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Entry, Journal
from paycorex.money import Money
from paycorex.records.bank_line import MATCHED, MAX_SETTLEMENTS, BankLineItem, booking_reference, open_key
from paycorex.records.settlement import SettlementItem
from settlements import settling
from settlements.bank import knowledge, matching
from settlements.stores import bank_lines as store
from settlements.stores import settlements

MAX_TRIES: Final = 8
# Lines that bring one payout. More are a person's to look at.
MAX_LINES: Final = 50


def bring(bank_line_id: str, settlement_ids: Iterable[str], decision: dict[str, Any] | None = None) -> BankLineItem | None:
    """Note that a line brings these settlements too, and book it if it is not booked; as it is then, None where there is none.

    decision: what a person decided, kept with the line. Raises TemporarilyUnavailable, storage's failures.
    """
    wanted = sorted(set(settlement_ids))
    for _attempt in range(MAX_TRIES):
        line = store.find(bank_line_id)
        brought = [found for each in wanted if (found := settlements.find(each)) is not None]
        if line is None or not brought or _knows(line, wanted):
            return line
        try:
            return _brought(line, brought, decision)
        except (storage.WriteRefused, storage.TransactionRefused, storage.OutcomeUnknown):
            continue
    raise TemporarilyUnavailable


def judge(settlement_id: str) -> None:
    """Compare all lines of a settlement with what they bring, and note on each what it is. Raises as `bring` does."""
    lines = store.of_settlement(settlement_id, MAX_LINES)
    ids = sorted({str(each) for line in lines for each in line.settlements or ()})
    items = [found for each in ids if (found := settlements.find(each)) is not None]
    decided = sum(knowledge.decided_of(line) for line in lines)
    judged = matching.judge([knowledge.credit_of(line) for line in lines], [knowledge.payout_of(item) for item in items], decided)
    if judged is None:
        return
    for line in lines:
        _settle(line.bank_line_id, judged[line.bank_line_id])


def change(bank_line_id: str, made: Callable[[BankLineItem], bool]) -> BankLineItem | None:
    """Change a line by a rule that says whether it changed anything; tried again while others are faster. Raises as `bring` does."""
    for _attempt in range(MAX_TRIES):
        before = store.find(bank_line_id)
        if before is None:
            return None
        after = storage.copy_of(before)
        if not made(after):
            return before
        after.version, after.updated_at = int(before.version) + 1, clock.now_ms()
        try:
            storage.run(store.change(before, after))
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
        return after
    raise TemporarilyUnavailable


def _settle(bank_line_id: str, found: matching.Judgement) -> None:
    def made(line: BankLineItem) -> bool:
        wanted = (found.state, found.difference or None, open_key(line.merchant_id, line.currency) if found.difference else None)
        known = (line.state, None if line.difference is None else int(line.difference), line.open_key)
        line.state, line.difference, line.open_key = wanted
        return wanted != known

    change(bank_line_id, made)


def _knows(line: BankLineItem, wanted: Sequence[str]) -> bool:
    return set(wanted) <= set(line.settlements or ())


def _brought(line: BankLineItem, brought: Sequence[SettlementItem], decision: dict[str, Any] | None) -> BankLineItem:
    connector = line.connector or brought[0].connector
    fitting = [
        item for item in brought if (item.merchant_id, item.connector, item.currency) == (line.merchant_id, connector, line.currency)
    ]
    ids = sorted({*(str(each) for each in line.settlements or ()), *(item.settlement_id for item in fitting)})
    if not fitting or len(ids) > MAX_SETTLEMENTS:
        return line
    others = [settling.with_bank_line(item, line.bank_line_id) for item in fitting if item.bank_line_id is None]

    def after(entries: tuple[Entry, ...]) -> BankLineItem:
        known = storage.copy_of(line)
        known.connector, known.settlements, known.settlement_id = connector, ids, ids[0]
        known.state, known.difference = MATCHED, None
        # Until it is compared with what it brings.
        known.open_key = open_key(line.merchant_id, line.currency)
        known.entries = [_place(entry) for entry in entries] or line.entries
        known.decisions = [*(line.decisions or ()), decision] if decision is not None else line.decisions
        known.version, known.updated_at = int(line.version) + 1, clock.now_ms()
        return known

    if line.entries or not int(line.amount):
        storage.transact([store.change(line, after(())), *others])
        return after(())
    return after(ledger.post(journal(line, connector), lambda placed: [store.change(line, after(placed)), *others]))


def journal(line: BankLineItem, connector: str) -> Journal:
    """Money that came in: debit bank, credit in transit. What went back to the provider is the mirror."""
    bank = Account.of_bank(line.merchant_id, line.currency)
    transit = Account.bank_in_transit(line.merchant_id, connector, line.currency)
    amount = int(line.amount)
    source, target = (bank, transit) if amount > 0 else (transit, bank)
    return Journal.transfer(
        source=source, target=target, amount=Money(abs(amount), line.currency), reference=booking_reference(line.bank_line_id)
    )


def _place(entry: Entry) -> list[Any]:
    return [entry.account.entity.value, entry.account.entity_id, entry.account.lane, entry.seq]
