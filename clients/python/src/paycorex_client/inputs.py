"""The contract's objects that stand inside a request. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Required, TypedDict

from paycorex_client.values import Amount, Moment


class AcceptPartial(TypedDict, total=False):
    """A link's amount may be paid in parts; the first payer pays so much at least."""

    first_min: Required[Amount]


class AnnouncedFile(TypedDict, total=False):
    """A file that will be uploaded by the link that the answer gives."""

    content_type: Required[Literal["application/pdf", "image/jpeg", "image/png"]]
    kind: Required[
        Literal[
            "receipt",
            "shipping_proof",
            "service_proof",
            "customer_communication",
            "customer_signature",
            "explanation_letter",
            "access_log",
            "refund_policy",
            "refund_proof",
            "cancellation_policy",
            "cancellation_proof",
            "duplicate_proof",
            "other",
        ]
    ]
    name: Required[str]
    size: Required[int]


class Billing(TypedDict, total=False):
    """Who a merchant is on the operator's invoices. `tax_id` of India is a GSTIN, whose check digit is checked."""

    address: NotRequired[str | None]
    country: NotRequired[str | None]
    name: NotRequired[str | None]
    tax_id: NotRequired[str | None]


class Brand(TypedDict, total=False):
    """How payers see the merchant; only what is given changes, and null removes it. `name`: on pages, receipts and links,
    in place of
    `payee_name`. `colour`: `#rrggbb` of buttons; what is written on it or in it is darkened or lightened until it can
    be read (WCAG 2.2,
    AA). `logo`: a PNG or JPEG in base64, of at most 32 KiB and 512 pixels wide and high.
    """

    colour: NotRequired[str | None]
    logo: NotRequired[str | None]
    name: NotRequired[str | None]


type Connectors = Mapping[str, Any]


class DangerousActs(TypedDict, total=False):
    """What people of the merchant do with a passkey that was just used, and with a second person where `two_people` names
    it.

    Where `two_people` names any kind, keys, roles and this rule itself need two people as well. `write_offs`: of the
    reconciliation.
    `refund_above`: in the merchant's currency; a refund that brings a payment's refunds, those under way too, above it
    is
    dangerous. Null: no refund is.
    """

    refund_above: NotRequired[Amount | None]
    two_people: NotRequired[Sequence[Literal["refunds", "keys", "connectors", "bank_details", "roles", "write_offs"]]]


class OneTimeToken(TypedDict, total=False):
    """What pays this payment only, from the payer's device or browser. Passed on in one call; never stored."""

    connector: NotRequired[str | None]
    last4: NotRequired[str | None]
    network: NotRequired[str | None]
    payload: Required[str]
    type: Required[Literal["apple_pay", "google_pay", "processor_token"]]


class OpenAmountBounds(TypedDict, total=False):
    """What a payer may type, and what the page suggests."""

    max: Required[Amount]
    min: Required[Amount]
    suggested: NotRequired[Sequence[Amount]]


class PayerDetails(TypedDict, total=False):
    """Who pays, for the processors that want to know. Passed on in one call; never stored. country: ISO 3166-1 alpha-2."""

    accept_header: NotRequired[str | None]
    city: NotRequired[str | None]
    color_depth: NotRequired[int | None]
    country: NotRequired[str | None]
    email: NotRequired[str | None]
    ip_address: NotRequired[str | None]
    java_enabled: NotRequired[bool | None]
    language: NotRequired[str | None]
    line1: NotRequired[str | None]
    line2: NotRequired[str | None]
    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    postal_code: NotRequired[str | None]
    screen_height: NotRequired[int | None]
    screen_width: NotRequired[int | None]
    state: NotRequired[str | None]
    time_zone_offset_minutes: NotRequired[int | None]
    user_agent: NotRequired[str | None]


class RazorpaySettings(TypedDict, total=False):
    """Razorpay's. Without webhook_secret no callback is believed. email, contact: for cards, whose payers it wants to
    know.
    """

    contact: NotRequired[str | None]
    email: NotRequired[str | None]
    key_id: Required[str]
    key_secret: Required[str]
    webhook_secret: NotRequired[str | None]


class RiskRule(TypedDict, total=False):
    """One rule. `by`: payments with the same value of it are counted together. One of `max_payments` and `max_amount`."""

    by: Required[Literal["ip", "card", "bin", "customer", "email"]]
    max_amount: NotRequired[Amount | None]
    max_payments: NotRequired[int | None]
    rule_id: Required[str]
    then: NotRequired[Literal["block", "review", "require_3ds"]]
    window_seconds: Required[int]


class RoutingRule(TypedDict, total=False):
    """One rule; the first that matches decides.

    `use`: connectors with their weights, or `best`: those of `among`, the one first that succeeded most often for
    payments of the same
    method, currency and brand. `min_samples`: with fewer known outcomes a connector is not judged; `explore_percent`:
    the share of payments
    that may go to another one.
    """

    among: NotRequired[Sequence[RuleTarget] | None]
    explore_percent: NotRequired[int | None]
    min_samples: NotRequired[int | None]
    use: Required[Sequence[RuleTarget] | Literal["best"]]
    when: NotRequired[RuleMatch]


class RuleMatch(TypedDict, total=False):
    """When a routing rule applies; every given field must match. `brand`: any brand that the card may have."""

    brand: NotRequired[str | None]
    currency: NotRequired[str | None]
    max_amount: NotRequired[Amount | None]
    method: NotRequired[Literal["tokenized", "upi_intent"] | None]
    min_amount: NotRequired[Amount | None]


class RuleTarget(TypedDict, total=False):
    """A connector and its share among those of the rule; 0 is for failover only."""

    connector: Required[str]
    weight: NotRequired[int]


class SandboxSettings(TypedDict, total=False):
    """The sandbox's, and its backup's. failure_percent: of its calls."""

    failure_percent: NotRequired[str | None]
    webhook_secret: NotRequired[str | None]


Schedule = TypedDict(
    "Schedule",
    {
        "brand": "NotRequired[str | None]",
        "cap": "NotRequired[Amount | None]",
        "connector": "Required[str]",
        "currency": "NotRequired[str | None]",
        "fixed": "NotRequired[Amount | None]",
        "from": "NotRequired[Moment | None]",
        "method": "NotRequired[Literal['wallet', 'tokenized', 'upi_intent', 'crypto'] | None]",
        "minimum": "NotRequired[Amount | None]",
        "percent": "NotRequired[Amount]",
        "rounding": "NotRequired[Literal['half_up', 'up']]",
        "tax_percent": "NotRequired[Amount]",
    },
    total=False,
)


class StripeSettings(TypedDict, total=False):
    """Stripe's. Without webhook_secret no callback is believed. card_features: of holds, which Stripe has enabled for the
    account.
    publishable_key: for Stripe's card fields in a payer's browser.
    """

    card_features: NotRequired[str | None]
    publishable_key: NotRequired[str | None]
    secret_key: Required[str]
    webhook_secret: NotRequired[str | None]
