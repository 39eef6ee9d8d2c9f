"""Quotes: how many of a coin's smallest units an amount of money is, locked when the payment is made.

Exact fractions throughout; what must be rounded is rounded in the merchant's favour: units asked for up, money credited for units down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Final, Self

from crypto_monitor import price_feeds
from paycorex import settings
from paycorex.errors import UnsupportedCurrency
from paycorex.evm.networks import Asset, Network
from paycorex.money import Money, exponent_of

# US dollars for one coin, or for one unit of a currency. For the sandbox: deterministic, and no market's.
FIXED_DOLLARS: Final = MappingProxyType(
    {
        "ETH": Fraction(2500),
        "POL": Fraction(1, 2),
        "BNB": Fraction(500),
        "USDC": Fraction(1),
        "USDT": Fraction(1),
        "USD": Fraction(1),
        "INR": Fraction(1, 80),
        "EUR": Fraction(11, 10),
        "GBP": Fraction(5, 4),
        "JPY": Fraction(1, 150),
        "KWD": Fraction(13, 4),
    }
)


@dataclass(frozen=True, slots=True)
class Rates:
    """What one smallest unit of each of a network's assets is worth, in minor units of a currency."""

    currency: str
    minor_per_unit: Mapping[str, Fraction]

    @classmethod
    def parse(cls, currency: str, stored: Mapping[str, str]) -> Self:
        """As `stored` gave them."""
        return cls(currency, {symbol: Fraction(text) for symbol, text in stored.items()})

    def stored(self) -> dict[str, str]:
        """Exact, as text."""
        return {symbol: str(rate) for symbol, rate in self.minor_per_unit.items()}

    def units_for(self, amount: Money, asset: Asset) -> int:
        """The smallest units that pay an amount in full, rounded up."""
        return ceil(Fraction(amount.minor, self.minor_per_unit[asset.symbol]))

    def units_within(self, amount: Money, asset: Asset) -> int:
        """The most smallest units that an amount pays for, rounded down."""
        return floor(Fraction(amount.minor, self.minor_per_unit[asset.symbol]))

    def worth(self, units: int, symbol: str) -> int:
        """Minor units, rounded down."""
        return int(units * self.minor_per_unit[symbol])


def rates_of(network: Network, currency: str) -> Rates:
    """The rates of now. Every asset's, so that the wrong token has a worth too. Raises UnsupportedCurrency or PriceUnavailable."""
    dollars = _fixed if _is_fixed() else price_feeds.dollars
    one_minor = Fraction(dollars(currency), 10 ** exponent_of(currency))
    return Rates(currency, {asset.symbol: Fraction(dollars(asset.symbol), one_minor * 10**asset.decimals) for asset in network.assets})


def _is_fixed() -> bool:
    current = settings.current()
    return current.stage == "local" or (current.price_source == "fixed" and current.stage != "prod")


def _fixed(symbol: str) -> Fraction:
    if symbol not in FIXED_DOLLARS:
        raise UnsupportedCurrency("The sandbox has no price for this currency.", details={"field": "currency"})
    return FIXED_DOLLARS[symbol]
