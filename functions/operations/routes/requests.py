"""What the operators' page sends."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from operations.merchants import MAX_REQUESTS_PER_SECOND
from paycorex.contract import Body, ListQuery
from paycorex.fee_rates import NewFeePlan
from paycorex.text import Text, clean

_SEARCH_CHARACTERS = 100
Search = Annotated[str, StringConstraints(min_length=2, max_length=_SEARCH_CHARACTERS), AfterValidator(clean)]


class MerchantSearch(ListQuery):
    """GET /operator/v1/merchants."""

    search: Search | None = None
    status: Annotated[str, StringConstraints(pattern="^(?:active|suspended|unreadable)$")] | None = None


class Because(Body):
    """A change, and why it is made."""

    reason: Text


class NewRate(Because):
    """POST /operator/v1/merchants/{merchant_id}/rate."""

    requests_per_second: Annotated[int, Field(ge=1, le=MAX_REQUESTS_PER_SECOND)]


class NewPlan(NewFeePlan):
    """POST /operator/v1/merchants/{merchant_id}/fee_plans."""

    reason: Text


class PageQuery(ListQuery):
    """A list without a filter."""


class Verify(Because):
    """POST /operator/v1/ledger/verifications. of: what is verified; merchant_id: whose audit log (None: the operators' own)."""

    of: Literal["ledger", "audit_log"] = "ledger"
    merchant_id: Annotated[str, StringConstraints(pattern=r"^mer_[a-z2-7]{26}$")] | None = None

    @model_validator(mode="after")
    def names_a_log(self) -> Self:
        """The ledger is one for all merchants."""
        if self.merchant_id is not None and self.of == "ledger":
            raise ValueError("merchant_id goes with of: audit_log; the ledger is verified whole")
        return self
