"""HTTP door of the operators: by AWS IAM at `/admin/`, and by an operator's session at `/operator/`.

API Gateway authorises the first with AWS IAM; a request without an IAM identity is refused. The authorizer decides about the second.
"""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from operations import closed_periods, fee_plans, ledger, merchants, queue_depths, set_aside, stuck_payments
from operations.closed_periods import Reopen
from operations.proof_views import CheckpointPage, VerificationLine, Verifications
from operations.routes import merchants as merchant_routes
from operations.routes import running as running_routes
from operations.routes import work as work_routes
from operations.views import (
    AsideLine,
    AsidePage,
    FeePlans,
    MerchantLine,
    MerchantPage,
    Queues,
    ReopenedPeriod,
    StuckPayments,
)
from paycorex import aws, redaction
from paycorex.contract import Query
from paycorex.errors import Unauthorized
from paycorex.fee_rates import NewFeePlan
from paycorex.http import Answer, App, Call

app = App("admin")
logger = redaction.logger("admin")

Limit = Annotated[int, Field(ge=1, le=100)]


class MerchantsQuery(Query):
    """GET /admin/merchants."""

    limit: Limit = 50
    after: Annotated[str, StringConstraints(pattern=r"^mer_[a-z2-7]{26}$")] | None = None


class StuckQuery(Query):
    """GET /admin/payments/stuck."""

    limit: Limit = 50


class AsideQuery(Query):
    """GET /admin/set-aside."""

    limit: Limit = 50
    after: Annotated[str, StringConstraints(min_length=3, max_length=1200)] | None = None


class CheckpointsQuery(Query):
    """GET /admin/ledger/checkpoints."""

    limit: Limit = 20
    before: Annotated[int, Field(ge=1, le=10**12 - 1)] | None = None


class VerificationsQuery(Query):
    """GET /admin/ledger/verifications."""

    limit: Limit = 20


def _operator(call: Call[Any, Any]) -> str:
    if not call.request.operator:
        raise Unauthorized("no IAM identity")
    return call.request.operator


@app.route("GET", "/admin/merchants", public=True, query=MerchantsQuery, answer=MerchantPage)
def admin_merchants(call: Call[None, MerchantsQuery]) -> Answer:
    """Operators: merchants and their status."""
    _operator(call)
    return Answer(200, merchants.page(call.query.limit, call.query.after))


@app.route("POST", "/admin/merchants/{merchant_id}/suspend", public=True, answer=MerchantLine)
def admin_suspend(call: Call[None, None]) -> Answer:
    """Operators: refuse all requests of a merchant, within a minute."""
    return _change(call, merchants.SUSPENDED)


@app.route("POST", "/admin/merchants/{merchant_id}/resume", public=True, answer=MerchantLine)
def admin_resume(call: Call[None, None]) -> Answer:
    """Operators: accept a suspended merchant's requests again."""
    return _change(call, merchants.ACTIVE)


@app.route("GET", "/admin/merchants/{merchant_id}/fee_plans", public=True, answer=FeePlans)
def admin_fee_plans(call: Call[None, None]) -> Answer:
    """Operators: every version of what a merchant is charged."""
    _operator(call)
    return Answer(200, fee_plans.page(call.path["merchant_id"]))


@app.route("POST", "/admin/merchants/{merchant_id}/fee_plans", public=True, body=NewFeePlan, answer=FeePlans, status=201)
def admin_add_fee_plan(call: Call[NewFeePlan, None]) -> Answer:
    """Operators: add a version of what a merchant is charged, for payments made from a time on."""
    operator = _operator(call)
    added = fee_plans.add(call.path["merchant_id"], call.body, operator=operator)
    logger.info("fee plan set", extra={"operator": operator, "merchant_id": added.merchant_id, "version": added.data[0].version})
    return Answer(201, added)


@app.route("POST", "/admin/merchants/{merchant_id}/periods/{month}/reopen", public=True, body=Reopen, answer=ReopenedPeriod)
def admin_reopen_period(call: Call[Reopen, None]) -> Answer:
    """Operators: open a closed month again, so that its merchant can close it once more. It says who did it and why."""
    operator = _operator(call)
    line = closed_periods.reopen(call.path["merchant_id"], call.path["month"], call.body, operator=operator)
    about = {"operator": operator, "merchant_id": line.merchant_id, "month": line.month, "version": line.version}
    logger.info("closed month opened again", extra=about)
    return Answer(200, line)


@app.route("GET", "/admin/payments/stuck", public=True, query=StuckQuery, answer=StuckPayments)
def admin_stuck_payments(call: Call[None, StuckQuery]) -> Answer:
    """Operators: payments that are overdue."""
    _operator(call)
    return Answer(200, stuck_payments.page(call.query.limit))


@app.route("GET", "/admin/queues", public=True, answer=Queues)
def admin_queues(call: Call[None, None]) -> Answer:
    """Operators: how many messages wait in each queue, dead letters included."""
    _operator(call)
    return Answer(200, queue_depths.depths())


@app.route("GET", "/admin/set-aside", public=True, query=AsideQuery, answer=AsidePage)
def admin_set_aside(call: Call[None, AsideQuery]) -> Answer:
    """Operators: items that loops could not process. They are tried again automatically, less and less often."""
    _operator(call)
    return Answer(200, set_aside.page(call.query.limit, call.query.after))


@app.route("POST", "/admin/set-aside/{loop}/{item_id}/retry", public=True, answer=AsideLine)
def admin_retry_set_aside(call: Call[None, None]) -> Answer:
    """Operators: have a loop try an item with its next run."""
    operator = _operator(call)
    line = set_aside.retry(call.path["loop"], call.path["item_id"])
    logger.info("tried again by an operator", extra={"operator": operator, "loop": line.loop, "item": line.item_id})
    return Answer(200, line)


@app.route("GET", "/admin/ledger/checkpoints", public=True, query=CheckpointsQuery, answer=CheckpointPage)
def admin_checkpoints(call: Call[None, CheckpointsQuery]) -> Answer:
    """Operators: the ledger's checkpoints, newest first."""
    _operator(call)
    return Answer(200, ledger.checkpoints(call.query.limit, call.query.before))


@app.route("POST", "/admin/ledger/verifications", public=True, answer=VerificationLine, status=201, other_status=200)
def admin_verify(call: Call[None, None]) -> Answer:
    """Operators: start a verification of the ledger against its checkpoints; 200 and the one that runs, if one does."""
    operator = _operator(call)
    line, is_new = ledger.verify()
    if is_new:
        logger.info("verification started", extra={"operator": operator, "number": line.number})
    return Answer(201 if is_new else 200, line)


@app.route("GET", "/admin/ledger/verifications", public=True, query=VerificationsQuery, answer=Verifications)
def admin_verifications(call: Call[None, VerificationsQuery]) -> Answer:
    """Operators: how far verifications are, and what they found."""
    _operator(call)
    return Answer(200, ledger.verifications(call.query.limit))


def _change(call: Call[None, None], status: str) -> Answer:
    operator = _operator(call)
    line = merchants.set_status(call.path["merchant_id"], status)
    logger.info("merchant's status set", extra={"operator": operator, "merchant_id": line.merchant_id, "status": status})
    return Answer(200, line)


merchant_routes.add_to(app)
work_routes.add_to(app)
running_routes.add_to(app)
aws.warm("dynamodb", "sqs")
handler = app.handler
