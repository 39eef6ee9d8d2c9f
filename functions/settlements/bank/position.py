"""Where a merchant's money is, by currency: in the bank, on its way there, at providers, on chains; and to whom it belongs.

What is in transit is explained: payouts that no bank line shows yet, and what lines bring more or less than their payouts.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from paycorex.evm.networks import NETWORKS
from paycorex.ledger import Entity, account_list
from paycorex.ledger import store as ledger_store
from paycorex.records.bank_line import MATCHED
from paycorex.records.settlement import SettlementItem
from settlements.bank.knowledge import sent
from settlements.stores import bank_lines, settlements

# Of a merchant's settlements, newest first. Older ones are in the bank, or a person's to look at.
MAX_SETTLEMENTS: Final = 10_000
# What is debited when money is there.
_ASSETS: Final = frozenset({Entity.BANK, Entity.BANK_IN_TRANSIT, Entity.CLEARING})


@dataclass(slots=True)
class Transit:
    """What one connector paid out and the bank does not show. Signed minor units, + for what is still to come."""

    balance: int = 0
    explained: int = 0
    payouts: int = 0


@dataclass(slots=True)
class Position:
    """One currency. Signed minor units: of places + for what is there, of `owed` + for what is owed.

    users: wallets and what is held of them, which is the rest: debits equal credits.
    """

    currency: str
    bank: int = 0
    transit: dict[str, Transit] = field(default_factory=dict)
    providers: Counter[str] = field(default_factory=Counter)
    chains: Counter[str] = field(default_factory=Counter)
    owed: Counter[Entity] = field(default_factory=Counter)

    @property
    def there(self) -> int:
        """All that is in some place."""
        transit = sum(each.balance for each in self.transit.values())
        return self.bank + transit + self.providers.total() + self.chains.total()

    @property
    def users(self) -> int:
        """What users hold."""
        return self.there - self.owed.total()

    @property
    def is_explained(self) -> bool:
        """Whether each unit in transit has a name."""
        return all(each.balance == each.explained for each in self.transit.values())


def of_merchant(merchant_id: str) -> list[Position]:
    """All currencies of a merchant, as the ledger had them some minutes ago at most. Raises storage.Unavailable."""
    found: dict[str, Position] = {}
    for account in account_list.chains_of(merchant_id):
        head = ledger_store.head(account, consistent=False)
        if head is None:
            continue
        position = found.setdefault(account.currency, Position(account.currency))
        _add(position, account.entity, account.entity_id, -head.balance if account.entity in _ASSETS else head.balance)
    for position in found.values():
        if position.transit:
            _explain(merchant_id, position)
    return [found[currency] for currency in sorted(found)]


def _add(position: Position, entity: Entity, entity_id: str, minor: int) -> None:
    match entity:
        case Entity.BANK:
            position.bank += minor
        case Entity.BANK_IN_TRANSIT:
            position.transit.setdefault(entity_id, Transit()).balance += minor
        case Entity.CLEARING if entity_id in NETWORKS:
            position.chains[entity_id] += minor
        case Entity.CLEARING:
            position.providers[entity_id] += minor
        case Entity.WALLET | Entity.HOLD | Entity.USER:
            pass
        case _:
            position.owed[entity] += minor


def _explain(merchant_id: str, position: Position) -> None:
    """Payouts without a bank line are still to come; of those with one, what their lines differ by."""
    unjudged: set[str] = set()
    for line in bank_lines.open_lines(merchant_id, position.currency):
        if line.connector is None:
            continue
        transit = position.transit.setdefault(str(line.connector), Transit())
        if line.difference is not None:
            transit.explained -= int(line.difference)
        elif line.state == MATCHED:
            transit.explained -= int(line.amount)
            unjudged |= {str(each) for each in line.settlements or ()}

    def is_to_come(item: SettlementItem) -> bool:
        is_open = item.bank_line_id is None or item.settlement_id in unjudged
        return item.currency == position.currency and is_open and sent(item) != 0

    for item in settlements.of_merchant(merchant_id, keep=is_to_come, limit=MAX_SETTLEMENTS, position=None).items:
        transit = position.transit.setdefault(item.connector, Transit())
        transit.explained += sent(item)
        transit.payouts += 1
