"""Cards: number, expiry, holder. The security code is not among them, because it is never stored (PCI DSS 4.0 3.3.1)."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar, Final, Self

from paycorex import clock, redaction, text
from tokens.instruments.brands import brands_of
from tokens.instruments.instrument import Display, Instrument, InvalidInstrument

_NUMBER: Final = re.compile(r"[0-9]{12,19}")
_MAX_HOLDER_CHARACTERS: Final = 64
# Cards are issued for a few years; a year beyond this is a typing error.
_MAX_YEARS_AHEAD: Final = 30
_MAX_INITIALS: Final = 4


@dataclass(frozen=True, slots=True, repr=False)
class Card(Instrument):
    """A card in the clear: `number` is digits only, `expiry_month` 1 to 12, `expiry_year` four digits."""

    kind: ClassVar[str] = "card"

    number: str
    expiry_month: int
    expiry_year: int
    holder: str | None

    @classmethod
    def parse(cls, *, number: str, expiry_month: int, expiry_year: int, holder: str | None) -> Self:
        """A card as people type it. Raises InvalidInstrument."""
        digits = number.replace(" ", "").replace("-", "")
        if not _NUMBER.fullmatch(digits):
            raise InvalidInstrument("number", "not a valid card number")
        if not brands_of(digits):
            is_checked = redaction.is_luhn_valid(digits)
            raise InvalidInstrument("number", "not a number of a known card brand" if is_checked else "not a valid card number")
        _check_expiry(expiry_month, expiry_year)
        return cls(digits, expiry_month, expiry_year, _holder(holder))

    @property
    def identity(self) -> tuple[str, ...]:
        """The number: a card that was renewed with a new date is the same card."""
        return (self.number,)

    @property
    def display(self) -> Display:
        """Last four, brands, expiry, initials."""
        initials = "".join(word[0] for word in (self.holder or "").split())[:_MAX_INITIALS].upper()
        brands = brands_of(self.number)
        # A card that was kept before its brand left the list has none.
        brand, several = next(iter(brands), None), list(brands) if len(brands) > 1 else None
        return Display(self.number[-4:], brand, self.expiry_month, self.expiry_year, initials or None, several)

    def renewed(self, known: Instrument) -> "Card":
        """These details, after those known of the same number: a holder that is not given again stays."""
        return self if self.holder or not isinstance(known, Card) else replace(self, holder=known.holder)


def _check_expiry(month: int, year: int) -> None:
    """A card is good until the end of its month."""
    if not 1 <= month <= 12:
        raise InvalidInstrument("expiry_month", "a month is 1 to 12")
    today = datetime.fromtimestamp(clock.now_seconds(), UTC)
    if year > today.year + _MAX_YEARS_AHEAD or year < 1000:
        raise InvalidInstrument("expiry_year", "a year has four digits and is not that far ahead")
    if year < today.year:
        raise InvalidInstrument("expiry_year", "the card has expired")
    if (year, month) < (today.year, today.month):
        raise InvalidInstrument("expiry_month", "the card has expired")


def _holder(holder: str | None) -> str | None:
    """A name in normal form. Digits are refused: a card number typed into the wrong field must not end up in readable initials."""
    if holder is None:
        return None
    try:
        name = " ".join(text.clean(holder).split())
    except ValueError as error:
        raise InvalidInstrument("holder", str(error)) from None
    if not name or len(name) > _MAX_HOLDER_CHARACTERS:
        raise InvalidInstrument("holder", f"a name has 1 to {_MAX_HOLDER_CHARACTERS} characters")
    if any(character.isdigit() for character in name) or not any(character.isalpha() for character in name):
        raise InvalidInstrument("holder", "a name has letters and no digits")
    return name
