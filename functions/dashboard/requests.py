"""What clients send to the dashboard's routes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from dashboard.statistics.periods import zone_of
from paycorex import clock
from paycorex.contract import CurrencyCode, ListQuery, Query
from payments.routes.requests import PaymentsQuery


def _moment(value: str) -> str:
    clock.parse_rfc3339(value)
    return value


def _zone(value: str) -> str:
    zone_of(value)
    return value


Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+:/-]{1,64}$"), AfterValidator(_zone)]
Moment = Annotated[str, AfterValidator(_moment)]
EntityId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]


class LedgersQuery(ListQuery):
    """GET /v1/dashboard/ledgers: the merchant's own account by default."""

    entity: Literal["merchant", "wallet", "clearing", "suspense", "fees"] = "merchant"
    entity_id: EntityId | None = None
    currency: CurrencyCode | None = None
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None
    format: Literal["json", "csv"] = "json"


class ListedPayments(PaymentsQuery):
    """GET /v1/dashboard/payments. As CSV without a limit, all that fit into one answer."""

    format: Literal["json", "csv"] = "json"


class StatsQuery(Query):
    """GET /v1/dashboard/stats: by default the last thirty days, today included."""

    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None
    currency: CurrencyCode | None = None
    timezone: Zone = "UTC"
