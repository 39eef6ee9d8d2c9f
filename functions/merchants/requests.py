"""What clients send to the merchants' routes."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from merchants.connector_settings import Connectors
from merchants.danger_requests import DangerousActs
from merchants.keys import MAX_OVERLAP_SECONDS
from merchants.request_fields import (
    MAX_MAPPED_ACCOUNTS,
    MAX_URL_CHARACTERS,
    AccountCode,
    ArmRules,
    BookableCurrency,
    BrandName,
    Colour,
    Duration,
    Email,
    Logo,
    MappedAccount,
    Moment,
    Network,
    PayeeName,
    PaymentLimits,
    Percent,
    Scope,
    SettlementDays,
    Xpub,
)
from paycorex import vpa
from paycorex.contract import NEW_FIELD, Body
from paycorex.credentials import ALL_SCOPES
from paycorex.fee_rates import FeeSchedules
from paycorex.ledger import MAX_LANES
from paycorex.modes import Mode
from paycorex.risk_rules import RiskRules
from paycorex.routing_rules import Rules
from paycorex.text import Text


class Register(Body):
    """POST /v1/merchants/register. `mode`: null for live in production, and for test elsewhere."""

    name: Text
    email: Email
    currency: BookableCurrency = "INR"
    webhook_url: Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL_CHARACTERS)] | None = None
    mode: Annotated[Mode | None, NEW_FIELD] = None


class Rotate(Body):
    """POST /v1/merchants/apikey."""

    overlap_seconds: Annotated[int, Field(ge=0, le=MAX_OVERLAP_SECONDS)] = 86_400
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(ALL_SCOPES))] | None = None
    expires_at: Moment | None = None


class NewExperiment(Body):
    """POST /v1/routing/experiments: routing rules side by side. `share`: percent of the payments that go by `b`; the others go by `a`."""

    a: ArmRules
    b: ArmRules
    share: Annotated[int, Field(ge=1, le=99)]


class Billing(Body):
    """Who a merchant is on the operator's invoices. `tax_id` of India is a GSTIN, whose check digit is checked."""

    name: Annotated[Text, Field(max_length=100)] | None = None
    address: Annotated[Text, Field(max_length=300)] | None = None
    tax_id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9 ./-]{2,29}$")] | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None

    @model_validator(mode="after")
    def _is_taxable(self) -> Self:
        if self.country == "IN" and self.tax_id is not None:
            # A check that few requests need.
            from stdnum.in_ import gstin  # noqa: PLC0415

            if not gstin.is_valid(self.tax_id):
                raise ValueError("tax_id is no GSTIN")
        return self


class Brand(Body):
    """How payers see the merchant; only what is given changes, and null removes it. `name`: on pages, receipts and links, in place of
    `payee_name`. `colour`: `#rrggbb` of buttons; what is written on it or in it is darkened or lightened until it can be read (WCAG 2.2,
    AA). `logo`: a PNG or JPEG in base64, of at most 32 KiB and 512 pixels wide and high.
    """

    name: BrandName | None = None
    colour: Colour | None = None
    logo: Logo | None = None


class Settings(Body):
    """PATCH /v1/merchants/me: only what is given changes. Null goes back to the default; a connector or xpub of null is removed.

    `fee_bearer`: who pays what providers keep, for payments that are captured from then on. `fee_schedules`: the price lists of connectors,
    all of them together. `ledger_lanes`: the most lanes that the ledger may open while payments wait for each other. Fewer than are open
    act within 75 seconds. `billing`: what is given replaces all of it. `payment_limits`: by method, how much one payment moves at most,
    in the merchant's currency. `brand`: how payers see the merchant.
    `risk_rules`: all of them together; an empty list is no rule, null the default against card testing.
    """

    name: Text | None = None
    payee_vpa: Annotated[str, AfterValidator(vpa.normalised)] | None = None
    payee_name: PayeeName | None = None
    merchant_category_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    xpubs: dict[Network, Xpub | None] | None = None
    connectors: Connectors | None = None
    routing_rules: Rules | None = None
    signature_policy: Literal["any", "v2_only"] | None = None
    ledger_lanes: Annotated[int, Field(ge=1, le=MAX_LANES)] | None = None
    crypto_tolerance_percent: Percent | None = None
    card_storage: Annotated[Literal["provider_only", "vault"] | None, NEW_FIELD] = None
    i_am_pci_dss_assessed: Annotated[bool | None, NEW_FIELD] = None
    allow_inr_pan: Annotated[bool | None, NEW_FIELD] = None
    account_map: Annotated[dict[MappedAccount, AccountCode | None] | None, Field(max_length=MAX_MAPPED_ACCOUNTS), NEW_FIELD] = None
    fee_bearer: Annotated[Literal["platform", "merchant"] | None, NEW_FIELD] = None
    fee_schedules: Annotated[FeeSchedules | None, NEW_FIELD] = None
    settlement_days: Annotated[SettlementDays | None, NEW_FIELD] = None
    billing: Annotated[Billing | None, NEW_FIELD] = None
    payment_limits: Annotated[PaymentLimits | None, NEW_FIELD] = None
    brand: Annotated[Brand | None, NEW_FIELD] = None
    risk_rules: Annotated[RiskRules | None, NEW_FIELD] = None
    dangerous_acts: Annotated[DangerousActs | None, NEW_FIELD] = None

    @property
    def removed_connectors(self) -> list[str]:
        """The connectors that the request gives as null."""
        given = self.connectors
        return [] if given is None else sorted(name for name in given.model_fields_set if getattr(given, name) is None)


class AdvanceClock(Body):
    """How much time is let pass for what waits of the merchant: an ISO 8601 duration, such as `P7D` or `PT36H`."""

    advance: Duration
