"""The bases of the API contract: request and answer models, and the field types they share.

Validators are built when a model is first used: a door has dozens of models, and a request needs two or three.
"""

import re
import sys
from types import ModuleType
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from paycorex import clock
from paycorex.strict_json import NumberText

# There are no plug-ins here, and Pydantic's loader of them imports importlib.metadata, and with it zipfile and shutil, before it sees that.
_PLUGINS: Final = "pydantic.plugin._loader"
if _PLUGINS not in sys.modules:
    sys.modules[_PLUGINS] = ModuleType(_PLUGINS)
    vars(sys.modules[_PLUGINS])["get_plugins"] = tuple

INVALID_AMOUNT = "invalid_amount"
DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100
# How many decimals are right depends on the currency: Money.parse decides.
_MAX_WHOLE_DIGITS: Final = 12
_MAX_DECIMALS: Final = 18
_AMOUNT: Final = re.compile(rf"[0-9]{{1,{_MAX_WHOLE_DIGITS}}}(\.[0-9]{{1,{_MAX_DECIMALS}}})?", re.ASCII)
_AMOUNT_RULE: Final = f"an amount is up to {_MAX_WHOLE_DIGITS} digits with an optional decimal point, such as 1000.50"


# For a field that the release before does not know: where it is absent, it is left out of the body's JSON, and so of the hash by which a
# repeated request is recognised. Or a request that is sent again during a release would be another one.
NEW_FIELD: Final = Field(exclude_if=lambda value: value is None)
# The same for one whose default is False.
NEW_FLAG: Final = Field(exclude_if=lambda value: value is False)


class Body(BaseModel):
    """A request body: unknown fields are refused, values are not coerced between types.

    A field that is added is a NEW_FIELD or a NEW_FLAG.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Query(BaseModel):
    """A query string: unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ListQuery(Query):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(max_length=1024)] | None = None

    def filters(self) -> dict[str, object]:
        """The filter's fields: a cursor holds for exactly these."""
        return self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _amount_text(value: Any) -> str:
    """The text of an amount; what it is worth is decided with its currency, by Money.parse."""
    if isinstance(value, NumberText) or (isinstance(value, int) and not isinstance(value, bool)):
        value = str(value)
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise PydanticCustomError(INVALID_AMOUNT, "{rule}, and this one {fault}", {"rule": _AMOUNT_RULE, "fault": _fault(value)})
    return value


def _fault(value: Any) -> str:
    """Why it is no amount, by the first thing that a person would see. Nothing of it is repeated."""
    if not isinstance(value, str | NumberText):
        return "is null" if value is None else "is no number and no text"
    text = str(value)
    whole, _, decimals = text.partition(".")
    faults = {
        "has none": not text,
        "has a character that is no digit, such as a currency's sign": not text.isascii(),
        "has a sign: which way money goes follows from the operation": text.startswith(("-", "+")),
        "has a comma": "," in text,
        "has a space": any(character.isspace() for character in text),
        "has letters: the currency is the field currency, and there are no exponents": any(character.isalpha() for character in text),
        f"has {len(whole)} digits before the point and {len(decimals)} after it": (
            len(whole) > _MAX_WHOLE_DIGITS or len(decimals) > _MAX_DECIMALS
        ),
    }
    return next((fault for fault, is_so in faults.items() if is_so), "is not of that form")


def _normal(text: str) -> str:
    """10, 10.0 and "10.00" are the same request."""
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _amount_schema(**lowest: int) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "description": 'Major units, as a decimal string or a JSON number: 1000, 1000.5, "1000.50".',
            "anyOf": [
                {"type": "string", "format": "decimal", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,3})?$"},
                {"type": "number", **lowest, "exclusiveMaximum": 10**12},
            ],
        }
    )


AmountText = Annotated[str, BeforeValidator(_amount_text), PlainSerializer(_normal, when_used="json"), _amount_schema(exclusiveMinimum=0)]
# What an amount is compared with, which may be nothing.
AmountBound = Annotated[str, BeforeValidator(_amount_text), PlainSerializer(_normal, when_used="json"), _amount_schema(minimum=0)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _moment(value: str) -> str:
    clock.parse_rfc3339(value)
    return value


Moment = Annotated[str, AfterValidator(_moment)]
