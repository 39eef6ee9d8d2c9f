"""Routes about merchants: find, look at, suspend, resume, limit, charge, and open a closed month again."""

from typing import Any, Final

from operations import closed_periods, fee_plans, merchants
from operations.closed_periods import Reopen
from operations.routes.requests import Because, MerchantSearch, NewPlan, NewRate
from operations.views import FeePlans, MerchantDetail, MerchantLine, MerchantList, MerchantRate, ReopenedPeriod
from paycorex.credentials.operators import scope_of
from paycorex.fee_rates import NewFeePlan
from paycorex.http import Answer, App, Call

_ALL: Final = "/operator/v1/merchants"
_ONE: Final = f"{_ALL}/{{merchant_id}}"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("GET", _ALL, scope=scope_of("GET", _ALL), query=MerchantSearch, answer=MerchantList)(operator_list_merchants)
    app.route("GET", _ONE, scope=scope_of("GET", _ONE), answer=MerchantDetail)(operator_show_merchant)
    for name, function in (("suspend", operator_suspend), ("resume", operator_resume)):
        path = f"{_ONE}/{name}"
        scope = scope_of("POST", path)
        app.route("POST", path, scope=scope, body=Because, answer=MerchantLine, self_idempotent=True, before=_line_before)(function)
    rate, plans, month = f"{_ONE}/rate", f"{_ONE}/fee_plans", f"{_ONE}/periods/{{month}}/reopen"
    scope = scope_of("POST", rate)
    app.route("POST", rate, scope=scope, body=NewRate, answer=MerchantRate, self_idempotent=True, before=_rate_before)(operator_set_rate)
    app.route("GET", plans, scope=scope_of("GET", plans), answer=FeePlans)(operator_show_fee_plans)
    scope = scope_of("POST", plans)
    app.route("POST", plans, scope=scope, body=NewPlan, answer=FeePlans, status=201, self_idempotent=True, before=_plans_before)(
        operator_add_fee_plan
    )
    scope = scope_of("POST", month)
    app.route("POST", month, scope=scope, body=Reopen, answer=ReopenedPeriod, self_idempotent=True)(operator_reopen_period)


def _line_before(call: Call[Any, Any]) -> MerchantLine:
    return merchants.line(call.path["merchant_id"])


def _rate_before(call: Call[Any, Any]) -> MerchantRate:
    return merchants.rate(call.path["merchant_id"])


def _plans_before(call: Call[Any, Any]) -> FeePlans:
    return fee_plans.page(call.path["merchant_id"])


def operator_list_merchants(call: Call[None, MerchantSearch]) -> Answer:
    """Merchants, in no particular order: all, or those whose name, e-mail address or id has a text in it."""
    query = call.query
    found, more = merchants.search(query.search, query.status, query.limit, call.position("operator_merchants"))
    return Answer(200, MerchantList(data=found, next_cursor=call.next_cursor("operator_merchants", more)))


def operator_show_merchant(call: Call[None, None]) -> Answer:
    """One merchant with its settings, without credentials."""
    return Answer(200, merchants.detail(call.path["merchant_id"]))


def operator_suspend(call: Call[Because, None]) -> Answer:
    """Refuse all requests of a merchant, within a minute. Money that arrives is booked all the same."""
    return Answer(200, merchants.set_status(call.path["merchant_id"], merchants.SUSPENDED))


def operator_resume(call: Call[Because, None]) -> Answer:
    """Accept a suspended merchant's requests again."""
    return Answer(200, merchants.set_status(call.path["merchant_id"], merchants.ACTIVE))


def operator_set_rate(call: Call[NewRate, None]) -> Answer:
    """Set how many requests a second a merchant may make. It takes effect within a minute."""
    return Answer(200, merchants.set_requests_per_second(call.path["merchant_id"], call.body.requests_per_second))


def operator_show_fee_plans(call: Call[None, None]) -> Answer:
    """Every version of what a merchant is charged."""
    return Answer(200, fee_plans.page(call.path["merchant_id"]))


def operator_add_fee_plan(call: Call[NewPlan, None]) -> Answer:
    """Add a version of what a merchant is charged, for payments made from a time on."""
    plan = NewFeePlan.model_validate(call.body.model_dump(by_alias=True, exclude={"reason"}))
    return Answer(201, fee_plans.add(call.path["merchant_id"], plan, operator=call.caller.key_id))


def operator_reopen_period(call: Call[Reopen, None]) -> Answer:
    """Open a closed month again, so that its merchant can close it once more."""
    return Answer(200, closed_periods.reopen(call.path["merchant_id"], call.path["month"], call.body, operator=call.caller.key_id))
