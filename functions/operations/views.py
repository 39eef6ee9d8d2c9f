"""The answers for operators. They contain no key, secret or connector credential."""

from pydantic import ConfigDict, Field

from paycorex.contract import View
from paycorex.fee_rates import RateView
from paycorex.modes import Mode


class MerchantLine(View):
    """A merchant. status_effective_at: from when its status takes effect everywhere; null when it was never suspended.

    ledger_lanes: the most ledger lanes it may have; open_ledger_lanes: how many it has.
    """

    merchant_id: str
    mode: Mode
    name: str
    email: str
    currency: str
    status: str
    status_effective_at: str | None
    ledger_lanes: int
    open_ledger_lanes: int
    created_at: str


class MerchantList(View):
    """Some merchants, and the cursor of those that follow."""

    data: list[MerchantLine]
    next_cursor: str | None


class MerchantDetail(MerchantLine):
    """A merchant with its settings as they act, without credentials. connectors, networks: names alone."""

    requests_per_second: int
    signature_policy: str
    card_storage: str | None
    payment_limits: dict[str, str]
    payee_vpa: str | None
    connectors: list[str]
    networks: list[str]
    routing_rules: int
    fee_plan_versions: int
    settings_effective_at: str | None


class MerchantRate(View):
    """How many requests a second a merchant may make from now on."""

    merchant_id: str
    requests_per_second: int


class FeePlanLine(View):
    """A version of what the operator charges a merchant: for payments made from `from` on, until the next version begins.

    refunds: keep or return. made_by: the operator's IAM identity, or the one that a command was given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, validate_by_alias=True)

    version: int
    from_: str = Field(alias="from")
    refunds: str
    rates: list[RateView]
    made_at: str
    made_by: str


class FeePlans(View):
    """Every version of a merchant's plan, the newest first."""

    merchant_id: str
    mode: Mode
    data: list[FeePlanLine]


class ReopenedPeriod(View):
    """A closed month that is open again. version: the closing that was ended. reopened_by: the operator's IAM identity."""

    merchant_id: str
    mode: Mode
    month: str
    version: int
    reopened_at: str
    reopened_by: str
    reason: str


class MerchantPage(View):
    """One page of merchants, and the id after which to continue."""

    data: list[MerchantLine]
    next_after: str | None


class StuckPayment(View):
    """A payment that is overdue. problem: why it cannot be ended, where that is known."""

    payment_id: str
    merchant_id: str
    mode: Mode
    status: str
    method: str
    amount: str
    currency: str
    created_at: str
    due_at: str
    problem: str | None


class StuckPayments(View):
    """Stuck payments, longest overdue first."""

    data: list[StuckPayment]


class AsideLine(View):
    """An item that a loop could not process. `error`: its class; `problem`: its masked text; `next_try_at`: when it is tried again."""

    loop: str
    item_id: str
    merchant_id: str | None
    mode: Mode | None
    error: str
    problem: str | None
    first_at: str
    last_at: str
    tries: int
    next_try_at: str


class AsidePage(View):
    """One page of items that were set aside, and the value of `after` for the next page."""

    data: list[AsideLine]
    next_after: str | None


class AsideList(View):
    """Some items that were set aside, and the cursor of those that follow."""

    data: list[AsideLine]
    next_cursor: str | None


class ResolvedAside(View):
    """An item that is in the list no longer."""

    loop: str
    item_id: str
    resolved: bool


class StuckList(View):
    """Overdue payments, the longest overdue first. One page has all that are looked at: next_cursor is null."""

    data: list[StuckPayment]
    next_cursor: str | None


class QueueDepth(View):
    """About how many messages a queue holds."""

    queue: str
    waiting: int
    in_flight: int


class Queues(View):
    """Every queue of the stack; messages in `webhooks_dead` and `lost_records` wait for an operator."""

    data: list[QueueDepth]
