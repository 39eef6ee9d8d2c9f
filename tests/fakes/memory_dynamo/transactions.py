"""TransactWriteItems: all of it or none of it, with a reason for every item when it is none."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any, cast

from botocore.exceptions import ParamValidationError

from tests.fakes.memory_dynamo.partition import Row
from tests.fakes.memory_dynamo.refusal import RefusedError, invalid
from tests.fakes.memory_dynamo.schema import ItemKey
from tests.fakes.memory_dynamo.table import Table
from tests.fakes.memory_dynamo.writes import Write, WriteKind

type Planned = tuple[Table, ItemKey, Row | None, Row | None]

MAX_ITEMS = 100
_MAX_BYTES = 4 * 1024 * 1024
_TOKEN_SECONDS = 600
_SHARED = {
    "TableName",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
}
_MEMBERS = {
    "Put": {*_SHARED, "Item"},
    "Update": {*_SHARED, "Key", "UpdateExpression"},
    "Delete": {*_SHARED, "Key"},
    "ConditionCheck": {*_SHARED, "Key"},
}
_REASON_CODES = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "ValidationException": "ValidationError",
}


def check_count(items: list[Any]) -> None:
    """Raises ValidationException for none and for more than 100 items."""
    if not items or len(items) > MAX_ITEMS:
        limit = f"Member must have length {'greater than or equal to 1' if not items else 'less than or equal to 100'}"
        where = "at 'transactItems' failed to satisfy constraint"
        raise invalid(f"1 validation error detected: Value '[...]' {where}: {limit}")


def requested_writes(items: list[dict[str, Any]], tables: Mapping[str, Table]) -> list[Write]:
    """The parsed writes. Raises ValidationException and ResourceNotFoundException."""
    check_count(items)
    writes = []
    for entry in items:
        if len(entry) != 1 or not entry.keys() <= _MEMBERS.keys():
            detail = "TransactItems can only contain one of Check, Put, Update or Delete"
            raise invalid(detail)
        for kind, request in entry.items():
            _check_members(kind, request)
            writes.append(Write(cast("WriteKind", kind), request, tables))
    return writes


def _check_members(kind: str, request: dict[str, Any]) -> None:
    unknown = request.keys() - _MEMBERS[kind]
    if unknown:
        raise ParamValidationError(report=f"Unknown parameter in TransactItems.{kind}: {sorted(unknown)}")


def planned(writes: list[Write]) -> list[Planned]:
    """What to commit, in order. Raises TransactionCanceledException with a reason per item, or ValidationException."""
    keys = _each([write.key for write in writes])
    if len({(write.table.schema.name, key) for write, key in zip(writes, keys, strict=True)}) < len(keys):
        raise invalid("Transaction request cannot include multiple operations on one item")
    places = list(zip(writes, keys, strict=True))
    olds = [write.table.find(key) for write, key in places]
    news = _each([partial(write.judge, old) for write, old in zip(writes, olds, strict=True)])
    if sum(new.size for new in news if new is not None) > _MAX_BYTES:
        raise invalid("Transaction request size exceeds the maximum allowed size of 4 MB")
    return [(write.table, key, old, new) for (write, key), old, new in zip(places, olds, news, strict=True)]


def _each[T](steps: list[Callable[[], T]]) -> list[T]:
    """The result of every step; one refusal cancels the transaction, after all of them have been asked."""
    results: list[T] = []
    reasons: list[dict[str, Any]] = []
    refused = False
    for step in steps:
        reason: dict[str, Any] = {"Code": "None"}
        try:
            results.append(step())
        except RefusedError as error:
            refused = True
            reason = {"Code": _REASON_CODES[error.code], "Message": error.message, **error.extra}
        reasons.append(reason)
    if refused:
        raise cancelled(reasons)
    return results


def cancelled(reasons: list[dict[str, Any]]) -> RefusedError:
    """TransactionCanceledException with these CancellationReasons (Code, and Message and Item where there is one)."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return RefusedError("TransactionCanceledException", message, {"CancellationReasons": reasons, "Message": message})


class Tokens:
    """Client request tokens: for ten minutes the same token with the same items is the same transaction."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[bytes, float]] = {}

    def fingerprint(self, items: list[dict[str, Any]]) -> bytes:
        text = json.dumps(items, sort_keys=True, default=repr)
        return blake2b(text.encode(), digest_size=16).digest()

    def replays(self, token: str, fingerprint: bytes) -> bool:
        """True when this transaction has been committed. Raises IdempotentParameterMismatchException."""
        known = self._seen.get(token)
        if known is None or self._clock() - known[1] >= _TOKEN_SECONDS:
            return False
        if known[0] != fingerprint:
            detail = "Request items are different from the original request with the same client token"
            raise RefusedError("IdempotentParameterMismatchException", detail)
        return True

    def remember(self, token: str, fingerprint: bytes) -> None:
        self._seen[token] = (fingerprint, self._clock())
