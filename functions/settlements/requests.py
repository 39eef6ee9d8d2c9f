"""What clients send to the routes of settlements."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from paycorex.contract import Body, CurrencyCode, ListQuery, Query
from paycorex.text import Text

ConnectorName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_:.-]{1,64}$")]


class SettlementsQuery(ListQuery):
    """GET /v1/settlements."""

    provider: ConnectorName | None = None
    state: Literal["reading", "booked", "reconciled", "exception"] | None = None
    format: Literal["json", "csv"] = "json"


class SettlementItemsQuery(ListQuery):
    """GET /v1/settlements/{settlement_id}/items."""

    format: Literal["json", "csv"] = "json"


class ReconciliationQuery(ListQuery):
    """GET /v1/reconciliation/items: by default what is open."""

    state: Literal["open", "matched", "expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"] | None = None
    source: ConnectorName | None = None
    currency: CurrencyCode | None = None
    payment_id: Annotated[str, StringConstraints(pattern=r"^pay_[a-z2-7]{26}$")] | None = None
    settlement_id: Annotated[str, StringConstraints(pattern=r"^set_[a-z2-7]{26}$")] | None = None


class BankLinesQuery(ListQuery):
    """GET /v1/bank/lines."""

    state: Literal["open", "unexpected", "matched", "amount_differs", "duplicate", "aside"] | None = None
    currency: CurrencyCode | None = None
    account: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")] | None = None


class ResolveBankLine(Body):
    """POST /v1/bank/lines/{bank_line_id}/resolve. settlement_id: which one the line brings, with `accept`."""

    action: Literal["write_off", "correct", "claim", "accept"]
    reason: Text
    settlement_id: Annotated[str, StringConstraints(pattern=r"^set_[a-z2-7]{26}$")] | None = None


class DayQuery(Query):
    """GET /v1/reconciliation/days/{day}."""

    source: ConnectorName
    currency: CurrencyCode


class Resolve(Body):
    """POST /v1/reconciliation/items/{item_id}/resolve."""

    action: Literal["write_off", "correct", "claim", "accept"]
    reason: Text
