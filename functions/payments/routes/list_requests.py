"""How lists of payments are asked for."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from paycorex import clock
from paycorex.contract import AmountText, CurrencyCode, ListQuery, Query
from paycorex.text import Reference
from payments.routes.requests import Id, Method


def _moment(value: str) -> str:
    clock.parse_rfc3339(value)
    return value


Moment = Annotated[str, AfterValidator(_moment)]
Status = Literal["pending", "processing", "authorized", "success", "failed"]


class PaymentsFilter(Query):
    """Which payments. `from` is inclusive, `to` exclusive."""

    status: Status | None = None
    method: Method | None = None
    capture_method: Literal["automatic", "manual"] | None = None
    user_id: Reference | None = None
    currency: CurrencyCode | None = None
    reference: Reference | None = None
    qr_code_id: Id | None = None
    provider: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}(:[a-z0-9_]{1,64})?$")] | None = None
    failure_code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")] | None = None
    min_amount: AmountText | None = None
    max_amount: AmountText | None = None
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None


class PaymentsQuery(PaymentsFilter, ListQuery):
    """A page of those that the filter finds."""


class ListPaymentsQuery(PaymentsQuery):
    """GET /v1/payments. in_review: only those about which a person must decide."""

    in_review: bool = False
