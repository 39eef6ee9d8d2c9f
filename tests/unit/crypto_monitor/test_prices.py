"""Prices: fresh, agreed on, exact, and rounded in the merchant's favour."""

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto_monitor import price_feeds
from crypto_monitor.chain.failures import Unreachable
from paycorex import clock
from paycorex.errors import UnsupportedCurrency
from paycorex.evm import networks
from paycorex.money import Money
from payments.crypto import quotes
from payments.crypto.state import required_units
from tests.support.world import World


class Feed:
    """A node that answers with a price of some age, or not at all."""

    def __init__(self, answer: int | None, age_seconds: int = 10) -> None:
        self.answer, self.age_seconds = answer, age_seconds

    def view(self, contract: str, data: str, *, words: int) -> list[int]:
        if self.answer is None:
            raise Unreachable("down")
        return [1, self.answer, 0, int(clock.now_seconds()) - self.age_seconds, 1]


@pytest.fixture(autouse=True)
def world() -> Iterator[World]:
    with World().running() as world:
        price_feeds.forget()
        yield world
        price_feeds.forget()


def feeds(monkeypatch: pytest.MonkeyPatch, *nodes: Any) -> None:
    monkeypatch.setattr(price_feeds, "_ethereum", lambda: list(nodes))


def test_of_two_prices_the_lower_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    feeds(monkeypatch, Feed(2500_00000000), Feed(2510_00000000))
    assert price_feeds.dollars("ETH") == 2500


def test_a_node_that_fails_is_left_out_and_a_price_is_kept_for_half_a_minute(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    feeds(monkeypatch, Feed(None), Feed(2510_00000000))
    assert price_feeds.dollars("ETH") == 2510
    feeds(monkeypatch, Feed(9))
    assert price_feeds.dollars("ETH") == 2510
    world.clock.now += 31
    assert price_feeds.dollars("ETH") == Fraction(9, 10**8)


@pytest.mark.parametrize(
    "nodes",
    [
        [],
        [Feed(None)],
        [Feed(2500_00000000, age_seconds=3 * 3600)],
        [Feed(0)],
        [Feed(2**256 - 1)],
        [Feed(2500_00000000), Feed(2600_00000000)],
    ],
)
def test_a_price_that_cannot_be_relied_on_is_none(monkeypatch: pytest.MonkeyPatch, nodes: list[Feed]) -> None:
    """No node, no answer, stale, zero, negative, or two that differ by more than a percent."""
    feeds(monkeypatch, *nodes)
    with pytest.raises(price_feeds.PriceUnavailable):
        price_feeds.dollars("ETH")


def test_a_currency_without_a_feed_is_refused() -> None:
    with pytest.raises(UnsupportedCurrency):
        price_feeds.dollars("ZMW")


def test_the_sandboxs_prices_are_never_production_prices(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from paycorex import settings

    settings.use(world.settings.model_copy(update={"stage": "prod", "price_source": "fixed"}))
    feeds(monkeypatch)
    with pytest.raises(price_feeds.PriceUnavailable):
        quotes.rates_of(networks.ETHEREUM, "USD")
    settings.use(world.settings.model_copy(update={"stage": "staging", "price_source": "fixed"}))
    assert quotes.rates_of(networks.ETHEREUM, "USD").minor_per_unit["USDC"] == Fraction(1, 10**4)


@given(
    minor=st.integers(1, 10**15),
    currency=st.sampled_from(["INR", "USD", "EUR", "JPY", "KWD"]),
    network=st.sampled_from(list(networks.NETWORKS.values())),
    place=st.integers(0, 2),
)
def test_rounding_is_always_in_the_merchants_favour(minor: int, currency: str, network: networks.Network, place: int) -> None:
    """What is asked for is worth the amount, one unit less is not; and what is credited is never more than what came."""
    with World().running():
        rates = quotes.rates_of(network, currency)
    asset = network.assets[place]
    units = rates.units_for(Money(minor, currency), asset)
    rate = rates.minor_per_unit[asset.symbol]
    assert (units - 1) * rate < minor <= units * rate
    assert rates.worth(units, asset.symbol) >= minor
    assert rates.worth(units - 1, asset.symbol) < minor or (units - 1) * rate >= minor
    assert quotes.Rates.parse(currency, rates.stored()) == quotes.Rates(currency, dict(rates.minor_per_unit))


@given(st.integers(1, 10**30), st.sampled_from(["0", "0.5", "1", "10", "0.0001"]))
def test_a_tolerance_never_asks_for_more_and_never_for_less_than_it_says(expected: int, percent: str) -> None:
    required = required_units(expected, percent)
    assert required <= expected
    assert Fraction(required, expected) >= 1 - Fraction(Fraction(percent), 100)


@pytest.mark.parametrize(
    "module", ["payments.methods.crypto", "payments.crypto.settlement", "crypto_monitor.deposit_addresses", "crypto_monitor.status"]
)
def test_neither_payments_nor_the_status_route_load_web3(module: str) -> None:
    """A second of cold start. (A fresh interpreter, with what this one can import.)"""
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}; import {module}; sys.exit(any(name in sys.modules for name in ('web3', 'requests')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0
