"""`MemoryDynamo`: a DynamoDB that lives in memory and is called like botocore's low-level client."""

import threading
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from tests.fakes.aws_errors import check_parameters, client_error, client_exceptions
from tests.fakes.memory_dynamo import item_operations, table_operations
from tests.fakes.memory_dynamo.calls import Calls
from tests.fakes.memory_dynamo.engine import Engine
from tests.fakes.memory_dynamo.refusal import RefusedError
from tests.fakes.memory_dynamo.streams import stream_record
from tests.fakes.memory_dynamo.values import Item, copy_item

type Response = dict[str, Any]

_OPERATIONS: dict[str, Callable[[Engine, Response], Response]] = {
    "BatchGetItem": item_operations.batch_get_item,
    "BatchWriteItem": item_operations.batch_write_item,
    "CreateTable": table_operations.create_table,
    "DeleteItem": item_operations.delete_item,
    "DeleteTable": table_operations.delete_table,
    "DescribeTable": table_operations.describe_table,
    "DescribeTimeToLive": table_operations.describe_time_to_live,
    "GetItem": item_operations.get_item,
    "ListTables": table_operations.list_tables,
    "PutItem": item_operations.put_item,
    "Query": item_operations.query_items,
    "Scan": item_operations.scan_items,
    "TransactGetItems": item_operations.transact_get_items,
    "TransactWriteItems": item_operations.transact_write_items,
    "UpdateItem": item_operations.update_item,
    "UpdateTimeToLive": table_operations.update_time_to_live,
}
_LEGACY = {
    "AttributesToGet",
    "AttributeUpdates",
    "ConditionalOperator",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
}
_TABLE_PROPERTIES = {
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "TimeToLiveSpecification",
    "StreamSpecification",
    "BillingMode",
}


class MemoryDynamo(Calls):
    """The low-level client's operations (get_item, put_item, transact_write_items, query, ...) over tables in memory.

    Arguments, responses and errors are botocore's: items in the wire shape, `ClientError` subclasses with the real
    codes, members and `client.exceptions`. One lock serialises calls, so threads may share a client.

    `eventual_lag` is the probability that a read without ConsistentRead (every read of a global index is one) sees the
    version before the last write; `seed` makes those reads repeatable. `clock` gives epoch seconds for stream records
    and for the ten minutes a ClientRequestToken lives.
    """

    # PynamoDB renews a client whose signer lost its credentials; this one has no signer to lose.
    _request_signer = None

    def __init__(
        self,
        *,
        eventual_lag: float = 0.0,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
        region: str = "ap-south-1",
    ) -> None:
        self.meta = SimpleNamespace(region_name=region, endpoint_url="memory://dynamodb", partition="aws")
        self._engine = Engine(region=region, eventual_lag=eventual_lag, seed=seed, clock=clock)
        self._lock = threading.RLock()

    def __getstate__(self) -> dict[str, Any]:
        """What is in it, for a copy by pickle: a lock is of one process and object."""
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=threading.RLock())

    @property
    def exceptions(self) -> Any:
        return client_exceptions("dynamodb")

    def _make_api_call(self, operation_name: str, api_params: Response) -> Response:
        """Carry out an operation by its API name. Raises ClientError and ParamValidationError."""
        operation = _OPERATIONS.get(operation_name)
        if operation is None:
            raise NotImplementedError(f"MemoryDynamo has no {operation_name}")
        check_parameters("dynamodb", operation_name, api_params)
        if not _LEGACY.isdisjoint(api_params):
            raise NotImplementedError(f"MemoryDynamo has no {sorted(_LEGACY.intersection(api_params))}; use expressions")
        try:
            with self._lock:
                response = operation(self._engine, api_params)
        except RefusedError as refused:
            raise client_error("dynamodb", operation_name, refused.code, refused.message, **refused.extra) from None
        response["ResponseMetadata"] = {
            "RequestId": "memory",
            "HTTPStatusCode": 200,
            "HTTPHeaders": {},
            "RetryAttempts": 0,
        }
        return response

    def create_table_from_properties(self, properties: Mapping[str, Any], *, name: str | None = None) -> None:
        """Create a table from CloudFormation properties; `name` stands in for a TableName that is an intrinsic.

        Read: key schema, attribute definitions, indexes with their projections, TTL and stream view.
        Raises TypeError for properties without a plain name, ClientError as CreateTable does.
        """
        kept = {field: value for field, value in properties.items() if field in _TABLE_PROPERTIES}
        if name is not None:
            kept["TableName"] = name
        if not isinstance(kept.get("TableName"), str):
            raise TypeError("the table needs a name that is a string")
        ttl = kept.pop("TimeToLiveSpecification", None)
        with self._lock:
            self._make_api_call("CreateTable", kept)
            if ttl is not None:
                self._make_api_call("UpdateTimeToLive", {"TableName": kept["TableName"], "TimeToLiveSpecification": ttl})

    def drain_stream(self, table: str) -> list[Response]:
        """The stream records of a table since the last drain, oldest first, each an element of {"Records": [...]}."""
        with self._lock:
            source = self._engine.table(table)
            changes, source.changes = source.changes, []
        return [stream_record(source.schema, change, self.meta.region_name) for change in changes]

    def expire(self, now: float) -> int:
        """Delete what is past its time to live at `now` (epoch seconds), with stream records. Returns how many."""
        with self._lock:
            return self._engine.expire(now)

    def dump(self) -> dict[str, list[Item]]:
        """Every item of every table, in order of table name and key: equal dumps mean that nothing was written."""
        with self._lock:
            return {
                name: [
                    copy_item(partition.rows[place].item)
                    for hash_part, partition in sorted(table.partitions.items())
                    for place in sorted(partition.rows)
                ]
                for name, table in sorted(self._engine.tables.items())
            }
