"""A segment: payments that are alike for a connector."""

import re
from dataclasses import dataclass
from typing import Final, Self

# A brand that a provider names in its own way takes one place together with all such.
_BRAND: Final = re.compile(r"[a-z_]{1,16}")
_NONE: Final = "-"
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Segment:
    """Method, currency and card brand; None for what is no card."""

    method: str
    currency: str
    brand: str | None = None

    @classmethod
    def of(cls, method: str, currency: str, brand: str | None) -> Self:
        """The segment, with a brand of unknown form as `other`, so that the number of segments is bounded."""
        return cls(method, currency, brand if brand is None or _BRAND.fullmatch(brand) else _OTHER)

    @property
    def prefix(self) -> str:
        """What the rows of its connectors begin with."""
        return f"{self.method}#{self.currency}#{self.brand or _NONE}#"

    def row(self, connector: str) -> str:
        """The key of a connector's row."""
        return f"{self.prefix}{connector}"

    @classmethod
    def of_row(cls, key: str) -> tuple[Self, str]:
        """The segment and the connector of a row."""
        method, currency, brand, connector = key.split("#", 3)
        return cls(method, currency, None if brand == _NONE else brand), connector
