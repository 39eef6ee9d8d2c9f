"""Sizes, numbers and capacity as the developer guide counts them."""

from typing import Any

import pytest

from tests.fakes.memory_dynamo import MemoryDynamo
from tests.fakes.memory_dynamo.capacity import read_units, write_units
from tests.fakes.memory_dynamo.numerals import add, canonical, subtract
from tests.fakes.memory_dynamo.refusal import RefusedError
from tests.fakes.memory_dynamo.values import admit, size_of_value

INDEXES = {"ReturnConsumedCapacity": "INDEXES"}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "abc"}, 3),
        ({"S": "₹"}, 3),
        ({"S": ""}, 0),
        ({"B": b"1234"}, 4),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"N": "0"}, 1),
        ({"N": "5"}, 2),
        ({"N": "27"}, 2),
        ({"N": "-27"}, 3),
        ({"N": "461"}, 3),
        ({"N": "461000"}, 3),
        ({"N": "0.00461"}, 3),
        ({"N": "1" * 38}, 20),
        ({"SS": ["a", "bc"]}, 3),
        ({"L": []}, 3),
        ({"L": [{"S": "a"}, {"S": "b"}]}, 3 + 2 + 2),
        ({"M": {"key": {"S": "v"}}}, 3 + 1 + 3 + 1),
    ],
)
def test_size_of_a_value(value: dict[str, Any], size: int) -> None:
    assert size_of_value(admit(value)) == size


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (409_600, 400)])
def test_a_write_unit_is_a_kilobyte(size: int, units: int) -> None:
    assert write_units(size) == units


@pytest.mark.parametrize(("size", "units"), [(0, 1), (4096, 1), (4097, 2), (1_048_576, 256)])
def test_a_read_unit_is_four_kilobytes_and_half_when_eventual(size: int, units: int) -> None:
    assert read_units(size, consistent=True) == units
    assert read_units(size, consistent=False) == units / 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1E125", "1" + "0" * 125), ("1E-130", "0." + "0" * 129 + "1"), ("-1.50", "-1.5"), ("0E1000", "0"), (".5", "0.5")],
)
def test_numbers_have_one_spelling(given: str, kept: str) -> None:
    assert canonical(given) == kept


def test_sums_are_exact_or_refused() -> None:
    assert add("10000000000000000000000", "1") == "10000000000000000000001"
    assert subtract("0.3", "0.1") == "0.2"
    for left, right in (("1" + "0" * 50, "1"), ("9" + "0" * 125, "9" + "0" * 125)):
        with pytest.raises(RefusedError):
            add(left, right)


@pytest.fixture
def client() -> MemoryDynamo:
    client = MemoryDynamo()
    index = {"KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}]}
    client.create_table_from_properties(
        {
            "TableName": "t",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "owner")],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": [
                {**index, "IndexName": "keys", "Projection": {"ProjectionType": "KEYS_ONLY"}},
                {**index, "IndexName": "all", "Projection": {"ProjectionType": "ALL"}},
            ],
        }
    )
    return client


def item(owner: str | None = None, kilobytes: int = 0) -> dict[str, Any]:
    big = {"big": {"S": "x" * (kilobytes * 1024)}} if kilobytes else {}
    return {"pk": {"S": "a"}, **({"owner": {"S": owner}} if owner else {}), **big}


def units(consumed: dict[str, Any]) -> tuple[float, dict[str, float]]:
    indexes = consumed.get("GlobalSecondaryIndexes", {})
    return consumed["Table"]["CapacityUnits"], {name: block["CapacityUnits"] for name, block in indexes.items()}


def test_index_writes_cost_what_they_change(client: MemoryDynamo) -> None:
    def put(**kind: Any) -> tuple[float, dict[str, float]]:
        return units(client.put_item(TableName="t", Item=item(**kind), **INDEXES)["ConsumedCapacity"])

    assert put(kilobytes=2) == (3, {})
    assert put(owner="x", kilobytes=2) == (3, {"keys": 1, "all": 3})
    assert put(owner="x", kilobytes=3) == (4, {"all": 4})
    assert put(owner="y", kilobytes=3) == (4, {"keys": 2, "all": 8})
    assert put(owner="y", kilobytes=3) == (4, {})
    assert put() == (4, {"keys": 1, "all": 4})


def test_a_transaction_doubles_the_table_and_not_its_indexes(client: MemoryDynamo) -> None:
    writes = [{"Put": {"TableName": "t", "Item": item("x", 1)}}]
    (consumed,) = client.transact_write_items(TransactItems=writes, **INDEXES)["ConsumedCapacity"]
    assert units(consumed) == (4, {"keys": 1, "all": 2})
    assert consumed["CapacityUnits"] == consumed["WriteCapacityUnits"] == 7
    gets = [{"Get": {"TableName": "t", "Key": item()}}]
    (consumed,) = client.transact_get_items(TransactItems=gets, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert consumed == {"TableName": "t", "CapacityUnits": 2, "ReadCapacityUnits": 2}


def test_a_replayed_transaction_costs_reads(client: MemoryDynamo) -> None:
    request = {"TransactItems": [{"Put": {"TableName": "t", "Item": item()}}], "ClientRequestToken": "one"}
    client.transact_write_items(**request)
    (consumed,) = client.transact_write_items(**request, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert consumed["ReadCapacityUnits"] == 2


def test_a_query_of_an_index_costs_the_index(client: MemoryDynamo) -> None:
    client.put_item(TableName="t", Item=item("x", 9))
    for index, cost in (("keys", 0.5), ("all", 1.5)):
        page = client.query(
            TableName="t",
            IndexName=index,
            KeyConditionExpression="#o = :o",
            ExpressionAttributeNames={"#o": "owner"},
            ExpressionAttributeValues={":o": {"S": "x"}},
            **INDEXES,
        )
        assert units(page["ConsumedCapacity"]) == (0, {index: cost})


def test_a_batch_rounds_each_item(client: MemoryDynamo) -> None:
    keys = [{"pk": {"S": name}} for name in "abc"]
    response = client.batch_get_item(RequestItems={"t": {"Keys": keys, "ConsistentRead": True}}, ReturnConsumedCapacity="TOTAL")
    assert response["ConsumedCapacity"] == [{"TableName": "t", "CapacityUnits": 3}]
