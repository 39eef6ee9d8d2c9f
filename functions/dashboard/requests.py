"""What clients send to the dashboard's routes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from paycorex import clock
from paycorex.http import ListQuery
from paycorex.http.models import CurrencyCode


def _moment(value: str) -> str:
    clock.parse_rfc3339(value)
    return value


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
