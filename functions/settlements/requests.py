"""What clients send to the routes of settlements."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from paycorex.contract import NEW_FIELD, Body, CurrencyCode, ListQuery, Moment, Query
from paycorex.records.settlement_import import MAX_NAMES
from paycorex.text import Text

# A million lines of the longest ready report are half of that.
MAX_FILE_BYTES: Final = 1024**3
ReportFormat = Literal["csv", "stripe", "razorpay", "adyen", "paypal", "cashfree", "camt053", "mt940", "bai2", "ofx"]

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
    format: Literal["json", "csv"] = "json"


class BankLinesQuery(ListQuery):
    """GET /v1/bank/lines."""

    state: Literal["open", "unexpected", "matched", "amount_differs", "duplicate", "aside"] | None = None
    currency: CurrencyCode | None = None
    account: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9/.,:_-]{0,63}$")] | None = None


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
    """POST /v1/reconciliation/items/{item_id}/resolve. settlement_id: which one a bank line brings, with `accept`."""

    action: Literal["write_off", "correct", "claim", "accept"]
    reason: Text
    settlement_id: Annotated[Annotated[str, StringConstraints(pattern=r"^set_[a-z2-7]{26}$")] | None, NEW_FIELD] = None


class ImportReport(Body):
    """POST /v1/settlements/import: a report as a file, which is then put to the link of the answer; or by the provider's API, with `from`.

    format: `csv` with a mapping, or a ready one. Without `mapping` the one that was given last for the source is used. sha256: of the file,
    in hexadecimal digits. dry_run: the file is read and judged, and nothing is stored or booked.
    """

    source: ConnectorName
    format: ReportFormat | None = None
    mapping: Annotated[dict[str, Any], Field(max_length=MAX_NAMES)] | None = None
    size: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None
    dry_run: bool = False

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        of_file = (self.format, self.size, self.sha256)
        if self.from_ is None and self.to is None:
            if None in of_file:
                raise ValueError("a file needs format, size and sha256")
        elif self.from_ is None or self.to is None or self.dry_run or any(each is not None for each in (*of_file, self.mapping)):
            raise ValueError("a report by API has from and to, and nothing of a file")
        return self
