"""The snake_case methods and paginators that botocore generates for a DynamoDB client."""

from collections.abc import Iterator
from typing import Any, Protocol

from botocore.exceptions import OperationNotPageableError

type Response = dict[str, Any]


class CallsApi(Protocol):
    def _make_api_call(self, operation_name: str, api_params: Response) -> Response: ...


class Calls:
    """Every method takes the operation's API parameters as keywords and returns its API response as a dict."""

    def _make_api_call(self, operation_name: str, api_params: Response) -> Response:
        raise NotImplementedError

    def get_paginator(self, operation_name: str) -> "Paginator":
        """Pages of `query` or `scan`. Raises OperationNotPageableError for other operations."""
        return Paginator(self, operation_name)

    def batch_get_item(self, **request: Any) -> Response:
        return self._make_api_call("BatchGetItem", request)

    def batch_write_item(self, **request: Any) -> Response:
        return self._make_api_call("BatchWriteItem", request)

    def create_table(self, **request: Any) -> Response:
        return self._make_api_call("CreateTable", request)

    def delete_item(self, **request: Any) -> Response:
        return self._make_api_call("DeleteItem", request)

    def delete_table(self, **request: Any) -> Response:
        return self._make_api_call("DeleteTable", request)

    def describe_table(self, **request: Any) -> Response:
        return self._make_api_call("DescribeTable", request)

    def describe_time_to_live(self, **request: Any) -> Response:
        return self._make_api_call("DescribeTimeToLive", request)

    def get_item(self, **request: Any) -> Response:
        return self._make_api_call("GetItem", request)

    def list_tables(self, **request: Any) -> Response:
        return self._make_api_call("ListTables", request)

    def put_item(self, **request: Any) -> Response:
        return self._make_api_call("PutItem", request)

    def query(self, **request: Any) -> Response:
        return self._make_api_call("Query", request)

    def scan(self, **request: Any) -> Response:
        return self._make_api_call("Scan", request)

    def transact_get_items(self, **request: Any) -> Response:
        return self._make_api_call("TransactGetItems", request)

    def transact_write_items(self, **request: Any) -> Response:
        return self._make_api_call("TransactWriteItems", request)

    def update_item(self, **request: Any) -> Response:
        return self._make_api_call("UpdateItem", request)

    def update_time_to_live(self, **request: Any) -> Response:
        return self._make_api_call("UpdateTimeToLive", request)


class Paginator:
    """`paginate(**request)` yields the pages of a query or scan until no LastEvaluatedKey comes back. A list of tables is one page."""

    def __init__(self, client: CallsApi, operation_name: str) -> None:
        if operation_name not in {"query", "scan", "list_tables"}:
            raise OperationNotPageableError(operation_name=operation_name)
        self._client = client
        self._operation = operation_name.title().replace("_", "")

    def paginate(self, **request: Any) -> Iterator[Response]:
        while True:
            page = self._client._make_api_call(self._operation, request)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request = {**request, "ExclusiveStartKey": page["LastEvaluatedKey"]}
