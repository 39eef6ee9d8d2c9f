"""How long events and deliveries are kept: without end, unless the stack says so; then both end, and nothing of a payment does."""

import pytest

from paycorex import settings
from paycorex.ledger.proof import checkpoints
from tests.support.engine import Engine, answer
from tests.support.template import tables
from tests.support.webhooks import URL, deliveries, register
from tests.support.world import PREFIX, Signer

DAY = 86_400
KEPT_DAYS = 30
ENDING = ("events", "webhook_deliveries")


@pytest.fixture
def retaining(engine: Engine) -> None:
    """A stack that keeps events for a month."""
    settings.use(engine.world.settings.model_copy(update={"event_retention_days": KEPT_DAYS}))


def ends(engine: Engine, noun: str) -> list[int | None]:
    """When each event or delivery of a table ends, in seconds since the epoch. (Beside deliveries are rows of replays.)"""
    rows = [row for row in engine.world.dump()[PREFIX + noun] if "event_id" in row]
    return [int(row["expires_at"]["N"]) if "expires_at" in row else None for row in rows]


def delivered(engine: Engine) -> Signer:
    """A merchant with payments, whose events were delivered."""
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(200)]
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}
    return who


def test_events_and_deliveries_are_kept_without_end_by_default(engine: Engine) -> None:
    delivered(engine)
    for noun in ENDING:
        found = ends(engine, noun)
        assert found
        assert set(found) == {None}


@pytest.mark.usefixtures("retaining")
def test_events_and_deliveries_end_together_where_the_stack_says_so(engine: Engine) -> None:
    delivered(engine)
    now = engine.world.clock.now
    for noun in ENDING:
        assert tables()[noun]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        found = [end for end in ends(engine, noun) if end is not None]
        assert len(found) == len(ends(engine, noun))
        assert all(end == pytest.approx(now + KEPT_DAYS * DAY, abs=DAY) for end in found)


@pytest.mark.usefixtures("retaining")
def test_an_event_that_is_gone_is_in_no_list_and_its_payment_stands(engine: Engine) -> None:
    who = delivered(engine)
    payment = engine.world.call(who, "GET", "/v1/payments").body["data"][0]
    remove(engine)
    assert engine.world.call(who, "GET", "/v1/events").body["data"] == []
    assert deliveries(engine, who) == []
    assert engine.world.call(who, "GET", f"/v1/payments/{payment['payment_id']}").body["status"] == "success"
    replay = {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
    assert engine.world.call(who, "POST", "/v1/webhooks/replay", replay).body["count"] == 0
    assert checkpoints.seal(lambda: True).broken == 0


def remove(engine: Engine) -> None:
    """What DynamoDB does with rows whose time is over."""
    for noun in ENDING:
        keys = [key["AttributeName"] for key in tables()[noun]["KeySchema"]]
        for row in engine.world.dump()[PREFIX + noun]:
            if "expires_at" in row:
                engine.world.dynamo.delete_item(TableName=PREFIX + noun, Key={name: row[name] for name in keys})
