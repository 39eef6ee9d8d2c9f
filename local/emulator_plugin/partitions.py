"""The sorted partitions of the emulator's tables and indexes: made when a Query first asks for one, kept as items come and go."""

from typing import Any

from local.emulator_plugin.sorted_keys import Order, SortedKeys


class Partitions:
    """Of one table, and of one of its indexes where a name is given. dynamodb: the emulator's module."""

    def __init__(self, dynamodb: Any, table: dict[str, Any], index_name: str | None) -> None:
        self._dynamodb, self._table, self.index_name = dynamodb, table, index_name
        if index_name is None:
            self.hashes, self.ranges = [table["pk_name"]], [table["sk_name"]] if table["sk_name"] else []
        else:
            index = dynamodb._index_def(table, index_name)
            self.hashes, self.ranges = dynamodb._index_key_lists(index) if index else ([], [])

    def is_plain(self) -> bool:
        """One hash attribute and at most one range attribute, in an order that there is something to find in."""
        return len(self.hashes) == 1 and len(self.ranges) <= 1 and (self.index_name is not None or bool(self.ranges))

    def key_names(self) -> set[str]:
        """Of all attributes that a start key has: the table's own and the index's."""
        return {name for name in (self._table["pk_name"], self._table["sk_name"], *self.hashes, *self.ranges) if name}

    def type_of(self, name: str) -> str:
        """DynamoDB's letter: S, N or B."""
        kind: str = self._dynamodb._get_attr_type(self._table, name)
        return kind

    def find(self, value: Any) -> SortedKeys | None:
        """The partition of a hash value, or None when there is none.

        Keys are sort keys in a table, pairs of the table's partition and sort key in an index.
        """
        if self.index_name is None:
            return self._sorted(self._table["items"], value, self._order_of_sort_key)
        members = self._dynamodb._index_members(self._table).get(self.index_name)
        return None if members is None else self._sorted(members, value, self._order_of_member)

    def order_of(self, item: dict[str, Any]) -> Order:
        """An item's place, or a start key's, as the emulator orders them: the sort key's value first."""
        dynamodb = self._dynamodb
        if self.index_name is None:
            return (dynamodb._sort_key_value(item[self.ranges[0]], self.type_of(self.ranges[0])),)
        names = dynamodb._index_order_keys(self._table, self.ranges)
        return tuple(dynamodb._index_order_value(item, name, kind) for name, kind in names)

    def _order_of_sort_key(self, sort_key: Any) -> Order:
        kind = self.type_of(self.ranges[0])
        return (self._dynamodb._sort_key_value({kind: sort_key}, kind),)

    def _order_of_member(self, member: tuple[Any, Any]) -> Order:
        partition, sort_key = member
        return self.order_of(self._table["items"][partition][sort_key])

    @staticmethod
    def _sorted(partitions: Any, value: Any, order: Any) -> SortedKeys | None:
        found: SortedKeys | None = partitions.get(value)
        if found is not None and not isinstance(found, SortedKeys):
            found = partitions[value] = SortedKeys(found, order)
        return found
