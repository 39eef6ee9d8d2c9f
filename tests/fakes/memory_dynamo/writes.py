"""Writes, judged: what a Put, Update, Delete or ConditionCheck makes of the item that is there."""

from collections.abc import Mapping
from typing import Any, Literal

from tests.fakes.memory_dynamo.expressions import Expressions
from tests.fakes.memory_dynamo.partition import Row
from tests.fakes.memory_dynamo.projections import projected
from tests.fakes.memory_dynamo.refusal import ConditionFailedError, RefusedError, invalid, invalid_parameter
from tests.fakes.memory_dynamo.schema import ItemKey
from tests.fakes.memory_dynamo.table import Table
from tests.fakes.memory_dynamo.values import Item, admit_item, copy_item, size_of_item

type WriteKind = Literal["Put", "Update", "Delete", "ConditionCheck"]

_MAX_ITEM_BYTES = 400 * 1024
_RETURN_VALUES = {
    "Put": {"NONE", "ALL_OLD"},
    "Delete": {"NONE", "ALL_OLD"},
    "Update": {"NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"},
    "ConditionCheck": {"NONE"},
}


def table_of(tables: Mapping[str, Table], name: str) -> Table:
    """Raises ResourceNotFoundException. An ARN names its table too."""
    table = tables.get(name) or tables.get(name.rpartition("/")[2])
    if table is None:
        raise RefusedError("ResourceNotFoundException", "Requested resource not found")
    return table


def _row(item: Item) -> Row:
    return Row(item, size_of_item(item))


class Write:
    """One requested write with its expressions parsed. Raises ValidationException while it is read.

    `key` and `judge` raise what depends on the table's schema and on the item, which a transaction reports per item.
    """

    __slots__ = (
        "_condition",
        "_item",
        "_returns_old_on_failure",
        "_update",
        "_values",
        "kind",
        "return_values",
        "table",
    )

    def __init__(self, kind: WriteKind, request: dict[str, Any], tables: Mapping[str, Table]) -> None:
        self.kind = kind
        self.table = table_of(tables, request["TableName"])
        self._item = admit_item(request["Item" if kind == "Put" else "Key"])
        expressions = Expressions(request)
        self._condition = expressions.condition("ConditionExpression")
        self._update = expressions.update() if kind == "Update" else None
        self._values = expressions.values
        expressions.finish()
        self._returns_old_on_failure = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        self.return_values = request.get("ReturnValues", "NONE")
        if self.return_values not in _RETURN_VALUES[kind]:
            raise invalid("Return values set to invalid value")
        self._check_update_spares_the_key()

    def _check_update_spares_the_key(self) -> None:
        if self._update is None:
            return
        names = self.table.schema.keys.names
        for path in self._update.paths:
            if path.name in names:
                raise invalid_parameter(f"Cannot update attribute {path.name}. This attribute is part of the key")

    def key(self) -> ItemKey:
        """Raises ValidationException for a key that does not fit the table's schema."""
        keys = self.table.schema.keys
        return keys.checked_key_of_item(self._item) if self.kind == "Put" else keys.checked_key(self._item)

    def judge(self, old: Row | None) -> Row | None:
        """What is to stand in the place of `old`. Raises ConditionFailedError and ValidationException."""
        item = {} if old is None else old.item
        if self._condition is not None and not self._condition.holds(item, self._values):
            raise ConditionFailedError(copy_item(old.item) if old is not None and self._returns_old_on_failure else None)
        if self.kind == "ConditionCheck":
            return old
        if self.kind == "Delete":
            return None
        return self._put() if self.kind == "Put" else self._updated(old)

    def _put(self) -> Row:
        return self._checked(_row(self._item), "Item size has exceeded the maximum allowed size")

    def _updated(self, old: Row | None) -> Row | None:
        before = self._item if old is None else old.item
        if self._update is None:
            return old or _row(self._item)
        if old is None and self._update.only_takes_away:
            self._update.applied(before, self._values)
            return None
        item = self._update.applied(before, self._values)
        return self._checked(_row(item), "Item size to update has exceeded the maximum allowed size")

    def _checked(self, row: Row, too_large: str) -> Row:
        if row.size > _MAX_ITEM_BYTES:
            raise invalid(too_large)
        for index in self.table.schema.indexes:
            index.check(row.item)
        return row

    def returned(self, old: Row | None, new: Row | None) -> dict[str, Any]:
        """The Attributes member that `ReturnValues` asks for, if there is anything to return."""
        if self.return_values == "NONE":
            return {}
        row = old if self.return_values.endswith("OLD") else new
        if row is None:
            return {}
        attributes: Item = copy_item(row.item)
        if self.return_values.startswith("UPDATED"):
            if self._update is None:
                return {}
            attributes = projected(row.item, self._update.paths)
        return {"Attributes": attributes} if attributes else {}
