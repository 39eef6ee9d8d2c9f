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


def bring(
    bank_line_id: str, settlement_ids: Iterable[str], decision: dict[str, Any] | None = None, rows: Sequence[storage.Write] = ()
) -> BankLineItem | None:
    """Note that a line brings these settlements too, and book it if it is not booked; as it is then, None where there is none.

    decision: what a person decided, kept with the line. rows: of the request's claim. Raises TemporarilyUnavailable, storage's failures;
    ledger.RecordRefused or storage.TransactionRefused when the claim is taken.
    """
    wanted = sorted(set(settlement_ids))
    for _attempt in range(MAX_TRIES):
        line = store.find(bank_line_id)
        brought = [found for each in wanted if (found := settlements.find(each)) is not None]
        if line is None or not brought or _knows(line, wanted):
            return line
        after = _brought(line, brought, decision, rows)
        if after is not None:
            return after
    raise TemporarilyUnavailable


def decide(made: Journal, rows: Sequence[storage.Write], write: storage.Write) -> bool:
    """Write a decision with its journal, as `is_written` does."""
    return is_written(made, rows, _only(write))


def is_written(made: Journal | None, rows: Sequence[storage.Write], writes: Callable[[tuple[Entry, ...]], Sequence[storage.Write]]) -> bool:
    """Write it in one transaction, with the claim's rows first; False when another writer was faster, or it is not known.

    Raises ledger.RecordRefused or storage.TransactionRefused when the claim is taken, storage's other failures.
    """
    try:
        if made is None:
            storage.transact([*rows, *writes(())])
        else:
            ledger.post(made, lambda entries: [*rows, *writes(entries)])
    except ledger.RecordRefused as refused:
        if refused.index < len(rows):
            raise
        return False
    except storage.TransactionRefused as refused:
        if any(reason.is_condition for reason in refused.reasons[: len(rows)]) or not refused.is_passing:
            raise
        return False
    except storage.OutcomeUnknown:
        return False
    return True


def judge(settlement_id: str) -> None:
    """Compare all lines of a settlement with what they bring, and note on each what it is. Raises as `bring` does."""
    lines = store.of_settlement(settlement_id, MAX_LINES)
    ids = sorted({str(each) for line in lines for each in line.settlements or ()})
    items = [found for each in ids if (found := settlements.find(each)) is not None]
    decided = sum(knowledge.decided_of(line) for line in lines)
    brought, payouts = [knowledge.credit_of(line) for line in lines], [knowledge.payout_of(item) for item in items]
    judged = matching.judge(brought, payouts, decided)
    if judged is None:
        return
    is_returned = matching.is_returned(brought, payouts, decided)
    is_open = any(found.difference for found in judged.values())
    for item in items:
        line = next((line for line in lines if item.settlement_id in (line.settlements or ())), None)
        _note_arrival(item, None if is_returned else line, is_open=is_open)
    for line in lines:
        _settle(line.bank_line_id, judged[line.bank_line_id])


def _note_arrival(item: SettlementItem, line: BankLineItem | None, *, is_open: bool) -> None:
    """A payout that the bank sent back has no line any more, and one that came again has; and whether its lines agree with it."""
    wanted = (line is not None, line is not None and is_open)
    for _attempt in range(MAX_TRIES):
        found = settlements.find(item.settlement_id)
        if found is None or (found.bank_line_id is not None, bool(found.is_bank_open)) == wanted:
            return
        brought = None if line is None else found.bank_line_id or line.bank_line_id
        if is_written(None, (), _only(settling.with_bank_line(found, brought, is_open=wanted[1]))):
            return
    raise TemporarilyUnavailable


def change(bank_line_id: str, made: Callable[[BankLineItem], bool], rows: Sequence[storage.Write] = ()) -> BankLineItem | None:
    """Change a line by a rule that says whether it changed anything; tried again while others are faster. Raises as `bring` does."""
    for _attempt in range(MAX_TRIES):
        before = store.find(bank_line_id)
        if before is None:
            return None
        after = storage.copy_of(before)
        if not made(after):
            return before
        after.version, after.updated_at = int(before.version) + 1, clock.now_ms()
        if is_written(None, rows, _only(store.change(before, after))):
            return after
    raise TemporarilyUnavailable


def _only(write: storage.Write) -> Callable[[tuple[Entry, ...]], Sequence[storage.Write]]:
    return lambda _entries: [write]


def _settle(bank_line_id: str, found: matching.Judgement) -> None:
    def made(line: BankLineItem) -> bool:
        wanted = (found.state, found.difference or None, open_key(line.merchant_id, line.currency) if found.difference else None)
        known = (line.state, None if line.difference is None else int(line.difference), line.open_key)
        line.state, line.difference, line.open_key = wanted
        return wanted != known

    change(bank_line_id, made)


def _knows(line: BankLineItem, wanted: Sequence[str]) -> bool:
    return set(wanted) <= set(line.settlements or ())


def _brought(
    line: BankLineItem, brought: Sequence[SettlementItem], decision: dict[str, Any] | None, rows: Sequence[storage.Write]
) -> BankLineItem | None:
    """The line, which brings these too; None when another writer was faster."""
    connector = line.connector or brought[0].connector
    mine = (line.merchant_id, connector, line.currency)
    fitting = [item for item in brought if (item.merchant_id, item.connector, item.currency) == mine]
    ids = sorted({*(str(each) for each in line.settlements or ()), *(item.settlement_id for item in fitting)})
    if not fitting or len(ids) > MAX_SETTLEMENTS:
        return line
    others = [settling.with_bank_line(item, line.bank_line_id, is_open=True) for item in fitting if item.bank_line_id is None]
    known = _known(line, connector, ids, decision)

    def writes(entries: tuple[Entry, ...]) -> list[storage.Write]:
        known.entries = [_place(entry) for entry in entries] or line.entries
        return [store.change(line, known), *others]

    made = None if line.entries or not int(line.amount) else journal(line, connector)
    return known if is_written(made, rows, writes) else None


def _known(line: BankLineItem, connector: str, ids: list[str], decision: dict[str, Any] | None) -> BankLineItem:
    known = storage.copy_of(line)
    known.connector, known.settlements, known.settlement_id = connector, ids, ids[0]
    known.state, known.difference, known.proposals = MATCHED, None, None
    # Until it is compared with what it brings.
    known.open_key = open_key(line.merchant_id, line.currency)
    if decision is not None:
        known.decisions = [*(line.decisions or ()), decision]
    known.version, known.updated_at = int(line.version) + 1, clock.now_ms()
    return known


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
