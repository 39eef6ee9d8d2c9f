"""What statistics read of a merchant with a million payments, in units, which no machine's speed changes."""

from bench import stats
from paycorex import clock
from tests.support.metering import MeteredDynamo
from tests.support.world import World

DAY_MS = 24 * 3600 * 1000


def test_a_year_of_a_million_payments_on_every_lane_costs_at_most_two_hundred_read_units() -> None:
    with World().running() as world:
        who = world.register()
        world.spread(who, 64)
        stats.generate(world, who, lanes=64)
        metered = MeteredDynamo(world.dynamo)
        world.install(metered, world.kms, world.sqs)
        start = clock.rfc3339((int(world.clock.now * 1000) // DAY_MS - 365) * DAY_MS)
        reply = world.call(who, "GET", f"/v1/dashboard/stats?from={start}&timezone=Asia/Kolkata")
        assert reply.body["count"]["total"] > stats.PAYMENTS
        assert 100 < metered.read_units <= 200
