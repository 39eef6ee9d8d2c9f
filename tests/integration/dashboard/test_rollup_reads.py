"""What the rollups read of payments: any version of one will do, and one that a cheap read does not show yet is read again."""

from typing import Any

import pytest

from bench.metering import MeteredClient
from tests.support import rollups
from tests.support.world import Signer, World

PAYMENTS = 20


def pay(world: World, who: Signer) -> list[dict[str, Any]]:
    """Payments of one wallet, and the records that they leave on the streams."""
    world.wallet(who, "asha", "1000.00")
    rollups.roll(rollups.stream(world))
    for _ in range(PAYMENTS):
        assert world.pay(who, "asha", "1.00").status == 201
    return rollups.stream(world)


def test_a_payments_facts_cost_half_a_read_unit(world: World, merchant: Signer) -> None:
    records = pay(world, merchant)
    client = MeteredClient(world.dynamo)
    world.install(client, world.kms, world.sqs)
    rollups.roll(records)
    assert client.meter.read_units < PAYMENTS


def test_a_payment_that_is_not_readable_yet_is_counted_under_its_method(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = pay(world, merchant)
    batch_get_item = world.dynamo.batch_get_item

    def late(RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        """A replica that has none of the newest payments."""
        answer: dict[str, Any] = batch_get_item(RequestItems=RequestItems)
        hidden = [table for table, asked in RequestItems.items() if not asked.get("ConsistentRead")]
        return answer | {"Responses": {table: [] if table in hidden else found for table, found in answer["Responses"].items()}}

    monkeypatch.setattr(world.dynamo, "batch_get_item", late)
    rollups.roll(records)
    monkeypatch.undo()
    shown = rollups.show(world, merchant)
    assert shown["by_method"]["wallet"]["count"] == PAYMENTS
