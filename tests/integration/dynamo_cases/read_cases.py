"""Queries, scans, paging, indexes, batches and projections."""

from typing import Any

from tests.integration.dynamo_cases.bench import Bench, refused, sort_keys

INVALID = "ValidationException"


def ten(bench: Bench) -> None:
    bench.put_many(bench.item(sk, parity={"S": "even" if sk % 2 == 0 else "odd"}) for sk in (3, 10, 1, 7, 2, 5, 9, 4, 6, 8))


def query_returns_numbers_in_numeric_order(bench: Bench) -> None:
    ten(bench)
    assert sort_keys(bench.query()) == list(range(1, 11))
    assert sort_keys(bench.query(ScanIndexForward=False)) == list(range(10, 0, -1))


def query_takes_every_sort_condition(bench: Bench) -> None:
    ten(bench)
    expected = {
        "sk = :a": [3],
        "sk < :a": [1, 2],
        "sk <= :a": [1, 2, 3],
        "sk > :a": [4, 5, 6, 7, 8, 9, 10],
        "sk >= :a": [3, 4, 5, 6, 7, 8, 9, 10],
    }
    for condition, keys in expected.items():
        assert sort_keys(bench.query(f"pk = :pk AND {condition}", {":a": {"N": "3"}})) == keys
    between = bench.query("sk BETWEEN :a AND :b AND pk = :pk", {":a": {"N": "2.5"}, ":b": {"N": "5"}})
    assert sort_keys(between) == [3, 4, 5]


def query_pages_without_gap_or_repetition(bench: Bench) -> None:
    ten(bench)
    for forward in (True, False):
        seen: list[int] = []
        options: dict[str, Any] = {"Limit": 3, "ScanIndexForward": forward}
        while True:
            page = bench.query(**options)
            seen += sort_keys(page)
            if "LastEvaluatedKey" not in page:
                break
            assert len(page["Items"]) == 3
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        assert seen == sorted(range(1, 11), reverse=not forward)


def newest_item_is_one_backward_step(bench: Bench) -> None:
    ten(bench)
    page = bench.query(ScanIndexForward=False, Limit=1, ConsistentRead=True)
    assert sort_keys(page) == [10]
    assert page["LastEvaluatedKey"] == bench.key(10)


def paging_may_start_from_a_key_that_is_gone(bench: Bench) -> None:
    ten(bench)
    bench.client.delete_item(TableName=bench.table, Key=bench.key(4))
    assert sort_keys(bench.query(ExclusiveStartKey=bench.key(4), Limit=2)) == [5, 6]


def limit_counts_before_the_filter(bench: Bench) -> None:
    ten(bench)
    page = bench.query(values={":even": {"S": "even"}}, FilterExpression="parity = :even", Limit=4)
    assert sort_keys(page) == [2, 4]
    assert (page["Count"], page["ScannedCount"]) == (2, 4)


def query_counts_without_items(bench: Bench) -> None:
    ten(bench)
    page = bench.query(Select="COUNT")
    assert page["Count"] == 10
    assert "Items" not in page


def query_of_nothing_is_empty(bench: Bench) -> None:
    page = bench.query()
    assert (page["Items"], page["Count"], "LastEvaluatedKey" in page) == ([], 0, False)


def query_needs_its_hash_key(bench: Bench) -> None:
    values = {":a": {"N": "1"}}
    query = {"TableName": bench.table, "ExpressionAttributeValues": values}
    refused(INVALID, lambda: bench.client.query(KeyConditionExpression="sk = :a", **query), saying="pk")
    refused(INVALID, lambda: bench.query("pk > :pk"))
    refused(INVALID, lambda: bench.query("pk = :pk AND parity = :a", values))


def query_takes_no_alternatives(bench: Bench) -> None:
    refused(INVALID, lambda: bench.query("pk = :pk OR sk = :a", {":a": {"N": "1"}}))


def query_takes_no_range_that_ends_before_it_begins(bench: Bench) -> None:
    ten(bench)
    backwards = {":a": {"N": "5"}, ":b": {"N": "4"}}
    refused(INVALID, lambda: bench.query("pk = :pk AND sk BETWEEN :a AND :b", backwards), saying="BETWEEN")
    assert sort_keys(bench.query("pk = :pk AND sk BETWEEN :a AND :a", {":a": {"N": "5"}})) == [5]


def filter_may_not_speak_of_the_key(bench: Bench) -> None:
    refused(INVALID, lambda: bench.query(values={":a": {"N": "1"}}, FilterExpression="sk = :a"))


def owned(bench: Bench, sk: int, made: str) -> dict[str, Any]:
    index_key = {"owner": {"S": bench.pk}, "made": {"S": made}}
    return bench.item(sk, **index_key, amount={"N": "5"}, secret={"S": "x"})


