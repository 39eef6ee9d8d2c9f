"""What a faulty client does to calls: refuses them, loses their answers, or kills the caller."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.fakes.faults import Decider, Fault, FaultyClient, Killed, Nth, Script, Seeded, healthy
from tests.fakes.memory_dynamo import MemoryDynamo

KEY = {"pk": {"S": "a"}}
TABLE = {
    "TableName": "things",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}


@pytest.fixture
def memory() -> MemoryDynamo:
    memory = MemoryDynamo()
    memory.create_table_from_properties(TABLE)
    return memory


def put(client: Any) -> dict[str, Any]:
    response: dict[str, Any] = client.put_item(TableName="things", Item=KEY)
    return response


def transact(client: Any) -> None:
    items = [{"Put": {"TableName": "things", "Item": {"pk": {"S": name}}}} for name in "ab"]
    client.transact_write_items(TransactItems=items)


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (Fault.THROTTLED, "ThrottlingException", 400),
        (Fault.THROUGHPUT_EXCEEDED, "ProvisionedThroughputExceededException", 400),
        (Fault.REQUEST_LIMIT, "RequestLimitExceeded", 400),
        (Fault.INTERNAL_ERROR, "InternalServerError", 500),
        (Fault.CONFLICT, "TransactionConflictException", 400),
    ],
)
def test_a_refused_call_is_not_executed(memory: MemoryDynamo, fault: Fault, code: str, status: int) -> None:
    client = FaultyClient(memory, Script([fault]))
    with pytest.raises(ClientError) as refused:
        put(client)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert memory.dump() == {"things": []}


def test_a_conflicting_transaction_is_cancelled_with_a_reason_for_each_item(memory: MemoryDynamo) -> None:
    client = FaultyClient(memory, Script([Fault.CONFLICT]))
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        transact(client)
    assert [reason["Code"] for reason in refused.value.response["CancellationReasons"]] == [
        "TransactionConflict",
        "None",
    ]
    assert memory.dump() == {"things": []}


@pytest.mark.parametrize(
    ("fault", "error", "written"),
    [
        (Fault.COMMIT_THEN_TIMEOUT, ReadTimeoutError, 2),
        (Fault.KILL_AFTER, Killed, 2),
        (Fault.CONNECT_TIMEOUT, ConnectTimeoutError, 0),
        (Fault.KILL_BEFORE, Killed, 0),
    ],
)
def test_what_a_lost_call_leaves_behind(memory: MemoryDynamo, fault: Fault, error: type[BaseException], written: int) -> None:
    client = FaultyClient(memory, Nth(1, fault, operation="TransactWriteItems"))
    with pytest.raises(error):
        transact(client)
    assert len(memory.dump()["things"]) == written


def test_a_lost_answer_may_have_been_a_refusal(memory: MemoryDynamo) -> None:
    put(memory)
    client = FaultyClient(memory, Script([Fault.COMMIT_THEN_TIMEOUT]))
    with pytest.raises(ReadTimeoutError):
        client.put_item(TableName="things", Item=KEY, ConditionExpression="attribute_not_exists(pk)")


def test_calls_are_logged_with_their_tables_and_decisions(memory: MemoryDynamo) -> None:
    client = FaultyClient(memory, Nth(2, Fault.THROTTLED))
    put(client)
    with pytest.raises(ClientError):
        transact(client)
    list(client.get_paginator("scan").paginate(TableName="things"))
    assert [(logged.call.operation, logged.call.tables, logged.fault) for logged in client.log] == [
        ("PutItem", ("things",), Fault.PASS),
        ("TransactWriteItems", ("things",), Fault.THROTTLED),
        ("Scan", ("things",), Fault.PASS),
    ]
    assert (client.count(), client.count("Scan")) == (3, 1)


def test_a_fault_that_cannot_happen_to_an_operation_passes(memory: MemoryDynamo) -> None:
    client = FaultyClient(memory, Script([Fault.CONFLICT, Fault.IN_PROGRESS]))
    client.get_item(TableName="things", Key=KEY)
    put(client)
    assert [logged.fault for logged in client.log] == [Fault.PASS, Fault.PASS]


def test_the_same_seed_decides_the_same(memory: MemoryDynamo) -> None:
    def faults(decider: Decider) -> list[Fault]:
        client = FaultyClient(memory, decider)
        for _ in range(200):
            try:
                put(client)
            except (ClientError, ReadTimeoutError):
                continue
        client.decider = healthy
        put(client)
        return [logged.fault for logged in client.log]

    weights = {Fault.THROTTLED: 0.2, Fault.COMMIT_THEN_TIMEOUT: 0.2}
    first = faults(Seeded(7, weights))
    assert first == faults(Seeded(7, weights))
    assert first != faults(Seeded(8, weights))
    assert {*first} == {Fault.PASS, *weights}
    assert first[-1] is Fault.PASS
