"""What clients send to the routes of settlements."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from paycorex.contract import ListQuery

ConnectorName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_:.-]{1,64}$")]


class SettlementsQuery(ListQuery):
    """GET /v1/settlements."""

    provider: ConnectorName | None = None
    state: Literal["reading", "booked", "reconciled", "exception"] | None = None
    format: Literal["json", "csv"] = "json"


class SettlementItemsQuery(ListQuery):
    """GET /v1/settlements/{settlement_id}/items."""

    format: Literal["json", "csv"] = "json"
