"""What clients and payers' browsers send to the routes of checkout sessions and payment links."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from paycorex.contract import NEW_FIELD, AmountText, Body, CurrencyCode, Moment, Query
from paycorex.records.checkout_session import DEFAULT_SECONDS, MAX_METHODS, MAX_SECONDS, MIN_SECONDS
from paycorex.records.payer import ASKED
from paycorex.records.payment_link import MAX_SUGGESTED
from paycorex.text import Reference, Text
from payments.routes.customer_requests import Email, Phone
from payments.routes.requests import MAX_RETURN_URL_CHARACTERS, Id, Metadata, Method, Said, SecurityCode

Address = Annotated[str, StringConstraints(min_length=1, max_length=MAX_RETURN_URL_CHARACTERS)]
Methods = Annotated[list[Method], Field(min_length=1, max_length=MAX_METHODS)]
CustomerToken = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}\.[A-Za-z0-9_-]{32}$")]
MAX_PAYMENTS = 1_000_000


class CreateSession(Body):
    """POST /v1/checkout/sessions. save: a card may be kept at its provider, should the payer agree; needs customer_id or user_id."""

    amount: AmountText
    currency: CurrencyCode | None = None
    methods: Methods | None = None
    customer_id: Id | None = None
    user_id: Reference | None = None
    description: Text | None = None
    metadata: Metadata | None = None
    success_url: Address | None = None
    cancel_url: Address | None = None
    expires_in: Annotated[int, Field(ge=MIN_SECONDS, le=MAX_SECONDS)] = DEFAULT_SECONDS
    save: bool = False
    capture_method: Annotated[Literal["automatic", "manual"] | None, NEW_FIELD] = None


class IssueCustomerToken(Body):
    """POST /v1/customers/{customer_id}/token. expires_in: seconds."""

    expires_in: Annotated[int, Field(ge=60, le=3600)] = 900


class OpenAmountBounds(Body):
    """What a payer may type, and what the page suggests."""

    min: AmountText
    max: AmountText
    suggested: Annotated[list[AmountText], Field(max_length=MAX_SUGGESTED)] = Field(default_factory=list)


class AcceptPartial(Body):
    """A link's amount may be paid in parts; the first payer pays so much at least."""

    first_min: AmountText


class CreateLink(Body):
    """POST /v1/links: a fixed amount, or an open one."""

    name: Text
    amount: AmountText | None = None
    open_amount: OpenAmountBounds | None = None
    currency: CurrencyCode | None = None
    methods: Methods | None = None
    metadata: Metadata | None = None
    ask: Annotated[list[Literal["name", "email", "phone", "reference"]], Field(max_length=len(ASKED))] = Field(default_factory=list)
    accept_partial: Annotated[AcceptPartial | None, NEW_FIELD] = None
    max_payments: Annotated[int, Field(ge=1, le=MAX_PAYMENTS)] | None = None
    expires_at: Moment | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> "CreateLink":
        if (self.amount is None) is (self.open_amount is None):
            raise ValueError("give either amount or open_amount")
        if self.accept_partial is not None and self.amount is None:
            raise ValueError("accept_partial is for a link with an amount")
        return self


class ChangeLink(Body):
    """PATCH /v1/links/{link_id}."""

    name: Text | None = None
    active: bool | None = None


class SessionQuery(Query):
    """The token of a session's page, and what a payment's page adds when it leads back. The latter is not believed."""

    t: Annotated[str, Field(max_length=64)]
    payment_id: Annotated[str, Field(max_length=64)] | None = None


class PrintQuery(Query):
    """A link's page as a sheet of paper."""

    print: Literal["1"] | None = None


class ChooseWay(Body):
    """What a payer chose. customer_token: for the wallet or a stored card. security_code: of a card in the vault; it is never kept."""

    method: Method
    network: Literal["ethereum", "polygon", "bsc"] | None = None
    asset: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,10}$")] | None = None
    token_id: Id | None = None
    security_code: Annotated[SecurityCode | None, NEW_FIELD] = None
    customer_token: CustomerToken | None = None

    @model_validator(mode="after")
    def _code_of_a_card(self) -> "ChooseWay":
        if self.security_code is not None and self.token_id is None:
            raise ValueError("a security_code goes with a token_id")
        return self


class VouchedFor(Body):
    """The shop's word for who is there."""

    customer_token: CustomerToken


class BeginPayment(Body):
    """What a payer typed on a link's page."""

    amount: AmountText | None = None
    reference: Reference | None = None
    name: Said | None = None
    email: Email | None = None
    phone: Phone | None = None
