"""What the operator charges: plans in versions, booked after the payment, each payment once and by one version."""

import json
from pathlib import Path
from typing import Any

import pytest

from operations import fee_plans
from paycorex import aws, clock, storage
from paycorex.cli import main
from paycorex.errors import InvalidRequest, NotFound, Refusal
from paycorex.fee_rates import NewFeePlan
from paycorex.records.effective import NOTICE_SECONDS
from payments.payment import fee_books
from payments.payment.fees import KnownFee
from tests.support import payments as support
from tests.support.fees import balances, book, charging, fold, settle
from tests.support.metering import MeteredDynamo
from tests.support.world import PREFIX, Signer, World

PLAN: dict[str, Any] = {
    "rates": [
        {"percent": "1", "tax_percent": "18"},
        {"method": "tokenized", "percent": "2", "tax_percent": "18"},
        {"method": "tokenized", "brand": "visa", "currency": "INR", "percent": "2", "fixed": "3", "tax_percent": "18"},
    ]
}


def paid(world: World, who: Signer, amount: str = "1000.00", **more: Any) -> str:
    made = support.charge(world, who, support.APPROVE, amount, **more)
    assert made.status == 201, made.raw
    payment_id: str = made.body["payment_id"]
    return payment_id


def test_a_payment_is_charged_by_the_rate_for_it_and_once(world: World, who: Signer) -> None:
    charging(world, who, PLAN)
    world.wallet(who, "asha", "500.00")
    by_wallet = world.pay(who, "asha", "100.00").body["payment_id"]
    by_card = paid(world, who)
    before = balances(who)
    settle(world)
    shown = [support.show(world, who, payment_id)["platform_fee"] for payment_id in (by_wallet, by_card)]
    assert [(fee["amount"], fee["tax"], fee["plan_version"]) for fee in shown] == [("1.00", "0.18", 1), ("23.00", "4.14", 1)]
    after = balances(who)
    moved = {name: after[name] - before[name] for name in after}
    assert moved == {"merchant": -2_832, "fees": 0, "tax": 432, "platform_fees": 2_400, "clearing": 0}
    dump = world.dump()[f"{PREFIX}ledgers"]
    fee_books.charge(by_card)
    settle(world)
    assert world.dump()[f"{PREFIX}ledgers"] == dump
    assert support.findings() == []


def test_what_is_booked_is_no_volume_of_the_merchant(world: World, who: Signer) -> None:
    charging(world, who, PLAN)
    paid(world, who)
    settle(world)
    from tests.support.rollups import show

    assert (show(world, who)["volume"], show(world, who)["balance"]) == ("1000.00", "972.86")


def test_without_a_plan_nothing_is_noted_and_a_wallet_payment_costs_what_it_did(world: World, who: Signer) -> None:
    world.wallet(who, "asha", "500.00")
    meter = MeteredDynamo(world.dynamo)
    aws.use("dynamodb", meter)
    costs = []
    for _turn in range(2):
        world.pay(who, "asha", "1.00")
        meter.reset()
        made = world.pay(who, "asha", "1.00")
        assert made.body["platform_fee"] is None
        costs.append((dict(meter.written), len(meter.items), dict(meter.calls)))
        fold(world)
        world.dynamo.drain_stream(f"{PREFIX}fee_work")
        charging(world, who, PLAN)
    aws.use("dynamodb", world.dynamo)
    assert costs[0] == costs[1]
    world.dynamo.drain_stream(f"{PREFIX}fee_work")
    world.pay(who, "asha", "1.00")
    fold(world)
    assert len(world.dynamo.drain_stream(f"{PREFIX}fee_work")) == 1, "one row, and none before there was a plan"


@pytest.mark.parametrize(("refunds", "left"), [("keep", (2_300, 414)), ("return", (1_700, 306))])
def test_a_refund_leaves_the_fee_or_what_is_left_of_it(world: World, who: Signer, refunds: str, left: tuple[int, int]) -> None:
    charging(world, who, {**PLAN, "refunds": refunds})
    payment_id = paid(world, who)
    settle(world)
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "300.00"}).status == 201
    settle(world)
    after = balances(who)
    assert (after["platform_fees"], after["tax"]) == left
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id}).status == 201
    settle(world)
    after = balances(who)
    assert (after["platform_fees"], after["tax"]) == (left if refunds == "keep" else (0, 0))
    assert support.findings() == []


