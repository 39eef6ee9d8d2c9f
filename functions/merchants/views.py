"""The answers about merchants; those about their keys are in `key_views`."""

from collections.abc import Sequence
from typing import Any, Literal

from merchants.connector_settings import is_name
from merchants.money_under_way import UnderWay
from paycorex import card_storage, clock, fee_rates, modes
from paycorex.contract import View
from paycorex.fee_rates import FeeScheduleView
from paycorex.modes import Mode
from paycorex.records.effective import effective_at
from paycorex.records.merchant import MerchantItem
from paycorex.records.merchant_settings import Brand
from paycorex.records.routing_experiment import ExperimentItem, ExperimentView, fields


class ExperimentList(View):
    """Some experiments of a merchant, newest first."""

    data: list[ExperimentView]
    next_cursor: str | None


class ConnectorView(View):
    """A configured connector, without its credentials."""

    configured: bool


class UnderWayView(View):
    """Money at a connector that was removed: nothing asks it for their outcome until it is configured again.

    payments, refunds: how many of the newest ones, made since `looked_back_to`; null when all were looked at.
    """

    connector: str
    payments: int
    refunds: int
    looked_back_to: str | None


class LogoView(View):
    """What is known of the logo; `GET /v1/merchants/me/logo` is the picture itself. sha256: of its content, in hex. size: bytes."""

    content_type: Literal["image/png", "image/jpeg"]
    width: int
    height: int
    size: int
    sha256: str


class BrandView(View):
    """How payers see the merchant. Null: not set."""

    name: str | None
    colour: str | None
    logo: LogoView | None


class RiskRuleView(View):
    """A risk rule: payments with the same value of `by` are counted together. One of `max_payments` and `max_amount` is null."""

    rule_id: str
    by: str
    max_payments: int | None
    max_amount: str | None
    window_seconds: int
    then: str


class DangerousActsView(View):
    """Which refunds are dangerous acts, and for which kinds of acts of people a second person is needed."""

    refund_above: str | None
    two_people: list[str]


class MerchantView(View):
    """The merchant's profile and settings, each as it acts: the default where nothing was set.

    settings_effective_at: from when every part of the platform acts by these settings; until then a part may act by those before. Null when
    they never changed. ledger_lanes: at most so many lanes; open_ledger_lanes: how many there are, which grow while payments wait for each
    other. ledger_lanes_effective_at: always null, because more lanes need no notice.
    money_under_way: after the removal of a connector, what it still held; on every other answer empty.
    """

    merchant_id: str
    mode: Mode
    # The merchant of the other mode: the test merchant beside a live one, and the live one of that.
    test_merchant_id: str | None
    live_merchant_id: str | None
    name: str
    email: str
    currency: str
    status: str
    created_at: str
    payee_vpa: str | None
    payee_name: str | None
    merchant_category_code: str | None
    xpubs: dict[str, str]
    connectors: dict[str, ConnectorView]
    routing_rules: list[dict[str, Any]]
    signature_policy: str
    ledger_lanes: int
    open_ledger_lanes: int
    requests_per_second: int
    ledger_lanes_effective_at: str | None
    crypto_tolerance_percent: str
    card_storage: str
    i_am_pci_dss_assessed: bool
    allow_inr_pan: bool
    # What the merchant's accounting calls accounts of the ledger, by entity or by entity and source.
    account_map: dict[str, str]
    # Who pays what providers keep: platform or merchant. Of a payment that is decided when it is first captured.
    fee_bearer: str
    # The price lists of connectors, as they were given; `from` is when a line begins to hold.
    fee_schedules: list[FeeScheduleView]
    # By connector: after how many days a provider's report of a payment is due. Five for one that is not named.
    settlement_days: dict[str, int]
    # Who the merchant is on the operator's invoices: name, address, tax_id, country.
    billing: dict[str, str]
    # How often, or for how much, one payer may try to pay; the default until the merchant set some.
    risk_rules: list[RiskRuleView]
    # By method: how much one payment moves at most, in the merchant's currency. A method without a limit is absent.
    payment_limits: dict[str, str]
    # How payers see the merchant.
    brand: BrandView
    # What people do with a fresh passkey, and with a second person.
    dangerous_acts: DangerousActsView
    settings_effective_at: str | None
    money_under_way: list[UnderWayView]


def merchant(item: MerchantItem, under_way: Sequence[UnderWay] = ()) -> MerchantView:
    """The profile; secrets of connectors stay sealed."""
    settings = item.settings
    return MerchantView(
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        name=item.name,
        email=item.email,
        test_merchant_id=item.test_merchant_id,
        live_merchant_id=item.live_merchant_id,
        currency=item.currency,
        status=item.status,
        created_at=clock.rfc3339(int(item.created_at)),
        payee_vpa=settings.payee_vpa,
        payee_name=settings.payee_name,
        merchant_category_code=settings.merchant_category_code,
        xpubs=dict(settings.xpubs),
        connectors={name: ConnectorView(configured=True) for name in settings.connectors if is_name(name)},
        routing_rules=[rule.shown() for rule in settings.routing_rules],
        signature_policy=settings.signature_policy,
        ledger_lanes=settings.ledger_lanes,
        open_ledger_lanes=settings.open_ledger_lanes,
        requests_per_second=item.request_limit,
        ledger_lanes_effective_at=None,
        crypto_tolerance_percent=settings.crypto_tolerance_percent,
        card_storage=card_storage.acting(settings),
        i_am_pci_dss_assessed=settings.i_am_pci_dss_assessed,
        allow_inr_pan=settings.allow_inr_pan,
        account_map=dict(settings.account_map),
        fee_bearer=settings.fee_bearer,
        settlement_days=dict(settings.settlement_days),
        billing=dict(settings.billing),
        risk_rules=[RiskRuleView(**rule.stored()) for rule in settings.acting_risk_rules],
        payment_limits=item.payment_limits,
        brand=_brand(settings.brand),
        dangerous_acts=DangerousActsView(refund_above=settings.refund_above, two_people=list(settings.two_people)),
        fee_schedules=[fee_rates.schedule_view(each) for each in settings.fee_schedules],
        settings_effective_at=effective_at(item.settings_changed_at),
        money_under_way=[_under_way(each) for each in under_way],
    )


def _brand(brand: Brand) -> BrandView:
    logo = brand.logo
    shown = None
    if logo is not None:
        kind: Any = logo.content_type
        shown = LogoView(content_type=kind, width=logo.width, height=logo.height, size=logo.size, sha256=logo.digest)
    return BrandView(name=brand.name, colour=brand.colour, logo=shown)


def _under_way(money: UnderWay) -> UnderWayView:
    back_to = None if money.looked_back_to is None else clock.rfc3339(money.looked_back_to)
    return UnderWayView(connector=money.connector, payments=money.payments, refunds=money.refunds, looked_back_to=back_to)


def experiment(item: ExperimentItem) -> ExperimentView:
    """The contract object of an experiment."""
    return ExperimentView(**fields(item))


def experiment_list(items: Sequence[ExperimentItem], next_cursor: str | None) -> ExperimentList:
    """A page of experiments."""
    return ExperimentList(data=[experiment(item) for item in items], next_cursor=next_cursor)
