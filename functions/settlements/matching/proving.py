"""The proof that an account is explained: its balance is the sum of its open items, each of which has a name.

What is not explained is named in a second, slower way: every entry of the account is read again and held against the item, the settlement
or the decision that it belongs to.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from paycorex import clock
from paycorex.ledger import Entry
from paycorex.ledger import store as ledger_store
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import COUNTED, ReconciliationItem
from paycorex.records.reconciliation_position import ReconciliationPosition, lanes_of, ledger_account, source_and_currency
from settlements.matching import clearing, items
from settlements.matching.states import State
from settlements.stores import lines as line_store
from settlements.stores import reconciliation as store
from settlements.stores import settlements as settlement_store

DAY_MS: Final = 86_400_000
# Ages by which open items are counted, in days; what is older is in the last.
AGES: Final = (1, 3, 7, 30)


@dataclass(slots=True)
class Explained:
    """One clearing account. Amounts: signed minor units, + for what the provider owes.

    held: what of the balance a chain shows; its items are closed. items: of each state how many are open, and what is open of them.
    ages: how many by the days in AGES, the last one for older ones.
    """

    source: str
    currency: str
    balance: int
    held: int = 0
    explained: int = 0
    count: int = 0
    items: dict[str, tuple[int, int]] = field(default_factory=dict)
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    lanes: dict[int, tuple[int, int]] = field(default_factory=dict)
    open_items: list[ReconciliationItem] = field(default_factory=list)

    @property
    def unexplained(self) -> int:
        """What no item explains."""
        return self.balance - self.explained

    @property
    def is_proved(self) -> bool:
        """True when every unit has a name."""
        return self.unexplained == 0

    @property
    def exceptions(self) -> int:
        """How many open items call for a decision."""
        return sum(count for state, (count, _amount) in self.items.items() if state not in {State.MATCHED, State.EXPECTED})


def explain(position: ReconciliationPosition) -> Explained:
    """A clearing account as far as it was read into items. Raises storage.Unavailable."""
    source, currency = source_and_currency(position.account)
    lanes = lanes_of(position)
    held = int(position.held)
    found = Explained(source, currency, sum(balance for _seq, balance in lanes.values()), held, held, lanes=lanes)
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    now = clock.now_ms()
    for item in store.open_items(position.merchant_id, source, currency):
        counts[item.state] += 1
        amounts[item.state] += record.open_minor(item)
        found.ages[_age(now - int(item.created_at))] += 1
        if item.side in COUNTED:
            found.explained += record.open_minor(item)
        found.open_items.append(item)
    found.count = sum(counts.values())
    found.items = {state: (counts[state], amounts[state]) for state in sorted(counts)}
    return found


def _age(age_ms: int) -> int:
    return next((index for index, days in enumerate(AGES) if age_ms < days * DAY_MS), len(AGES))


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An amount that the books have and no item, or the other way round. minor: signed, + where the account has more."""

    what: str
    minor: int


def find_unexplained(position: ReconciliationPosition) -> Iterator[Unexplained]:
    """Each record, settlement or decision whose entries differ from what is stored of it. Reads the whole account."""
    source, currency = source_and_currency(position.account)
    entries = [entry for lane in lanes_of(position).items() for entry in _chain(position.merchant_id, source, currency, lane)]
    folded = clearing.fold(entries)
    yield from _records(position.merchant_id, source, currency, folded)
    settled: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    for entry in entries:
        change = clearing.change_of(entry)
        target = {clearing.SETTLEMENT: settled, clearing.RESOLUTION: decided}.get(change.kind)
        if target is not None:
            target[change.record_id.partition(".")[0]] -= change.owed
    yield from _settlements(settled, currency)
    yield from _decisions(decided)


def _chain(merchant_id: str, source: str, currency: str, lane: tuple[int, tuple[int, int]]) -> Iterator[Entry]:
    number, (last, _balance) = lane
    account, after = ledger_account(merchant_id, source, currency).on_lane(number), 0
    while after < last:
        page = ledger_store.read(account, first_seq=after + 1, last_seq=last).items
        if not page:
            return
        yield from page
        after = page[-1].seq


def _records(merchant_id: str, source: str, currency: str, folded: clearing.Folded) -> Iterator[Unexplained]:
    ids = {items.id_of(merchant_id, source, currency, name): name for name in folded.changes}
    known = store.find_many(list(ids))
    for item_id, name in ids.items():
        item, owed = known.get(item_id), folded.changes[name].owed
        booked = int(item.booked) if item is not None else 0
        if booked != owed:
            yield Unexplained(f"{name}: its entries say {owed}, its item {booked}", owed - booked)


def _settlements(settled: Counter[str], currency: str) -> Iterator[Unexplained]:
    for settlement_id, minor in settled.items():
        settlement = settlement_store.find(settlement_id)
        if settlement is None:
            yield Unexplained(f"settlement {settlement_id}: booked, and not stored", -minor)
        elif settlement.absorbed_to != "done":
            yield Unexplained(f"settlement {settlement_id}: its lines are not all taken in yet", 0)
        else:
            lines = (int(line.gross) for line in line_store.of_settlement(settlement_id) if line.placed == "clearing")
            reported = sum(lines) - int(settlement.returned or 0)
            if reported != minor:
                yield Unexplained(f"settlement {settlement_id}: booked {minor} {currency}, its lines say {reported}", reported - minor)


def _decisions(decided: Counter[str]) -> Iterator[Unexplained]:
    known = store.find_many(list(decided))
    for item_id, minor in decided.items():
        item = known.get(item_id)
        moves = [] if item is None else item.moves or []
        said = sum((credited == "clearing") * int(each) - (debited == "clearing") * int(each) for debited, credited, each in moves)
        if said != minor:
            yield Unexplained(f"item {item_id}: its journals say {minor}, its decisions {said}", said - minor)
