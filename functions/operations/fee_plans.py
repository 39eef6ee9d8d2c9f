"""What operators charge merchants: the versions of a merchant's plan. A version is added and never changed."""

from collections.abc import Sequence
from typing import Final

from operations import store
from operations.views import FeePlanLine, FeePlans
from paycorex import clock, fee_rates, modes, storage
from paycorex.errors import InvalidRequest, NotFound, TemporarilyUnavailable
from paycorex.fee_rates import NewFeePlan
from paycorex.records.effective import NOTICE_SECONDS
from paycorex.records.fee_plan import MAX_VERSIONS, FeePlan, plans_of
from paycorex.records.merchant import MerchantItem

MAX_TRIES: Final = 4


def page(merchant_id: str) -> FeePlans:
    """Every version of a merchant's plan, the newest first. Raises NotFound."""
    return _view(merchant_id, plans_of(_find(merchant_id).fee_plans))


def add(merchant_id: str, given: NewFeePlan, *, operator: str) -> FeePlans:
    """Add a version; the same as the newest one again adds nothing.

    It begins when every part of the platform knows it, or later, so that each payment is charged by one version at every look. Raises
    NotFound, InvalidRequest, TemporarilyUnavailable.
    """
    for _try in range(MAX_TRIES):
        found = _find(merchant_id)
        plans = plans_of(found.fee_plans)
        if plans and _is_same(plans[-1], given):
            return _view(merchant_id, plans)
        made = _next(plans, given, operator)
        try:
            store.set_fee_plans(found, [plan.stored() for plan in (*plans, made)])
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
        return _view(merchant_id, (*plans, made))
    raise TemporarilyUnavailable


def _find(merchant_id: str) -> MerchantItem:
    found = store.find_merchant(merchant_id)
    if found is None:
        raise NotFound("merchant")
    return found


def _next(plans: Sequence[FeePlan], given: NewFeePlan, operator: str) -> FeePlan:
    if len(plans) == MAX_VERSIONS:
        raise InvalidRequest(f"A merchant's plan has at most {MAX_VERSIONS} versions.")
    now = clock.now_ms()
    earliest = now + NOTICE_SECONDS * 1000
    from_ms = earliest if given.from_ is None else clock.parse_rfc3339(given.from_)
    if from_ms < earliest:
        details = {"field": "from", "earliest": clock.rfc3339(earliest)}
        raise InvalidRequest("A version begins when every part of the platform knows it, or later.", details=details)
    if plans and from_ms <= plans[-1].from_ms:
        details = {"field": "from", "after": clock.rfc3339(plans[-1].from_ms)}
        raise InvalidRequest("A version begins after the one before it.", details=details)
    return FeePlan(len(plans) + 1, from_ms, tuple(rate.rate() for rate in given.rates), given.refunds, now, operator)


def _is_same(plan: FeePlan, given: NewFeePlan) -> bool:
    """True for a request that is sent again; the time counts where one was asked for."""
    is_then = given.from_ is None or clock.parse_rfc3339(given.from_) == plan.from_ms
    return is_then and plan.rates == tuple(rate.rate() for rate in given.rates) and plan.refunds == given.refunds


def _view(merchant_id: str, plans: Sequence[FeePlan]) -> FeePlans:
    lines = [
        FeePlanLine(
            version=plan.version,
            **{"from": clock.rfc3339(plan.from_ms)},
            refunds=plan.refunds,
            rates=[fee_rates.RateView(**fee_rates.rate_fields(rate)) for rate in plan.rates],
            made_at=clock.rfc3339(plan.made_at_ms),
            made_by=plan.made_by,
        )
        for plan in reversed(plans)
    ]
    return FeePlans(merchant_id=merchant_id, mode=modes.of(merchant_id), data=lines)
