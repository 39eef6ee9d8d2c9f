"""A Query of the newest item by the size of its partition: the emulator's own, and with the plug-in, in this process."""

import importlib
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from local.emulator_plugin import expressions, queries

SIZES: Final = (2, 582, 10_000)
ROUNDS: Final = 5
HEADERS: Final = ("items in the partition", "the emulator's own Query, CPU ms", "with the plug-in")


def rows() -> list[tuple[str, ...]]:
    """CPU milliseconds of one Query of each size, before and after."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    plain = dynamodb._query
    for size in SIZES:
        _fill(dynamodb, size)
    own = [_milliseconds(partial(plain, _asked(size))) for size in SIZES]
    expressions.install(dynamodb)
    queries.install(dynamodb)
    ours = [_milliseconds(partial(dynamodb._query, _asked(size))) for size in SIZES]
    return [(f"{size:,}", f"{before:.2f}", f"{after:.2f}") for size, before, after in zip(SIZES, own, ours, strict=True)]


def _fill(dynamodb: Any, size: int) -> None:
    attributes = [{"AttributeName": "account", "AttributeType": "S"}, {"AttributeName": "seq", "AttributeType": "N"}]
    keys = [{"AttributeName": "account", "KeyType": "HASH"}, {"AttributeName": "seq", "KeyType": "RANGE"}]
    name = f"entries-{size}"
    dynamodb._create_table({"TableName": name, "KeySchema": keys, "AttributeDefinitions": attributes, "BillingMode": "PAY_PER_REQUEST"})
    for number in range(size):
        item = {"account": {"S": "merchant"}, "seq": {"N": str(number)}, "balance": {"N": str(number * 100)}, "hash": {"S": "0" * 64}}
        dynamodb._put_item({"TableName": name, "Item": item})


def _asked(size: int) -> dict[str, Any]:
    return {
        "TableName": f"entries-{size}",
        "KeyConditionExpression": "account = :a",
        "ExpressionAttributeValues": {":a": {"S": "merchant"}},
        "ScanIndexForward": False,
        "Limit": 1,
    }


def _milliseconds(ask: Callable[[], Any]) -> float:
    """CPU of one: the median of the rounds."""
    assert ask()[0] == 200
    return statistics.median(_round(ask) for _ in range(ROUNDS)) * 1000


def _round(ask: Callable[[], Any]) -> float:
    """Seconds of one; as many are asked as fit into a tenth of a second."""
    count, began = 0, time.process_time()
    while count < 3 or time.process_time() - began < 0.1:
        ask()
        count += 1
    return (time.process_time() - began) / count
