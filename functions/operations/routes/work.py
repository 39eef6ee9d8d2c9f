"""Routes about what waits for an operator: overdue payments, items set aside, queues; and the ledger's proof."""

from typing import Any, Final

from operations import ledger, merchants, queue_depths, set_aside, stuck_payments
from operations.proof_views import CheckpointList, VerificationLine, Verifications
from operations.routes.requests import Because, PageQuery, Verify
from operations.views import AsideLine, AsideList, Queues, ResolvedAside, StuckList
from paycorex.credentials.operators import scope_of
from paycorex.http import Answer, App, Call

_V1: Final = "/operator/v1"
_STUCK: Final = f"{_V1}/payments/stuck"
_ASIDE: Final = f"{_V1}/set_aside"
_ITEM: Final = f"{_ASIDE}/{{loop}}/{{item_id}}"
_QUEUES: Final = f"{_V1}/queues"
_CHECKPOINTS: Final = f"{_V1}/ledger/checkpoints"
_VERIFICATIONS: Final = f"{_V1}/ledger/verifications"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("GET", _STUCK, scope=scope_of("GET", _STUCK), query=PageQuery, answer=StuckList)(operator_list_stuck_payments)
    app.route("GET", _ASIDE, scope=scope_of("GET", _ASIDE), query=PageQuery, answer=AsideList)(operator_list_set_aside)
    retry, resolve = f"{_ITEM}/retry", f"{_ITEM}/resolve"
    scope = scope_of("POST", retry)
    app.route("POST", retry, scope=scope, body=Because, answer=AsideLine, self_idempotent=True, before=_aside_before)(
        operator_retry_set_aside
    )
    scope = scope_of("POST", resolve)
    app.route("POST", resolve, scope=scope, body=Because, answer=ResolvedAside, self_idempotent=True, before=_aside_before)(
        operator_resolve_set_aside
    )
    app.route("GET", _QUEUES, scope=scope_of("GET", _QUEUES), answer=Queues)(operator_show_queues)
    app.route("GET", _CHECKPOINTS, scope=scope_of("GET", _CHECKPOINTS), query=PageQuery, answer=CheckpointList)(operator_list_checkpoints)
    app.route("GET", _VERIFICATIONS, scope=scope_of("GET", _VERIFICATIONS), answer=Verifications)(operator_list_verifications)
    scope = scope_of("POST", _VERIFICATIONS)
    app.route(
        "POST", _VERIFICATIONS, scope=scope, body=Verify, answer=VerificationLine, status=201, other_status=200, self_idempotent=True
    )(operator_verify)


def _aside_before(call: Call[Any, Any]) -> AsideLine:
    return set_aside.line(call.path["loop"], call.path["item_id"])


def operator_list_stuck_payments(call: Call[None, PageQuery]) -> Answer:
    """Payments that are overdue, or wait for a connector that was removed; the longest overdue first, in one page."""
    return Answer(200, StuckList(data=stuck_payments.page(call.query.limit).data, next_cursor=None))


def operator_list_set_aside(call: Call[None, PageQuery]) -> Answer:
    """Items that loops could not process. They are tried again automatically, less and less often."""
    found = set_aside.page(call.query.limit, call.position("operator_set_aside"))
    return Answer(200, AsideList(data=found.data, next_cursor=call.next_cursor("operator_set_aside", found.next_after)))


def operator_retry_set_aside(call: Call[Because, None]) -> Answer:
    """Have a loop try an item with its next run."""
    return Answer(200, set_aside.retry(call.path["loop"], call.path["item_id"]))


def operator_resolve_set_aside(call: Call[Because, None]) -> Answer:
    """Take an item out of the list: what had to be done was done by hand. Its loop takes it up again when it meets it."""
    set_aside.resolve(call.path["loop"], call.path["item_id"])
    return Answer(200, ResolvedAside(loop=call.path["loop"], item_id=call.path["item_id"], resolved=True))


def operator_show_queues(_call: Call[None, None]) -> Answer:
    """How many messages wait in each queue, dead letters included."""
    return Answer(200, queue_depths.depths())


def operator_list_checkpoints(call: Call[None, PageQuery]) -> Answer:
    """The ledger's checkpoints, newest first."""
    position = call.position("operator_checkpoints")
    found = ledger.checkpoints(call.query.limit, None if position is None else int(position))
    more = None if found.next_before is None else str(found.next_before)
    return Answer(200, CheckpointList(data=found.data, next_cursor=call.next_cursor("operator_checkpoints", more)))


def operator_list_verifications(_call: Call[None, None]) -> Answer:
    """The last twenty verifications of the ledger, how far they are and what they found."""
    return Answer(200, ledger.verifications(20))


def operator_verify(call: Call[Verify, None]) -> Answer:
    """Start a verification of the ledger against its checkpoints, or of an audit log; 200 and the one that runs, if one does."""
    asked = call.body
    if asked.merchant_id is not None:
        merchants.line(asked.merchant_id)
    line, is_new = ledger.verify() if asked.of == "ledger" else ledger.verify_audit(asked.merchant_id)
    return Answer(201 if is_new else 200, line)
