"""Every time-boxed job with ten times the work that fits into a run: each run makes progress, the work ends, and one merchant's thousands
keep no other waiting for their end.
"""

import itertools
from collections.abc import Callable

import pytest

from paycorex import clock, storage
from paycorex.ledger.proof import checkpoints, verification_runs
from paycorex.ledger.proof.proof_key import public_key
from paycorex.records.payment import PaymentItem
from payments import janitor
from payments.payment.due import DUE_SHARDS
from tests.support import payments as support
from tests.support.engine import Engine, answer
from tests.support.rollups import stream
from tests.support.webhooks import URL, deliveries, register
from tests.support.world import Signer, World
from webhooks.recovery import lost_messages, replays, sweeper

FITS = 6
WORK = 10 * FITS


def times(count: int) -> Callable[[], bool]:
    """True so many times: a run's time is up after that."""
    left = iter([True] * count)
    return lambda: next(left, False)


def open_payments(world: World, who: Signer, count: int) -> list[str]:
    body = {"amount": "10", "method": "tokenized", "token_id": support.token(world, who, support.PENDING)}
    return [world.call(who, "POST", "/v1/payments/create", body).body["payment_id"] for _ in range(count)]


def elsewhere(world: World, than: Signer) -> Signer:
    """A merchant whose payments are in another shard of the janitor's index."""
    taken = shard_of(world, than)
    for number in itertools.count():
        other = world.register(f"Other {number}")
        if shard_of(world, other) != taken:
            return other
    raise AssertionError


def shard_of(world: World, who: Signer) -> str:
    [payment_id] = open_payments(world, who, 1)
    shard = support.stored(payment_id).due_shard
    world.dynamo.delete_item(TableName=PaymentItem.physical_table(), Key={"payment_id": {"S": payment_id}})
    return str(shard)


@pytest.mark.parametrize("how", ["by number", "by time"])
def test_the_janitor(world: World, how: str) -> None:
    flood = world.register("Flood")
    other = elsewhere(world, flood)
    many, one = open_payments(world, flood, WORK), open_payments(world, other, 1)
    world.clock.now += 300
    decided: list[int] = []
    while sum(decided) <= WORK:
        tick = janitor.run(may_go_on=lambda: True, limit=FITS) if how == "by number" else janitor.run(may_go_on=times(FITS))
        assert tick.decided == tick.looked > 0, "progress in each run"
        decided.append(tick.decided)
        if len(decided) == 1:
            assert support.show(world, other, one[0])["status"] == "success", "in the first run, though all of the flood was due before"
    assert len(decided) >= 10
    assert {support.show(world, flood, payment_id)["status"] for payment_id in many} == {"success"}


def test_the_janitors_refunds_do_not_wait_for_the_end_of_its_payments(world: World) -> None:
    flood, other = world.register("Flood"), world.register("Other")
    paid = support.charge(world, other, support.REFUND_PENDING).body["payment_id"]
    refund = world.call(other, "POST", "/v1/payments/refund", {"payment_id": paid}).body["refund_id"]
    open_payments(world, flood, WORK)
    world.clock.now += 7200
    janitor.run(may_go_on=lambda: True, limit=FITS)
    assert world.call(other, "GET", f"/v1/refunds/{refund}").body["status"] == "success"


