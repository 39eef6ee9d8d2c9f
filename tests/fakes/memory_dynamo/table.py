"""One table: its partitions, its indexes and the log of its changes. It commits writes; it does not judge them."""

from hashlib import blake2b
from typing import Any, NamedTuple

from tests.fakes.memory_dynamo.capacity import write_units
from tests.fakes.memory_dynamo.partition import Partition, Row, SortKey
from tests.fakes.memory_dynamo.refusal import invalid
from tests.fakes.memory_dynamo.schema import IndexSchema, ItemKey, TableSchema
from tests.fakes.memory_dynamo.values import Item, size_of_item

type Partitions = dict[Any, Partition]


class Change(NamedTuple):
    """A committed write, for the stream."""

    sequence: int
    at_seconds: float
    old: Item | None
    new: Item | None
    by_ttl: bool


class Table:
    def __init__(self, schema: TableSchema, *, keeps_history: bool) -> None:
        self.schema = schema
        self.partitions: Partitions = {}
        self.index_partitions: dict[str, Partitions] = {index.name: {} for index in schema.indexes}
        self.changes: list[Change] = []
        self._keeps_history = keeps_history
        self._rings: dict[str | None, list[tuple[bytes, Any]]] = {}

    def find(self, key: ItemKey) -> Row | None:
        partition = self.partitions.get(key[0])
        return None if partition is None else partition.rows.get((key[1],))

    def find_stale(self, key: ItemKey) -> Row | None:
        partition = self.partitions.get(key[0])
        return None if partition is None else partition.stale((key[1],))

    def index(self, name: str) -> IndexSchema:
        for index in self.schema.indexes:
            if index.name == name:
                return index
        raise invalid("The table does not have the specified index: " + name)

    def held(self, index: IndexSchema | None) -> Partitions:
        return self.partitions if index is None else self.index_partitions[index.name]

    def ring(self, index: IndexSchema | None) -> list[tuple[bytes, Any]]:
        """Hash values in the order of a scan: by digest, so the order is stable while partitions come and go."""
        held, name = self.held(index), None if index is None else index.name
        ring = self._rings.get(name)
        if ring is None or len(ring) != len(held):
            ring = sorted((digest(value), value) for value in held)
            self._rings[name] = ring
        return ring

    def commit(self, key: ItemKey, old: Row | None, new: Row | None, write: int) -> dict[str, int]:
        """Replace `old` by `new` under `key`. Returns the write units of each index that changed."""
        if new is not None:
            self._put(self.partitions, key[0], (key[1],), new, write)
        elif old is not None:
            self.partitions[key[0]].remove((key[1],), write)
        units = {}
        for index in self.schema.indexes:
            index_units = self._commit_index(index, key, old, new, write)
            if index_units:
                units[index.name] = index_units
        return units

    def _commit_index(self, index: IndexSchema, key: ItemKey, old: Row | None, new: Row | None, write: int) -> int:
        partitions = self.index_partitions[index.name]
        was = index.keys.of(old.item) if old is not None and index.has(old.item) else None
        becomes = index.keys.of(new.item) if new is not None and index.has(new.item) else None
        units = old_units = 0
        old_row: Row | None = None
        if was is not None:
            place = (was[1], *key)
            old_row = partitions[was[0]].rows[place]
            old_units = write_units(old_row.size)
        if becomes is not None and new is not None:
            row = _index_row(index, new)
            units = write_units(row.size)
            if was == becomes:
                if old_row is not None and old_row.item == row.item:
                    return 0
                units, old_units = max(units, old_units), 0
            self._put(partitions, becomes[0], (becomes[1], *key), row, write)
        if was is not None and was != becomes:
            partitions[was[0]].remove((was[1], *key), write)
        return units + old_units

    def _put(self, partitions: Partitions, hash_part: Any, place: SortKey, row: Row, write: int) -> None:
        partition = partitions.get(hash_part)
        if partition is None:
            partition = partitions[hash_part] = Partition(keeps_history=self._keeps_history)
        partition.put(place, row, write)


def _index_row(index: IndexSchema, row: Row) -> Row:
    if index.projection is None:
        return row
    item = index.projected(row.item)
    return Row(item, size_of_item(item))


def digest(hash_part: Any) -> bytes:
    """Where a hash value lies in the order of a scan."""
    return blake2b(repr(hash_part).encode(), digest_size=8).digest()
