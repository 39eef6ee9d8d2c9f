"""Every loop over the records of many merchants, with one of one merchant that cannot be handled in front of ten of another: the ten are
served in the same run, the one is listed and rings the alarm, and it is handled when its cause is gone.
"""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from paycorex import reconciliation_accounts
from paycorex.errors import TemporarilyUnavailable
from paycorex.set_aside import guard
from paycorex.set_aside.guard import SET_ASIDE
from payments.payment import fee_books
from tests.scenarios.poison import Operator, spoil
from tests.support import gateway, template
from tests.support import payments as support
from tests.support.crypto import Monitor, expected_units, merchant_with_key, pay_by_crypto, status_of
from tests.support.engine import Engine, answer
from tests.support.fees import book, charging, fold
from tests.support.logs import Log, captured
from tests.support.rollups import stream
from tests.support.webhooks import URL, deliveries, register
from tests.support.world import PREFIX, Signer, World

GOOD = 10


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(capsys)


@pytest.fixture
def log(world: World) -> Iterator[Log]:
    """What all doors log: they make their loggers when they are loaded."""
    gateway.apps()
    for function in template.properties("AWS::Serverless::Function").values():
        importlib.import_module(str(function["Handler"]).rpartition(".")[0])
    with captured() as log:
        yield log


@pytest.fixture
def alarmed(log: Log) -> Callable[[], int]:
    """How often the alarm's line was written."""
    return lambda: sum(line["message"] == SET_ASIDE for line in log.lines)


def run_janitor() -> dict[str, int]:
    from payments import janitor_door

    answered: dict[str, int] = janitor_door.handler({}, None)
    return answered


def test_the_janitor_sets_a_payment_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    bad, good = world.register("Bad"), world.register("Good")
    poison = support.charge(world, bad, support.PENDING).body["payment_id"]
    others = [support.charge(world, good, support.PENDING).body["payment_id"] for _ in range(GOOD)]
    mend = spoil(world, "payments", {"payment_id": {"S": poison}}, "amount")
    world.clock.now += 300
    assert run_janitor() == {"looked": GOOD + 1, "decided": GOOD, "failed": 0, "set_aside": 1}
    assert {support.show(world, good, payment_id)["status"] for payment_id in others} == {"success"}
    assert [line["item_id"] for line in operator.run("set-aside", "list")[1]] == [poison]
    assert alarmed() == 1
    world.clock.now += 60
    assert run_janitor()["looked"] == 0, "it takes no turn of the others' any more"
    assert alarmed() == 2
    mend()
    operator.retry("payments.janitor")
    run_janitor()
    assert support.show(world, bad, poison)["status"] == "success"
    assert operator.aside() == []


