"""What a merchant set, and what holds where nothing was set: every setting with its default, in this one place.

What acts by a setting and what shows it ask the same object, so that what is shown is what acts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from paycorex.records.fee_rate import PLATFORM, FeeSchedule
from paycorex.records.risk_rule import DEFAULT_RULES, RiskRule
from paycorex.records.routing_rule import Experiment, RoutingRule

# Where the sandbox's UPI money goes for a merchant that set no address of its own. Never in production.
SANDBOX_PAYEE_VPA: Final = "merchant@sandbox"
# Days after which a provider's report of a payment is due, where the merchant set none: T+2 business days, a weekend and a holiday.
SETTLEMENT_DAYS: Final = 5
# The kinds of dangerous acts of people that may need a second one; and the kind that a change of this choice is.
DANGEROUS_KINDS: Final = ("refunds", "keys", "connectors", "bank_details", "roles", "write_offs")
RULES: Final = "rules"
# Who makes a key or lets in another person alone is two people: so these need two wherever any kind does.
_IMPLIED: Final = (RULES, "keys", "roles")


@dataclass(frozen=True, slots=True, repr=False)
class StoredConnector:
    """A configured connector: its credentials, sealed for the merchant and bound to the connector's name.

    fields: which of them there are; fingerprints: of those that are secret, by field. None of one that was stored before that was noted.
    """

    sealed: str
    fields: tuple[str, ...] | None = None
    fingerprints: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Logo:
    """What is known of a merchant's logo without reading it. digest: SHA-256 of its content, in hex. size: bytes."""

    digest: str
    content_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Brand:
    """How a merchant shows itself to payers. name: None for the payee's. colour: `#rrggbb`."""

    name: str | None = None
    colour: str | None = None
    logo: Logo | None = None


def _brand(stored: Mapping[str, Any]) -> Brand:
    logo = stored.get("logo")
    return Brand(stored.get("name"), stored.get("colour"), None if logo is None else Logo(**{name: logo[name] for name in Logo.__slots__}))


def _stored_connector(stored: Mapping[str, Any]) -> StoredConnector:
    fields, fingerprints = stored.get("fields"), stored.get("fingerprints")
    known = None if fingerprints is None else MappingProxyType(dict(fingerprints))
    return StoredConnector(stored["sealed"], None if fields is None else tuple(fields), known)


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MerchantSettings:
    """Every setting of a merchant, as it acts.

    payee_vpa, payee_name: whom UPI links and pages name; without a name the merchant's own. xpubs: account key by network.
    connector_changes: when each connector's settings were last replaced or removed, in milliseconds since the epoch.
    experiment: the one that runs, whose rules stand in for routing_rules.
    crypto_tolerance_percent: by how much a deposit may fall short and still pay, in percent.
    card_storage: whether card numbers may be kept, None: as the stage has it (`paycorex.card_storage`). i_am_pci_dss_assessed: said with
    it. allow_inr_pan: Indian numbers too.
    fee_bearer: who pays what providers keep, `merchant` or `platform`. fee_schedules: the connectors' price lists.
    account_map: what the merchant's accounting calls accounts, by entity (`clearing`) or entity and source (`clearing:stripe`).
    billing: who the merchant is on the operator's invoices: name, address, tax_id, country (ISO 3166-1, two letters).
    settlement_days: by connector, after how many days a provider's report is due (SETTLEMENT_DAYS for others).
    risk_rules: how often, or for how much, one payer may try; None where the merchant set none (then DEFAULT_RULES act).
    payment_limits: by method, how much one payment moves at most (`paycorex.payment_limits`).
    brand: how payers see the merchant.
    refund_above: from which total of a payment's refunds, in the merchant's currency, one more is a dangerous act; None: none is.
    two_people: which kinds of dangerous acts a second person approves (`paycorex.approvals`).
    ledger_lanes: over how many lanes journals may spread. open_ledger_lanes: how many there are; a reader asks the ledger for it.
    """

    payee_vpa: str | None = None
    payee_name: str | None = None
    merchant_category_code: str | None = None
    xpubs: Mapping[str, str] = field(default_factory=_nothing)
    connectors: Mapping[str, StoredConnector] = field(default_factory=_nothing)
    connector_changes: Mapping[str, int] = field(default_factory=_nothing)
    routing_rules: tuple[RoutingRule, ...] = ()
    experiment: Experiment | None = None
    crypto_tolerance_percent: str = "0.5"
    signature_policy: str = "any"
    card_storage: str | None = None
    i_am_pci_dss_assessed: bool = False
    allow_inr_pan: bool = False
    fee_bearer: str = PLATFORM
    fee_schedules: tuple[FeeSchedule, ...] = ()
    account_map: Mapping[str, str] = field(default_factory=_nothing)
    settlement_days: Mapping[str, int] = field(default_factory=_nothing)
    billing: Mapping[str, str] = field(default_factory=_nothing)
    risk_rules: tuple[RiskRule, ...] | None = None
    payment_limits: Mapping[str, str] = field(default_factory=_nothing)
    brand: Brand = Brand()
    refund_above: str | None = None
    two_people: tuple[str, ...] = ()
    # The most that the ledger opens (paycorex.ledger.MAX_LANES).
    ledger_lanes: int = 64
    open_ledger_lanes: int = 1

    def shown_name(self, name: str) -> str:
        """Whom payers see: the brand, else the payee, else the merchant by this name."""
        return self.brand.name or self.payee_name or name

    @property
    def needing_two_people(self) -> frozenset[str]:
        """The kinds of acts that two people do. Where there are any, two make keys, give roles and change the rule itself."""
        return frozenset({*self.two_people, *_IMPLIED} if self.two_people else ())

    @property
    def acting_risk_rules(self) -> Sequence[RiskRule]:
        """The risk rules that act."""
        return DEFAULT_RULES if self.risk_rules is None else self.risk_rules

    @property
    def used_lanes(self) -> int:
        """Over how many lanes journals spread."""
        return min(self.ledger_lanes, self.open_ledger_lanes)


