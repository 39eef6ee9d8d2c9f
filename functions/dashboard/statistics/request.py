"""What clients send to GET /v1/dashboard/stats."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from dashboard.statistics.periods import zone_of
from paycorex.contract import CurrencyCode, Moment, Query


def _zone(value: str) -> str:
    zone_of(value)
    return value


Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+:/-]{1,64}$"), AfterValidator(_zone)]


class StatsQuery(Query):
    """GET /v1/dashboard/stats: by default the last thirty days, today included."""

    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None
    currency: CurrencyCode | None = None
    timezone: Zone = "UTC"
