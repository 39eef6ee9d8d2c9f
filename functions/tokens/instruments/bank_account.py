"""Bank accounts: an IBAN (ISO 13616), or an Indian account number with its branch's IFSC (RBI)."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from tokens.instruments.instrument import Display, Instrument, InvalidInstrument

# Four letters of the bank, a zero that RBI keeps for later, six characters of the branch.
_IFSC: Final = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
_ACCOUNT_NUMBER: Final = re.compile(r"[0-9]{9,18}")
_MAX_IBAN_CHARACTERS: Final = 42


@dataclass(frozen=True, slots=True, repr=False)
class BankAccount(Instrument):
    """A bank account in the clear: either `iban`, or `account_number` and `ifsc`; the others are None."""

    kind: ClassVar[str] = "bank_account"

    iban: str | None = None
    account_number: str | None = None
    ifsc: str | None = None

    @classmethod
    def parse(cls, *, iban: str | None, account_number: str | None, ifsc: str | None) -> Self:
        """An account as people type it. Raises InvalidInstrument."""
        if iban is not None:
            if account_number is not None or ifsc is not None:
                raise InvalidInstrument("iban", "either an iban or account_number and ifsc, not both")
            return cls(iban=_iban(iban))
        if account_number is None:
            raise InvalidInstrument("account_number" if ifsc is not None else "iban", "an iban, or account_number and ifsc, are needed")
        branch = _branch(ifsc)
        digits = account_number.replace(" ", "").replace("-", "")
        if not _ACCOUNT_NUMBER.fullmatch(digits):
            raise InvalidInstrument("account_number", "an account number has 9 to 18 digits")
        return cls(account_number=digits, ifsc=branch)

    @property
    def identity(self) -> tuple[str, ...]:
        """The IBAN, or branch and account."""
        return ("iban", self.iban) if self.iban is not None else ("ifsc", self.ifsc or "", self.account_number or "")

    @property
    def display(self) -> Display:
        """Last four, and as brand the IBAN's country or the IFSC's bank."""
        if self.iban is not None:
            return Display(self.iban[-4:], self.iban[:2])
        return Display((self.account_number or "")[-4:], (self.ifsc or "")[:4])


def _branch(ifsc: str | None) -> str:
    """An IFSC as people type it, in capitals."""
    normal = (ifsc or "").replace(" ", "").upper()
    # Some letters outside ASCII have an ASCII letter as their capital.
    if ifsc is None or not ifsc.isascii() or not _IFSC.fullmatch(normal):
        raise InvalidInstrument("ifsc", "an IFSC is four letters, a zero and six letters or digits")
    return normal


def _iban(typed: str) -> str:
    # Loaded on first use: few requests carry an IBAN, and its tables cost 60 ms of a cold start.
    from stdnum import iban as numbers  # noqa: PLC0415
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    if len(typed) > _MAX_IBAN_CHARACTERS or not typed.isascii():
        raise InvalidInstrument("iban", "not a valid IBAN")
    try:
        return str(numbers.validate(typed))
    except ValidationError:
        raise InvalidInstrument("iban", "not a valid IBAN") from None
