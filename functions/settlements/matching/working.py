"""One run of the reconciliation of a merchant: read, take in, place, judge by the clock, look up, and say what is not explained."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from paycorex import clock, storage
from paycorex.records.order import order_key
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.reconciliation_position import ReconciliationPosition, is_in_transit, is_on_chain, source_and_currency
from paycorex.records.settlement import SettlementItem
from settlements.matching import absorbing, chain, folding, items, looking_up, placing, proving, stating, transit
from settlements.matching.proving import Explained
from settlements.matching.states import State
from settlements.stores import reconciliation as store
from settlements.stores import settlements as settlement_store

# How many of a merchant's newest settlements are looked through for what is to be done.
MAX_SETTLEMENTS: Final = 200
DUE: Final = "due"


@dataclass(slots=True)
class Run:
    """What one run came to. is_done: nothing was left for want of time."""

    entries: int = 0
    accounts: list[Explained] = field(default_factory=list)
    looked_up: int = 0
    overdue: int = 0
    is_done: bool = True

    @property
    def is_proved(self) -> bool:
        """True when every clearing account is explained to the last unit."""
        return self.is_done and all(account.is_proved for account in self.accounts)


def run(merchant_id: str, *, may_go_on: Callable[[], bool] = lambda: True, look_up: bool = True) -> Run:
    """Bring a merchant's items up to date. Raises storage.Unavailable, TemporarilyUnavailable."""
    done = Run()
    _read(merchant_id, done, may_go_on)
    settlements = settlement_store.of_merchant(merchant_id, keep=_is_booked, limit=MAX_SETTLEMENTS, position=None).items
    for settlement in settlements:
        done.is_done &= absorbing.absorb(settlement, may_go_on)
    _hold_against_the_bank(merchant_id, done, may_go_on)
    for position in store.accounts(merchant_id):
        _judge(position, done, may_go_on, look_up=look_up)
    # What was placed has entries of its own.
    _read(merchant_id, done, may_go_on)
    for position in store.accounts(merchant_id):
        explained = proving.explain(position)
        done.accounts.append(explained)
        _tell_settlements(settlements, explained)
        note_proof(position, explained)
        if done.is_done and explained.lanes:
            stating.state_yesterday(merchant_id, explained)
    return done


def _read(merchant_id: str, done: Run, may_go_on: Callable[[], bool]) -> None:
    for position in store.accounts(merchant_id):
        source, currency = source_and_currency(position.account)
        read = folding.read_account(merchant_id, source, currency, may_go_on)
        done.entries += read.entries
        done.is_done &= read.is_done


def _hold_against_the_bank(merchant_id: str, done: Run, may_go_on: Callable[[], bool]) -> None:
    """Close payouts with the bank lines that bring them, and list lines that bring nothing of ours."""
    for position in store.accounts(merchant_id):
        source, currency = source_and_currency(position.account)
        if is_in_transit(source):
            done.is_done &= transit.settle(merchant_id, source, currency, may_go_on)
    for currency in store.bank_currencies(merchant_id):
        done.is_done &= transit.note_unexpected(merchant_id, currency, may_go_on)


def _is_booked(settlement: SettlementItem) -> bool:
    return bool(settlement.bookings) and (settlement.absorbed_to != absorbing.DONE or settlement.state == "booked")


def _judge(position: ReconciliationPosition, done: Run, may_go_on: Callable[[], bool], *, look_up: bool) -> None:
    source, currency = source_and_currency(position.account)
    now = clock.now_ms()
    if is_on_chain(source):
        done.is_done &= chain.settle(position, may_go_on, look_up=look_up)
        return
    for item in list(store.overdue(position.merchant_id, source, currency, now, state=items.PENDING)):
        placing.settle(placing.fresh(item.item_id))
    for item in list(store.overdue(position.merchant_id, source, currency, now, state=State.EXPECTED)):
        done.overdue += _is_restated(item)
    for item in list(store.overdue(position.merchant_id, source, currency, now, state=State.UNEXPECTED)):
        done.looked_up += looking_up.look_up(item, ask=look_up)


def _is_restated(item: ReconciliationItem) -> bool:
    """Judge an item anew, by the clock."""
    before = placing.fresh(item.item_id)
    after = items.restated(before, before, clock.now_ms())
    if after.state == before.state:
        return False
    try:
        storage.run(store.change(before, after))
    except (storage.ConditionRefused, storage.OutcomeUnknown):
        # Another writer knows more by now.
        return False
    return True


def _tell_settlements(settlements: list[SettlementItem], explained: Explained) -> None:
    """How many items each settlement's lines left open, where that changed: its state follows from it."""
    still_open = Counter(item.settlement_id for item in explained.open_items if item.settlement_id is not None)
    mine = {each.settlement_id for each in settlements if (each.connector, each.currency) == (explained.source, explained.currency)}
    # One that was reconciled and has an open item again is not among the settlements that were looked through.
    for settlement_id in sorted(mine | set(still_open)):
        settlement, count = settlement_store.find(settlement_id), still_open[settlement_id]
        if settlement is not None and settlement.absorbed_to == absorbing.DONE and int(settlement.open_items or 0) != count:
            store.set_open_items(settlement, count, DUE, order_key(clock.now_ms(), settlement_id))


def note_proof(position: ReconciliationPosition, explained: Explained) -> None:
    """Note when the account was explained, or by how much it is not. Another run's note is as good."""
    after = storage.copy_of(position)
    after.unexplained = explained.unexplained
    if explained.is_proved:
        after.proved_at = clock.now_ms()
    after.version = int(position.version) + 1
    try:
        storage.run(store.move_position(position, after))
    except (storage.ConditionRefused, storage.OutcomeUnknown):
        return
