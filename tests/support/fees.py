"""What tests of fees share: a plan that holds, and the way from the payments' stream to the books."""

from typing import Any

from operations import fee_plans
from paycorex import ledger
from paycorex.fee_rates import NewFeePlan
from paycorex.ledger import Account
from paycorex.records.effective import NOTICE_SECONDS
from tests.support.rollups import roll, stream
from tests.support.world import PREFIX, Signer, World


def charging(world: World, who: Signer, plan: dict[str, Any]) -> int:
    """Give the merchant the next version of a plan, and let it begin; its number."""
    added = fee_plans.add(who.merchant_id, NewFeePlan.model_validate(plan), operator="tests")
    world.clock.now += NOTICE_SECONDS + 1
    world.restart()
    return added.data[0].version


def fold(world: World) -> None:
    """What the payments' stream brings is noted."""
    roll(stream(world))


def book(world: World) -> dict[str, Any]:
    """What is noted is booked, by a process that knows nothing yet."""
    from payments import fees_door

    world.restart()
    answered: dict[str, Any] = fees_door.handler({"Records": world.dynamo.drain_stream(f"{PREFIX}fee_work")}, None)
    return answered


def settle(world: World) -> None:
    """Both, until nothing is left."""
    for _turn in range(3):
        fold(world)
        assert book(world) == {"batchItemFailures": []}


def balances(who: Signer, currency: str = "INR") -> dict[str, int]:
    """What is on the merchant's accounts that fees move, in minor units."""
    accounts = {
        "merchant": Account.of_merchant(who.merchant_id, currency),
        "fees": Account.fees(who.merchant_id, currency),
        "tax": Account.tax(who.merchant_id, currency),
        "platform_fees": Account.platform_fees(who.merchant_id, currency),
        "clearing": Account.clearing(who.merchant_id, "sandbox", currency),
    }
    return {name: ledger.balance_of(account, 8) for name, account in accounts.items()}
