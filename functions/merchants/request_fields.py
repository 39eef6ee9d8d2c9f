"""The kinds of fields that requests about merchants have: what each may be, and how the contract shows it."""

import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from merchants.connector_settings import is_name
from paycorex import clock, pictures, test_clock
from paycorex.connectors import SANDBOXES
from paycorex.contract import AmountText, CurrencyCode
from paycorex.credentials import ALL_SCOPES
from paycorex.currencies import EXPONENTS
from paycorex.evm.extended_key import parse_account
from paycorex.ledger import Entity
from paycorex.routing_rules import RoutingRule
from paycorex.strict_json import NumberText
from paycorex.text import Reference, at_most, clean, is_legible

MAX_URL_CHARACTERS: Final = 2048
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}", re.ASCII)


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("not an e-mail address")
    return value


def _currency(value: str) -> str:
    if value not in EXPONENTS:
        raise ValueError("not a currency that can be booked (ISO 4217)")
    return value


def _scope(value: str) -> str:
    if value not in ALL_SCOPES:
        raise ValueError("unknown scope")
    return value


def _moment(value: str) -> str:
    clock.parse_rfc3339(value)
    return value


def _duration(value: str) -> str:
    test_clock.seconds_of(value)
    return value


def _connector(value: str) -> str:
    if not is_name(value) and value not in SANDBOXES:
        raise ValueError("no connector of this name")
    return value


def _percent(value: Any) -> str:
    text = str(value) if isinstance(value, int | str | NumberText) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?", text, re.ASCII) or Decimal(text) > 10:
        raise ValueError("a percentage from 0 to 10 with at most 4 decimals")
    return text


def _account_key(value: str) -> str:
    """Raises InvalidExtendedKey; PrivateKeyRefused, whose message says that the key is exposed now."""
    return str(parse_account(value, field="xpubs"))


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email), AfterValidator(clean)]
BookableCurrency = Annotated[CurrencyCode, AfterValidator(_currency)]
Scope = Annotated[str, AfterValidator(_scope)]
Moment = Annotated[str, AfterValidator(_moment)]
Duration = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_duration),
    WithJsonSchema({"type": "string", "maxLength": 40, "pattern": test_clock.PATTERN, "examples": ["P7D"]}),
]
Percent = Annotated[
    str,
    BeforeValidator(_percent),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": r"^[0-9]{1,2}(\.[0-9]{1,4})?$"}, {"type": "number", "minimum": 0, "maximum": 10}]}
    ),
]
Network = Literal["ethereum", "polygon", "bsc"]
Xpub = Annotated[str, StringConstraints(max_length=256), AfterValidator(_account_key)]

# Both lists stand with the merchant's settings while the experiment runs.
MAX_ARM_RULES = 20
ArmRules = Annotated[list[RoutingRule], Field(min_length=1, max_length=MAX_ARM_RULES)]

# An entity of the ledger, or an entity and where its money is.
MAPPED_ACCOUNT: Final = rf"^({'|'.join(Entity)})(:[a-z0-9_:-]{{1,64}})?$"
MappedAccount = Annotated[
    str, StringConstraints(pattern=MAPPED_ACCOUNT), WithJsonSchema({"type": "string", "pattern": MAPPED_ACCOUNT, "maxLength": 90})
]
AccountCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 .:_-]{0,63}$")]
MAX_MAPPED_ACCOUNTS = 64

PayeeName = Annotated[str, StringConstraints(min_length=1, max_length=99), AfterValidator(clean), AfterValidator(at_most(99))]

MAX_SETTLEMENT_DAYS = 60
# By connector: how many days after a payment its provider's report is due.
SettlementDays = Annotated[
    dict[Annotated[str, AfterValidator(_connector)], Annotated[int, Field(ge=0, le=MAX_SETTLEMENT_DAYS)]],
    Field(max_length=50),
]

# By method, and null for the operator's again.
PaymentLimits = dict[Literal["crypto", "tokenized", "upi_intent", "wallet"], AmountText | None]

MAX_BRAND_NAME = 60
BrandName = Annotated[
    Reference, StringConstraints(max_length=MAX_BRAND_NAME), AfterValidator(at_most(MAX_BRAND_NAME)), AfterValidator(is_legible)
]
# Base64 makes four letters of three bytes.
_MAX_LOGO_CHARACTERS: Final = pictures.MAX_BYTES // 3 * 4 + 4
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$"), AfterValidator(str.lower)]
Logo = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_LOGO_CHARACTERS)]
