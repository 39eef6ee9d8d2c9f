"""Payments of one merchant by processes of their own, through authorizer and door, over a table whose transactions overlap: no 503."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from bench import contention
from paycorex.ledger import posting
from tests.support.payments import findings
from tests.support.world import World


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        running.clock.now = time.time()
        yield running


@pytest.mark.parametrize("environments", [2, 4])
def test_a_merchant_with_one_lane_is_never_answered_503(world: World, environments: int) -> None:
    answers = contention.pay_at_once(world, environments, payments=40)
    assert Counter(status for status, _ in answers) == {201: 40}
    assert world.dynamo.scan(TableName="test-payments", Select="COUNT")["Count"] == 40
    assert findings() == []


def test_the_harness_finds_payments_that_are_given_up_early(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As five tries did, which are over within less than a second."""
    monkeypatch.setattr(posting, "BUDGET_SECONDS", 0.02)
    monkeypatch.setattr(posting, "REFUSALS_PER_LANE_ASKED", 1_000)
    statuses = Counter(status for status, _ in contention.pay_at_once(world, 4, payments=40))
    assert statuses[503] > 0
    assert set(statuses) == {201, 503}
    assert findings() == []
