"""Cards that a provider keeps: its own name for one. Worth nothing without the merchant's credentials there, and usable there alone."""

from dataclasses import dataclass
from typing import ClassVar

from tokens.instruments.instrument import Display, Instrument


@dataclass(frozen=True, slots=True, repr=False)
class ProviderToken(Instrument):
    """connector: whose it is. reference: the provider's name of the card. customer: of its owner there, where the provider has owners."""

    kind: ClassVar[str] = "provider_token"

    connector: str
    reference: str
    customer: str | None
    brand: str | None
    last4: str | None
    expiry_month: int | None
    expiry_year: int | None

    @property
    def identity(self) -> tuple[str, ...]:
        """The provider's name of it."""
        return (self.connector, self.reference)

    @property
    def display(self) -> Display:
        """What the provider says of the card."""
        return Display(self.last4, self.brand, self.expiry_month, self.expiry_year)
