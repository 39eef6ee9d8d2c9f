"""What clients send to the dashboard's routes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from paycorex.contract import CurrencyCode, ListQuery, Moment
from payments.routes.list_requests import PaymentsQuery

EntityId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]

AccountEntity = Literal[
    "merchant",
    "wallet",
    "clearing",
    "suspense",
    "fees",
    "tax",
    "platform_fees",
    "hold",
    "disputed",
    "bank_in_transit",
    "bank",
]


class LedgersQuery(ListQuery):
    """GET /v1/dashboard/ledgers: the merchant's own account by default."""

    entity: AccountEntity = "merchant"
    entity_id: EntityId | None = None
    currency: CurrencyCode | None = None
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None
    format: Literal["json", "csv"] = "json"


class ListedPayments(PaymentsQuery):
    """GET /v1/dashboard/payments. As CSV without a limit, all that fit into one answer."""

    format: Literal["json", "csv"] = "json"
