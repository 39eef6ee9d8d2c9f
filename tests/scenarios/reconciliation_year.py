"""A year of payments over three providers with planted faults, reconciled day by day by the real engine over the real ledger.

Every payment is booked by `ledger.post` with its record and its provider's references, every report is a settlement with its journal and
its stored lines, every payout is on a bank's statement the day after, and every evening runs what the schedule runs. What is planted is
known, so what is found can be counted.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from paycorex import clock, credentials, ids, ledger, reconciliation_accounts, storage
from paycorex.evm.networks import ETHEREUM
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records import reconciliation_item as record
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem, entry_references, settlement_reference
from paycorex.records.payment_fee import PROVIDER as PROVIDERS_ANSWER
from paycorex.records.reconciliation_item import OURS, PROVIDER, ReconciliationItem
from paycorex.records.settlement import settlement_id
from payments.connectors.settling import LineKind, ReportLine
from payments.payment import fee_books, references
from payments.payment.fees import KnownFee
from settlements.lines import accepting, rows
from settlements.matching import working
from settlements.matching.states import EXCEPTIONS, State
from settlements.settling import closing
from tests.scenarios.reconciliation_bank import Bank

DAY_MS: Final = 86_400_000
PROVIDERS: Final = ("stripe", "razorpay", "adyen")
CURRENCY: Final = "INR"
# From a payment to its report, and how long after that a late one comes: the day after it was due.
REPORTED_AFTER: Final = 2
DUE_AFTER: Final = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """What was planted. items: the items that must be found, each in this state at the end; missed_on: the day it must be missing on."""

    kind: str
    items: tuple[tuple[str, State], ...] = ()
    missed: str | None = None


FOREIGN: Final = "USD"
SOURCES: Final = (Account.clearing, Account.bank_in_transit)
KINDS: Final = ("missing", "doubled", "short", "shifted", "wrong_currency", "wrong_fee", "chargeback", "refund_outside", "unknown_charge")


@dataclass(slots=True)
class Found:
    """How well planted and found agree."""

    planted: int
    found: int
    right: int
    missing_items: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what was found, how much was planted."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what was planted, how much was found."""
        return self.right / self.planted if self.planted else 1.0


