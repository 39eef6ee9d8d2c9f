"""Noting what functions ask AWS for: whose call it is, which rights it needs, and that a call without a right is seen."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

from paycorex import settings
from paycorex.http import App
from paycorex.http.router import Router
from tests.support import aws_actions, aws_calls, rights
from tests.support.aws_actions import Call, calls

STACK = settings.Settings(
    table_prefix="test-", sealing_key_id="key-1", webhook_queue_url="https://sqs/webhooks", parameter_prefix="/paycorex/test"
)
TRANSACTION = (("dynamodb:EnclosingOperation", "TransactWriteItems"),)


@pytest.fixture(autouse=True)
def stack() -> Iterator[None]:
    settings.use(STACK)
    yield
    settings.use(None)


def handler_of(module: str) -> Callable[[Callable[[], Any]], Any]:
    """A handler in a module of this name that does what it is given."""
    names: dict[str, Any] = {"__name__": module}
    exec("def handler(work): return work()", names)
    made: Callable[[Callable[[], Any]], Any] = names["handler"]
    return made


@pytest.mark.parametrize(
    ("service", "method", "arguments", "expected"),
    [
        ("dynamodb", "get_item", {"TableName": "test-payments", "Key": {}}, [Call("dynamodb:GetItem", "payments")]),
        ("dynamodb", "query", {"TableName": "test-refunds", "IndexName": "by_due"}, [Call("dynamodb:Query", "refunds/index/by_due")]),
        ("dynamodb", "batch_get_item", {"RequestItems": {"test-payments": {}}}, [Call("dynamodb:BatchGetItem", "payments")]),
        (
            "dynamodb",
            "transact_write_items",
            {"TransactItems": [{"Put": {"TableName": "test-ledgers"}}, {"ConditionCheck": {"TableName": "test-wallets", "Key": {}}}]},
            [Call("dynamodb:PutItem", "ledgers", TRANSACTION), Call("dynamodb:ConditionCheckItem", "wallets", TRANSACTION)],
        ),
        ("sqs", "send_message_batch", {"QueueUrl": "https://sqs/webhooks", "Entries": []}, [Call("sqs:SendMessage", "WebhookQueue")]),
        (
            "kms",
            "decrypt",
            {"KeyId": "key-1", "EncryptionContext": {"purpose": "webhook"}},
            [Call("kms:Decrypt", "SealingKey", (("kms:EncryptionContext:purpose", "webhook"),))],
        ),
    ],
)
def test_a_call_asks_for_the_right_of_each_of_its_items(service: str, method: str, arguments: dict[str, Any], expected: list[Call]) -> None:
    found = list(calls(service, method, arguments))
    assert found == expected
    assert [Call.parse(call.text()) for call in found] == expected


def test_a_put_names_the_attributes_of_its_whole_item_where_a_right_is_bound_to_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = frozenset({("dynamodb:PutItem", "tokens"), ("dynamodb:UpdateItem", "tokens")})
    monkeypatch.setattr(aws_actions, "bound_to_attributes", lambda: bound)
    put = {"Put": {"TableName": "test-tokens", "Item": {"token_id": {"S": "t"}, "brand": {"S": "visa"}}}}
    change = {"Update": {"TableName": "test-tokens", "Key": {"token_id": {"S": "t"}}, "ExpressionAttributeNames": {"#0": "sealed"}}}
    found = list(calls("dynamodb", "transact_write_items", {"TransactItems": [put, change]}))
    assert [dict(call.context)["dynamodb:Attributes"] for call in found] == ["brand,token_id", "sealed,token_id"]


def test_what_the_stack_does_not_name_is_an_error() -> None:
    for service, method, arguments in (
        ("sqs", "send_message", {"QueueUrl": "other"}),
        ("kms", "sign", {"KeyId": "other"}),
        ("sns", "publish", {}),
    ):
        with pytest.raises(KeyError):
            list(calls(service, method, arguments))


def test_a_call_belongs_to_the_handler_that_makes_it() -> None:
    assert aws_calls.handler_under_way() is None
    assert handler_of("tokens.door")(aws_calls.handler_under_way) == "tokens.door"


def test_a_request_belongs_to_the_door_whose_app_answers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, door, owners = App("probe"), App("probe"), ModuleType("probe.door"), list[str | None]()
    monkeypatch.setitem(sys.modules, "probe.door", door)
    monkeypatch.setattr(Router, "find", lambda *_: owners.append(aws_calls.handler_under_way()))
    for of_the_door, asked in ((first, first), (first, second), (second, first), (second, second)):
        monkeypatch.setattr(door, "app", of_the_door, raising=False)
        for _ in range(2):
            asked.handler({"httpMethod": "GET", "path": "/"}, None)
    assert owners == ["probe.door", "probe.door", None, None, None, None, "probe.door", "probe.door"]


def test_work_in_threads_belongs_to_the_handler_that_gave_it() -> None:
    with ThreadPoolExecutor(1) as pool:
        for module in ("webhooks.sender_door", "dashboard.door"):
            assert handler_of(module)(lambda: pool.submit(aws_calls.handler_under_way).result()) == module
        assert pool.submit(aws_calls.handler_under_way).result() is None
    seen: list[str | None] = []

    def start() -> None:
        thread = threading.Thread(target=lambda: seen.append(aws_calls.handler_under_way()))
        thread.start()
        thread.join()

    handler_of("webhooks.sender_door")(start)
    assert seen == ["webhooks.sender_door"]


@pytest.mark.parametrize(
    ("call", "functions"),
    [
        (Call("dynamodb:Scan", "ledgers"), ["TokensFunction"]),
        (Call("kms:Decrypt", "VaultKey", (("kms:EncryptionContext:purpose", "connector"),)), ["TokensFunction"]),
        (Call("kms:Decrypt", "VaultKey"), ["TokensFunction"]),
        (Call("kms:Decrypt", "VaultKey", (("kms:EncryptionContext:purpose", "vault"),)), []),
        (Call("dynamodb:GetItem", "tokens"), []),
    ],
)
def test_a_call_without_a_right_is_seen(call: Call, functions: list[str]) -> None:
    assert rights.refused("tokens.door", call.action, call.resource, dict(call.context)) == functions


def test_the_ledger_is_appended_to_in_transactions_only() -> None:
    assert rights.allows("PaymentsFunction", "dynamodb:PutItem", "ledgers", dict(TRANSACTION))
    assert not rights.allows("PaymentsFunction", "dynamodb:PutItem", "ledgers", {})
    assert not rights.allows("PaymentsFunction", "dynamodb:UpdateItem", "ledgers", dict(TRANSACTION))


def test_a_run_with_such_a_call_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_calls, "noted", {("tokens.door", "dynamodb:Scan ledgers")})
    assert aws_calls.differences("") == ["TokensFunction may not, but does: dynamodb:Scan ledgers"]
    assert "tokens.door asks for what the file does not have: dynamodb:Scan ledgers" in aws_calls.differences("exact")
    monkeypatch.setattr(aws_calls, "noted", set())
    assert aws_calls.differences("") == []
    assert any("was not seen asking for" in line for line in aws_calls.differences("exact"))
