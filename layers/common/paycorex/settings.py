"""Settings of a Lambda, read once from its environment. Nothing else reads `os.environ`.

A dataclass and not a Pydantic model: the authorizer needs its settings and nothing else of Pydantic, which is a sixth of its cold start.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

from paycorex.variables import bounded, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the template passes in. Names are the environment's in lower case."""

    stage: Literal["local", "staging", "prod"] = "prod"
    # Set by Lambda itself: who an audit row names.
    aws_lambda_function_name: str = "local"
    # The same: on-demand, or what makes environments before there are requests for them (provisioned-concurrency, snap-start).
    aws_lambda_initialization_type: str = "on-demand"
    table_prefix: str = ""
    # What the names of the stack's alarms begin with.
    stack_name: str = ""
    # Which client functions ask AWS with: the one of `paycorex.aws_client`, or botocore's.
    aws_client: Literal["lean", "botocore"] = "lean"
    sealing_key_id: str = ""
    vault_key_id: str = ""
    proof_key_id: str = ""
    webhook_queue_url: str = ""
    # For endpoints that are failing, so that their deliveries do not delay others; empty: the one queue serves all.
    webhook_slow_queue_url: str = ""
    # Deliveries out of retries, on their way to being marked; then they rest in the dead letter queue.
    webhook_exhausted_queue_url: str = ""
    webhook_dead_letter_queue_url: str = ""
    # What no stream or schedule could bring to its function.
    lost_records_queue_url: str = ""
    # Where DynamoDB exports which tables to, for the loss of a region; without a bucket nothing is exported.
    export_bucket: str = ""
    export_prefix: str = ""
    export_tables: str = ""
    export_hours: int = bounded(24, low=1, high=24)
    # The published versions that a release is tried with.
    version_authorizer: str = ""
    version_payments: str = ""
    version_wallet: str = ""
    version_dashboard: str = ""
    # From which address invitations are sent by SES; empty: the inviter hands the link over.
    mail_from: str = ""
    # Where browsers reach the console, when it is not the address of the request.
    console_base_url: str = ""
    # Whether the console offers to sign in with an API key beside passkeys; auto: outside production.
    console_key_sign_in: Literal["auto", "show", "hide"] = "auto"
    # How operators come in: by passkeys on their own page, or by AWS IAM alone.
    operator_sign_in: Literal["passkeys", "iam"] = "passkeys"
    registration_mode: Literal["open", "closed"] = "closed"
    # Per source address.
    registrations_per_minute: int = bounded(30, low=1)
    # Of a merchant that has no limit of its own; 0: none.
    requests_per_second: int = bounded(100, low=0)
    # How much one payment in rupees moves at most, where its merchant set nothing; 0: no limit. UPI has one of its own.
    payment_limit_rupees: int = bounded(1_000_000, low=0, high=999_999_999_999)
    upi_payment_limit_rupees: int = bounded(100_000, low=0, high=999_999_999_999)
    # For how long few changes of the ledger wait for others, to be sealed together.
    seal_window_seconds: int = bounded(0, low=0, high=1800)
    # Whether the webhooks' workers write their counts as CloudWatch metrics, which are charged by name.
    worker_metrics: bool = False
    # For how many days events and their deliveries are kept; 0: without end. Always longer than a delivery can take.
    event_retention_days: int = bounded(0, low=0)
    webhook_max_retries: int = bounded(3, low=0, high=12)
    webhook_backoff_unit_seconds: float = bounded(60.0, above=0, high=3600)
    allow_loopback_webhooks: bool = False
    public_base_url: str = ""
    # What the stack's own distribution of pages (CloudFront) says with each request; empty where there is none. No credential:
    # who knew it could only claim another address to be counted by.
    pages_origin_mark: str = ""
    # A live merchant has no use for simulated money, except to try the deployment out.
    allow_sandbox_connector: bool = False
    # On a laptop minutes take the place of the sandbox's days, unless its clock is moved by days.
    whole_sandbox_days: bool = False
    stripe_base_url: str = "https://api.stripe.com"
    stripe_files_base_url: str = "https://files.stripe.com"
    # Where merchants put the files of their evidence.
    evidence_bucket: str = ""
    # Where they put reports of settlements and statements of their bank.
    reports_bucket: str = ""
    # Who sells: what the operator's invoices say. The tax number of India is a GSTIN; the country has two letters (ISO 3166-1).
    seller_name: str = ""
    seller_address: str = ""
    seller_tax_id: str = ""
    seller_country: str = ""
    razorpay_base_url: str = "https://api.razorpay.com"
    # Where requests to the processors of the library go instead, with the processor's host first in the path; empty: to the processors.
    prism_base_url: str = ""
    # What the names of the stack's secret parameters begin with (`paycorex.parameters`).
    parameter_prefix: str = "/paycorex/local/"
    # The networks that are followed. Addresses of their nodes may hold keys, so they are secret parameters.
    watch_ethereum: bool = False
    watch_polygon: bool = False
    watch_bsc: bool = False
    # Where crypto prices come from; the fixed table is for trying things out, and refused in prod.
    price_source: Literal["chainlink", "fixed"] = "chainlink"

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """Settings from texts by their names here; other names are left out. Raises ValueError for what a setting cannot be."""
        return cls(**{field.name: read(field, texts[field.name]) for field in fields(cls) if field.name in texts})

    @classmethod
    def names(cls) -> frozenset[str]:
        """The names of all settings."""
        return frozenset(field.name for field in fields(cls))

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """A copy with other values."""
        return replace(self, **update)

    @property
    def is_initialized_ahead(self) -> bool:
        """Whether no request waits for this environment's init."""
        return self.aws_lambda_initialization_type != "on-demand"

    @property
    def offers_key_sign_in(self) -> bool:
        """Whether the console offers to sign in with an API key, beside passkeys."""
        return self.console_key_sign_in == "show" or (self.console_key_sign_in == "auto" and self.stage != "prod")

    @property
    def has_operators_page(self) -> bool:
        """Whether operators may sign in with passkeys; otherwise AWS IAM alone lets them in."""
        return self.operator_sign_in == "passkeys"

    @property
    def has_short_sandbox_days(self) -> bool:
        """Whether minutes take the place of the sandbox's days: no one on a laptop waits two days for a payout."""
        return self.stage == "local" and not self.whole_sandbox_days

    def watch(self, network: str) -> bool:
        """Whether a network is followed."""
        return bool(getattr(self, f"watch_{network}"))

    def table(self, noun: str) -> str:
        """The physical name of a table."""
        return self.table_prefix + noun


_current: list[Settings] = []


def current() -> Settings:
    """This process's settings."""
    if not _current:
        _current.append(Settings.parse({name.lower(): text for name, text in os.environ.items()}))
    return _current[0]


def aws_environment() -> Mapping[str, str]:
    """The variables as they are now: those of AWS's own (credentials, region, endpoints) change while a process runs."""
    return os.environ


def use(settings: Settings | None) -> None:
    """Replace the settings (None: read the environment again at the next use)."""
    _current.clear()
    if settings is not None:
        _current.append(settings)
