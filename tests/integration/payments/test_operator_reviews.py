"""Payments in review on the operators' page: listed without reading all payments, and ended with a reason, in both audit logs."""

from typing import Any

import pytest

from paycorex import cli, storage
from paycorex.audit import chain
from paycorex.credentials.operators import REALM
from paycorex.records.operator_work import OperatorWorkItem
from tests.integration.payments.test_contradictions import reported, waiting
from tests.support import payments as support
from tests.support.operators import Operator, grow_stale, join
from tests.support.world import PREFIX, Signer, World

__all__ = ["waiting"]


@pytest.fixture
def operator(world: World) -> Operator:
    return join(world, "operate")


def listed(operator: Operator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operator.send("GET", "/reviews").body["data"]
    return found


def body(who: Signer, payment: dict[str, Any]) -> dict[str, str]:
    return {"merchant_id": who.merchant_id, "payment_id": payment["payment_id"], "reason": "The provider corrected it."}


def test_a_review_is_listed_and_ended_in_both_audit_logs(world: World, who: Signer, waiting: dict[str, Any], operator: Operator) -> None:
    assert listed(operator) == []
    reported(world, who, waiting, amount_minor=0)
    (line,) = listed(operator)
    assert (line["payment_id"], line["merchant_id"], line["status"]) == (waiting["payment_id"], who.merchant_id, "pending")
    assert (line["amount"], line["review"]["reason"], line["review"]["connector"]) == ("10.00", "unreadable_amount", "sandbox")
    before = support.balances(who)
    done = operator.send("POST", "/reviews", body(who, waiting))
    assert (done.status, done.body["review"]) == (200, None)
    assert (listed(operator), support.show(world, who, waiting["payment_id"])["review"]) == ([], None)
    assert support.balances(who) == before
    for log in (REALM, who.merchant_id):
        entry = chain.page(log, limit=1, below=None)[0]
        assert (entry.operation, entry.object_id, entry.actor) == ("operator_end_review", waiting["payment_id"], operator.operator_id)
        assert "The provider corrected it." in entry.asked
        assert "unreadable_amount" in entry.before
    again = operator.send("POST", "/reviews", body(who, waiting))
    assert (again.status, again.code) == (404, "not_found")


def test_a_review_that_a_better_answer_ends_is_listed_no_more(
    world: World, who: Signer, waiting: dict[str, Any], operator: Operator
) -> None:
    reported(world, who, waiting, amount_minor=0)
    reported(world, who, waiting)
    assert (listed(operator), list(storage.scan_all(OperatorWorkItem))) == ([], [])


def test_reviews_are_listed_page_by_page(world: World, who: Signer, waiting: dict[str, Any], operator: Operator) -> None:
    payments = [waiting, *(support.collect(world, who).body for _ in range(4))]
    for each in payments:
        reported(world, who, each, amount_minor=0)
    seen, cursor = list[str](), ""
    while cursor is not None:
        page = operator.send("GET", f"/reviews?limit=2{cursor and f'&cursor={cursor}'}")
        assert page.status == 200, page.raw
        seen += [line["payment_id"] for line in page.body["data"]]
        cursor = page.body["next_cursor"]
    assert sorted(seen) == sorted(each["payment_id"] for each in payments)


def test_a_damaged_payment_hides_no_other(world: World, who: Signer, waiting: dict[str, Any], operator: Operator) -> None:
    other = support.collect(world, who).body
    for each in (waiting, other):
        reported(world, who, each, amount_minor=0)
    table, key = f"{PREFIX}payments", {"payment_id": {"S": waiting["payment_id"]}}
    item = world.dynamo.get_item(TableName=table, Key=key)["Item"]
    world.dynamo.put_item(TableName=table, Item=item | {"currency": {"S": "XQX"}})
    shown = {line["payment_id"]: (line["amount"], line["currency"]) for line in listed(operator)}
    world.dynamo.put_item(TableName=table, Item=item)
    assert shown == {waiting["payment_id"]: ("1000", "XQX"), other["payment_id"]: ("10.00", "INR")}


@pytest.mark.parametrize("wrong", ["another merchant", "no reason", "stale passkey", "reads alone"])
def test_what_is_refused_changes_nothing_and_leaves_no_line(
    world: World, who: Signer, waiting: dict[str, Any], operator: Operator, wrong: str
) -> None:
    reported(world, who, waiting, amount_minor=0)
    other = world.register("Another shop")
    asked: dict[str, Any] = body(who, waiting)
    if wrong == "another merchant":
        asked["merchant_id"] = other.merchant_id
    elif wrong == "no reason":
        del asked["reason"]
    elif wrong == "stale passkey":
        grow_stale(world)
    else:
        operator = join(world, "read")
    logs = [len(chain.page(log, limit=100, below=None)) for log in (REALM, who.merchant_id, other.merchant_id)]
    reply = operator.send("POST", "/reviews", asked)
    assert reply.status == {"another merchant": 404, "no reason": 400}.get(wrong, 403), reply.raw
    assert support.show(world, who, waiting["payment_id"])["review"]["reason"] == "unreadable_amount"
    assert [len(chain.page(log, limit=100, below=None)) for log in (REALM, who.merchant_id, other.merchant_id)] == logs


def test_a_review_of_before_is_listed_by_the_migration(world: World, who: Signer, waiting: dict[str, Any], operator: Operator) -> None:
    reported(world, who, waiting, amount_minor=0)
    support.collect(world, who)
    for row in storage.scan_all(OperatorWorkItem):
        storage.run(storage.delete(OperatorWorkItem, OperatorWorkItem.wire_key(row.scope, row.position), None))
    assert listed(operator) == []
    assert cli.main(["migrate", "run", "listed-reviews"]) == 0
    assert [line["payment_id"] for line in listed(operator)] == [waiting["payment_id"]]
