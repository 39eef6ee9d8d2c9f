"""What runs, as operators see it on their page: chains, alarms, volumes, clearing accounts, and what is sent or handed over again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crypto_monitor.stores.cursors import CursorItem
from paycorex import aws, clock, settings, storage
from paycorex.audit import chain
from paycorex.credentials.operators import REALM
from paycorex.evm.networks import NETWORKS
from paycorex.records.reconciliation_position import ReconciliationPosition
from tests.integration.operations.test_lost_records import Lost, lost
from tests.integration.webhooks.test_operators import dead
from tests.support import rollups
from tests.support.engine import Engine, answer
from tests.support.operators import Operator, Watch, join
from tests.support.webhooks import URL, deliveries
from tests.support.world import Signer, World
from webhooks.recovery import redrive

__all__ = ["lost"]


@pytest.fixture
def operator(world: World) -> Operator:
    return join(world, "operate")


def test_a_chain_shows_how_many_blocks_its_scanner_is_behind(world: World, operator: Operator) -> None:
    network = next(iter(NETWORKS))
    assert [line["followed"] for line in operator.send("GET", "/chains").body["data"]] == [False] * len(NETWORKS)
    storage.run(storage.put(CursorItem(network=network, number=90, head=100, failed_ticks=2, moved_at=1_800_000_000_000), None))
    (line,) = [each for each in operator.send("GET", "/chains").body["data"] if each["followed"]]
    assert (line["network"], line["block"], line["head"], line["lag"], line["failed_ticks"]) == (network, 90, 100, 10, 2)
    assert line["moved_at"] == "2027-01-15T08:00:00.000Z"


@pytest.fixture
def named(world: World) -> Iterator[None]:
    assert world.settings.stack_name == "test"
    yield
    aws.use("cloudwatch", None)


@pytest.mark.usefixtures("named")
def test_alarms_that_ring_come_first_with_what_to_do(operator: Operator) -> None:
    since = datetime(2027, 1, 1, tzinfo=UTC)
    quiet = {"AlarmName": "test-A", "StateValue": "OK", "StateUpdatedTimestamp": since}
    rings = {"AlarmName": "test-B", "StateValue": "ALARM", "StateReason": "3 > 1", "AlarmDescription": "Look at the errors."}
    aws.use("cloudwatch", Watch(quiet, rings))
    found = operator.send("GET", "/alarms").body
    assert [(each["name"], each["state"]) for each in found["data"]] == [("test-B", "ALARM"), ("test-A", "OK")]
    assert (found["data"][0]["description"], found["data"][0]["reason"]) == ("Look at the errors.", "3 > 1")
    assert found["data"][1]["since"] == "2027-01-01T00:00:00+00:00"
    assert found["complete"] is True


@pytest.mark.usefixtures("named")
def test_more_alarms_than_one_answer_reads_are_said_to_be_left_out(operator: Operator) -> None:
    aws.use("cloudwatch", Watch(*({"AlarmName": f"test-{number}", "StateValue": "OK"} for number in range(8))))
    found = operator.send("GET", "/alarms").body
    assert (len(found["data"]), found["complete"]) == (5, False)


def test_volumes_are_the_days_of_all_merchants_a_page_at_a_time(world: World, merchant: Signer, operator: Operator) -> None:
    other = world.register()
    for who, amount in ((merchant, "10.00"), (other, "2.50")):
        world.wallet(who, "asha", "100")
        assert world.pay(who, "asha", amount).status == 201
    rollups.roll(rollups.stream(world))
    days: dict[tuple[str, str], list[Any]] = {}
    cursor, merchants = "", 0
    while True:
        page = operator.send("GET", f"/volumes?limit=1{cursor}").body
        merchants += page["merchants"]
        for day in page["data"]:
            days.setdefault((day["date"], day["currency"]), []).append((day["count"], day["volume"], day["refunds"]))
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert merchants == 2
    today = clock.rfc3339(clock.now_ms())[:10]
    assert {key: sorted(found) for key, found in days.items()} == {(today, "INR"): [(1, "10.00", "0.00"), (1, "2.50", "0.00")]}


def test_volumes_leave_out_what_a_test_merchant_was_paid_beside_a_live_one(world: World, operator: Operator) -> None:
    world.settings = world.settings.model_copy(update={"allow_sandbox_connector": True})
    settings.use(world.settings)
    live = world.register("Live", mode="live")
    made = world.call(live, "POST", "/v1/test").body
    test = Signer(made["api_key"], made["secret"], made["merchant_id"])
    for who, amount in ((live, "10.00"), (test, "2.50")):
        world.wallet(who, "asha", "100")
        assert world.pay(who, "asha", amount).status == 201
    rollups.roll(rollups.stream(world))
    assert [(day["count"], day["volume"]) for day in operator.send("GET", "/volumes").body["data"]] == [(1, "10.00")]
    lines = {each["merchant_id"]: each["mode"] for each in operator.send("GET", "/merchants").body["data"]}
    assert (lines[live.merchant_id], lines[test.merchant_id]) == ("live", "test")


def test_a_live_merchants_suspension_is_its_test_merchants_too(world: World, operator: Operator) -> None:
    live = world.register("Live", mode="live")
    made = world.call(live, "POST", "/v1/test").body
    test = Signer(made["api_key"], made["secret"], made["merchant_id"])
    for act, status in (("suspend", 401), ("resume", 200)):
        assert operator.send("POST", f"/merchants/{live.merchant_id}/{act}", {"reason": "Asked for."}).status == 200
        world.clock.now += 76
        assert [world.call(who, "GET", "/v1/merchants/me").status for who in (live, test)] == [status, status]
    assert operator.send("POST", f"/merchants/{test.merchant_id}/suspend", {"reason": "Asked for."}).status == 200
    world.clock.now += 76
    assert [world.call(who, "GET", "/v1/merchants/me").status for who in (live, test)] == [200, 401]


@pytest.mark.parametrize("query", ["days=0", "days=32", "days=x", "limit=0", "limit=1000", "cursor=x", "currency=INR"])
def test_volumes_are_bounded(operator: Operator, query: str) -> None:
    assert operator.send("GET", f"/volumes?{query}").status == 400


def test_clearing_accounts_of_all_merchants_show_what_is_not_explained(world: World, merchant: Signer, operator: Operator) -> None:
    rows = {"stripe#INR": (0, 5_000), "razorpay#INR": (-120, 300), "bank#INR": (None, 0)}
    for account, (unexplained, balance) in rows.items():
        row = ReconciliationPosition(
            merchant_id=merchant.merchant_id,
            account=account,
            lanes={"0": [1, balance]},
            unexplained=unexplained,
            proved_at=clock.now_ms(),
        )
        storage.run(storage.put(row, None))
    found = operator.send("GET", "/reconciliation").body["data"]
    shown = [(each["source"], each["currency"], each["balance"], each["unexplained"]) for each in found]
    assert shown == [("razorpay", "INR", "3.00", "-1.20"), ("stripe", "INR", "50.00", "0.00")]
    assert {each["merchant_id"] for each in found} == {merchant.merchant_id}


def test_an_account_that_is_not_explained_comes_first_whatever_its_currency(world: World, merchant: Signer, operator: Operator) -> None:
    rows = {"stripe#KWD": 0, "ethereum#ETH": 0, "stripe#JPY": 0, "razorpay#JPY": -1}
    for account, unexplained in rows.items():
        row = ReconciliationPosition(
            merchant_id=merchant.merchant_id, account=account, lanes={"0": [1, 5]}, unexplained=unexplained, proved_at=clock.now_ms()
        )
        storage.run(storage.put(row, None))
    found = operator.send("GET", "/reconciliation").body["data"]
    assert len(found) == len(rows)
    assert (found[0]["source"], found[0]["unexplained"]) == ("razorpay", "-1")


def test_a_lost_record_is_shown_and_stays(lost: Lost) -> None:
    operator = join(lost.engine.world, "operate")
    assert operator.send("GET", "/lost_records").body == {"data": [], "waiting": 0, "runs": []}
    lost.note(batchSize=5)
    lost.engine.world.sqs.send_message(QueueUrl=lost.url, MessageBody="no note at all")
    for _again in range(2):
        shown = operator.send("GET", "/lost_records").body
        assert shown["waiting"] == 2
        shown_as = sorted((each["function"], each["source"], each["records"], each["reason"]) for each in shown["data"])
        assert shown_as == [("", "", None, "not of a stream, left"), ("WebhookDispatcherFunction", "test-payments", 5, "")]
    assert lost.left() == 2
    assert lost.functions.invoked == []


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x", "more": 1}, {"reason": "x", "merchant_id": "mer_1"}])
def test_without_a_reason_nothing_is_sent_again(engine: Engine, body: Any) -> None:
    dead(engine, 1)
    operator = join(engine.world, "operate")
    assert operator.send("POST", "/queues/webhooks_dead/redrive", body).status == 400
    assert engine.depth("webhooks-dead") == 1


def test_dead_letters_of_a_merchant_that_is_not_there_are_not_looked_for(engine: Engine) -> None:
    dead(engine, 1)
    operator, unknown = join(engine.world, "operate"), "mer_" + "a" * 26
    reply = operator.send("POST", "/queues/webhooks_dead/redrive", {"reason": "x", "merchant_id": unknown})
    assert (reply.status, reply.code) == (404, "not_found")
    assert (engine.depth("webhooks-dead"), chain.head(unknown)) == (1, None)


def test_dead_letters_are_sent_again_with_a_reason(engine: Engine) -> None:
    who = dead(engine, 2)
    assert [each["status"] for each in deliveries(engine, who)] == ["failed"] * 2
    engine.internet.scripts[URL] = [answer(200)]
    operator = join(engine.world, "operate")
    path, reason = "/queues/webhooks_dead/redrive", "The receiver is well."
    # Of a merchant who has none, nothing is sent.
    quiet = engine.world.register("Another shop")
    other = operator.send("POST", path, {"reason": reason, "merchant_id": quiet.merchant_id})
    assert (other.status, other.body["results"]) == (200, {"another merchant's, left": 2})
    engine.world.clock.now += redrive.HOLD_SECONDS + 1
    done = operator.send("POST", path, {"reason": reason, "merchant_id": who.merchant_id})
    assert (done.status, done.body) == (200, {"results": {"sent again": 2}, "seen": 2, "waiting": 0})
    engine.settle()
    assert [each["status"] for each in deliveries(engine, who)] == ["sent"] * 2
    for log in (REALM, who.merchant_id):
        entry = chain.head(log)
        assert entry is not None
        assert entry.operation == "operator_redrive"
