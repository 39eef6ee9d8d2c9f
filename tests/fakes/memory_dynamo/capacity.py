"""DynamoDB's capacity arithmetic, and the ConsumedCapacity blocks of responses.

A write unit is 1 KB of the larger of the old and the new item, a read unit 4 KB; an eventually consistent read costs
half, a transaction twice for the table. An index is written once, after the fact, so a transaction does not double it.
"""

from collections import defaultdict
from typing import Any

from tests.fakes.memory_dynamo.refusal import invalid

_WRITE_BYTES = 1024
_READ_BYTES = 4096


def write_units(size: int) -> int:
    """Units to write an item of `size` bytes; at least one."""
    return max(1, -(-size // _WRITE_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """Units to read `size` bytes, which a query sums over its items; at least one, or half for an eventual read."""
    units = max(1, -(-size // _READ_BYTES))
    return float(units) if consistent else units / 2


class Meter:
    """Counts what one request consumes and reports it the way `ReturnConsumedCapacity` asks.

    `direction` is "Write" or "Read" for transactions, whose report also names the units by direction.
    """

    def __init__(self, mode: str | None, direction: str | None = None) -> None:
        if mode not in {None, "NONE", "TOTAL", "INDEXES"}:
            detail = "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
            where = "at 'returnConsumedCapacity' failed to satisfy constraint"
            raise invalid(f"1 validation error detected: Value '{mode}' {where}: {detail}")
        self.mode = None if mode == "NONE" else mode
        self._direction = direction
        self._tables: dict[str, float] = {}
        self._indexes: dict[str, dict[tuple[str, str], float]] = defaultdict(lambda: defaultdict(float))

    def table(self, table: str, units: float) -> None:
        self._tables[table] = self._tables.get(table, 0.0) + units

    def index(self, table: str, index: str, units: float, *, is_local: bool) -> None:
        self._tables.setdefault(table, 0.0)
        field = "LocalSecondaryIndexes" if is_local else "GlobalSecondaryIndexes"
        self._indexes[table][field, index] += units

    def one(self) -> dict[str, Any]:
        """The members to add to the response of a single-table operation."""
        return {"ConsumedCapacity": self._block(next(iter(self._tables)))} if self.mode else {}

    def many(self) -> dict[str, Any]:
        """The members to add to the response of a batch or transaction."""
        return {"ConsumedCapacity": [self._block(table) for table in self._tables]} if self.mode else {}

    def _block(self, table: str) -> dict[str, Any]:
        own, indexes = self._tables[table], self._indexes.get(table, {})
        total = own + sum(indexes.values())
        block: dict[str, Any] = {"TableName": table, **self._units(total)}
        if self.mode == "INDEXES":
            block["Table"] = self._units(own)
            for (field, name), units in indexes.items():
                block.setdefault(field, {})[name] = self._units(units)
        return block

    def _units(self, units: float) -> dict[str, float]:
        if self._direction is None:
            return {"CapacityUnits": units}
        return {"CapacityUnits": units, f"{self._direction}CapacityUnits": units}
