"""The examples of the contract survive a run of a few tests."""

from typing import Any

from tests.support import contract_examples


def test_an_example_that_was_not_recorded_anew_is_put_back_and_named() -> None:
    known = {"operations": {"pay": {"201": {"a": 1}, "request": {"b": 2}}}, "events": {"paid": {"c": 3}, "gone": {}}}
    found: dict[str, Any] = {"operations": {"pay": {"request": {"b": 4}}, "new": {"200": {}}}, "events": {}}
    assert contract_examples._put_back(known, found, {"paid"}) == ["pay 201", "paid"]
    assert found == {"operations": {"pay": {"201": {"a": 1}, "request": {"b": 4}}, "new": {"200": {}}}, "events": {"paid": {"c": 3}}}


def test_nothing_is_put_back_where_all_was_recorded() -> None:
    known = {"operations": {"pay": {"201": {"a": 1}}}, "events": {"paid": {"c": 3}}}
    found: dict[str, Any] = {"operations": {"pay": {"201": {"a": 2}}}, "events": {"paid": {"c": 4}}}
    assert contract_examples._put_back(known, found, {"paid"}) == []
    assert (found["operations"]["pay"]["201"], found["events"]["paid"]) == ({"a": 2}, {"c": 4})
