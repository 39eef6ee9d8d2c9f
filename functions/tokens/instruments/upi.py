"""UPI addresses: a virtual payment address (VPA), in the grammar that payees have too (`paycorex.vpa`)."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from paycorex.vpa import normalised
from tokens.instruments.instrument import Display, Instrument, InvalidInstrument

# Half of a short name would give the rest away.
_SHORTEST_NAME_WITH_LAST4: Final = 8


@dataclass(frozen=True, slots=True, repr=False)
class Upi(Instrument):
    """A VPA in the clear, in lower case."""

    kind: ClassVar[str] = "upi"

    vpa: str

    @classmethod
    def parse(cls, *, vpa: str) -> Self:
        """A VPA as people type it. Raises InvalidInstrument."""
        try:
            return cls(normalised(vpa))
        except ValueError as error:
            raise InvalidInstrument("vpa", str(error)) from None

    @property
    def identity(self) -> tuple[str, ...]:
        """The address."""
        return (self.vpa,)

    @property
    def display(self) -> Display:
        """The handle as brand, and the end of the name when enough of it stays hidden (often it is a phone number)."""
        name, _, handle = self.vpa.partition("@")
        return Display(name[-4:] if len(name) >= _SHORTEST_NAME_WITH_LAST4 else None, handle)
