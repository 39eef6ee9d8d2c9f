"""Conditions: (expression, what comes of it) against one item; True and False are whether it holds."""

from functools import partial
from typing import Any

from tests.integration.dynamo_cases.bench import Bench, refused

ITEM: dict[str, Any] = {
    "n": {"N": "5"},
    "label": {"S": "hello"},
    "raw_": {"B": b"\x01\x02"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "tags": {"SS": ["x", "y"]},
    "primes": {"NS": ["2", "3"]},
    "list_": {"L": [{"S": "x"}, {"N": "7"}, {"M": {"deep": {"S": "z"}}}]},
    "map_": {"M": {"a": {"N": "1"}, "b": {"M": {"c": {"S": "inner"}}}}},
}
VALUES: dict[str, Any] = {
    ":four": {"N": "4"},
    ":five": {"N": "5.00"},
    ":six": {"N": "6"},
    ":ten": {"N": "10"},
    ":hello": {"S": "hello"},
    ":he": {"S": "he"},
    ":ell": {"S": "ell"},
    ":x": {"S": "x"},
    ":five_text": {"S": "5"},
    ":b": {"B": b"\x01"},
    ":true": {"BOOL": True},
    ":N": {"S": "N"},
    ":L": {"S": "L"},
    ":two": {"N": "2"},
    ":yx": {"SS": ["y", "x"]},
    ":inner": {"S": "inner"},
}
INVALID = "ValidationException"

EXPECTED: dict[str, bool | str] = {
    "n = :five": True,
    "n <> :five": False,
    "n <> :five_text": True,
    "n = :five_text": False,
    "n < :ten": True,
    "n >= :six": False,
    "n < :five_text": False,
    "label > :he": True,
    "absent <> :five": True,
    "absent = :five": False,
    "absent < :five": False,
    "absent <> neither": True,
    "absent = neither": False,
    "attribute_exists(n)": True,
    "attribute_exists(absent)": False,
    "attribute_not_exists(absent)": True,
    "attribute_exists(map_.b.c)": True,
    "attribute_exists(list_[3])": False,
    "attribute_exists(nothing)": True,
    "map_.b.c = :inner": True,
    "list_[0] = :x": True,
    "list_[2].deep = :x": False,
    "attribute_type(n, :N)": True,
    "attribute_type(label, :N)": False,
    "attribute_type(list_, :L)": True,
    "attribute_type(n, :hello)": INVALID,
    "begins_with(label, :he)": True,
    "begins_with(label, :ell)": False,
    "begins_with(n, :he)": False,
    "begins_with(raw_, :b)": True,
    "contains(label, :ell)": True,
    "contains(tags, :x)": True,
    "contains(tags, :he)": False,
    "contains(primes, :two)": True,
    "contains(list_, :x)": True,
    "contains(n, :five)": False,
    "tags = :yx": True,
    "size(label) = :five": True,
    "size(list_) < :four": True,
    "size(tags) = :two": True,
    "size(map_) = :two": True,
    "size(absent) < :ten": False,
    "n BETWEEN :four AND :six": True,
    "n BETWEEN :six AND :ten": False,
    "n BETWEEN :four AND :six AND label = :hello": True,
    "n IN (:four, :five)": True,
    "n IN (:four, :six)": False,
    "absent IN (:four)": False,
    "NOT n = :five": False,
    "NOT attribute_exists(absent) AND n = :five": True,
    "n = :six OR n = :five AND label = :hello": True,
    "(n = :six OR n = :five) AND label = :x": False,
    "n = :six AND label = :hello OR yes = :true": True,
    "not n = :six and Not label = :x": True,
    "n = :five AND": INVALID,
    "n == :five": INVALID,
    "((n = :five))": INVALID,
    "exists(n)": INVALID,
    "n = :undefined": INVALID,
    "#undefined = :five": INVALID,
    "status = :five": INVALID,
    "n < :true": INVALID,
    "begins_with(label, :five)": INVALID,
    "n BETWEEN :six AND :four": INVALID,
    "label = :hello AND n BETWEEN :six AND :four": INVALID,
    "attribute_exists(:five)": INVALID,
    "n = n": INVALID,
    "": INVALID,
}


def check(bench: Bench, expression: str, expected: bool | str) -> None:
    """A refused condition changes nothing; one that holds lets the update through."""
    bench.put(bench.item(**ITEM))
    before = bench.get()
    used = {name: value for name, value in VALUES.items() if f"{name} " in f"{expression} ".translate(_PUNCTUATION)}

    def update() -> Any:
        used[":done"] = {"BOOL": True}
        return bench.update("SET done = :done", used, ConditionExpression=expression)

    if expected is True:
        update()
        assert (bench.get() or {})["done"] == {"BOOL": True}
    else:
        refused(INVALID if expected == INVALID else "ConditionalCheckFailedException", update)
        assert bench.get() == before


_PUNCTUATION = str.maketrans(dict.fromkeys("(),", " "))
CASES = {f"condition {expression}": partial(check, expression=expression, expected=expected) for expression, expected in EXPECTED.items()}
