"""Query by a sorted index answers as the emulator's own Query does, and takes no longer when a partition grows."""

import importlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from local.emulator_plugin import expressions, queries

SEEDS: Final = range(12)
CHANGES: Final = 120
QUERIES: Final = 60
NUMBERS: Final = ("-10", "-2.5", "0", "0.1", "1", "2", "3", "10", "11", "100", "1000")
WORDS: Final = ("a", "ab", "abc", "b", "ba", "c", "Ä", "ä#1", "ä#2", "zz")
OPERATORS: Final = ("#s = :v", "#s < :v", "#s <= :v", "#s > :v", "#s >= :v", "#s BETWEEN :v AND :w", "begins_with(#s, :v)", "")
TABLES: Final = {
    "by-word": ("S", "N"),
    "by-number": ("N", "S"),
    "by-bytes": ("B", "S"),
    "without": (None, "S"),
}


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    """The emulator's module with the plug-in, and what it was before."""
    module: Any = importlib.import_module("ministack.services.dynamodb")
    names = ("_query", "_tokenize", "_check_redundant_parens", "_check_reserved_keyword_usage", "_condition_syntax_error")
    before = {name: getattr(module, name) for name in names}
    expressions.install(module)
    queries.install(module)
    module.plain_query = before["_query"]
    yield module
    for name, own in before.items():
        setattr(module, name, own)


@pytest.fixture
def tables(dynamodb: Any) -> Iterator[Any]:
    """Tables of every type of sort key, each with an index in which many items share a sort key, and one whose sort key they may lack."""
    for name, (kind, other) in TABLES.items():
        keys = [{"AttributeName": "p", "KeyType": "HASH"}, *([{"AttributeName": "s", "KeyType": "RANGE"}] if kind else [])]
        attributes = [("p", "S"), ("g", "S"), ("t", other), *([("s", kind)] if kind else [])]
        made = dynamodb._create_table(
            {
                "TableName": name,
                "KeySchema": keys,
                "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": letter} for attribute, letter in attributes],
                "BillingMode": "PAY_PER_REQUEST",
                "GlobalSecondaryIndexes": [_index("sorted", "g", "t", {"ProjectionType": "KEYS_ONLY"}), _index("only-hash", "g")],
                **({"LocalSecondaryIndexes": [_index("local", "p", "t")]} if kind else {}),
            }
        )
        assert made[0] == 200, made
    yield dynamodb
    for name in TABLES:
        dynamodb._delete_table({"TableName": name})


def _index(name: str, hash_name: str, range_name: str | None = None, projection: Any = None) -> dict[str, Any]:
    keys = [{"AttributeName": hash_name, "KeyType": "HASH"}, *([{"AttributeName": range_name, "KeyType": "RANGE"}] if range_name else [])]
    return {"IndexName": name, "KeySchema": keys, "Projection": projection or {"ProjectionType": "ALL"}}


