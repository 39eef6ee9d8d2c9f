"""What all instruments share: no repr, log or dump shows their data by accident."""

from dataclasses import dataclass
from typing import ClassVar, Never

from paycorex.errors import InvalidRequest


class InvalidInstrument(InvalidRequest):
    """A field of an instrument is not valid. Names the field, never its value."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}", details={"field": field, "fields": [{"field": field, "problem": problem}]})


@dataclass(frozen=True, slots=True)
class Display:
    """What may be read: PCI DSS 4.0 3.4.1 allows the first six and the last four digits; brand and expiry alone are no account data.

    brands: all that a card may have, `brand` first; None where that is the only one.
    """

    last4: str | None
    brand: str | None
    expiry_month: int | None = None
    expiry_year: int | None = None
    holder_initials: str | None = None
    brands: list[str] | None = None


class Instrument:
    """A payment instrument in the clear. Lives in memory for one connector call.

    Its text form hides the value, and it refuses to be pickled or copied, so neither a log line, an error report nor a cache can hold it
    by accident. Read its fields and hand them to the connector's request.
    """

    __slots__ = ()
    kind: ClassVar[str]

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two instruments the same, in normal form."""
        raise NotImplementedError

    @property
    def display(self) -> Display:
        """What may be shown of it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{self.kind}, hidden>"

    def __reduce_ex__(self, protocol: object) -> Never:
        msg = f"a {self.kind} in the clear is not serialised"
        raise TypeError(msg)
