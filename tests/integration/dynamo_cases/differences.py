"""Where the stand-ins are known not to be DynamoDB. The cases are marked as failing, so a version that mends one says so."""

_ABSENT = "takes two absent attributes for equal"
_PYTHON_ERROR = "raises a Python error instead of ValidationException"
_TYPES = "does not check the types of operands"
_NUMBERS = "does not bring numbers into one spelling"
_RANGE = "accepts numbers beyond DynamoDB's range and precision"
_TOKENS = "ignores ClientRequestToken"
_CAPACITY = "always reports the same capacity, whatever was written"
_CREATES = "creates an item in order to take attributes away from it"
_POSITIONS = "counts positions anew after each removal"
_NO_CHECK = "does not check this"

MOTO: dict[str, str] = {
    "condition n < :five_text": _PYTHON_ERROR,
    "condition absent <> neither": _ABSENT,
    "condition absent = neither": _ABSENT,
    "condition begins_with(raw_, :b)": "compares the base64 text of binary values",
    "condition size(absent) < :ten": _PYTHON_ERROR,
    "condition attribute_type(n, :hello)": _TYPES,
    "condition n = :five AND": _PYTHON_ERROR,
    "condition n == :five": _PYTHON_ERROR,
    "condition n = :undefined": _PYTHON_ERROR,
    "condition #undefined = :five": _PYTHON_ERROR,
    "condition n < :true": _TYPES,
    "condition begins_with(label, :five)": _TYPES,
    "condition n BETWEEN :six AND :four": _NO_CHECK,
    "condition label = :hello AND n BETWEEN :six AND :four": _NO_CHECK,
    "query takes no range that ends before it begins": _NO_CHECK,
    "condition attribute_exists(:five)": _PYTHON_ERROR,
    "condition n = n": _NO_CHECK,
    "condition ": _NO_CHECK,
    "removing from a missing item does not create it": _CREATES,
    "transaction with a syntax error is no cancellation": _PYTHON_ERROR,
    "transaction refuses an update of a wrong type": "refuses the request instead of giving a reason for the item",
    "same token and items write once": _TOKENS,
    "same token with other items is a mismatch": _TOKENS,
    "query takes every sort condition": "does not take sk BETWEEN before pk",
    "query takes no alternatives": _PYTHON_ERROR,
    "filter may not speak of the key": _NO_CHECK,
    "sum may not exceed 38 digits": "rounds the sum",
    "item may not exceed 400 kilobytes": "refuses an item of 399 KB",
    "set may not be empty or repeat": _NO_CHECK,
    "key must fit the schema": "does not check the types of keys",
    "placeholder must be used": _NO_CHECK,
    "capacity of writes and reads": _CAPACITY,
    "capacity of a transaction is double": _CAPACITY,
    "capacity is broken out by index": _CAPACITY,
    **{f"number {given}": _NUMBERS for given in ("1.0", "007", "-0", "1E2", "0.10", "+5", "1E-5")},
    **{f"no number {given!r}": _RANGE for given in ("111111111111", "1E126", "0.1111111111")},
}

EMULATOR: dict[str, str] = {
    "condition absent <> neither": _ABSENT,
    "condition absent = neither": _ABSENT,
    "condition begins_with(n, :he)": "refuses the request for a type that only the item has",
    "condition n < :true": _TYPES,
    "condition n = n": _NO_CHECK,
    "condition attribute_type(n, :hello)": _NO_CHECK,
    "filter may not speak of the key": _NO_CHECK,
    "update REMOVE items_[0], items_[1]": _POSITIONS,
    "update REMOVE nested[0], nested[1].b": _POSITIONS,
    "update SET label = label + :one": _TYPES,
    "update SET n = :one, n = :one": _NO_CHECK,
    "update SET n = :one SET a = :one": _NO_CHECK,
    "update SET a": _NO_CHECK,
    "removing from a missing item does not create it": _CREATES,
    "transaction refuses an update of a wrong type": _TYPES,
    "query takes no alternatives": _NO_CHECK,
    "sum may not exceed 38 digits": "rounds the sum",
    "equal numbers are one key": "finds a numeric key by its spelling only",
}
