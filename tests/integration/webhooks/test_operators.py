"""What operators see and do: metrics in the log, dead letters that are unreadable, the redrive command."""

from collections.abc import Iterator

import pytest

from paycorex import aws, cli, settings
from paycorex.records.event import merchant_shard
from tests.fakes.faults import Fault, FaultyClient, Seeded
from tests.scenarios.poison import spoil
from tests.support import logs
from tests.support.engine import WORKERS, Engine, answer, handler_of
from tests.support.webhooks import URL, deliveries, register
from tests.support.world import Signer


@pytest.fixture
def log() -> Iterator[logs.Log]:
    """What the engine's workers log."""
    for door in {"dispatcher_door", "sweeper_door", *WORKERS.values()}:
        handler_of(door)
    with logs.captured() as log:
        yield log


@pytest.fixture
def with_metrics(engine: Engine) -> None:
    """A stack that wants its workers' counts as metrics."""
    settings.use(engine.world.settings.model_copy(update={"worker_metrics": True}))


def counts(log: logs.Log, message: str) -> list[dict[str, float]]:
    """The numbers of each batch of a worker, as its lines have them."""
    lines = [line for line in log.lines if line["message"] == message]
    return [{name: value for name, value in line.items() if isinstance(value, int | float)} for line in lines]


def metrics(log: logs.Log, service: str) -> list[dict[str, float]]:
    """The metrics of a worker, by name, as CloudWatch reads them out of its lines."""
    found = []
    for line in log.lines:
        if line["service"] == service and "_aws" in line:
            [directive] = line["_aws"]["CloudWatchMetrics"]
            assert (directive["Namespace"], directive["Dimensions"]) == ("PayCoreX/Webhooks", [["service"]])
            found.append({metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]})
    return found


def dead(engine: Engine, count: int, name: str = "Chai Point") -> Signer:
    """A merchant whose deliveries have all failed for good."""
    who = engine.world.register(name)
    assert engine.world.call(who, "POST", "/v1/webhooks/provider", {"url": URL, "events": ["payment.success"]}).status == 201
    engine.world.wallet(who, "asha", "1000.00")
    engine.internet.scripts[URL] = [answer(500)]
    for _ in range(count):
        assert engine.world.pay(who, "asha", "1.00").status == 201
    engine.pass_time(20 * 60, step=60)
    return who


@pytest.mark.usefixtures("with_metrics")
def test_delivered_and_failed_are_counted_and_the_oldest_shows_its_age(engine: Engine, log: logs.Log) -> None:
    who, _ = register(engine)
    log.clear()
    engine.internet.scripts[URL] = [answer(500), answer(200)]
    engine.world.pay(who, "asha", "1.00")
    engine.pass_time(4 * 60)
    failed, moved, delivered = metrics(log, "webhook_sender")
    assert failed == {"postponed": 1, "oldest_seconds": 0}
    assert moved == {"moved": 1, "oldest_seconds": 0}
    assert delivered == {"delivered": 1, "oldest_seconds": pytest.approx(120, rel=0.2)}
    assert {"events": 1, "messages": 1, "failed_records": 0} in metrics(log, "webhook_dispatcher")
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "1.00")
    engine.pass_time(20 * 60, step=60)
    assert metrics(log, "webhook_dead_letters") == [{"failed": 1}]


def test_a_stack_that_does_not_ask_for_metrics_pays_for_none_and_has_a_line_for_what_was_delivered(engine: Engine, log: logs.Log) -> None:
    who, _ = register(engine)
    log.clear()
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    assert counts(log, "deliveries") == [{"delivered": 1, "oldest_seconds": pytest.approx(0, abs=5)}]
    assert counts(log, "dispatched") == [], "a batch without a failure says what its deliveries say"
    assert not [line for line in log.lines if "_aws" in line]


def test_a_batch_with_a_failure_is_a_line(engine: Engine, log: logs.Log) -> None:
    who, _ = register(engine)
    log.clear()
    engine.world.pay(who, "asha", "1.00")
    refusing = Seeded(1, {Fault.NO_ENDPOINT: 1.0}, operations=frozenset({"PutItem"}))
    aws.use("dynamodb", FaultyClient(engine.world.dynamo, refusing))
    engine.dispatch()
    assert counts(log, "dispatched") == [{"events": 0, "messages": 0, "failed_records": 1}]