def test_the_janitor_sets_a_payment_aside_whose_provider_says_what_nothing_can_read(
    world: World, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from payments.connectors.sandbox import connector as sandbox

    bad, good = world.register("Bad"), world.register("Good")
    poison = support.charge(world, bad, support.PENDING).body["payment_id"]
    for _ in range(GOOD):
        support.charge(world, good, support.PENDING)
    lookup = sandbox.Sandbox.lookup

    def hostile(self: Any, attempt: Any) -> Any:
        if attempt.merchant_id == bad.merchant_id:
            raise KeyError("amount")
        return lookup(self, attempt)

    monkeypatch.setattr(sandbox.Sandbox, "lookup", hostile)
    world.clock.now += 300
    assert run_janitor() == {"looked": GOOD + 1, "decided": GOOD, "failed": 0, "set_aside": 1}
    assert operator.aside() == [("payments.janitor", bad.merchant_id)]
    monkeypatch.undo()
    operator.retry("payments.janitor")
    run_janitor()
    assert support.show(world, bad, poison)["status"] == "success"
    assert operator.aside() == []


def test_the_janitor_sets_a_refund_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    made: dict[str, list[str]] = {}
    who = {name: world.register(name) for name in ("Bad", "Good")}
    for name, count in (("Bad", 1), ("Good", GOOD)):
        for _ in range(count):
            paid = support.charge(world, who[name], support.REFUND_PENDING).body["payment_id"]
            refund = world.call(who[name], "POST", "/v1/payments/refund", {"payment_id": paid})
            assert refund.body["status"] == "processing", refund.raw
            made.setdefault(name, []).append(refund.body["refund_id"])
    [poison] = made["Bad"]
    mend = spoil(world, "refunds", {"refund_id": {"S": poison}}, "amount")
    world.clock.now += 7200
    assert run_janitor() == {"looked": GOOD + 1, "decided": GOOD, "failed": 0, "set_aside": 1}
    assert [line["item_id"] for line in operator.run("set-aside", "list")[1]] == [poison]
    assert alarmed() == 1
    mend()
    operator.retry("payments.janitor")
    run_janitor()
    assert world.call(who["Bad"], "GET", f"/v1/refunds/{poison}").body["status"] == "success"
    assert operator.aside() == []


def test_the_crypto_settlement_sets_a_transfer_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    bad, good = merchant_with_key(world), merchant_with_key(world)
    poison = pay_by_crypto(world, bad)
    others = [pay_by_crypto(world, good) for _ in range(GOOD)]
    found = {"bad": Monitor(world, bad), "good": Monitor(world, good)}
    hashes = [(found["bad"], found["bad"].found(poison, expected_units(poison)))]
    hashes += [(found["good"], found["good"].found(payment, expected_units(payment))) for payment in others]
    for monitor, tx_hash in hashes:
        monitor.becomes(tx_hash, "confirmed")
    mend = spoil(world, "payments", {"payment_id": {"S": poison["payment_id"]}}, "method_state")
    assert found["bad"].deliver() == {"batchItemFailures": []}
    assert {status_of(world, good, payment) for payment in others} == {"success"}
    assert set(operator.aside()) == {("payments.crypto.settlement", bad.merchant_id)}
    assert alarmed() >= 1
    mend()
    operator.retry("payments.crypto.settlement")
    run_janitor()
    assert status_of(world, bad, poison) == "success"
    assert operator.aside() == []


def test_the_fees_set_a_payment_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    bad, good = world.register("Bad"), world.register("Good")
    for who in (bad, good):
        charging(world, who, {"rates": [{"percent": "1"}]})
    poison = support.charge(world, bad, support.APPROVE).body["payment_id"]
    others = [support.charge(world, good, support.APPROVE).body["payment_id"] for _ in range(GOOD)]
    fold(world)
    mend = spoil(world, "payments", {"payment_id": {"S": poison}}, "amount")
    assert book(world) == {"batchItemFailures": []}
    assert {support.show(world, good, payment_id)["platform_fee"]["amount"] for payment_id in others} == {"0.10"}
    assert set(operator.aside()) == {("payments.fees", bad.merchant_id)}
    assert alarmed() == 1
    mend()
    operator.retry("payments.fees")
    run_janitor()
    assert support.show(world, bad, poison)["platform_fee"]["amount"] == "0.10"
    assert operator.aside() == []


def test_a_payment_that_can_never_be_written_does_not_keep_the_stream_waiting(
    world: World, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = world.register("Bad"), world.register("Good")
    for who in (bad, good):
        charging(world, who, {"rates": [{"percent": "1"}]})
    poison, other = (support.charge(world, who, support.APPROVE).body["payment_id"] for who in (bad, good))
    fold(world)
    records = world.dynamo.drain_stream(f"{PREFIX}fee_work")
    from payments import fees_door

    genuine = fee_books.charge

    def never(payment_id: str) -> None:
        if payment_id == poison:
            raise TemporarilyUnavailable
        genuine(payment_id)

    with monkeypatch.context() as patch:
        patch.setattr(fee_books, "charge", never)
        first = fees_door.handler({"Records": records}, None)["batchItemFailures"]
        assert len(first) == 1, "while it may still be the store's trouble it is given back"
        world.clock.now += guard.PATIENCE_MS // 1000 + 2
        assert fees_door.handler({"Records": records}, None) == {"batchItemFailures": []}
    assert support.show(world, good, other)["platform_fee"]["amount"] == "0.10"
    assert set(operator.aside()) == {("payments.fees", bad.merchant_id)}
    operator.retry("payments.fees")
    run_janitor()
    assert support.show(world, bad, poison)["platform_fee"]["amount"] == "0.10"
    assert operator.aside() == []


def test_the_dispatcher_sets_a_record_aside(engine: Engine, operator: Operator, log: Log) -> None:
    bad, _ = register(engine)
    good = engine.world.register("Good")
    assert engine.world.call(good, "POST", "/v1/webhooks/provider", {"url": "https://good.example/hook"}).status == 201
    engine.world.wallet(good, "asha", "100")
    endpoint = deliveries_endpoint(engine, bad)
    mend = spoil(engine.world, "webhook_endpoints", endpoint, "version")
    engine.settle()
    engine.internet.received.clear()
    engine.world.pay(bad, "asha", "1.00")
    for _ in range(GOOD):
        assert engine.world.pay(good, "asha", "1.00").status == 201
    engine.settle()
    assert len(engine.internet.at("https://good.example/hook")) == GOOD
    assert set(operator.aside()) == {("webhooks.events.dispatch", bad.merchant_id)}
    assert any(line["message"] == SET_ASIDE for line in log.lines)
    mend()
    operator.retry("webhooks.events.dispatch")
    engine.sweep()
    engine.settle()
    assert "payment.success" in {received.event["event"] for received in engine.internet.at(URL)}
    assert operator.aside() == []


def deliveries_endpoint(engine: Engine, who: Signer) -> dict[str, Any]:
    """The key of the merchant's one endpoint."""
    [shown] = engine.world.call(who, "GET", "/v1/webhooks/provider").body["data"]
    return {"merchant_id": {"S": who.merchant_id}, "endpoint_id": {"S": shown["endpoint_id"]}}


def two_with_payments(engine: Engine) -> tuple[Signer, Signer]:
    """A merchant with one event and a merchant with ten, dispatched and not delivered."""
    bad, _ = register(engine)
    good = engine.world.register("Good")
    assert engine.world.call(good, "POST", "/v1/webhooks/provider", {"url": "https://good.example/hook"}).status == 201
    engine.world.wallet(good, "asha", "100")
    engine.settle()
    engine.internet.received.clear()
    engine.world.pay(bad, "asha", "1.00")
    for _ in range(GOOD):
        assert engine.world.pay(good, "asha", "1.00").status == 201
    engine.dispatch()
    return bad, good


def spoiled_delivery(engine: Engine, who: Signer, attribute: str = "created_at") -> Callable[[], None]:
    from paycorex.records.event import merchant_shard

    row = deliveries(engine, who)[0]
    key = {"merchant_shard": {"S": merchant_shard(who.merchant_id, row["delivery_id"])}, "delivery_id": {"S": row["delivery_id"]}}
    return spoil(engine.world, "webhook_deliveries", key, attribute)


def test_the_sender_sets_a_delivery_aside(engine: Engine, operator: Operator, log: Log) -> None:
    bad, _good = two_with_payments(engine)
    mend = spoiled_delivery(engine, bad)
    engine.work()
    assert len(engine.internet.at("https://good.example/hook")) == GOOD
    assert operator.aside() == [("webhooks.delivery.attempt", bad.merchant_id)]
    assert any(line["message"] == SET_ASIDE for line in log.lines)
    mend()
    operator.retry("webhooks.delivery.attempt")
    engine.sweep()
    engine.settle()
    assert len(engine.internet.at(URL)) == 1
    operator.retry("webhooks.delivery.attempt")
    engine.sweep()
    assert operator.aside() == [], "seen to be delivered"


def test_the_dead_letters_set_a_message_aside(engine: Engine, operator: Operator, log: Log) -> None:
    for url in (URL, "https://good.example/hook"):
        engine.internet.scripts[url] = [answer(500)]
    bad, good = two_with_payments(engine)
    for _ in range(60):
        for queue in ("webhooks", "webhooks-slow"):
            engine.work(queue)
        engine.world.clock.now += 60
    given_up = engine.depth("webhooks-exhausted")
    assert given_up > GOOD
    mend = spoiled_delivery(engine, bad)
    engine.work("webhooks-exhausted")
    assert {row["status"] for row in deliveries(engine, good)} == {"failed"}
    assert operator.aside() == [("webhooks.recovery.dead_letters", bad.merchant_id)]
    assert any(line["message"] == SET_ASIDE for line in log.lines)
    mend()
    operator.retry("webhooks.recovery.dead_letters")
    engine.sweep()
    assert deliveries(engine, bad)[0]["status"] == "failed"
    assert engine.depth("webhooks-dead") == given_up
    assert operator.aside() == []


def test_the_sweeper_sets_a_delivery_aside(engine: Engine, operator: Operator, log: Log) -> None:
    for url in (URL, "https://good.example/hook"):
        engine.internet.scripts[url] = [answer(500), answer(200)]
    bad, good = two_with_payments(engine)
    engine.work()
    for queue in ("webhooks", "webhooks-slow"):
        engine.world.sqs.purge_queue(QueueUrl=engine.url(queue))
    mend = spoiled_delivery(engine, bad)
    engine.world.clock.now += 1200
    assert engine.sweep()["enqueued"] >= GOOD - 1
    engine.work("webhooks-slow")
    assert {row["status"] for row in deliveries(engine, good)} == {"sent"}
    assert ("webhooks.recovery.sweeper", bad.merchant_id) in operator.aside()
    assert any(line["message"] == SET_ASIDE for line in log.lines)
    mend()
    operator.retry("webhooks.recovery.sweeper")
    engine.sweep()
    engine.work("webhooks-slow")
    assert deliveries(engine, bad)[0]["status"] == "sent"
    engine.world.clock.now += 24 * 3600
    engine.sweep()
    assert operator.aside() == []


def test_the_rollups_set_a_record_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    from dashboard import rollup_door

    bad, good = world.register("Bad"), world.register("Good")
    poison = support.charge(world, bad, support.PENDING).body["payment_id"]
    for _ in range(GOOD):
        assert support.charge(world, good, support.PENDING).body["status"] == "processing"
    records = stream(world)
    hit = [record for record in records if record["dynamodb"]["Keys"].get("payment_id") == {"S": poison}]
    key = {"merchant_id": {"S": poison}, "bucket": {"S": "counted"}}
    world.dynamo.put_item(TableName=world.settings.table("rollups"), Item={**key, "seq": {"BOOL": True}})
    assert len(hit) == 2
    assert rollup_door.handler({"Records": records}, None) == {"batchItemFailures": []}
    assert counted(world, good)["processing"] == GOOD
    assert counted(world, bad)["processing"] == 0
    assert operator.aside() == [("dashboard.rollups", bad.merchant_id)]
    assert alarmed() == 1
    world.dynamo.delete_item(TableName=world.settings.table("rollups"), Key=key)
    operator.retry("dashboard.rollups")
    world.clock.now += rollup_door.RETRY_SECONDS
    assert rollup_door.handler({"Records": []}, None) == {"batchItemFailures": []}
    assert counted(world, bad)["processing"] == 1
    assert operator.aside() == []


def counted(world: World, who: Signer) -> dict[str, int]:
    shown: dict[str, int] = world.call(who, "GET", "/v1/dashboard/stats").body["count"]
    return shown


def test_a_payment_that_cannot_be_searched_for_holds_up_no_other(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    from dashboard import rollup_door

    bad, good = world.register("Bad"), world.register("Good")
    charged = support.charge(world, bad, support.APPROVE, "12.34").body
    for _ in range(GOOD):
        assert support.charge(world, good, support.APPROVE, "12.34").status == 201
    mend = spoil(world, "tokens", {"token_id": {"S": charged["token_id"]}}, "last4")
    assert rollup_door.handler({"Records": stream(world)}, None) == {"batchItemFailures": []}
    assert operator.aside() == [("dashboard.rollups", bad.merchant_id)]
    assert alarmed() == 1
    assert len(found_by(world, good, "4242")) == GOOD
    assert found_by(world, bad, "4242") == []
    mend()
    operator.retry("dashboard.rollups")
    world.clock.now += rollup_door.RETRY_SECONDS
    assert rollup_door.handler({"Records": []}, None) == {"batchItemFailures": []}
    assert found_by(world, bad, "4242") == [charged["payment_id"]]
    assert operator.aside() == []


def found_by(world: World, who: Signer, text: str) -> list[str]:
    return [each["id"] for each in world.call(who, "GET", f"/v1/search?q={text}&limit=20").body["data"] if each["kind"] == "payment"]


def test_the_sealing_sets_an_account_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    from dashboard import rollup_door
    from operations import checkpoint_door

    bad, good = world.register("Bad"), world.register("Good")
    for who, count in ((bad, 1), (good, GOOD)):
        for number in range(count):
            world.wallet(who, f"user{number}", "5")
    wallets = [item for item in world.dump()[world.settings.table("ledgers")] if "#wallet#" in item["account"]["S"]]
    [poison] = [item["account"]["S"] for item in wallets if item["account"]["S"].startswith(bad.merchant_id)]
    mend = spoil(world, "ledgers", {"account": {"S": poison}, "seq": {"N": "1"}}, "credit")
    assert rollup_door.handler({"Records": stream(world)}, None) == {"batchItemFailures": []}
    tick = checkpoint_door.handler({}, None)
    assert (tick["broken"], tick["checkpoints"]) == (1, 1)
    assert tick["entries"] >= 2 * GOOD
    assert operator.aside() == [("ledger.sealing", bad.merchant_id)]
    assert alarmed() == 1
    mend()
    assert checkpoint_door.handler({}, None)["broken"] == 0
    assert operator.aside() == []


def test_a_note_of_what_to_seal_that_cannot_be_read_holds_up_no_other(world: World, log: Log) -> None:
    from dashboard import rollup_door
    from operations import checkpoint_door
    from paycorex.ledger.proof.sealing_work import UNREADABLE_NOTE

    good = world.register("Good")
    for number in range(GOOD):
        world.wallet(good, f"user{number}", "5")
    odd = {"scope": {"S": "changed"}, "position": {"S": "0"}, "accounts": {"B": b"unknown"}, "noted_at": {"N": "1"}}
    world.dynamo.put_item(TableName=world.settings.table("ledger_work"), Item=odd)
    rollup_door.handler({"Records": stream(world)}, None)
    assert checkpoint_door.handler({}, None)["entries"] >= 2 * GOOD
    assert any(line["message"] == UNREADABLE_NOTE for line in log.lines)
    log.clear()
    assert checkpoint_door.handler({}, None)["oldest_unsealed_ms"] == 0
    assert not any(line["message"] == UNREADABLE_NOTE for line in log.lines)


def test_a_verification_tells_what_it_cannot_read_and_goes_on(world: World) -> None:
    from dashboard import rollup_door
    from operations import checkpoint_door, verification_door
    from operations import ledger as admin_ledger

    bad, good = world.register("Bad"), world.register("Good")
    for who, count in ((bad, 1), (good, GOOD)):
        for number in range(count):
            world.wallet(who, f"user{number}", "5")
    rollup_door.handler({"Records": stream(world)}, None)
    checkpoint_door.handler({}, None)
    world.wallet(good, "later", "5")
    rollup_door.handler({"Records": stream(world)}, None)
    checkpoint_door.handler({}, None)
    wallets = [item["account"]["S"] for item in world.dump()[world.settings.table("ledgers")] if "#wallet#" in item["account"]["S"]]
    [poison] = [account for account in wallets if account.startswith(bad.merchant_id)]
    spoil(world, "ledgers", {"account": {"S": poison}, "seq": {"N": "1"}}, "credit")
    [chunk] = [item for item in world.dump()[world.settings.table("ledger_checkpoints")] if item["scope"]["S"].startswith("runs#")][:1]
    world.dynamo.put_item(TableName=world.settings.table("ledger_checkpoints"), Item=chunk | {"packed": {"B": b"no runs"}})
    admin_ledger.verify()
    assert verification_door.handler({}, None)["status"] == "unsound"
    [line] = admin_ledger.verifications(1).data
    problems = {finding.where: finding.problem for finding in line.findings}
    assert any("cannot be read" in problem for problem in problems.values())
    assert line.checkpoint == line.of_checkpoints == 2


def test_a_replay_sets_a_delivery_aside(engine: Engine, operator: Operator) -> None:
    from paycorex import clock

    bad, good = two_with_payments(engine)
    started = engine.world.clock.now
    engine.settle()
    mend = spoiled_delivery(engine, bad)
    engine.internet.received.clear()
    for who in (bad, good):
        span = {"from": "2026-01-01T00:00:00Z", "to": clock.rfc3339(int(started * 1000) + 60_000)}
        assert engine.world.call(who, "POST", "/v1/webhooks/replay", span).status == 202
    engine.pass_time(60)
    assert len(engine.internet.at("https://good.example/hook")) >= GOOD
    assert ("webhooks.recovery.replays", bad.merchant_id) in operator.aside()
    mend()
    before = len(engine.internet.at(URL))
    operator.retry("webhooks.recovery.replays")
    engine.sweep()
    engine.settle()
    assert len(engine.internet.at(URL)) == before + 1
    assert ("webhooks.recovery.replays", bad.merchant_id) not in operator.aside()


def test_the_ledgers_watch_tells_each_change_whatever_the_others_are(world: World, log: Log) -> None:
    from operations import ledger_tamper_door

    good = {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "2", "Keys": {"account": {"S": "a"}, "seq": {"N": "1"}}}}
    odd = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "Keys": {}}}
    assert ledger_tamper_door.handler({"Records": [odd, *[good] * GOOD]}, None) == {"batchItemFailures": []}
    assert sum(line["message"] == ledger_tamper_door.TAMPERED for line in log.lines) == GOOD + 1


def test_the_reconciliation_sets_a_merchant_aside(world: World, operator: Operator, alarmed: Callable[[], int]) -> None:
    from settlements import reconciliation_door

    bad, good = world.register("Bad"), world.register("Good")
    for who in (bad, good):
        world.wallet(who, "asha", "100.00")
        reconciliation_accounts.note([f"{who.merchant_id}#clearing#topup#INR#0"])
    key = {"merchant_id": {"S": bad.merchant_id}, "account": {"S": "topup#INR"}}
    mend = spoil(world, "reconciliation_positions", key, "lanes")
    assert reconciliation_door.handler({}, None) == {"merchants": 2, "entries": 1, "accounts": 1, "unexplained": 0, "failed": 0}
    assert operator.aside() == [("settlements.reconciliation", bad.merchant_id)]
    assert alarmed() >= 1
    mend()
    operator.retry("settlements.reconciliation")
    assert reconciliation_door.handler({}, None)["entries"] == 1
    assert operator.aside() == []
