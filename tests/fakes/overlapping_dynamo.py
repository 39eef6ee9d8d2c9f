"""A DynamoDB whose calls take time, and whose transactions meet: one that comes to an item that another is writing is refused."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name

from tests.fakes.aws_errors import client_error, operation_names

READ_SECONDS = 0.004
WRITE_SECONDS = 0.012


@dataclass
class OverlappingDynamo:
    """The low-level client of a table whose reads and transactions take so many seconds, slept by `sleep`.

    The second of two transactions that overlap on an item is refused with `TransactionConflict`, after the time of a read; the first one
    is carried out at its end.
    """

    client: Any
    sleep: Callable[[float], None]
    read_seconds: float = READ_SECONDS
    write_seconds: float = WRITE_SECONDS
    transactions: int = 0
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[str] = field(default_factory=set)
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        operation = operation_names("dynamodb")[name]
        return lambda **request: self._make_api_call(operation, request)

    def _make_api_call(self, operation: str, request: Mapping[str, Any]) -> Any:
        if operation != "TransactWriteItems":
            self.sleep(self.read_seconds)
            return self._call(operation, request)
        self.transactions += 1
        places = [self._place(*write.values()) for write in request["TransactItems"]]
        met = self._begin(places)
        if met:
            self.sleep(self.read_seconds)
            self.refused += 1
            reasons = [{"Code": "TransactionConflict" if place in met else "None"} for place in places]
            raise client_error("dynamodb", operation, "TransactionCanceledException", "refused", CancellationReasons=reasons)
        try:
            self.sleep(self.write_seconds)
            return self._call(operation, request)
        finally:
            with self._lock:
                self._open.difference_update(places)

    def _begin(self, places: list[str]) -> set[str]:
        """Open the items for a transaction; those that another one has open, and then none is opened."""
        with self._lock:
            met = self._open.intersection(places)
            self._open.update(() if met else places)
        return met

    def _place(self, parameters: Mapping[str, Any]) -> str:
        """The table and key of a transaction's write."""
        table = parameters["TableName"]
        if table not in self._keys:
            schema = self.client.describe_table(TableName=table)["Table"]["KeySchema"]
            self._keys[table] = tuple(each["AttributeName"] for each in schema)
        item = parameters.get("Item") or parameters["Key"]
        return "/".join([table, *(str(item[name]) for name in self._keys[table])])

    def _call(self, operation: str, request: Mapping[str, Any]) -> Any:
        return getattr(self.client, xform_name(operation))(**request)