DEFAULTS: Final = MerchantSettings()


def read(profile: Mapping[str, Any], **columns: Any) -> MerchantSettings:
    """The settings of a stored merchant. profile: the JSON part. columns: those that are attributes of their own; None is not set."""
    given = {**profile, **columns}
    plain = {name: given[name] for name in _PLAIN if given.get(name) is not None}
    return MerchantSettings(
        **plain,
        xpubs=MappingProxyType(dict(given.get("xpubs") or {})),
        connectors=MappingProxyType({name: _stored_connector(each) for name, each in (given.get("connectors") or {}).items()}),
        account_map=MappingProxyType(dict(given.get("account_map") or {})),
        connector_changes=MappingProxyType({name: int(at) for name, at in (given.get("connector_changes") or {}).items()}),
        settlement_days=MappingProxyType({name: int(days) for name, days in (given.get("settlement_days") or {}).items()}),
        billing=MappingProxyType({name: str(text) for name, text in (given.get("billing") or {}).items()}),
        payment_limits=MappingProxyType(dict(given.get("payment_limits") or {})),
        brand=_brand(given.get("brand") or {}),
        refund_above=(given.get("dangerous_acts") or {}).get("refund_above"),
        two_people=tuple((given.get("dangerous_acts") or {}).get("two_people") or ()),
        risk_rules=None if given.get("risk_rules") is None else tuple(RiskRule.parse(each) for each in given["risk_rules"]),
        routing_rules=_rules(given.get("routing_rules") or ()),
        fee_schedules=tuple(FeeSchedule.parse(each) for each in given.get("fee_schedules") or ()),
        experiment=Experiment.parse(given["experiment"]) if given.get("experiment") else None,
    )


_PLAIN: Final = (
    *("payee_vpa", "payee_name", "merchant_category_code", "crypto_tolerance_percent", "signature_policy"),
    *("ledger_lanes", "open_ledger_lanes", "card_storage", "i_am_pci_dss_assessed", "allow_inr_pan", "fee_bearer"),
)


def _rules(stored: Sequence[Mapping[str, Any]]) -> tuple[RoutingRule, ...]:
    return tuple(RoutingRule.parse(rule) for rule in stored)
