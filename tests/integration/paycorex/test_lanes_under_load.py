"""Lanes under load, on a simulated clock, transactions of 12 ms that refuse each other: no 503 below the ceiling, growth, fair waits."""

import itertools
import logging
from collections.abc import Iterator

import pytest

from paycorex.ledger import lane_counts, posting
from tests.scenarios import lane_traffic

CEILING = 25
MOST_MILLISECONDS = 500


@pytest.fixture(autouse=True)
def _no_log_lines() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(("lanes", "seconds"), [(1, 30), (4, 10), (16, 4)])
def test_at_the_ceiling_of_its_lanes_no_payment_is_given_up_or_waits_long(lanes: int, seconds: float) -> None:
    traffic = lane_traffic.of_merchant(CEILING * lanes, seconds, lanes=lanes)
    assert traffic.given_up == 0
    assert len(traffic.waits) > 0.8 * CEILING * lanes * seconds
    assert traffic.milliseconds(0.99) <= MOST_MILLISECONDS
    assert traffic.growth == [(0.0, lanes)]
    assert traffic.report.sound


def test_a_merchant_with_one_lane_that_gets_two_hundred_payments_a_second_has_enough_within_a_minute() -> None:
    traffic = lane_traffic.of_merchant(200, 30)
    at, lanes = traffic.growth[-1]
    assert lanes * CEILING >= 200
    assert at < 15
    assert [count for _, count in traffic.growth] == [2**power for power in range(len(traffic.growth))]
    later = [moment for moment, _ in traffic.growth[1:]]
    assert all(after - before >= lane_counts.GROWTH_SECONDS - 0.3 for before, after in itertools.pairwise(later))
    assert traffic.given_up == 0
    assert traffic.milliseconds(0.99, from_second=at + posting.BUDGET_SECONDS) <= MOST_MILLISECONDS
    assert traffic.report.sound


def test_a_quiet_merchant_keeps_its_one_lane() -> None:
    traffic = lane_traffic.of_merchant(5, 120)
    assert traffic.growth == [(0.0, 1)]
    assert traffic.milliseconds(0.99) <= 100


def test_a_slow_store_gets_more_lanes_at_fewer_payments() -> None:
    """Where a transaction takes 130 ms, a lane takes two or three a second."""
    traffic = lane_traffic.of_merchant(10, 40, write_seconds=0.13)
    assert traffic.growth[-1][1] >= 4
    assert traffic.given_up == 0


@pytest.mark.parametrize("clients", [2, 4, 8, 16])
def test_clients_of_one_wallet_wait_in_bounds_and_none_starves(clients: int) -> None:
    traffic = lane_traffic.of_wallet(clients, 30, pause_seconds=0.03)
    assert traffic.given_up == 0
    assert traffic.milliseconds(1) < posting.BUDGET_SECONDS * 1000 * 0.8
    # All began together with as much to do: the first to end is not far ahead of the last.
    assert min(traffic.totals.values()) > max(traffic.totals.values()) / 3
    assert traffic.report.sound


def test_a_posting_that_is_always_overtaken_tries_more_often_the_older_it_is() -> None:
    """And so ends in bounds of time and of what refused transactions cost."""
    attempt = posting._Attempt(lane_traffic.top_up("1"), lanes=1)
    attempt.is_overtaken, attempt.tries = True, 100
    ceilings = []
    for _ in range(4):
        ceilings.append(attempt._ceiling())
        attempt.started -= posting.BUDGET_SECONDS / 3
    assert ceilings == sorted(ceilings, reverse=True)
    assert ceilings[0] == pytest.approx(posting.OVERTAKEN_CEILING_SECONDS, rel=0.05)
    assert ceilings[-1] == pytest.approx(posting.OVERTAKEN_CEILING_SECONDS * posting.OVERTAKEN_PATIENCE, rel=0.05)
