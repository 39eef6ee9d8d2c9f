"""The `merchants` table as it is stored."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.records import merchant_settings
from paycorex.records.merchant_settings import DEFAULTS, MerchantSettings
from paycorex.settings import current as deployment
from paycorex.storage import Item


class MerchantItem(Item):
    """A merchant's account and settings. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "merchants"

    merchant_id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    # When it was last suspended or resumed, and when settings last changed: each acts everywhere NOTICE_SECONDS later.
    status_changed_at = NumberAttribute(null=True)
    settings_changed_at = NumberAttribute(null=True)
    created_at = NumberAttribute()
    version = NumberAttribute()
    # 128 random bits in hex: makes list cursors tamper-evident. Opens nothing by itself.
    cursor_key = UnicodeAttribute()
    signature_policy = UnicodeAttribute(default=DEFAULTS.signature_policy)
    # How many lanes writers may use; none: the default. (The release before has `ledger_lanes`, over how many they spread.)
    ledger_lanes = NumberAttribute(attr_name="ledger_lanes_at_most", null=True)
    # How many there are, which the ledger raises (paycorex.ledger.lane_counts): entries stay where they are, so reads go over all of them.
    open_ledger_lanes = NumberAttribute(attr_name="ledger_lanes_ever", default=DEFAULTS.open_ledger_lanes)
    # Set by operators; none: the deployment's.
    requests_per_second = NumberAttribute(null=True)
    # Every version of what the operator charges (paycorex.records.fee_plan), set by operators; absent where nothing is charged.
    fee_plans = JSONAttribute(null=True)
    # Everything else that PATCH /v1/merchants/me sets, as JSON. Read it by `settings`.
    profile = JSONAttribute(default=dict)
    request_hash = UnicodeAttribute(null=True)
    # Of a live merchant, the test merchant beside it; of that one, the live one.
    test_merchant_id = UnicodeAttribute(null=True)
    live_merchant_id = UnicodeAttribute(null=True)

    @property
    def request_limit(self) -> int:
        """How many requests a second the merchant may make: what an operator set, else the deployment's."""
        return int(self.requests_per_second or deployment().requests_per_second)

    @property
    def payment_limits(self) -> dict[str, str]:
        """How much one payment moves at most, by method, in the merchant's currency: what the merchant set, else for rupees the operator's.

        Of the profile itself and not of `settings`, because the authorizer reads nothing else of those for a request signed by v2.
        """
        chosen: dict[str, str] = dict(self.profile).get("payment_limits") or {}
        return {**(_operators_limits() if self.currency == _LIMITED_CURRENCY else {}), **chosen}

    @property
    def used_lanes(self) -> int:
        """As `settings` has it, for the authorizer, which needs no other setting of a request signed by v2."""
        return min(int(self.ledger_lanes or DEFAULTS.ledger_lanes), int(self.open_ledger_lanes or DEFAULTS.open_ledger_lanes))

    @property
    def settings(self) -> MerchantSettings:
        """The settings as they act, with the default where nothing was set."""
        lanes = {name: getattr(self, name) for name in _LANES}
        numbers = {name: None if value is None else int(value) for name, value in lanes.items()}
        return merchant_settings.read(dict(self.profile), signature_policy=self.signature_policy, **numbers)


def _operators_limits() -> dict[str, str]:
    rupees = {method: deployment().payment_limit_rupees for method in PAYMENT_METHODS} | {
        "upi_intent": deployment().upi_payment_limit_rupees
    }
    return {method: f"{limit}.00" for method, limit in rupees.items() if limit}


PAYMENT_METHODS = ("crypto", "tokenized", "upi_intent", "wallet")
_LIMITED_CURRENCY = "INR"
_LANES = ("ledger_lanes", "open_ledger_lanes")
