"""What the DynamoDB in memory adds to DynamoDB's answers: streams, expiry, stale reads, dumps, threads, speed."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, OperationNotPageableError, ParamValidationError

from tests.fakes.memory_dynamo import MemoryDynamo

TABLE: dict[str, Any] = {
    "TableName": "entries",
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
        {"AttributeName": "owner", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_owner",
            "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
}
ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}


def client_with_table(**options: Any) -> MemoryDynamo:
    client = MemoryDynamo(**options)
    client.create_table_from_properties(TABLE)
    return client


@pytest.fixture
def client() -> MemoryDynamo:
    return client_with_table(clock=lambda: 1_000.5)


def item(sk: int, pk: str = "a", **attributes: Any) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"N": str(sk)}, **attributes}


def put(client: MemoryDynamo, sk: int, pk: str = "a", **attributes: Any) -> None:
    client.put_item(TableName="entries", Item=item(sk, pk, **attributes))


def newest(client: MemoryDynamo, *, consistent: bool = True) -> list[str]:
    page = client.query(
        TableName="entries",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "a"}},
        ScanIndexForward=False,
        ConsistentRead=consistent,
    )
    return [found["sk"]["N"] for found in page["Items"]]


def test_every_change_becomes_a_stream_record_once(client: MemoryDynamo) -> None:
    put(client, 1, raw={"B": b"\x00"})
    put(client, 1, raw={"B": b"\x00"})
    put(client, 1, n={"N": "2"})
    client.delete_item(TableName="entries", Key=item(1))
    client.delete_item(TableName="entries", Key=item(1))
    inserted, modified, removed = client.drain_stream("entries")
    assert [record["eventName"] for record in (inserted, modified, removed)] == ["INSERT", "MODIFY", "REMOVE"]
    assert inserted["dynamodb"]["Keys"] == item(1)
    assert inserted["dynamodb"]["NewImage"] == item(1, raw={"B": "AA=="})
    assert "OldImage" not in inserted["dynamodb"]
    assert modified["dynamodb"]["OldImage"] == inserted["dynamodb"]["NewImage"]
    assert modified["dynamodb"]["ApproximateCreationDateTime"] == 1000
    assert inserted["dynamodb"]["SequenceNumber"] < modified["dynamodb"]["SequenceNumber"]
    assert "NewImage" not in removed["dynamodb"]
    assert client.drain_stream("entries") == []


def test_a_stream_has_the_images_its_view_names() -> None:
    client = MemoryDynamo()
    client.create_table_from_properties({**TABLE, "StreamSpecification": {"StreamViewType": "NEW_IMAGE"}})
    put(client, 1)
    put(client, 1, n={"N": "1"})
    assert "OldImage" not in client.drain_stream("entries")[1]["dynamodb"]


def test_a_cancelled_transaction_leaves_no_trace(client: MemoryDynamo) -> None:
    put(client, 2)
    client.drain_stream("entries")
    before = client.dump()
    writes = [{"Put": {"TableName": "entries", "Item": item(sk), **ABSENT}} for sk in (1, 2)]
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=writes)
    assert client.dump() == before
    assert client.drain_stream("entries") == []


def test_expiry_removes_what_is_past_its_time(client: MemoryDynamo) -> None:
    for sk, ttl in ((1, "99"), (2, "100"), (3, "101")):
        put(client, sk, ttl={"N": ttl})
    put(client, 4)
    client.drain_stream("entries")
    assert client.expire(now=100) == 1
    assert newest(client) == ["4", "3", "2"]
    record = client.drain_stream("entries")[0]
    assert record["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def test_a_lagging_read_sees_the_version_before_the_last_write() -> None:
    client = client_with_table(eventual_lag=1.0)
    key = {"TableName": "entries", "Key": item(1)}
    put(client, 1, n={"N": "1"})
    assert "Item" not in client.get_item(**key)
    put(client, 1, n={"N": "2"})
    assert client.get_item(**key)["Item"]["n"] == {"N": "1"}
    assert client.get_item(**key, ConsistentRead=True)["Item"]["n"] == {"N": "2"}
    put(client, 2)
    assert newest(client, consistent=False) == ["1"]
    assert newest(client) == ["2", "1"]
    client.delete_item(TableName="entries", Key=item(1))
    assert newest(client, consistent=False) == ["2", "1"]
    assert newest(client) == ["2"]


def test_a_lagging_index_does_not_have_the_last_write() -> None:
    client = client_with_table(eventual_lag=1.0)
    query = {
        "TableName": "entries",
        "IndexName": "by_owner",
        "KeyConditionExpression": "#owner = :o",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {":o": {"S": "x"}},
    }
    put(client, 1, owner={"S": "x"})
    assert client.query(**query)["Items"] == []
    put(client, 2, owner={"S": "x"})
    assert client.query(**query)["Items"] == [item(1, owner={"S": "x"})]


def test_lag_is_repeatable() -> None:
    def seen(seed: int) -> list[bool]:
        client = client_with_table(eventual_lag=0.5, seed=seed)
        put(client, 1)
        return ["Item" in client.get_item(TableName="entries", Key=item(1)) for _ in range(64)]

    assert seen(1) == seen(1) != seen(2)
    assert {*seen(1)} == {True, False}


def test_callers_and_the_store_share_nothing(client: MemoryDynamo) -> None:
    given = item(1, deep={"M": {"l": {"L": [{"S": "x"}]}}})
    client.put_item(TableName="entries", Item=given)
    given["deep"]["M"]["l"]["L"].append({"S": "y"})
    key = {"TableName": "entries", "Key": item(1)}
    client.get_item(**key)["Item"]["deep"]["M"].clear()
    assert client.get_item(**key)["Item"]["deep"] == {"M": {"l": {"L": [{"S": "x"}]}}}


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda c: c.get_item(TableName="entries", Keys={}), ParamValidationError),
        (lambda c: c.put_item(TableName="entries"), ParamValidationError),
        (lambda c: c.put_item(TableName="entries", Item=item(1, n={"N": 1})), ParamValidationError),
        (lambda c: c.scan(TableName="entries", ScanFilter={}), NotImplementedError),
        (lambda c: c.get_paginator("describe_table"), OperationNotPageableError),
    ],
)
def test_what_is_not_understood_is_never_ignored(client: MemoryDynamo, call: Callable[[Any], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        call(client)


def test_eight_threads_race_for_one_sort_key_at_a_time(client: MemoryDynamo) -> None:
    def append(_: int) -> int:
        won = 0
        for sk in range(100):
            try:
                client.put_item(TableName="entries", Item=item(sk), **ABSENT)
                won += 1
            except ClientError:
                continue
        return won

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(append, range(8))) == 100
    assert newest(client) == [str(sk) for sk in range(99, -1, -1)]


def test_a_three_item_transaction_is_fast(client: MemoryDynamo) -> None:
    """CPU, not time: others may be busy on the machine. The bound only catches a loss of order of magnitude."""

    def post(sk: int) -> None:
        fields = {name: {"S": "x" * 20} for name in ("entry", "reference", "currency", "made")}
        items = [{"Put": {"TableName": "entries", "Item": item(sk, pk, **fields), **ABSENT}} for pk in "abc"]
        client.transact_write_items(TransactItems=items)

    rounds = 2_000
    started = time.process_time()
    for sk in range(rounds):
        post(sk)
    spent = (time.process_time() - started) / rounds
    print(f"\ntransaction of 3 puts: {spent * 1e6:.0f} µs")
    assert spent < 0.001
