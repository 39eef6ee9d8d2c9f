"""What a conformance case works with: a client, a table, a partition of its own, and the words to say what it expects."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

type Item = dict[str, Any]

TABLE = {
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind} for name, kind in {"pk": "S", "sk": "N", "owner": "S", "made": "S"}.items()
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_owner",
            "KeySchema": [
                {"AttributeName": "owner", "KeyType": "HASH"},
                {"AttributeName": "made", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["amount"]},
        },
    ],
    "BillingMode": "PAY_PER_REQUEST",
}


@dataclass(frozen=True, slots=True)
class Bench:
    client: Any
    table: str
    pk: str

    def key(self, sk: int = 1) -> Item:
        return {"pk": {"S": self.pk}, "sk": {"N": str(sk)}}

    def item(self, sk: int = 1, **attributes: Item) -> Item:
        return {**self.key(sk), **attributes}

    def put(self, item: Item, **options: Any) -> Any:
        return self.client.put_item(TableName=self.table, Item=item, **options)

    def put_many(self, items: Iterable[Item]) -> None:
        for item in items:
            self.put(item)

    def get(self, sk: int = 1, **options: Any) -> Item | None:
        """The item's attributes without its key."""
        response = self.client.get_item(TableName=self.table, Key=self.key(sk), ConsistentRead=True, **options)
        item = response.get("Item")
        return None if item is None else {name: item[name] for name in item if name not in {"pk", "sk"}}

    def update(self, expression: str, values: Item | None = None, sk: int = 1, **options: Any) -> Any:
        if values:
            options["ExpressionAttributeValues"] = values
        return self.client.update_item(TableName=self.table, Key=self.key(sk), UpdateExpression=expression, **options)

    def query(self, condition: str = "pk = :pk", values: Item | None = None, **options: Any) -> Any:
        return self.client.query(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues={":pk": {"S": self.pk}, **(values or {})},
            **options,
        )

    def transact(self, *writes: tuple[str, Item], **options: Any) -> Any:
        items = [{kind: {"TableName": self.table, **request}} for kind, request in writes]
        return self.client.transact_write_items(TransactItems=items, **options)


def refused(code: str, call: Callable[[], object], *, saying: str = "") -> dict[str, Any]:
    """The error response of a call that must be refused with `code`, its message containing `saying`."""
    with pytest.raises(ClientError) as error:
        call()
    response: dict[str, Any] = dict(error.value.response)
    assert response["Error"]["Code"] == code
    assert saying in response["Error"]["Message"]
    return response


def sort_keys(response: Any) -> list[int]:
    return [int(item["sk"]["N"]) for item in response["Items"]]


def new_bench(client: Any, table: str) -> Bench:
    return Bench(client, table, f"p-{uuid4()}")