def _value(dice: random.Random, kind: str | None) -> dict[str, str]:
    words = {"N": NUMBERS, "B": ("AA==", "AAE=", "/w==", "f38=", "YWJj")}.get(kind or "", WORDS)
    return {kind or "S": dice.choice(words)}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_query_is_answered_as_the_emulator_alone_answers_it(tables: Any, name: str, seed: int) -> None:
    """While items come, change and go: each answer, page by page, in its status and its bytes."""
    dice = random.Random(seed)
    asked: Counter[int] = Counter()
    for _ in range(3):
        for _ in range(CHANGES // 3):
            _change(tables, dice, name)
        for _ in range(QUERIES // 3):
            asked += _same_pages(tables, _query(dice, name))
    assert asked[200] > QUERIES / 2
    assert asked[400] > 0


def _change(dynamodb: Any, dice: random.Random, name: str) -> None:
    kind, other = TABLES[name]
    key = {"p": {"S": dice.choice("xy")}, **({"s": _value(dice, kind)} if kind else {})}
    match dice.choice(["put", "put", "put", "update", "delete", "transact", "batch"]):
        case "delete":
            done = dynamodb._delete_item({"TableName": name, "Key": key})
        case "update":
            values = {":g": {"S": dice.choice("kl")}}
            done = dynamodb._update_item(
                {"TableName": name, "Key": key, "UpdateExpression": "SET g = :g REMOVE t", "ExpressionAttributeValues": values}
            )
        case how:
            item = {**key, "g": {"S": dice.choice("kl")}, "n": {"N": str(dice.randrange(9))}}
            item |= {"t": _value(dice, other)} if dice.random() < 0.8 else {}
            put = {"TableName": name, "Item": item}
            wrapped: Any = {
                "transact": {"TransactItems": [{"Put": put}]},
                "batch": {"RequestItems": {name: [{"PutRequest": {"Item": item}}]}},
            }
            handler: Any = {"put": dynamodb._put_item, "transact": dynamodb._transact_write_items, "batch": dynamodb._batch_write_item}[how]
            done = handler(wrapped.get(how, put))
    assert done[0] == 200, done


def _query(dice: random.Random, name: str) -> dict[str, Any]:
    kind, other = TABLES[name]
    index = dice.choice([None, None, "sorted", "only-hash", *(["local"] if kind else [])])
    hash_name, sort_name, sort_kind = ("p", "s", kind) if index is None else ("p" if index == "local" else "g", "t", other)
    if dice.random() < 0.1:
        # Of another type than the key: the emulator refuses it.
        sort_kind = "N" if sort_kind != "N" else "S"
    has_sort = index in {"sorted", "local"} or (index is None and kind)
    operator = dice.choice(OPERATORS) if has_sort or dice.random() < 0.1 else ""
    values = {":h": {"S": dice.choice("xy" if hash_name == "p" else "kl")}}
    names = {"#h": hash_name}
    clauses = ["#h = :h"]
    if operator:
        names["#s"] = sort_name
        clauses.append(operator)
        bounds = [_value(dice, sort_kind) for _ in range(2)]
        values |= {":v": bounds[0]} | ({":w": bounds[1]} if ":w" in operator else {})
    dice.shuffle(clauses)
    asked: dict[str, Any] = {
        "TableName": name,
        "KeyConditionExpression": " AND ".join(clauses),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ReturnConsumedCapacity": "INDEXES",
    }
    asked |= {"IndexName": index} if index else {}
    asked |= {"Limit": dice.choice([1, 2, 3, 50])} if dice.random() < 0.8 else {}
    asked |= {"ScanIndexForward": dice.random() < 0.5}
    if dice.random() < 0.3:
        asked["FilterExpression"] = "n < :n"
        values[":n"] = {"N": "5"}
    asked |= {"Select": "COUNT"} if dice.random() < 0.1 else {}
    if dice.random() < 0.1:
        asked["ExclusiveStartKey"] = {"p": {"S": "x"}, **({"s": _value(dice, kind)} if dice.random() < 0.5 and kind else {})}
    return asked


def _same_pages(dynamodb: Any, asked: dict[str, Any]) -> Counter[int]:
    """Both answer each page alike. The pages by their status."""
    seen: Counter[int] = Counter()
    for _ in range(40):
        answers = []
        for query in (dynamodb.plain_query, dynamodb._query):
            try:
                answers.append(query(json.loads(json.dumps(asked))))
            except Exception as error:  # noqa: BLE001 - the plug-in has to fail as the emulator does
                answers.append((500, {}, json.dumps({"raised": repr(error)})))
        assert answers[0] == answers[1], asked
        status, _headers, body = answers[1]
        seen[status] += 1
        last = json.loads(body).get("LastEvaluatedKey")
        if last is None:
            return seen
        asked = asked | {"ExclusiveStartKey": last}
    raise AssertionError(asked)


WRONG: Final[dict[str, dict[str, Any]]] = {
    "no condition": {"KeyConditionExpression": ""},
    "no partition": {"KeyConditionExpression": "s = :v"},
    "two for one key": {"KeyConditionExpression": "p = :h AND s > :v AND s < :v"},
    "a reserved word": {"KeyConditionExpression": "name = :h"},
    "another attribute": {"KeyConditionExpression": "p = :h AND n = :v"},
    "an operator that keys have not": {"KeyConditionExpression": "p = :h AND s <> :v"},
    "redundant parentheses": {"KeyConditionExpression": "((p = :h)) AND s = :v"},
    "parentheses": {"KeyConditionExpression": "(p = :h) AND (s = :v)"},
    "the value first": {"KeyConditionExpression": ":h = p AND s = :v"},
    "bounds in the wrong order": {"KeyConditionExpression": "p = :h AND s BETWEEN :w AND :v"},
    "a value that is not there": {"KeyConditionExpression": "p = :h AND s = :nothing"},
    "a limit of zero": {"Limit": 0},
    "a limit in words": {"Limit": "two"},
    "no such index": {"IndexName": "nothing"},
    "no such table": {"TableName": "nothing"},
    "an older form": {
        "KeyConditionExpression": None,
        "KeyConditions": {"p": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}},
        "ExpressionAttributeValues": None,
    },
}


@pytest.mark.parametrize("what", WRONG)
def test_what_the_emulator_refuses_is_refused_alike(tables: Any, what: str) -> None:
    for word in WORDS:
        tables._put_item({"TableName": "by-word", "Item": {"p": {"S": "x"}, "s": {"S": word}}})
    values = {":h": {"S": "x"}, ":v": {"S": "a"}, ":w": {"S": "c"}}
    asked = {"TableName": "by-word", "KeyConditionExpression": "p = :h AND s = :v", "ExpressionAttributeValues": values} | WRONG[what]
    used = {name: value for name, value in values.items() if name in (asked["KeyConditionExpression"] or "")}
    asked["ExpressionAttributeValues"] = used if asked["ExpressionAttributeValues"] is not None else None
    _same_pages(tables, {name: value for name, value in asked.items() if value is not None})


@pytest.mark.parametrize("index", [None, "sorted", "local"])
@pytest.mark.parametrize("forward", [True, False], ids=["oldest first", "newest first"])
def test_a_page_takes_as_much_from_a_partition_of_thousands_as_from_a_small_one(tables: Any, index: str | None, *, forward: bool) -> None:
    """Counted in what the emulator judges and orders, which is what took its time."""
    small, large = (_work_for_a_page(tables, items, index, forward=forward) for items in (20, 5_000))
    assert large == small
    assert small.total() <= 60, small


def _work_for_a_page(dynamodb: Any, items: int, index: str | None, *, forward: bool) -> Counter[str]:
    for number in range(items):
        item = {"p": {"S": "x"}, "s": {"S": f"{number:06}"}, "g": {"S": "x"}, "t": {"N": str(number)}}
        dynamodb._put_item({"TableName": "by-word", "Item": item})
    hash_name = "g" if index == "sorted" else "p"
    asked = {
        "TableName": "by-word",
        "KeyConditionExpression": f"{hash_name} = :h",
        "ExpressionAttributeValues": {":h": {"S": "x"}},
        "ScanIndexForward": forward,
        "Limit": 2,
        **({"IndexName": index} if index else {}),
    }
    # The first Query puts the keys in order.
    dynamodb._query(dict(asked))
    return _counted(dynamodb, lambda: dynamodb._query(dict(asked)))


def _counted(dynamodb: Any, ask: Callable[[], Any]) -> Counter[str]:
    import sys

    calls: Counter[str] = Counter()

    def count(frame: Any, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_name in {"_evaluate_condition", "_sort_key_value", "_item_size_bytes", "__missing__"}:
            calls[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        assert ask()[0] == 200
    finally:
        sys.setprofile(None)
    return calls


def test_copies_of_a_table_are_plain(tables: Any) -> None:
    """What is saved, and what a snapshot has, must not depend on the plug-in."""
    for word in WORDS:
        tables._put_item({"TableName": "by-word", "Item": {"p": {"S": "x"}, "s": {"S": word}}})
    query = {"TableName": "by-word", "KeyConditionExpression": "p = :h", "ExpressionAttributeValues": {":h": {"S": "x"}}}
    assert json.loads(tables._query(query)[2])["Count"] == len(WORDS)
    saved = tables.get_state()["tables"]["by-word"]["items"]
    assert type(saved["x"]) is dict
    assert list(saved["x"]) == list(WORDS)