def test_a_provider_that_takes_the_whole_run_does_not_take_every_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One look takes all of a run's time and comes to nothing; the other merchant's payment is looked at within a run for each shard."""
    from payments.connectors import calls as calling

    slow = world.register("Slow")
    other = elsewhere(world, slow)
    open_payments(world, slow, WORK)
    [one] = open_payments(world, other, 1)
    call = calling.call

    def hang(merchant_id: str, connector: str, ask: Callable[..., object]) -> object:
        if merchant_id == slow.merchant_id:
            raise storage.Unavailable("slow")
        return call(merchant_id, connector, ask)

    monkeypatch.setattr(calling, "call", hang)
    for _run in range(DUE_SHARDS):
        world.clock.now += 60
        janitor.run(may_go_on=times(1))
    assert support.show(world, other, one)["status"] == "success"


def test_the_sweeper(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (URL, "https://other.example/hook"):
        engine.internet.scripts[url] = [answer(500)]
    flood, _ = register(engine)
    other = engine.world.register("Other")
    assert engine.world.call(other, "POST", "/v1/webhooks/provider", {"url": "https://other.example/hook"}).status == 201
    engine.world.wallet(other, "asha", "100")
    for _ in range(WORK):
        engine.world.pay(flood, "asha", "1.00")
    engine.world.pay(other, "asha", "1.00")
    engine.settle()
    for queue in ("webhooks", "webhooks-slow"):
        engine.world.sqs.purge_queue(QueueUrl=engine.url(queue))
    engine.internet.scripts.clear()
    engine.world.clock.now += 600
    monkeypatch.setattr(sweeper, "MAX_PER_RUN", FITS)
    runs = []
    while {row["status"] for row in deliveries(engine, flood) + deliveries(engine, other)} != {"sent"}:
        engine.world.clock.now += 60
        runs.append(engine.sweep()["enqueued"])
        assert runs[-1] > 0, "progress in each run"
        engine.work("webhooks-slow")
    assert 10 <= len(runs) <= 15
    assert max(runs) <= FITS


def test_a_window_of_more_deliveries_than_a_run_can_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another merchant's lost delivery is found meanwhile, and not after the end of the flood's window."""
    flood, _ = register(engine)
    other = engine.world.register("Other")
    assert engine.world.call(other, "POST", "/v1/webhooks/provider", {"url": "https://other.example/hook"}).status == 201
    engine.world.wallet(other, "asha", "100")
    engine.settle()
    engine.internet.received.clear()
    for _ in range(WORK):
        engine.world.pay(flood, "asha", "1.00")
    engine.world.pay(other, "asha", "1.00")
    engine.dispatch()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    engine.world.clock.now += 20 * 60
    monkeypatch.setattr(sweeper, "WINDOW_SECONDS", 0.0)
    find = lost_messages.find

    def slowly(key: object, *, out_of_time: Callable[[], bool]) -> object:
        """A page of a window in each run."""
        first = times(1)
        return find(key, out_of_time=lambda: not first())  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(lost_messages, "find", slowly)
    for _run in range(40):
        engine.world.clock.now += 60
        engine.sweep()
        engine.work("webhooks-slow")
    assert len(engine.internet.at("https://other.example/hook")) == 1
    assert len(engine.internet.at(URL)) == WORK


def test_a_replay(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    flood, _ = register(engine)
    for _ in range(WORK):
        engine.world.pay(flood, "asha", "1.00")
    engine.settle()
    monkeypatch.setattr(replays, "PAGE_EVENTS", FITS)
    monkeypatch.setattr(replays, "MAX_ROWS_READ", FITS)
    span = {"from": "2026-01-01T00:00:00Z", "to": clock.rfc3339(clock.now_ms() + 1000), "events": ["payment.success"]}
    started = engine.world.call(flood, "POST", "/v1/webhooks/replay", span).body
    engine.internet.received.clear()
    steps = []
    step = replays.advance(flood.merchant_id, started["replay_id"])
    while step.again_in_seconds is not None:
        steps.append(step.enqueued)
        step = replays.advance(flood.merchant_id, started["replay_id"])
    assert len(steps) >= 9
    engine.pass_time(60)
    assert len(engine.internet.at(URL)) == WORK


def test_the_sealing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard import rollup_door

    monkeypatch.setattr(checkpoints, "ACCOUNTS_AT_ONCE", FITS)
    flood, other = world.register("Flood"), world.register("Other")
    for number in range(WORK):
        world.wallet(flood, f"user{number}", "5")
    world.wallet(other, "asha", "5")
    # The worst order: all of the flood's accounts are noted before the other's.
    for record in stream(world):
        rollup_door.handler({"Records": [record]}, None)
    sealed: list[checkpoints.Tick] = []
    while not sealed or sealed[-1].oldest_unsealed_ms:
        world.clock.now += 60
        sealed.append(checkpoints.seal(times(2)))
        assert sealed[-1].entries > 0, "progress in each run"
    assert len(sealed) >= 10
    assert sum(tick.entries for tick in sealed) == len(world.dump()[world.settings.table("ledgers")])


def no_audit_log(audit_log: str, after: int) -> tuple[int, list[str], bool]:
    raise AssertionError((audit_log, after))


def test_a_verification(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard import rollup_door
    from paycorex.ledger.proof import sealed_check

    monkeypatch.setattr(sealed_check, "RUNS_AT_ONCE", FITS)
    who = world.register("Flood")
    for number in range(WORK):
        world.wallet(who, f"user{number}", "5")
    rollup_door.handler({"Records": stream(world)}, None)
    checkpoints.seal(lambda: True)
    verification_runs.start()
    done: list[tuple[str | None, int]] = []
    while not done or done[-1][0] == verification_runs.RUNNING:
        item = verification_runs.work(public_key, times(1), no_audit_log)
        assert item is not None
        assert not done or int(item.entries) > done[-1][1] or item.status != verification_runs.RUNNING, "progress in each run"
        done.append((item.status, int(item.entries)))
    assert len(done) >= 10
    assert done[-1] == (verification_runs.SOUND, len(world.dump()[world.settings.table("ledgers")]))
