"""Numbers, sizes, keys, placeholders and capacity: what is refused, and what is counted."""

from functools import partial
from typing import Any

from tests.integration.dynamo_cases.bench import Bench, refused

INVALID = "ValidationException"
NUMBERS = {
    "1.0": "1",
    "007": "7",
    "-0": "0",
    "1E2": "100",
    "0.10": "0.1",
    "+5": "5",
    "1" * 38: "1" * 38,
    "1E-5": "0.00001",
    "1" * 38 + "0": "1" * 38 + "0",
}
REFUSED_NUMBERS = ("1" * 39, "1E126", "1E-131", "0x1", "", "NaN", "Infinity", "1 ", "0." + "1" * 39)


def number_is_kept_as(bench: Bench, given: str, kept: str) -> None:
    bench.put(bench.item(n={"N": given}))
    assert bench.get() == {"n": {"N": kept}}


def number_is_refused(bench: Bench, given: str) -> None:
    refused(INVALID, lambda: bench.put(bench.item(n={"N": given})))
    assert bench.get() is None


def sum_may_not_exceed_38_digits(bench: Bench) -> None:
    bench.put(bench.item(n={"N": "9" * 38}))
    refused(INVALID, lambda: bench.update("SET n = n + :tenth", {":tenth": {"N": "0.1"}}))
    assert bench.get() == {"n": {"N": "9" * 38}}


def equal_numbers_are_one_key(bench: Bench) -> None:
    bench.put(bench.item(1))
    key = {"pk": {"S": bench.pk}, "sk": {"N": "1.00"}}
    assert bench.client.get_item(TableName=bench.table, Key=key)["Item"] == bench.item(1)


def item_may_not_exceed_400_kilobytes(bench: Bench) -> None:
    refused(INVALID, lambda: bench.put(bench.item(big={"S": "x" * 400 * 1024})), saying="Item size")
    bench.put(bench.item(big={"S": "x" * 399 * 1024}))


def set_may_not_be_empty_or_repeat(bench: Bench) -> None:
    refused(INVALID, lambda: bench.put(bench.item(s={"SS": []})))
    refused(INVALID, lambda: bench.put(bench.item(s={"SS": ["a", "a"]})))
    refused(INVALID, lambda: bench.put(bench.item(s={"NS": ["1", "1.0"]})))


def empty_text_is_a_value_but_no_key(bench: Bench) -> None:
    bench.put(bench.item(text={"S": ""}))
    assert bench.get() == {"text": {"S": ""}}
    refused(INVALID, lambda: bench.put({"pk": {"S": ""}, "sk": {"N": "1"}}), saying="empty string")
    refused(INVALID, lambda: bench.put(bench.item(owner={"S": ""})), saying="empty string")


def key_must_fit_the_schema(bench: Bench) -> None:
    refused(INVALID, lambda: bench.put({"pk": {"S": "a"}}), saying="Missing the key sk")
    refused(INVALID, lambda: bench.put({"pk": {"S": "a"}, "sk": {"S": "1"}}), saying="Type mismatch for key sk")
    refused(INVALID, lambda: bench.put(bench.item(owner={"N": "1"})), saying="owner")
    for key in ({"pk": {"S": "a"}}, {**bench.key(), "more": {"S": "x"}}, {"pk": {"N": "1"}, "sk": {"N": "1"}}):
        get = partial(bench.client.get_item, TableName=bench.table, Key=key)
        refused(INVALID, get, saying="does not match the schema")


def placeholder_must_be_used(bench: Bench) -> None:
    unused: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    names = {"ExpressionAttributeNames": {"#a": "a"}}
    values = {"ExpressionAttributeValues": {":a": {"S": "a"}}}
    refused(INVALID, lambda: bench.put(bench.item(), **unused, **names), saying="#a")
    refused(INVALID, lambda: bench.put(bench.item(), **unused, **values), saying=":a")
    refused(INVALID, lambda: bench.put(bench.item(), **names))
    refused(INVALID, lambda: bench.put(bench.item(), **values))
    assert bench.get() is None


def table_must_exist(bench: Bench) -> None:
    get = partial(bench.client.get_item, TableName="no-such-table", Key=bench.key())
    refused("ResourceNotFoundException", get)
    missing = {"Put": {"TableName": "no-such-table", "Item": bench.item()}}
    refused("ResourceNotFoundException", lambda: bench.client.transact_write_items(TransactItems=[missing]))


def capacity_of_writes_and_reads(bench: Bench) -> None:
    total = {"ReturnConsumedCapacity": "TOTAL"}
    item = bench.item(big={"S": "x" * 1500})
    assert bench.put(item, **total)["ConsumedCapacity"]["CapacityUnits"] == 2
    assert bench.put(bench.item(), **total)["ConsumedCapacity"]["CapacityUnits"] == 2
    get = partial(bench.client.get_item, TableName=bench.table, Key=bench.key(), **total)
    assert get()["ConsumedCapacity"]["CapacityUnits"] == 0.5
    assert get(ConsistentRead=True)["ConsumedCapacity"]["CapacityUnits"] == 1


def capacity_of_a_transaction_is_double(bench: Bench) -> None:
    response = bench.transact(("Put", {"Item": bench.item(1)}), ("Put", {"Item": bench.item(2)}), ReturnConsumedCapacity="TOTAL")
    assert [block["CapacityUnits"] for block in response["ConsumedCapacity"]] == [4]


def capacity_is_broken_out_by_index(bench: Bench) -> None:
    indexes = {"ReturnConsumedCapacity": "INDEXES"}
    item = bench.item(owner={"S": bench.pk}, made={"S": "2026"}, secret={"S": "1"})
    first = bench.put(item, **indexes)["ConsumedCapacity"]
    assert (first["CapacityUnits"], first["Table"]["CapacityUnits"]) == (2, 1)
    assert first["GlobalSecondaryIndexes"]["by_owner"]["CapacityUnits"] == 1
    unprojected = bench.put({**item, "secret": {"S": "2"}}, **indexes)["ConsumedCapacity"]
    assert unprojected["CapacityUnits"] == 1
    moved = bench.put({**item, "made": {"S": "2027"}}, **indexes)["ConsumedCapacity"]
    assert moved["GlobalSecondaryIndexes"]["by_owner"]["CapacityUnits"] == 2


CASES = {
    **{f"number {given[:12]}": partial(number_is_kept_as, given=given, kept=kept) for given, kept in NUMBERS.items()},
    **{f"no number {given[:12]!r}": partial(number_is_refused, given=given) for given in REFUSED_NUMBERS},
    **{
        case.__name__.replace("_", " "): case
        for case in (
            sum_may_not_exceed_38_digits,
            equal_numbers_are_one_key,
            item_may_not_exceed_400_kilobytes,
            set_may_not_be_empty_or_repeat,
            empty_text_is_a_value_but_no_key,
            key_must_fit_the_schema,
            placeholder_must_be_used,
            table_must_exist,
            capacity_of_writes_and_reads,
            capacity_of_a_transaction_is_double,
            capacity_is_broken_out_by_index,
        )
    },
}