@dataclass(slots=True)
class Year:
    """The year of one merchant. payments: how many in all. fault_every: one of so many payments has a fault."""

    merchant_id: str
    payments: int
    days: int
    set_time: Callable[[float], None]
    fault_every: int = 50
    seed: int = 1
    start_ms: int = field(default_factory=lambda: (clock.now_ms() // DAY_MS + 1) * DAY_MS)
    faults: list[Fault] = field(default_factory=list)
    missed: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    unexplained: list[str] = field(default_factory=list)
    bank_fault_every: int = 8
    _bank: Bank = field(init=False)
    _reports: dict[tuple[int, str], list[ReportLine]] = field(default_factory=lambda: defaultdict(list))
    _random: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        self._bank = Bank(self.merchant_id, CURRENCY, self.bank_fault_every)
        sources = [make(self.merchant_id, provider, of) for make in SOURCES for provider in PROVIDERS for of in (CURRENCY, FOREIGN)]
        reconciliation_accounts.note(each.key for each in (*sources, Account.clearing(self.merchant_id, ETHEREUM.name, CURRENCY)))

    def live(self) -> None:
        """Live through all days, and as long after them as reports come."""
        self._random = random.Random(self.seed)
        made = 0
        for day in range(self.days + DUE_AFTER + 3):
            self.set_time((self.start_ms + day * DAY_MS) / 1000)
            until = self.payments * min(day + 1, self.days) // self.days
            while made < until:
                self._pay(made, day)
                made += 1
            for provider in PROVIDERS:
                self._report(day, provider)
            self._bank.show(day)
            self.set_time((self.start_ms + day * DAY_MS + DAY_MS // 2) / 1000)
            self._reconcile(day)

    def found(self) -> Found:
        """Everything that the engine has in a state that calls for a decision, against what was planted."""
        planted = {item for fault in self.faults for item in fault.items}
        items = (item for item in storage.scan_all(ReconciliationItem) if item.merchant_id == self.merchant_id)
        found = {(item.item_id, State(item.state)) for item in items if item.state in EXCEPTIONS}
        for fault in self.faults:
            if fault.missed is not None:
                planted.add((fault.missed, State.MISSING))
        found |= {(item_id, State.MISSING) for item_id in self.missed if self.missed[item_id]}
        return Found(
            planted=len(planted),
            found=len(found),
            right=len(planted & found),
            missing_items=sorted(f"{item} {state}" for item, state in planted - found),
            invented=sorted(f"{item} {state}" for item, state in found - planted),
        )

    def counts(self) -> Counter[str]:
        """How many faults of each kind were planted."""
        return Counter(fault.kind for fault in self.faults)

    def _pay(self, number: int, day: int) -> None:
        provider = PROVIDERS[number % len(PROVIDERS)]
        payment_id = ids.derive("pay", self.merchant_id, str(number))
        amount = self._random.randint(100, 5_000_00)
        charge = f"{provider}_ch_{number}"
        book_payment(self.merchant_id, payment_id, provider, charge, amount)
        line = ReportLine(
            line_reference=f"{provider}_txn_{number}",
            kind=LineKind.PAYMENT,
            kind_name="payment",
            gross=amount,
            fee=amount * 2 // 100,
            tax=amount * 2 // 100 * 18 // 100,
            currency=CURRENCY,
            charge_reference=charge,
            occurred_at=clock.now_ms(),
        )
        if number % self.fault_every == self.fault_every - 1:
            self._plant(KINDS[number // self.fault_every % len(KINDS)], line, payment_id, provider, day)
        else:
            self._reports[day + REPORTED_AFTER, provider].append(line)

    def _plant(self, kind: str, line: ReportLine, payment_id: str, provider: str, day: int) -> None:
        due, ours = self._reports[day + REPORTED_AFTER, provider], self._ours(provider, payment_id)
        match kind:
            case "missing":
                self.faults.append(Fault(kind, ((ours, State.MISSING),)))
            case "doubled":
                again = changed(line, line_reference=f"{line.line_reference}_again")
                due += [line, again]
                # Of two lines that are the same, the one whose name comes last in the order of lines is the second.
                second = max((self._line_key(provider, line), self._line_key(provider, again)))
                self.faults.append(Fault(kind, ((self._theirs(provider, second), State.DUPLICATE),)))
            case "short":
                due.append(changed(line, gross=line.gross - 7))
                self.faults.append(Fault(kind, ((ours, State.AMOUNT_DIFFERS),)))
            case "shifted":
                self._reports[day + DUE_AFTER + 2, provider].append(line)
                self.faults.append(Fault(kind, missed=ours))
            case "wrong_fee":
                fee_books.book(payment_id, KnownFee(PROVIDERS_ANSWER, line.fee, line.tax, CURRENCY))
                due.append(changed(line, fee=line.fee + 25))
                self.faults.append(Fault(kind, ((ours, State.FEE_DIFFERS),)))
            case "wrong_currency":
                foreign = changed(line, currency=FOREIGN)
                due.append(foreign)
                theirs = record.item_id(self.merchant_id, PROVIDER, provider, FOREIGN, self._line_key(provider, foreign))
                self.faults.append(Fault(kind, ((ours, State.MISSING), (theirs, State.AMOUNT_DIFFERS))))
            case _:
                due.append(line) if kind != "unknown_charge" else None
                self._plant_unexpected(kind, line, provider, day, ours)

    def _plant_unexpected(self, kind: str, line: ReportLine, provider: str, day: int, ours: str) -> None:
        """What the provider alone has: it comes a day after the payment's own line."""
        kinds = {"chargeback": LineKind.DISPUTE, "refund_outside": LineKind.REFUND, "unknown_charge": LineKind.PAYMENT}
        sign = 1 if kind == "unknown_charge" else -1
        charge = f"{line.charge_reference}_unknown" if kind == "unknown_charge" else line.charge_reference
        odd = changed(
            line,
            line_reference=f"{line.line_reference}_{kind}",
            kind=kinds[kind],
            gross=sign * line.gross,
            fee=0,
            tax=0,
            charge_reference=charge,
            object_reference=f"{line.charge_reference}_{kind}",
        )
        self._reports[day + REPORTED_AFTER + 1, provider].append(odd)
        found = [(self._theirs(provider, self._line_key(provider, odd)), State.UNEXPECTED)]
        if kind == "unknown_charge":
            # The payment's own line was replaced by it.
            found.append((ours, State.MISSING))
        self.faults.append(Fault(kind, tuple(found)))

    def _report(self, day: int, provider: str) -> None:
        lines = self._reports.pop((day, provider), [])
        self._random.shuffle(lines)
        for currency in sorted({line.currency for line in lines}):
            of_one = [line for line in lines if line.currency == currency]
            book_report(self.merchant_id, provider, f"{provider}_po_{day}", of_one)
            sent = settlement_id(self.merchant_id, provider, f"{provider}_po_{day}", currency)
            planted = self._bank.sent(day, sent, may_fail=day < self.days)
            if planted is not None:
                self.faults.append(Fault(*planted))

    def _reconcile(self, day: int) -> None:
        done = working.run(self.merchant_id, look_up=False)
        for account in done.accounts:
            if not account.is_proved:
                self.unexplained.append(f"day {day}: {account.source} {account.currency} {account.unexplained}")
            for item in account.open_items:
                if item.state == State.MISSING:
                    self.missed[item.item_id].add(day)

    def _ours(self, provider: str, payment_id: str) -> str:
        return record.item_id(self.merchant_id, OURS, provider, CURRENCY, f"payment:{payment_id}")

    def _theirs(self, provider: str, key: str) -> str:
        return record.item_id(self.merchant_id, PROVIDER, provider, CURRENCY, key)

    def _line_key(self, provider: str, line: ReportLine) -> str:
        return line_key(self.merchant_id, provider, line)


def changed(line: ReportLine, **fields: object) -> ReportLine:
    """A line with some fields changed."""
    values = {name: getattr(line, name) for name in ReportLine.__dataclass_fields__}
    return ReportLine(**(values | fields))


def book_payment(merchant_id: str, payment_id: str, provider: str, charge: str, amount: int) -> None:
    """A payment that a provider approved: its record, its references and its journal in one transaction."""
    now = clock.now_ms()
    item = PaymentItem(
        payment_id=payment_id,
        merchant_id=merchant_id,
        amount=amount,
        currency=CURRENCY,
        method="tokenized",
        status="success",
        provider=provider,
        provider_reference=charge,
        timeline=[["success", now]],
        version=1,
        created_at=now,
        updated_at=now,
        request_hash="",
        merchant_lane=f"{merchant_id}#0",
        order_key=order_key(now, payment_id),
    )
    journal = Journal.transfer(
        source=Account.clearing(merchant_id, provider, CURRENCY),
        target=Account.of_merchant(merchant_id, CURRENCY),
        amount=Money(amount, CURRENCY),
        reference=settlement_reference(payment_id),
    )

    def writes(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        item.entries = entry_references(entries)
        return [storage.put(item, PaymentItem.payment_id.does_not_exist()), *references.rows(None, item)]

    ledger.post(journal, writes, lanes=credentials.lanes_of(merchant_id))


def line_key(merchant_id: str, provider: str, line: ReportLine) -> str:
    """By which items know a line."""
    return rows.row_of(merchant_id, provider, line, None, None).order_key


def book_report(merchant_id: str, provider: str, reference: str, lines: list[ReportLine]) -> None:
    """A payout with its lines, by the room's own ways: accepted, then closed."""
    named = [changed(line, settlement_reference=reference) for line in lines]
    accepted = accepting.accept(merchant_id, provider, named)
    assert not accepted.refused, accepted.refused
    done = closing.close(settlement_id(merchant_id, provider, reference, lines[0].currency), is_whole=True)
    assert done is not None
    assert done.state == "booked", (done.state, done.problem)