@pytest.mark.usefixtures("with_metrics")
def test_a_message_that_is_unreadable_rests_with_the_dead_letters_and_holds_up_no_other(engine: Engine, log: logs.Log) -> None:
    """SQS moves it here after too many receives."""
    who = dead(engine, 1)
    log.clear()
    engine.world.sqs.send_message(QueueUrl=engine.url("webhooks-exhausted"), MessageBody="not a letter")
    engine.work("webhooks-exhausted")
    assert metrics(log, "webhook_dead_letters") == [{"unreadable": 1}]
    engine.internet.scripts[URL] = [answer(200)]
    assert cli.main(["webhooks", "redrive"]) == 1
    engine.settle()
    assert [delivery["status"] for delivery in deliveries(engine, who)] == ["sent"]
    assert engine.depth("webhooks-dead") == 1


def test_the_redrive_command_says_how_far_it_is_and_leaves_nothing(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    who = dead(engine, 23)
    engine.internet.scripts[URL] = [answer(200)]
    capsys.readouterr()
    assert cli.main(["webhooks", "redrive"]) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if " of about " in line]
    assert shown == [f"{done} of about 23: {done} sent again" for done in (10, 20, 23)]
    engine.settle()
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}
    assert cli.main(["webhooks", "redrive"]) == 0
    assert "no dead letters" in capsys.readouterr().out


def test_a_redrive_of_one_merchants_dead_letters_leaves_the_others(engine: Engine) -> None:
    mine, other = dead(engine, 3), dead(engine, 2, "Other")
    engine.internet.scripts[URL] = [answer(200)]
    assert cli.main(["webhooks", "redrive", "--merchant", mine.merchant_id]) == 1
    engine.settle()
    assert {delivery["status"] for delivery in deliveries(engine, mine)} == {"sent"}
    assert {delivery["status"] for delivery in deliveries(engine, other)} == {"failed"}
    assert engine.depth("webhooks-dead") == 2


def test_a_dead_letter_that_cannot_be_handled_stays_and_keeps_no_other_from_being_sent(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = dead(engine, 1), dead(engine, 10, "Other")
    row = deliveries(engine, bad)[0]
    shard = merchant_shard(bad.merchant_id, row["delivery_id"])
    mend = spoil(
        engine.world, "webhook_deliveries", {"merchant_shard": {"S": shard}, "delivery_id": {"S": row["delivery_id"]}}, "created_at"
    )
    engine.internet.scripts[URL] = [answer(200)]
    assert cli.main(["webhooks", "redrive"]) == 1
    assert "1 cannot be handled, left" in capsys.readouterr().out
    engine.settle()
    assert {delivery["status"] for delivery in deliveries(engine, good)} == {"sent"}
    assert engine.depth("webhooks-dead") == 1
    mend()
    engine.world.clock.now += 300
    assert cli.main(["webhooks", "redrive"]) == 0
    engine.settle()
    assert [delivery["status"] for delivery in deliveries(engine, bad)] == ["sent"]


def test_a_limited_redrive_stops_after_about_as_many(engine: Engine) -> None:
    dead(engine, 25)
    assert cli.main(["webhooks", "redrive", "--limit", "5"]) == 0
    assert engine.depth("webhooks-dead") == 15


def test_what_the_queue_does_not_take_stays_with_the_dead_letters(engine: Engine) -> None:
    dead(engine, 2)
    refusing = Seeded(1, {Fault.NO_ENDPOINT: 1.0}, operations=frozenset({"SendMessageBatch"}))
    aws.use("sqs", FaultyClient(engine.world.sqs, refusing, service="sqs"))
    assert cli.main(["webhooks", "redrive"]) == 1
    assert engine.depth("webhooks-dead") == 2


def test_twelve_retries_last_for_days_and_end_with_one_dead_letter(engine: Engine) -> None:
    settings.use(engine.world.settings.model_copy(update={"webhook_max_retries": 12}))
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "1.00")
    engine.pass_time(4 * 24 * 3600, step=600)
    received = engine.internet.received
    assert len(received) == 13
    assert 2 < (received[-1].at - received[0].at) / 86_400 < 4
    [delivery] = deliveries(engine, who)
    assert (delivery["status"], len(delivery["attempts"])) == ("failed", 13)
    assert engine.depth("webhooks-dead") == 1


@pytest.mark.usefixtures("with_metrics")
def test_a_sweep_that_finds_nothing_is_a_line_and_no_metric(engine: Engine, log: logs.Log) -> None:
    register(engine)
    log.clear()
    engine.sweep()
    [line] = [line for line in log.lines if line["service"] == "webhook_sweeper"]
    assert (line["message"], line["enqueued"], line["failed"], line["set_aside"]) == ("swept", 0, 0, 0)
    assert metrics(log, "webhook_sweeper") == []
    who = dead(engine, 1)
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    engine.world.clock.now += 20 * 60
    log.clear()
    assert engine.sweep()["enqueued"] == 1
    assert metrics(log, "webhook_sweeper") == [{"enqueued": 1, "failed": 0, "set_aside": 0}]
