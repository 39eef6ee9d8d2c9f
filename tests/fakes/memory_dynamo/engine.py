"""The state behind a client: tables, the write counter, the clock and the dice for stale reads. Not thread-safe."""

import random
from collections.abc import Callable, Iterable

from tests.fakes.memory_dynamo.capacity import Meter, write_units
from tests.fakes.memory_dynamo.partition import Row
from tests.fakes.memory_dynamo.schema import ItemKey, TableSchema
from tests.fakes.memory_dynamo.table import Change, Table
from tests.fakes.memory_dynamo.transactions import Planned, Tokens
from tests.fakes.memory_dynamo.writes import table_of


class Engine:
    def __init__(self, *, region: str, eventual_lag: float, seed: int, clock: Callable[[], float]) -> None:
        self.region = region
        self.clock = clock
        self.tables: dict[str, Table] = {}
        self.tokens = Tokens(clock)
        self._eventual_lag = eventual_lag
        self._dice = random.Random(seed)
        self._writes = 0
        self._sequence = 0

    def table(self, name: str) -> Table:
        """Raises ResourceNotFoundException."""
        return table_of(self.tables, name)

    def create(self, schema: TableSchema) -> Table:
        table = self.tables[schema.name] = Table(schema, keeps_history=self._eventual_lag > 0)
        return table

    def is_stale(self) -> bool:
        """Whether the next read that may be stale is."""
        return self._eventual_lag > 0 and self._dice.random() < self._eventual_lag

    def commit(self, planned: Iterable[Planned], meter: Meter, factor: int = 1, *, by_ttl: bool = False) -> None:
        """Carry out judged writes as one, with their stream records. `factor` is 2 for a transaction's table units."""
        self._writes += 1
        for table, key, old, new in planned:
            units = self._commit_one(table, key, old, new, by_ttl=by_ttl)
            if meter.mode is None:
                continue
            name = table.schema.name
            size = max(old.size if old else 0, new.size if new else 0)
            meter.table(name, float(factor * write_units(size)))
            for index, index_units in units.items():
                meter.index(name, index, float(index_units), is_local=table.index(index).is_local)

    def _commit_one(self, table: Table, key: ItemKey, old: Row | None, new: Row | None, *, by_ttl: bool) -> dict[str, int]:
        old_item = None if old is None else old.item
        new_item = None if new is None else new.item
        if old_item == new_item:
            return {}
        units = table.commit(key, old, new, self._writes)
        self._sequence += 1
        table.changes.append(Change(self._sequence, self.clock(), old_item, new_item, by_ttl))
        return units

    def expire(self, now: float) -> int:
        """Delete items whose time to live has passed, as DynamoDB's sweeper does. Returns how many."""
        gone: list[Planned] = []
        for table in self.tables.values():
            attribute = table.schema.ttl_attribute
            if attribute is None:
                continue
            for hash_part, partition in table.partitions.items():
                for place, row in partition.rows.items():
                    if _is_past(row.item.get(attribute, {}).get("N"), now):
                        gone.append((table, (hash_part, place[0]), row, None))
        self.commit(gone, Meter(None), by_ttl=True)
        return len(gone)


def _is_past(expiry: str | None, now: float) -> bool:
    # DynamoDB ignores times more than five years gone.
    five_years_seconds = 5 * 365 * 86400
    return expiry is not None and now - five_years_seconds <= float(expiry) < now
