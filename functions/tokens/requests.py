"""Request bodies of the tokens door, and how they become instruments.

Sensitive fields are `SecretStr`: neither a repr nor a dump of the body shows them, and so neither does the plain hash of a request.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, RootModel, SecretStr, model_validator

from paycorex.contract import Body, ListQuery
from paycorex.errors import InvalidRequest
from paycorex.text import Reference
from tokens.instruments import BankAccount, Card, Instrument, Upi

_TYPES: Final = ("card", "bank_account", "upi")
_MAX_CHARACTERS: Final = 320
_NAMES: Final = (
    "cvv cvc cvv2 cvc2 cid csc cvn cvn2 cvd cav2 cvvcvc cardcvv cardcvc cardcode cardsecuritycode cardverificationcode securitycode "
    "verificationcode verificationvalue"
)
_SECURITY_CODES: Final = frozenset(_NAMES.split())

Sensitive = Annotated[SecretStr, Field(min_length=1, max_length=_MAX_CHARACTERS)]


class _Details(Body):
    """What every instrument's request has."""

    # The index of a user's tokens holds the merchant's id too; both fit a key of 2 KiB.
    user_id: Reference

    @model_validator(mode="before")
    @classmethod
    def _refuse_security_code(cls, value: Any) -> Any:
        """PCI DSS 4.0 3.3.1: it must not be kept after authorisation, so there is nowhere to put it."""
        if isinstance(value, dict):
            for name in value:
                if str(name).lower().replace("_", "").replace("-", "").replace(" ", "") in _SECURITY_CODES:
                    problem = "a card's security code is never stored; send the request without it"
                    details = {"field": name, "fields": [{"field": name, "problem": problem}]}
                    raise InvalidRequest(f"{name}: {problem}", details=details)
        return value


class CardDetails(_Details):
    """A card. Spaces and dashes in the number are welcome."""

    type: Literal["card"]
    number: Sensitive
    expiry_month: int
    expiry_year: int
    holder: SecretStr | None = None

    def instrument(self) -> Instrument:
        """Raises InvalidInstrument."""
        holder = None if self.holder is None else self.holder.get_secret_value()
        number = self.number.get_secret_value()
        return Card.parse(number=number, expiry_month=self.expiry_month, expiry_year=self.expiry_year, holder=holder)


class BankAccountDetails(_Details):
    """A bank account: `iban`, or `account_number` with `ifsc`."""

    type: Literal["bank_account"]
    iban: Sensitive | None = None
    account_number: Sensitive | None = None
    ifsc: Annotated[str, Field(max_length=32)] | None = None

    def instrument(self) -> Instrument:
        """Raises InvalidInstrument."""
        return BankAccount.parse(iban=_clear(self.iban), account_number=_clear(self.account_number), ifsc=self.ifsc)


class UpiDetails(_Details):
    """A UPI address."""

    type: Literal["upi"]
    vpa: Sensitive

    def instrument(self) -> Instrument:
        """Raises InvalidInstrument."""
        return Upi.parse(vpa=self.vpa.get_secret_value())


class CreateToken(RootModel[Annotated[CardDetails | BankAccountDetails | UpiDetails, Discriminator("type")]]):
    """An instrument to keep, by its `type`."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_type(cls, value: Any) -> Any:
        """Pydantic's own message would repeat what was sent as the type."""
        if isinstance(value, dict) and value.get("type") not in _TYPES:
            problem = f"one of {', '.join(_TYPES)}"
            raise InvalidRequest(f"type: {problem}", details={"field": "type", "fields": [{"field": "type", "problem": problem}]})
        return value


class TokenQuery(ListQuery):
    """Whose tokens."""

    user_id: Reference


def _clear(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()