def by_owner(bench: Bench, condition: str = "#owner = :pk", values: dict[str, Any] | None = None, **options: Any) -> Any:
    names = {"#owner": "owner"}
    return bench.query(condition, values, IndexName="by_owner", ExpressionAttributeNames=names, **options)


def index_is_sparse_and_projects(bench: Bench) -> None:
    bench.put_many([owned(bench, 1, "2026-02"), bench.item(2, owner={"S": bench.pk}), owned(bench, 3, "2026-01")])
    page = by_owner(bench)
    assert sort_keys(page) == [3, 1]
    assert page["Items"][1] == {name: value for name, value in owned(bench, 1, "2026-02").items() if name != "secret"}


def index_follows_updates_and_deletes(bench: Bench) -> None:
    bench.put_many([owned(bench, sk, f"2026-0{sk}") for sk in (1, 2, 3)])
    bench.update("SET made = :m", {":m": {"S": "2026-09"}}, sk=1)
    bench.update("REMOVE made", sk=2)
    assert sort_keys(by_owner(bench)) == [3, 1]
    bench.client.delete_item(TableName=bench.table, Key=bench.key(3))
    assert sort_keys(by_owner(bench)) == [1]


def index_pages_over_equal_keys(bench: Bench) -> None:
    bench.put_many([owned(bench, sk, "2026-01") for sk in range(1, 8)])
    seen: list[int] = []
    options: dict[str, Any] = {"Limit": 2}
    while True:
        page = by_owner(bench, **options)
        seen += sort_keys(page)
        if "LastEvaluatedKey" not in page:
            break
        assert page["LastEvaluatedKey"].keys() == {"pk", "sk", "owner", "made"}
        options["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert sorted(seen) == list(range(1, 8))


def index_takes_a_prefix(bench: Bench) -> None:
    bench.put_many([owned(bench, 1, "2026-01-02"), owned(bench, 2, "2026-02-01"), owned(bench, 3, "2026-01-01")])
    page = by_owner(bench, "#owner = :pk AND begins_with(made, :m)", {":m": {"S": "2026-01"}})
    assert sort_keys(page) == [3, 1]


def index_is_never_consistent(bench: Bench) -> None:
    refused(INVALID, lambda: by_owner(bench, ConsistentRead=True), saying="onsistent")


def projection_returns_parts(bench: Bench) -> None:
    bench.put(bench.item(a={"M": {"b": {"N": "1"}, "c": {"N": "2"}}}, l={"L": [{"N": "0"}, {"N": "1"}]}, z={"S": "z"}))
    parts = bench.get(ProjectionExpression="a.b, l[1], absent, #z", ExpressionAttributeNames={"#z": "z"})
    assert parts == {"a": {"M": {"b": {"N": "1"}}}, "l": {"L": [{"N": "1"}]}, "z": {"S": "z"}}


def batch_get_returns_what_is_there(bench: Bench) -> None:
    bench.put_many([bench.item(1), bench.item(2)])
    wanted = {bench.table: {"Keys": [bench.key(sk) for sk in (1, 2, 3)], "ConsistentRead": True}}
    response = bench.client.batch_get_item(RequestItems=wanted)
    assert sorted(sort_keys({"Items": response["Responses"][bench.table]})) == [1, 2]
    assert response["UnprocessedKeys"] == {}


def scan_segments_cover_a_table_once(bench: Bench) -> None:
    pks = [f"{bench.pk}-{number}" for number in range(12)]
    bench.put_many({"pk": {"S": pk}, "sk": {"N": "1"}} for pk in pks)
    seen: list[str] = []
    for segment in range(3):
        options: dict[str, Any] = {"TableName": bench.table, "Segment": segment, "TotalSegments": 3, "Limit": 50}
        while True:
            page = bench.client.scan(**options)
            seen += [item["pk"]["S"] for item in page["Items"] if item["pk"]["S"].startswith(bench.pk)]
            if "LastEvaluatedKey" not in page:
                break
            options["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert sorted(seen) == sorted(pks)


CASES = {
    case.__name__.replace("_", " "): case
    for case in (
        query_returns_numbers_in_numeric_order,
        query_takes_every_sort_condition,
        query_pages_without_gap_or_repetition,
        newest_item_is_one_backward_step,
        paging_may_start_from_a_key_that_is_gone,
        limit_counts_before_the_filter,
        query_counts_without_items,
        query_of_nothing_is_empty,
        query_needs_its_hash_key,
        query_takes_no_alternatives,
        query_takes_no_range_that_ends_before_it_begins,
        filter_may_not_speak_of_the_key,
        index_is_sparse_and_projects,
        index_follows_updates_and_deletes,
        index_pages_over_equal_keys,
        index_takes_a_prefix,
        index_is_never_consistent,
        projection_returns_parts,
        batch_get_returns_what_is_there,
        scan_segments_cover_a_table_once,
    )
}