def test_a_payment_is_charged_by_the_version_of_its_time(world: World, who: Signer) -> None:
    free = paid(world, who)
    charging(world, who, {"rates": [{"percent": "1"}]})
    first = paid(world, who)
    charging(world, who, {"rates": [{"percent": "2"}]})
    second = paid(world, who)
    charging(world, who, {"rates": []})
    last = paid(world, who)
    settle(world)
    for payment_id in (free, first, second, last):
        fee_books.charge(payment_id)
    shown = [support.show(world, who, payment_id)["platform_fee"] for payment_id in (free, first, second, last)]
    assert [fee and (fee["amount"], fee["plan_version"]) for fee in shown] == [None, ("10.00", 1), ("20.00", 2), None]


def test_both_fees_of_one_payment_are_booked_whichever_comes_first(world: World, who: Signer) -> None:
    charging(world, who, PLAN)
    support.settings(world, who, fee_bearer="merchant")
    ends = set()
    for report_first in (True, False):
        before = balances(who)
        payment_id = paid(world, who)
        for known in (report_first, not report_first):
            if known:
                fee_books.book(payment_id, KnownFee("report", 2_458, 442, "INR"))
            else:
                settle(world)
        after = balances(who)
        ends.add(tuple(after[name] - before[name] for name in after))
    assert ends == {(100_000 - 2_900 - 2_714, 2_458, 442 + 414, 2_300, -100_000)}
    assert support.findings() == []


def test_captures_are_charged_together(world: World, who: Signer) -> None:
    charging(world, who, PLAN)
    payment_id = paid(world, who, capture_method="manual")
    settle(world)
    assert support.show(world, who, payment_id)["platform_fee"] is None
    for amount, fee in (("400.00", "11.00"), ("600.00", "23.00")):
        assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": amount, "final": False}).status == 201
        settle(world)
        assert support.show(world, who, payment_id)["platform_fee"]["amount"] == fee
    assert support.findings() == []


def test_a_busy_store_gives_the_rows_back(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    charging(world, who, PLAN)
    payment_id = paid(world, who)
    fold(world)
    records = world.dynamo.drain_stream(f"{PREFIX}fee_work")
    from payments import fees_door

    def busy(_payment_id: str) -> None:
        raise storage.Unavailable("busy")

    with monkeypatch.context() as patch:
        patch.setattr(fee_books, "charge", busy)
        given_back = fees_door.handler({"Records": records}, None)
    assert given_back["batchItemFailures"] == [{"itemIdentifier": records[0]["dynamodb"]["SequenceNumber"]}]
    assert fees_door.handler({"Records": [*records, *records]}, None) == {"batchItemFailures": []}
    assert support.show(world, who, payment_id)["platform_fee"]["amount"] == "23.00"
    assert book(world) == {"batchItemFailures": []}


def test_a_version_is_added_once_and_begins_when_all_know_it(world: World, who: Signer) -> None:
    plan = NewFeePlan.model_validate(PLAN)
    for _again in range(2):
        added = fee_plans.add(who.merchant_id, plan, operator="asha")
        assert [(line.version, line.made_by) for line in added.data] == [(1, "asha")]
    line = added.data[0]
    assert clock.parse_rfc3339(line.from_) == clock.parse_rfc3339(line.made_at) + NOTICE_SECONDS * 1000
    for wrong in ("2020-01-01T00:00:00Z", added.data[0].from_):
        other = NewFeePlan.model_validate({"rates": [], "from": wrong})
        with pytest.raises(InvalidRequest):
            fee_plans.add(who.merchant_id, other, operator="asha")
    assert len(fee_plans.page(who.merchant_id).data) == 1
    with pytest.raises(NotFound):
        fee_plans.page("mer_" + "a" * 26)


def test_a_plan_has_so_many_versions_and_no_more(world: World, who: Signer) -> None:
    for number in range(40):
        charging(world, who, {"rates": [{"percent": str(number)}]})
    with pytest.raises(Refusal):
        charging(world, who, {"rates": []})


def test_operators_see_and_set_plans_by_route_and_command(
    world: World, who: Signer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"rates": [{"percent": 1.5, "tax_percent": "18"}]}))
    assert main(["admin", "fee-plan", who.merchant_id, str(path), "--by", "asha"]) == 0
    assert '"percent":"1.5"' in capsys.readouterr().out
    assert main(["admin", "fee-plans", who.merchant_id]) == 0
    assert '"version":1' in capsys.readouterr().out
    path.write_text('{"rates": [{"percent": "200"}]}')
    assert main(["admin", "fee-plan", who.merchant_id, str(path), "--by", "asha"]) == 1
    assert main(["admin", "fee-plans", "mer_" + "a" * 26]) == 1
