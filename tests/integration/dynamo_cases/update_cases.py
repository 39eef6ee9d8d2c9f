"""Updates: (expression, the item after it or the error) against one item."""

from functools import partial
from typing import Any

from tests.integration.dynamo_cases.bench import Bench, refused

ITEM: dict[str, Any] = {
    "n": {"N": "5"},
    "label": {"S": "hello"},
    "tags": {"SS": ["x", "y"]},
    "items_": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]},
    "map_": {"M": {"a": {"N": "1"}}},
    "nested": {"L": [{"S": "x"}, {"M": {"b": {"N": "1"}}}]},
}
VALUES: dict[str, Any] = {
    ":one": {"N": "1"},
    ":tenth": {"N": "0.1"},
    ":text": {"S": "t"},
    ":list": {"L": [{"N": "9"}]},
    ":z": {"SS": ["z"]},
    ":xy": {"SS": ["x", "y"]},
    ":y": {"SS": ["y", "q"]},
}
INVALID = "ValidationException"

# Expression -> the attributes that differ afterwards (None: gone), or the error code.
EXPECTED: dict[str, dict[str, Any] | str] = {
    "SET a = :one": {"a": {"N": "1"}},
    "SET n = n + :one": {"n": {"N": "6"}},
    "SET n = n - :tenth": {"n": {"N": "4.9"}},
    "SET n = :one - n": {"n": {"N": "-4"}},
    "SET a = if_not_exists(a, :one)": {"a": {"N": "1"}},
    "SET n = if_not_exists(n, :one)": {},
    "SET n = if_not_exists(n, :one) + :one": {"n": {"N": "6"}},
    "SET a = n, n = :one": {"a": {"N": "5"}, "n": {"N": "1"}},
    "SET items_ = list_append(items_, :list)": {"items_": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"N": "9"}]}},
    "SET items_ = list_append(:list, items_)": {"items_": {"L": [{"N": "9"}, {"N": "0"}, {"N": "1"}, {"N": "2"}]}},
    "SET items_[1] = :text": {"items_": {"L": [{"N": "0"}, {"S": "t"}, {"N": "2"}]}},
    "SET items_[9] = :text": {"items_": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"S": "t"}]}},
    "SET map_.b = :one": {"map_": {"M": {"a": {"N": "1"}, "b": {"N": "1"}}}},
    "REMOVE n": {"n": None},
    "REMOVE absent": {},
    "REMOVE items_[0], items_[1]": {"items_": {"L": [{"N": "2"}]}},
    "REMOVE nested[0], nested[1].b": {"nested": {"L": [{"M": {}}]}},
    "REMOVE map_.a": {"map_": {"M": {}}},
    "ADD n :one": {"n": {"N": "6"}},
    "ADD fresh :one": {"fresh": {"N": "1"}},
    "ADD tags :z": {"tags": {"SS": ["x", "y", "z"]}},
    "DELETE tags :y": {"tags": {"SS": ["x"]}},
    "DELETE tags :xy": {"tags": None},
    "SET a = :one REMOVE label ADD n :one": {"a": {"N": "1"}, "label": None, "n": {"N": "6"}},
    "SET n = absent + :one": INVALID,
    "SET a = absent": INVALID,
    "SET label = label + :one": INVALID,
    "SET absent.b = :one": INVALID,
    "ADD label :one": INVALID,
    "ADD n :text": INVALID,
    "DELETE n :z": INVALID,
    "SET n = :one, n = :one": INVALID,
    "SET map_ = :one, map_.a = :one": INVALID,
    "SET n = :one SET a = :one": INVALID,
    "SET sk = :one": INVALID,
    "SET name = :one": INVALID,
    "SET a = unknown(n)": INVALID,
    "SET a": INVALID,
}


def check(bench: Bench, expression: str, expected: dict[str, Any] | str) -> None:
    bench.put(bench.item(**ITEM))
    words = set(expression.replace(",", " ").replace("(", " ").replace(")", " ").split())
    used = {name: value for name, value in VALUES.items() if name in words}
    if isinstance(expected, str):
        refused(expected, lambda: bench.update(expression, used))
        assert normal(bench.get()) == ITEM
        return
    bench.update(expression, used)
    after = {name: value for name, value in {**ITEM, **expected}.items() if value is not None}
    assert normal(bench.get()) == after


def normal(item: dict[str, Any] | None) -> dict[str, Any]:
    """Sets have no order on the wire."""
    return {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in (item or {}).items()}


def update_creates_an_item_that_is_not_there(bench: Bench) -> None:
    bench.update("SET a = :one", {":one": {"N": "1"}})
    assert bench.get() == {"a": {"N": "1"}}


def update_returns_what_was_asked_for(bench: Bench) -> None:
    bench.put(bench.item(a={"N": "1"}, b={"N": "2"}))
    values = {":one": {"N": "1"}}
    old = bench.update("SET a = a + :one", values, ReturnValues="ALL_OLD")
    assert old["Attributes"] == bench.item(a={"N": "1"}, b={"N": "2"})
    new = bench.update("SET a = a + :one", values, ReturnValues="ALL_NEW")
    assert new["Attributes"] == bench.item(a={"N": "3"}, b={"N": "2"})
    assert bench.update("SET a = a + :one", values, ReturnValues="UPDATED_NEW")["Attributes"] == {"a": {"N": "4"}}
    assert bench.update("SET a = a + :one", values, ReturnValues="UPDATED_OLD")["Attributes"] == {"a": {"N": "4"}}
    assert "Attributes" not in bench.update("SET a = a + :one", values)


def put_and_delete_return_the_old_item(bench: Bench) -> None:
    item = bench.item(a={"N": "1"})
    assert "Attributes" not in bench.put(item, ReturnValues="ALL_OLD")
    assert bench.put(bench.item(), ReturnValues="ALL_OLD")["Attributes"] == item
    deletion = {"TableName": bench.table, "Key": bench.key(), "ReturnValues": "ALL_OLD"}
    assert bench.client.delete_item(**deletion)["Attributes"] == bench.item()
    assert "Attributes" not in bench.client.delete_item(**deletion)


def removing_from_a_missing_item_does_not_create_it(bench: Bench) -> None:
    bench.update("REMOVE a")
    assert bench.get() is None


CASES = {
    **{f"update {expression}": partial(check, expression=expression, expected=expected) for expression, expected in EXPECTED.items()},
    **{
        case.__name__.replace("_", " "): case
        for case in (
            update_creates_an_item_that_is_not_there,
            update_returns_what_was_asked_for,
            put_and_delete_return_the_old_item,
            removing_from_a_missing_item_does_not_create_it,
        )
    },
}
