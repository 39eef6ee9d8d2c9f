"""The statistics as they are answered."""

from pydantic import ConfigDict, Field

from paycorex.contract import View


class Counts(View):
    """Payments by where they stand: successful ones when they were paid, all others when they were made."""

    total: int
    success: int
    failed: int
    pending: int
    processing: int
    # Held, and nothing of it captured yet.
    authorized: int


class RefundSums(View):
    """Refunds that were carried out."""

    count: int
    amount: str


class FeeSums(View):
    """What payments cost, counted when they were made: as an estimate until it is known.

    gross: the volume. fee, tax: what providers keep, on either bearer. platform_fee, platform_tax: what the operator charges. net: the
    volume less refunds and all of these.
    """

    gross: str
    fee: str
    tax: str
    platform_fee: str
    platform_tax: str
    net: str


class MethodView(View):
    """Successful payments by one method."""

    count: int
    volume: str


class DecidedView(View):
    """Payments that one provider decided, counted when they were made. `volume`: the amounts of those that succeeded."""

    success: int
    failed: int
    volume: str
    success_rate: str | None


class ReasonView(View):
    """Payments that failed for one reason, counted when they were made."""

    count: int
    amount: str


class DayView(View):
    """One day of the asked time zone. `count` is of successful payments."""

    date: str
    count: int
    volume: str
    refunds: str
    fees: str
    failed: int
    success_rate: str | None


class StatsView(View):
    """Statistics of from ≤ t < to. net: volume less refunds. balance: as it stands now."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, validate_by_alias=True)

    from_: str = Field(alias="from")
    to: str
    timezone: str
    currency: str
    volume: str
    # The amounts of payments that are held, and of which nothing was captured yet.
    authorized: str
    count: Counts
    success_rate: str | None
    refunds: RefundSums
    net: str
    fees: FeeSums
    balance: str
    by_method: dict[str, MethodView]
    # By connector and by reason: what was made before these were counted is not in them.
    by_processor: dict[str, DecidedView]
    by_reason: dict[str, ReasonView]
    by_day: list[DayView]
