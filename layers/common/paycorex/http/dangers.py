"""What stands before a person's dangerous act: a passkey that was just used, and where the merchant says so a second person."""

from typing import Any

from paycorex.http.routes import Call, Route
from paycorex.idempotency import claims
from paycorex.loading import later

with later():
    # Few requests are a person's, and few of those dangerous.
    from paycorex.approvals import demands


def check(route: Route, call: Call[Any, Any]) -> None:
    """Let a person's call through, or refuse it with what is missing.

    Raises approvals.demands.StepUpNeeded, SecondPersonNeeded, Conflict, and what the route's `danger` raises.
    """
    assert route.danger is not None
    assert route.scope is not None
    kinds = frozenset(route.danger(call))
    if not kinds:
        return
    request = call.request
    demands.check_fresh(request.authorizer, route.scope)
    digest = claims.hash_request(request.method, request.path, None, call.body)
    if route.digest is not None:
        digest = f"{digest}#{route.digest(call)}"
    demands.check_second(
        demands.Act(
            caller=call.caller,
            kinds=kinds,
            scope=route.scope,
            method=request.method,
            path=request.path,
            body=call.body,
            digest=digest,
            claim=call.claim.names[0],
            source_ip=request.source_ip,
            context=request.authorizer,
        )
    )
