"""Counting what operations cost: a client that asks DynamoDB for the capacity of every call and adds it up."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})


@dataclass
class Meter:
    """Read and write units of tables and indexes, items written, calls by operation, and tables that were touched."""

    write_units: float = 0
    index_write_units: float = 0
    read_units: float = 0
    items_written: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    tables: set[str] = field(default_factory=set)

    def add(self, operation: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
        """Count one call."""
        self.calls[operation] += 1
        consumed = answer.get("ConsumedCapacity") or []
        blocks = consumed if isinstance(consumed, list) else [consumed]
        for block in blocks:
            self.tables.add(block["TableName"])
            total = block["CapacityUnits"]
            indexes = sum(index["CapacityUnits"] for index in (block.get("GlobalSecondaryIndexes") or {}).values())
            if operation in WRITES:
                self.write_units += total - indexes
                self.index_write_units += indexes
            else:
                self.read_units += total
        if operation == "TransactWriteItems":
            self.items_written += sum("ConditionCheck" not in write for write in request["TransactItems"])
        elif operation in WRITES:
            self.items_written += 1


class MeteredClient:
    """Any DynamoDB client, metered."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.meter = Meter()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if not callable(method) or name.startswith("_"):
            return method
        operation = "".join(part.capitalize() for part in name.split("_"))

        def call(**request: Any) -> Any:
            answer = method(**request, ReturnConsumedCapacity="INDEXES")
            self.meter.add(operation, request, answer)
            return answer

        return call
