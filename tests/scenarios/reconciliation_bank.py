"""The bank's and the chain's part of a year: each payout is on a statement the day after, but for planted faults."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from paycorex import clock, ids, storage
from paycorex.evm.networks import ETHEREUM
from paycorex.records import reconciliation_item as record
from paycorex.records.bank_line import BankLineItem
from paycorex.records.crypto_transaction import CONFIRMED, CryptoTransactionItem, record_id, state_key, transfer_id
from paycorex.records.order import order_key
from paycorex.records.reconciliation_item import CHAIN
from paycorex.records.reconciliation_position import TRANSIT
from settlements.bank import knowledge, looking
from settlements.bank.readers.statement import BankLine, Statement, StatementHeader
from settlements.bank.rows import Numbering, rows_of
from settlements.matching import items
from settlements.matching.states import State
from settlements.stores import bank_lines, settlements

KINDS: Final = ("bank_missing", "bank_doubled", "bank_short", "bank_returned", "chain_without_payment")
SHORT_MINOR: Final = 9

# What must be found of a fault: items, each with its state.
Expected = tuple[tuple[str, State], ...]


@dataclass(slots=True)
class Bank:
    """A merchant's bank account, and a chain. currency: of what is planted on the chain. fault_every: one of so many payouts."""

    merchant_id: str
    currency: str
    fault_every: int = 8
    payouts: int = 0
    faults: int = 0
    _due: dict[int, list[tuple[str, BankLineItem]]] = field(default_factory=lambda: defaultdict(list))

    def sent(self, day: int, settlement_id: str, *, may_fail: bool) -> tuple[str, Expected] | None:
        """A payout is on its way; the kind of fault that is planted, and what must be found of it."""
        payout = settlements.find(settlement_id)
        net = 0 if payout is None else knowledge.sent(payout)
        if payout is None or not net:
            return None
        self.payouts += 1
        if not may_fail or self.payouts % self.fault_every or abs(net) <= SHORT_MINOR:
            self._line(day + 1, settlement_id, payout.provider_reference, payout.currency, net)
            return None
        kind = KINDS[self.faults % len(KINDS)]
        self.faults += 1
        named = (settlement_id, payout.provider_reference, payout.currency)
        item = items.id_of(self.merchant_id, f"{TRANSIT}{payout.connector}", payout.currency, f"payout:{settlement_id}")
        return kind, self._plant(kind, day, named, net, item)

    def show(self, day: int) -> None:
        """The day's statement is read, and held against the payouts."""
        for settlement_id, line in self._due.pop(day, []):
            bank_lines.stored(line)
            looking.at_settlement(settlement_id, lambda: True)

    def _plant(self, kind: str, day: int, named: tuple[str, str, str], net: int, payout: str) -> Expected:
        match kind:
            case "bank_missing":
                return ((payout, State.MISSING),)
            case "bank_doubled":
                self._line(day + 1, *named, net)
                return ((self._line(day + 2, *named, net), State.DUPLICATE),)
            case "bank_short":
                return ((self._line(day + 1, *named, net - SHORT_MINOR), State.AMOUNT_DIFFERS),)
            case "bank_returned":
                self._line(day + 1, *named, net)
                self._line(day + 2, *named, -net)
                return ((payout, State.MISSING),)
            case _:
                self._line(day + 1, *named, net)
                return ((self._transfer(), State.UNEXPECTED),)

    def _line(self, day: int, settlement_id: str, reference: str, currency: str, amount: int) -> str:
        """A line of a later statement; the id of its item."""
        booked_on = date(2027, 1, 1) + timedelta(day)
        line = BankLine(1, amount, booked_on, references=(reference,))
        (row,) = rows_of(self.merchant_id, None, Statement(StatementHeader("ACC-1", currency), [line]), Numbering())
        self._due[day].append((settlement_id, row))
        return items.id_of(self.merchant_id, "", currency, f"bank_line:{row.bank_line_id}")

    def _transfer(self) -> str:
        """A transfer to an address of the merchant's whose payment is not there; the id of its item."""
        now, tx_hash = clock.now_ms(), f"0x{self.faults:064x}"
        item = CryptoTransactionItem(
            network=ETHEREUM.name,
            transfer_id=transfer_id(tx_hash, "native", self.merchant_id),
            merchant_id=self.merchant_id,
            address_id=ids.derive("adr", tx_hash),
            payment_id=ids.derive("pay", self.merchant_id, tx_hash),
            tx_hash=tx_hash,
            chain_id=ETHEREUM.chain_id,
            from_address="0x" + "11" * 20,
            to_address="0x" + "22" * 20,
            asset=ETHEREUM.native.symbol,
            decimals=ETHEREUM.native.decimals,
            amount=str(10**16),
            block_number=self.faults,
            block_hash="0x" + "33" * 32,
            block_time=now,
            status=CONFIRMED,
            incarnation=1,
            detected_at=now,
            updated_at=now,
            state_key=state_key(ETHEREUM.name, CONFIRMED),
            version=2,
        )
        item.order_key = order_key(now, record_id(item))
        storage.run(storage.put(item))
        return record.item_id(self.merchant_id, CHAIN, ETHEREUM.name, self.currency, f"transfer:{item.transfer_id}")
