"""A meter on a DynamoDB client: every call is asked for what it consumed, and the sums are kept."""

from collections import Counter
from typing import Any

from tests.fakes.aws_errors import operation_names

_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


class MeteredDynamo:
    """Wraps MemoryDynamo or a real client. Units by table and by index (`table/index`), items and calls by operation."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.written: Counter[str] = Counter()
        self.items: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.read_units = 0.0

    def __getattr__(self, name: str) -> Any:
        operation = operation_names("dynamodb").get(name)
        if operation is None:
            return getattr(self._client, name)
        return lambda **request: self._metered(name, operation, request)

    def reset(self) -> None:
        self.written.clear()
        self.items.clear()
        self.calls.clear()
        self.read_units = 0.0

    @property
    def table_units(self) -> float:
        """Write units on tables, without their indexes."""
        return sum(units for name, units in self.written.items() if "/" not in name)

    @property
    def index_units(self) -> dict[str, float]:
        """Write units by index."""
        return {name: units for name, units in self.written.items() if "/" in name}

    def _metered(self, name: str, operation: str, request: dict[str, Any]) -> Any:
        answer = getattr(self._client, name)(**request, ReturnConsumedCapacity="INDEXES")
        self.calls[operation] += 1
        if operation == "TransactWriteItems":
            self.items += [write for element in request["TransactItems"] for write in element.values()]
        elif operation in _WRITES:
            self.items.append(request)
        consumed = answer.get("ConsumedCapacity") or []
        for block in consumed if isinstance(consumed, list) else [consumed]:
            if operation not in _WRITES:
                self.read_units += block["CapacityUnits"]
                continue
            table = block["TableName"]
            indexes = {**block.get("GlobalSecondaryIndexes", {}), **block.get("LocalSecondaryIndexes", {})}
            by_index = {index: units["CapacityUnits"] for index, units in indexes.items()}
            # An emulator that does not tell tables and indexes apart still tells the sum.
            self.written[table] += block.get("Table", {}).get("CapacityUnits", block["CapacityUnits"] - sum(by_index.values()))
            for index, units in by_index.items():
                if units:
                    self.written[f"{table}/{index}"] += units
        return answer
