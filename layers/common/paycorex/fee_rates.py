"""Price lists as clients and operators send and see them: rates of a plan, and schedules of a connector."""

import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from paycorex import clock
from paycorex.contract import AmountBound, Body, CurrencyCode, Moment, View
from paycorex.currencies import EXPONENTS
from paycorex.errors import InvalidAmount
from paycorex.money import Money
from paycorex.records import fee_rate
from paycorex.records.fee_plan import KEEP
from paycorex.records.fee_rate import HALF_UP, FeeSchedule
from paycorex.strict_json import NumberText
from paycorex.text import clean

MAX_RATES: Final = 100
# They stand with the merchant, in each version.
MAX_PLAN_RATES: Final = 20
_MAX_PERCENT: Final = 100
_PERCENT: Final = r"^[0-9]{1,3}(\.[0-9]{1,4})?$"


def _percent(value: Any) -> str:
    text = str(value) if isinstance(value, int | str | NumberText) and not isinstance(value, bool) else ""
    if not re.fullmatch(_PERCENT, text, re.ASCII) or Decimal(text) > _MAX_PERCENT:
        raise ValueError("a percentage from 0 to 100 with at most 4 decimals")
    return text


def _currency(value: str) -> str:
    if value not in EXPONENTS:
        raise ValueError("not a currency that can be booked (ISO 4217)")
    return value


Percent = Annotated[
    str,
    BeforeValidator(_percent),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _PERCENT}, {"type": "number", "minimum": 0, "maximum": _MAX_PERCENT}]}),
]
Method = Literal["wallet", "tokenized", "upi_intent", "crypto"]
Brand = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(clean)]
_AMOUNTS: Final = ("fixed", "minimum", "cap")


class Rate(Body):
    """What a payment costs: `percent` of its amount and a `fixed` amount, within `minimum` and `cap`; on that `tax_percent`.

    It is for payments of this `method`, card `brand` and `currency`, or of any where these are absent. Amounts are of `currency`, which is
    given with them. `rounding` to the smallest unit: half_up, or up, as some providers do.
    """

    percent: Percent = "0"
    fixed: AmountBound | None = None
    minimum: AmountBound | None = None
    cap: AmountBound | None = None
    tax_percent: Percent = "0"
    rounding: Literal["half_up", "up"] = HALF_UP
    method: Method | None = None
    brand: Brand | None = None
    currency: Annotated[CurrencyCode, AfterValidator(_currency)] | None = None

    @model_validator(mode="after")
    def _amounts_have_a_currency(self) -> Self:
        given = [text for name in _AMOUNTS if (text := getattr(self, name)) is not None]
        if given and self.currency is None:
            raise ValueError("fixed, minimum and cap are amounts of a currency: name it")
        for text in given:
            _check(text, self.currency or "")
        if self.minimum is not None and self.cap is not None and Decimal(self.minimum) > Decimal(self.cap):
            raise ValueError("minimum is more than cap")
        return self

    def rate(self) -> fee_rate.FeeRate:
        """In domain terms."""
        return fee_rate.FeeRate(**{name: getattr(self, name) for name in Rate.model_fields})


def _check(text: str, currency: str) -> None:
    """Raises ValueError for an amount that the currency does not have."""
    if Decimal(text) == 0:
        return
    try:
        Money.parse(text, currency)
    except InvalidAmount as problem:
        raise ValueError(problem.message) from problem


class Schedule(Rate):
    """A line of a connector's price list. `from`: for payments made at that time or later; without it, from now on."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True, serialize_by_alias=True, validate_by_alias=True)

    connector: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}(:[a-z0-9_]{1,32})?$")]
    from_: Annotated[Moment | None, Field(alias="from")] = None

    def schedule(self, now_ms: int) -> FeeSchedule:
        """In domain terms."""
        return FeeSchedule(self.connector, now_ms if self.from_ is None else clock.parse_rfc3339(self.from_), self.rate())


FeeSchedules = Annotated[list[Schedule], Field(max_length=MAX_RATES)]


class NewFeePlan(Body):
    """The next version of what the operator charges a merchant. `from`: for payments made at that time or later; without it, as soon as
    can be.

    Of the rates that match a payment, the one with most conditions counts, and of these the first; without rates nothing is charged.
    `refunds`: keep (the fee stays when a payment is given back) or return (what the plan says of what is left stays).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True, serialize_by_alias=True, validate_by_alias=True)

    rates: Annotated[list[Rate], Field(max_length=MAX_PLAN_RATES)]
    refunds: Literal["keep", "return"] = KEEP
    from_: Annotated[Moment | None, Field(alias="from")] = None


class RateView(View):
    """A rate as it acts. Null: any."""

    percent: str
    fixed: str | None
    minimum: str | None
    cap: str | None
    tax_percent: str
    rounding: str
    method: str | None
    brand: str | None
    currency: str | None


class FeeScheduleView(RateView):
    """A line of a connector's price list."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, validate_by_alias=True)

    connector: str
    from_: str = Field(alias="from")


def rate_fields(rate: fee_rate.FeeRate) -> dict[str, Any]:
    """What both views show of a rate."""
    return {name: getattr(rate, name) for name in RateView.model_fields}


def schedule_view(schedule: FeeSchedule) -> FeeScheduleView:
    """The contract's shape."""
    return FeeScheduleView(connector=schedule.connector, **{"from": clock.rfc3339(schedule.from_ms)}, **rate_fields(schedule.rate))
