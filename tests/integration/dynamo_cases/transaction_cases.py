"""Transactions: all or nothing, reasons in order, tokens, limits; conditional writes that hand back the present item."""

from typing import Any

from tests.integration.dynamo_cases.bench import Bench, refused

ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}
OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
CANCELLED = "TransactionCanceledException"
INVALID = "ValidationException"


def put(bench: Bench, sk: int, **options: Any) -> tuple[str, dict[str, Any]]:
    return "Put", {"Item": bench.item(sk, v={"N": str(sk)}), **options}


def reasons(response: dict[str, Any]) -> list[dict[str, Any]]:
    """The reasons without what an implementation may add to those that are None."""
    return [reason if reason["Code"] != "None" else {"Code": "None"} for reason in response["CancellationReasons"]]


def transaction_writes_everything(bench: Bench) -> None:
    bench.put_many([bench.item(2, v={"N": "0"}), bench.item(3), bench.item(4)])
    bench.transact(
        put(bench, 1, **ABSENT),
        (
            "Update",
            {
                "Key": bench.key(2),
                "UpdateExpression": "SET v = v + :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            },
        ),
        ("Delete", {"Key": bench.key(3)}),
        ("ConditionCheck", {"Key": bench.key(4), "ConditionExpression": "attribute_exists(pk)"}),
    )
    assert [bench.get(sk) for sk in (1, 2, 3, 4)] == [{"v": {"N": "1"}}, {"v": {"N": "1"}}, None, {}]


def transaction_writes_nothing_when_one_condition_fails(bench: Bench) -> None:
    bench.put(bench.item(2, v={"S": "there"}))
    writes = put(bench, 1), put(bench, 2, **ABSENT), put(bench, 3)
    response = refused(CANCELLED, lambda: bench.transact(*writes), saying="[None, ConditionalCheckFailed, None]")
    failed = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
    assert reasons(response) == [{"Code": "None"}, failed, {"Code": "None"}]
    assert [bench.get(sk) for sk in (1, 2, 3)] == [None, {"v": {"S": "there"}}, None]


def transaction_hands_back_the_present_item(bench: Bench) -> None:
    present = bench.item(2, v={"S": "there"})
    bench.put(present)
    response = refused(CANCELLED, lambda: bench.transact(put(bench, 1), put(bench, 2, **ABSENT, **OLD)))
    assert reasons(response)[1]["Item"] == present


def transaction_hands_back_nothing_for_a_missing_item(bench: Bench) -> None:
    check = {"Key": bench.key(), "ConditionExpression": "attribute_exists(pk)", **OLD}
    response = refused(CANCELLED, lambda: bench.transact(("ConditionCheck", check)))
    assert "Item" not in reasons(response)[0]


def transaction_names_every_failed_condition(bench: Bench) -> None:
    bench.put_many([bench.item(1), bench.item(2)])
    response = refused(CANCELLED, lambda: bench.transact(put(bench, 1, **ABSENT), put(bench, 2, **ABSENT)))
    assert [reason["Code"] for reason in reasons(response)] == ["ConditionalCheckFailed"] * 2


def transaction_touches_an_item_once(bench: Bench) -> None:
    refused(INVALID, lambda: bench.transact(put(bench, 1), ("Delete", {"Key": bench.key(1)})), saying="multiple")
    assert bench.get() is None


def transaction_has_at_most_a_hundred_items(bench: Bench) -> None:
    refused(INVALID, lambda: bench.transact(*(put(bench, sk) for sk in range(101))))
    bench.transact(*(put(bench, sk) for sk in range(100)))
    assert bench.query(Select="COUNT")["Count"] == 100


def transaction_with_a_syntax_error_is_no_cancellation(bench: Bench) -> None:
    refused(INVALID, lambda: bench.transact(put(bench, 1, ConditionExpression="oops(")), saying="ConditionExpression")


def transaction_refuses_an_update_of_a_wrong_type(bench: Bench) -> None:
    bench.put(bench.item(1, v={"S": "text"}))
    update = {
        "Key": bench.key(),
        "UpdateExpression": "SET v = v + :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    response = refused(CANCELLED, lambda: bench.transact(put(bench, 2), ("Update", update)))
    assert reasons(response)[1]["Code"] == "ValidationError"
    assert bench.get(2) is None


def same_token_and_items_write_once(bench: Bench) -> None:
    for _ in range(2):
        bench.transact(put(bench, 1, **ABSENT), ClientRequestToken=bench.pk[:36])
    bench.client.delete_item(TableName=bench.table, Key=bench.key())
    bench.transact(put(bench, 1, **ABSENT), ClientRequestToken=bench.pk[:36])
    assert bench.get() is None


def same_token_with_other_items_is_a_mismatch(bench: Bench) -> None:
    bench.transact(put(bench, 1), ClientRequestToken=bench.pk[:36])
    mismatch = "IdempotentParameterMismatchException"
    refused(mismatch, lambda: bench.transact(put(bench, 2), ClientRequestToken=bench.pk[:36]))
    assert bench.get(2) is None


def token_of_a_cancelled_transaction_may_be_used_again(bench: Bench) -> None:
    bench.put(bench.item())
    refused(CANCELLED, lambda: bench.transact(put(bench, 1, **ABSENT), ClientRequestToken=bench.pk[:36]))
    bench.client.delete_item(TableName=bench.table, Key=bench.key())
    bench.transact(put(bench, 1, **ABSENT), ClientRequestToken=bench.pk[:36])
    assert bench.get() == {"v": {"N": "1"}}


def transactional_get_answers_in_order(bench: Bench) -> None:
    bench.put_many([bench.item(1), bench.item(3)])
    gets = [{"Get": {"TableName": bench.table, "Key": bench.key(sk)}} for sk in (3, 2, 1)]
    responses = bench.client.transact_get_items(TransactItems=gets)["Responses"]
    assert [response.get("Item") for response in responses] == [bench.item(3), None, bench.item(1)]


def refused_put_hands_back_the_present_item(bench: Bench) -> None:
    present = bench.item(v={"S": "there"})
    bench.put(present)
    response = refused("ConditionalCheckFailedException", lambda: bench.put(bench.item(), **ABSENT, **OLD))
    assert response["Item"] == present
    assert "Item" not in refused("ConditionalCheckFailedException", lambda: bench.put(bench.item(), **ABSENT))


CASES = {
    case.__name__.replace("_", " "): case
    for case in (
        transaction_writes_everything,
        transaction_writes_nothing_when_one_condition_fails,
        transaction_hands_back_the_present_item,
        transaction_hands_back_nothing_for_a_missing_item,
        transaction_names_every_failed_condition,
        transaction_touches_an_item_once,
        transaction_has_at_most_a_hundred_items,
        transaction_with_a_syntax_error_is_no_cancellation,
        transaction_refuses_an_update_of_a_wrong_type,
        same_token_and_items_write_once,
        same_token_with_other_items_is_a_mismatch,
        token_of_a_cancelled_transaction_may_be_used_again,
        transactional_get_answers_in_order,
        refused_put_hands_back_the_present_item,
    )
}
