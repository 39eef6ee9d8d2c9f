"""Prices: what a unit costs in a region. One file holds them all, each with its source and the day it was read."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("prices.toml")
REGIONS: Final = ("us-east-1", "ap-south-1")


@dataclass(frozen=True, slots=True)
class Price:
    """One price in US dollars. tiers: from which quantity of a month on, dollars for `per` units. free: units a month without charge."""

    name: str
    per: float
    tiers: tuple[tuple[float, float], ...]
    source: str
    date: date
    confirmed: bool
    free: float = 0

    def dollars(self, quantity: float, *, allowance: bool = False) -> float:
        """What a month's quantity costs; `allowance` takes off what every account has free."""
        charged = max(0.0, quantity - self.free) if allowance else quantity
        bounds = [*self.tiers, (float("inf"), 0.0)]
        return sum(max(0.0, min(charged, end) - start) * dollars for (start, dollars), (end, _) in pairwise(bounds)) / self.per


def read(region: str, file: Path = FILE) -> dict[str, Price]:
    """The prices of a region by name. Raises KeyError for a price without source or date, or without this region."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: _price(name, entry, entry[region]) for name, entry in content.items()}


def _price(name: str, entry: Mapping[str, Any], regional: Mapping[str, Any]) -> Price:
    tiers: Sequence[Sequence[float]] = regional["tiers"]
    return Price(
        name=name,
        per=float(entry["per"]),
        tiers=tuple((float(start), float(dollars)) for start, dollars in tiers),
        source=regional["source"],
        date=regional["date"],
        confirmed=regional["confirmed"],
        free=float(entry.get("free", 0)),
    )
